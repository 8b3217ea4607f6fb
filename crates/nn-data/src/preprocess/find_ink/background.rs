//! Tells ink from its background: how far each pixel of a drawing, a scan or a photograph stands out from it.
//!
//! A drawing has a uniform background, which is known because it fills much of the picture and of its edge. In a
//! photograph the paper is darker in some places than in others (`varying.rs`). Ink may have any colour. Its strength is its distance from the background's colour, on the side on which most of the differing pixels
//! lie, so that the bright seams of sharpened photographs do not count.

use image::DynamicImage;

use crate::preprocess::find_ink::histogram::{Histogram, count, whole};
use crate::preprocess::find_ink::paper::{NEAR, distance, paper};
use crate::preprocess::find_ink::pixels::{Pixels, luma, reduce};
use crate::preprocess::find_ink::sheet::sheet;
use crate::preprocess::find_ink::varying::{background_is_bright, difference_from_varying};
use crate::preprocess::grey::{Grey, edge};
use crate::rectangle::Rectangle;

/// A uniform background fills at least this share of the picture, its edge counted as much as its whole.
const UNIFORM: f32 = 0.4;
/// A uniform background that fills so much of the picture leaves no room for a sheet or a shadow.
const PLAIN: f32 = 0.75;
/// Ink stands out at least this much (of 1)…
const FAINTEST: f32 = 0.06;
/// … and by at least this many times the noise.
const ABOVE_NOISE: f32 = 5.0;
/// A blot differs from a uniform background by at least this share of the difference of other ink.
const BLOT: f32 = 0.85;
/// A background has several shades if more than this share of the picture is a shade …
const SHADED: f32 = 0.2;
/// … that stands out this little.
const SHADE: (f32, f32) = (0.01, 0.08);
/// Without noise, ink is not stretched if its strongest pixel is at least this strong.
const STRONG: f32 = 200.0 / 255.0;

/// The knowledge of a picture before its ink is found.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Ground {
    /// It shows nothing but paper in even light, or light that fades.
    Paper,
    /// It may show paper among other things, with shadows.
    Anywhere,
    /// It is part of paper with shadows, brighter or darker than the ink.
    Part {
        /// True if the paper is brighter than the ink.
        bright: bool,
    },
}

/// The ink of a picture.
pub(crate) struct Contrast {
    /// 0 is background, 1 is full ink.
    pub ink: Grey,
    /// True if the background has no noise, so that every trace of ink counts.
    pub clean: bool,
    /// One pixel of `ink` is the mean of `reduced_by` x `reduced_by` pixels of the picture.
    pub reduced_by: usize,
    /// Column and row of the first pixel of `ink` in the reduced picture.
    pub at: [usize; 2],
    /// True if the background is brighter than the ink, false if it is darker; `None` if it is uniform.
    pub bright: Option<bool>,
}

/// Finds the ink of a picture without transparency, averaged down if its longer side is over `longest` pixels; `None` if
/// nothing stands out. On [`Ground::Anywhere`] it first looks for the paper in the picture.
pub(crate) fn contrast(picture: &DynamicImage, longest: usize, ground: Ground) -> Option<Contrast> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if let Some(grey) = picture.as_luma8() {
        return stand_out(reduce::<1>(grey, [width, height], longest), ground);
    }
    let converted;
    let colour = match picture.as_rgb8() {
        Some(colour) => colour,
        None => {
            converted = picture.to_rgb8();
            &converted
        }
    };
    let (pixels, _) = colour.as_chunks::<3>();
    if pixels.iter().all(|p| p[0] == p[1] && p[1] == p[2]) {
        let grey: Vec<u8> = pixels.iter().map(|p| p[0]).collect();
        return stand_out(reduce::<1>(&grey, [width, height], longest), ground);
    }
    stand_out(reduce::<3>(colour, [width, height], longest), ground)
}

