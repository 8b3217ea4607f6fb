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
use crate::preprocess::find_ink::varying::difference_from_varying;
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
/// Without noise, ink is not stretched if its strongest pixel is at least this strong.
const STRONG: f32 = 200.0 / 255.0;

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
}

/// Finds the ink of a picture without transparency, averaged down if its longer side is over `longest` pixels; `None` if
/// nothing stands out. If `on_paper`, it first looks for the paper in the picture.
pub(crate) fn contrast(picture: &DynamicImage, longest: usize, on_paper: bool) -> Option<Contrast> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if let Some(grey) = picture.as_luma8() {
        return stand_out(reduce::<1>(grey, [width, height], longest), on_paper);
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
        return stand_out(reduce::<1>(&grey, [width, height], longest), on_paper);
    }
    stand_out(reduce::<3>(colour, [width, height], longest), on_paper)
}

fn stand_out<const N: usize>(mut picture: Pixels<N>, on_paper: bool) -> Option<Contrast> {
    let mut at = [0, 0];
    if on_paper {
        let part = paper(&picture.values, picture.width, NEAR);
        let Rectangle { x, y, width, height } = part;
        at = [x, y];
        picture = Pixels { values: picture.cut(part), width, height, ..picture };
    }
    let mut background = uniform_background(&picture);
    let plain = !on_paper || background.is_some_and(|(_, share)| share > PLAIN);
    if !plain && let Some(mask) = sheet(&picture.values, picture.width) {
        let offset = picture.keep(&mask);
        at = [at[0] + offset[0], at[1] + offset[1]];
        background = uniform_background(&picture);
    }
    let picture = &picture;
    let uniform = background.map(|(colour, _)| difference_from(picture, &colour));
    let (uniform, difference) = match uniform {
        Some(difference) if plain || has_no_noise(&difference) => (true, difference),
        found => {
            let varying = difference_from_varying(picture, on_paper);
            match found.filter(|uniform| agree(uniform, &varying)) {
                Some(difference) => (true, difference),
                None => (false, varying),
            }
        }
    };
    let mut ink = strengths(picture, &difference);
    let histogram = Histogram::new(ink.values.iter().copied());
    let most = ink.values.iter().copied().fold(0.0, |most, value| if value > most { value } else { most });
    let few = (ink.values.len() / 250).max(4);
    let peak = histogram.quantile(1.0 - few as f32 / ink.values.len() as f32).max(0.5 * most);
    let (level, noise) = histogram.median_and_deviation_below(0.3 * peak);
    if uniform && noise < 0.5 / 255.0 {
        let full = if most >= STRONG { 1.0 } else { most };
        ink.values.iter_mut().for_each(|value| *value /= full);
        return (most >= FAINTEST).then_some(Contrast { ink, clean: true, reduced_by: picture.reduced_by, at });
    }
    if peak - level < FAINTEST || peak - level < ABOVE_NOISE * noise {
        return None;
    }
    let black = level + (0.15 * (peak - level)).max(3.0 * noise);
    let stretch = 1.0 / (peak - black);
    ink.values.iter_mut().for_each(|value| *value = ((*value - black) * stretch).clamp(0.0, 1.0));
    Some(Contrast { ink, clean: false, reduced_by: picture.reduced_by, at })
}

/// The length of each pixel's difference from the background, or 0 where it points away from the ink's direction. The
/// strongest pixels decide that direction.
fn strengths<const N: usize>(picture: &Pixels<N>, difference: &[[f32; N]]) -> Grey {
    let square = |d: &[f32; N]| d.iter().map(|d| d * d).sum::<f32>();
    let mut direction = [0.0; N];
    for d in difference.iter().filter(|d| square(d) > 1e-4) {
        (0..N).for_each(|c| direction[c] += d[c] * square(d));
    }
    let strength = |d: &[f32; N]| {
        let along: f32 = (0..N).map(|c| d[c] * direction[c]).sum();
        if along > 0.0 { (square(d) / N as f32).sqrt() } else { 0.0 }
    };
    Grey { width: picture.width, height: picture.height, values: difference.iter().map(strength).collect() }
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

/// True if a background of one colour and one that varies are the same nearly everywhere, by the differences of the picture
/// from both: there is neither a shadow nor other paper.
fn agree<const N: usize>(uniform: &[[f32; N]], varying: &[[f32; N]]) -> bool {
    let other = uniform.iter().zip(varying).filter(|(a, b)| distance(a, b) > 0.02).count();
    (other as f32) < 0.04 * uniform.len() as f32
}