fn stand_out<const N: usize>(mut picture: Pixels<N>, ground: Ground) -> Option<Contrast> {
    let mut at = [0, 0];
    if ground == Ground::Anywhere {
        let part = paper(&picture.values, picture.width, NEAR);
        let Rectangle { x, y, width, height } = part;
        at = [x, y];
        picture = Pixels { values: picture.cut(part), width, height, ..picture };
    }
    let mut background = uniform_background(&picture);
    let plain = ground == Ground::Paper || background.is_some_and(|(_, share)| share > PLAIN);
    if !plain
        && ground == Ground::Anywhere
        && let Some(mask) = sheet(&picture.values, picture.width)
    {
        let offset = picture.keep(&mask);
        at = [at[0] + offset[0], at[1] + offset[1]];
        background = uniform_background(&picture);
    }
    let picture = &picture;
    let uniform = background.map(|(colour, _)| difference_from(picture, &colour));
    let (bright, difference) = match uniform {
        Some(difference) if plain || has_no_noise(&difference) => (None, difference),
        found => {
            let bright = match ground {
                Ground::Part { bright } => bright,
                _ => background_is_bright(picture, ground != Ground::Paper),
            };
            let varying = difference_from_varying(picture, ground != Ground::Paper, bright);
            match found.filter(|uniform| agree(uniform, &varying)) {
                Some(difference) => (None, difference),
                None => (Some(bright), varying),
            }
        }
    };
    let mut ink = strengths(picture, &difference);
    let histogram = Histogram::new(ink.values.iter().copied());
    let most = ink.values.iter().copied().fold(0.0, |most, value| if value > most { value } else { most });
    let few = (ink.values.len() / 250).max(4);
    let peak = histogram.quantile(1.0 - few as f32 / ink.values.len() as f32).max(0.5 * most);
    let (level, noise) = histogram.median_and_deviation_below(0.3 * peak);
    if bright.is_none() && noise < 0.5 / 255.0 {
        if !plain && is_shaded(&ink) {
            ink.values.iter_mut().for_each(|value| *value = ((*value - SHADE.1) / (1.0 - SHADE.1)).max(0.0));
        }
        let full = if most >= STRONG { 1.0 } else { most };
        ink.values.iter_mut().for_each(|value| *value /= full);
        return (most >= FAINTEST).then_some(Contrast { ink, clean: true, reduced_by: picture.reduced_by, at, bright });
    }
    if peak - level < FAINTEST || peak - level < ABOVE_NOISE * noise {
        return None;
    }
    let black = level + (0.15 * (peak - level)).max(3.0 * noise);
    let stretch = 1.0 / (peak - black);
    ink.values.iter_mut().for_each(|value| *value = ((*value - black) * stretch).clamp(0.0, 1.0));
    Some(Contrast { ink, clean: false, reduced_by: picture.reduced_by, at, bright })
}

/// The length of each pixel's difference from the background, or 0 where it points away from the ink's direction. The
/// strongest pixels decide that direction.
fn strengths<const N: usize>(picture: &Pixels<N>, difference: &[[f32; N]]) -> Grey {
    let direction = ink_direction(difference);
    let square = |d: &[f32; N]| d.iter().map(|d| d * d).sum::<f32>();
    let strength = |d: &[f32; N]| {
        let along: f32 = (0..N).map(|c| d[c] * direction[c]).sum();
        if along > 0.0 { (square(d) / N as f32).sqrt() } else { 0.0 }
    };
    Grey { width: picture.width, height: picture.height, values: difference.iter().map(strength).collect() }
}

/// The direction of the ink: the sum of all differences, in which the strongest count most.
fn ink_direction<const N: usize>(difference: &[[f32; N]]) -> [f32; N] {
    let mut direction = [0.0; N];
    for d in difference {
        let square = d.iter().map(|d| d * d).sum::<f32>();
        if square > 1e-4 {
            (0..N).for_each(|c| direction[c] += d[c] * square);
        }
    }
    direction
}

/// The colour of a background that is the same throughout, and the share of the picture that has it; `None` if it varies.
fn uniform_background<const N: usize>(picture: &Pixels<N>) -> Option<([f32; N], f32)> {
    let bin = |pixel: &[f32; N]| whole(luma(pixel) * 255.0);
    let mut counts = count::<256>(picture.values.iter().map(bin)).map(|n| n as f32 / picture.values.len() as f32);
    let at_edge: Vec<usize> = edge(&picture.values, picture.width).map(bin).collect();
    at_edge.iter().for_each(|&bin| counts[bin] += 1.0 / at_edge.len() as f32);
    let near = |bin: usize| bin.saturating_sub(2)..(bin + 3).min(256);
    let share = |bin: usize| counts[near(bin)].iter().sum::<f32>();
    let most = |bins: std::ops::Range<usize>, of: &dyn Fn(usize) -> f32| {
        bins.reduce(|best, bin| if of(bin) > of(best) { bin } else { best }).unwrap_or(0)
    };
    let around = most(0..256, &share);
    if share(around) < 2.0 * UNIFORM {
        return None;
    }
    let commonest = most(near(around), &|bin| counts[bin]);
    let mut sum = [0.0f64; N];
    let mut n = 0.0;
    for pixel in picture.values.iter().filter(|pixel| bin(pixel).abs_diff(commonest) <= 1) {
        (0..N).for_each(|c| sum[c] += f64::from(pixel[c]));
        n += 1.0;
    }
    Some((sum.map(|sum| (sum / n) as f32), (n / picture.values.len() as f64) as f32))
}

/// The difference of each pixel from a background of one colour.
fn difference_from<const N: usize>(picture: &Pixels<N>, colour: &[f32; N]) -> Vec<[f32; N]> {
    picture.values.iter().map(|v| std::array::from_fn(|c| colour[c] - v[c])).collect()
}

/// True if the pixels that are near the background are the background.
fn has_no_noise<const N: usize>(difference: &[[f32; N]]) -> bool {
    let near = difference.iter().map(|d| distance(d, &[0.0; N])).filter(|away| *away < 0.03);
    let (sum, n) = near.fold((0.0, 0.0f32), |(sum, n), away| (sum + away, n + 1.0));
    sum < n * 0.25 / 255.0
}

/// True if much of the picture is a little darker than the background: the flat blocks of a coarse JPEG have no noise, but several
/// shades.
fn is_shaded(ink: &Grey) -> bool {
    let shade = ink.values.iter().filter(|value| (SHADE.0..SHADE.1).contains(*value)).count();
    shade as f32 > SHADED * ink.values.len() as f32
}

/// True if a background of one colour and one that varies are the same nearly everywhere, by the differences of the picture
/// from both: there is neither a shadow nor other paper. What is as far from the one colour as ink may be a blot too thick for the
/// other, but not a shadow.
fn agree<const N: usize>(uniform: &[[f32; N]], varying: &[[f32; N]]) -> bool {
    let direction = ink_direction(varying);
    let along = |d: &[f32; N]| (0..N).map(|c| d[c] * direction[c]).sum::<f32>();
    let most = varying.iter().map(along).fold(0.0, f32::max);
    let inked = uniform.iter().zip(varying).filter(|(_, varying)| along(varying) > 0.5 * most);
    let (ink, n) = inked.fold((0.0, 0.0f32), |(sum, n), (uniform, _)| (sum + along(uniform), n + 1.0));
    let blot = BLOT * ink / n.max(1.0);
    let differ = |(a, b): &(&[f32; N], &[f32; N])| distance(a, b) > 0.02 && along(a) < blot;
    let other = uniform.iter().zip(varying).filter(differ).count();
    (other as f32) < 0.04 * uniform.len() as f32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_thick_blot_is_no_shadow() {
        // A row of pixels: the differences from a uniform background, and from one that takes the middle of what is dark for paper.
        let differences = |dark: f32| {
            let uniform: Vec<[f32; 1]> = (0..100).map(|at| [if at < 30 { dark } else { 0.0 }]).collect();
            let mut varying = uniform.clone();
            varying[5..25].fill([0.0]);
            (uniform, varying)
        };
        let (uniform, varying) = differences(0.7);
        assert!(agree(&uniform, &varying), "a blot");
        let (mut uniform, mut varying) = differences(0.3);
        for at in [40, 41, 42, 43] {
            (uniform[at], varying[at]) = ([0.7], [0.7]);
        }
        assert!(!agree(&uniform, &varying), "a shadow, beside darker ink");
        let (uniform, varying): (Vec<_>, Vec<_>) = differences(-0.7);
        let lit: Vec<[f32; 1]> = uniform.iter().enumerate().map(|(at, d)| if at > 90 { [0.7] } else { *d }).collect();
        let ink: Vec<[f32; 1]> = varying.iter().enumerate().map(|(at, _)| [if at > 90 { 0.7 } else { 0.0 }]).collect();
        assert!(!agree(&lit, &ink), "light on the paper");
    }

    #[test]
    fn flat_blocks_of_another_shade_hold_no_ink() {
        let stroke = |x: usize, y: usize| (15..45).contains(&y) && x.abs_diff(y) < 3;
        let shade = |x: usize, y: usize| if (x / 8 + y / 8).is_multiple_of(2) || x < 24 { 0.93 } else { 0.89 };
        let value = |x, y| [if stroke(x, y) { 0.2 } else { shade(x, y) }];
        let values = (0..3600).map(|at| value(at % 60, at / 60)).collect();
        let picture = Pixels { width: 60, height: 60, values, reduced_by: 1 };
        let ink = stand_out(picture, Ground::Anywhere).unwrap().ink;
        let taken = (0..3600).filter(|at| ink.values[*at] > 0.01 && !stroke(at % 60, at / 60)).count();
        let lost = (0..3600).filter(|at| ink.values[*at] < 0.5 && stroke(at % 60, at / 60)).count();
        assert_eq!((taken, lost), (0, 0));
    }
}
