//! Finds a background that varies over the picture: paper in uneven light.
//!
//! A grey closing (for bright paper; an opening for dark paper) removes whatever is thinner than a quarter of the picture.

use crate::preprocess::find_ink::histogram::Histogram;
use crate::preprocess::find_ink::pixels::{Pixels, luma};
use crate::preprocess::grey::{Grey, edge};

/// Number of cells on the longer side of the grid on which a background that varies is found.
const GRID: usize = 40;
/// The same where shadows may have hard edges.
const FINE_GRID: usize = 80;
/// Ink is known by being thin if there is this many times as much of it as of thin gaps.
const CLEARLY: f32 = 1.2;
/// Ink is sought that is thinner than twice these parts of the picture.
const THIN: [usize; 3] = [20, 13, 8];
/// Light reflects from ink and paper in proportion, so ink in a shadow is brought up to the light, by at most this factor.
const DARKEST: f32 = 3.0;

/// The difference of each pixel from a background that varies over the picture and is `bright` or else dark. With `shadows`, they
/// may have hard edges, and dark ink counts as much in them as in the light.
pub(crate) fn difference_from_varying<const N: usize>(
    picture: &Pixels<N>,
    shadows: bool,
    bright: bool,
) -> Vec<[f32; N]> {
    let Pixels { width, height, values, .. } = picture;
    let grid = if shadows { FINE_GRID } else { GRID };
    let cell = width.max(height).div_ceil(grid).max(1);
    let (columns, rows) = (width.div_ceil(cell), height.div_ceil(cell));
    let reach = (columns.max(rows) / 8).max(1);
    let mut background = vec![[0.0; N]; values.len()];
    for c in 0..N {
        let channel = Grey { width: *width, height: *height, values: values.iter().map(|v| v[c]).collect() };
        let mut coarse = channel.resized(columns, rows);
        without_thin(&mut coarse, reach, bright);
        if !shadows {
            (0..2).for_each(|_| average(&mut coarse));
        }
        let fine = coarse.resized(*width, *height);
        background.iter_mut().zip(&fine.values).for_each(|(background, value)| background[c] = *value);
    }
    let most = background.iter().map(luma).fold(0.0, f32::max);
    let brightened =
        |background: &[f32; N]| if shadows && bright { (most / luma(background).max(1e-3)).min(DARKEST) } else { 1.0 };
    let mut difference = background;
    for (d, v) in difference.iter_mut().zip(values) {
        let weight = brightened(d);
        *d = std::array::from_fn(|c| weight * (d[c] - v[c]));
    }
    difference
}

/// True if the background is the bright side of the picture. It is if seven tenths of all pixels are bright; dark ones may
/// lie in a shadow, and where there may be `shadows`, that which is thin decides. Else as many dark pixels decide, or the edge.
pub(crate) fn background_is_bright<const N: usize>(picture: &Pixels<N>, shadows: bool) -> bool {
    let all = Histogram::new(picture.values.iter().map(luma));
    let middle = (all.quantile(0.02) + all.quantile(0.98)) / 2.0;
    let bright = picture.values.iter().filter(|v| luma(v) > middle).count() as f32 / picture.values.len() as f32;
    let otherwise = || match bright {
        ..=0.3 => false,
        _ => Histogram::new(edge(&picture.values, picture.width).map(luma)).quantile(0.5) > middle,
    };
    bright >= 0.7 || Some(picture).filter(|_| shadows).and_then(ink_is_dark).unwrap_or_else(otherwise)
}

/// True if what is thin is dark, false if it is bright; `None` if neither is. A shadow may darken any part of the paper, but it
/// is not thin.
fn ink_is_dark<const N: usize>(picture: &Pixels<N>) -> Option<bool> {
    let Pixels { width, height, values, .. } = picture;
    let cell = width.max(height).div_ceil(GRID).max(1);
    let (columns, rows) = (width.div_ceil(cell), height.div_ceil(cell));
    let grey =
        Grey { width: *width, height: *height, values: values.iter().map(luma).collect() }.resized(columns, rows);
    let thin = |dark: bool, reach: usize| {
        let mut without = grey.clone();
        without_thin(&mut without, reach, dark);
        // The corner of a shadow at the picture's edge is thin, too.
        let inside = |at: usize, length: usize| (reach..length.saturating_sub(reach)).contains(&at);
        let away = grey.values.iter().zip(&without.values).map(|(a, b)| (a - b).powi(2)).enumerate();
        away.filter(|(at, _)| inside(at % columns, columns) && inside(at / columns, rows))
            .map(|(_, away)| away)
            .sum::<f32>()
    };
    // Strokes are mostly thinner than the gaps between them, and than the paper between a stroke and the edge of a shadow.
    let all = |dark| THIN.iter().map(|part| thin(dark, (columns.max(rows) / part).max(1))).sum::<f32>();
    let (dark, bright) = (all(true), all(false));
    (dark.max(bright) > CLEARLY * dark.min(bright)).then_some(dark > bright)
}

/// Removes what is thinner than twice `reach`: by a closing if it is `dark`, by an opening if it is bright.
fn without_thin(picture: &mut Grey, reach: usize, dark: bool) {
    let (most, least) = (|a: f32, b: f32| if a > b { a } else { b }, |a: f32, b: f32| if a < b { a } else { b });
    if dark {
        spread(picture, reach, most);
        spread(picture, reach, least);
    } else {
        spread(picture, reach, least);
        spread(picture, reach, most);
    }
}

/// Each value becomes the extreme of all values within `reach`, along both axes. The extremes of 2, 4, 8, … values on end
/// are found one after the other.
fn spread(picture: &mut Grey, reach: usize, extreme: impl Fn(f32, f32) -> f32 + Copy) {
    let mut padded = vec![];
    along_both(picture, |line, out| {
        let ends = [line[0], line[line.len() - 1]];
        padded.clear();
        padded.resize(reach, ends[0]);
        padded.extend_from_slice(line);
        padded.resize(line.len() + 2 * reach, ends[1]);
        let (mut width, wanted) = (1, 2 * reach + 1);
        while width < wanted {
            let step = width.min(wanted - width);
            for at in 0..padded.len() - step {
                padded[at] = extreme(padded[at], padded[at + step]);
            }
            width += step;
        }
        out.copy_from_slice(&padded[..line.len()]);
    });
}

/// Each value becomes the mean of itself and its neighbours, along both axes.
fn average(picture: &mut Grey) {
    along_both(picture, |line, out| {
        for (i, out) in out.iter_mut().enumerate() {
            *out = (line[i.saturating_sub(1)] + line[i] + line[(i + 1).min(line.len() - 1)]) / 3.0;
        }
    });
}

/// Applies `on_line(values, new values)` to every row, then to every column.
fn along_both(picture: &mut Grey, mut on_line: impl FnMut(&[f32], &mut [f32])) {
    for row in picture.values.chunks_exact_mut(picture.width) {
        let line = row.to_vec();
        on_line(&line, row);
    }
    let mut line = vec![0.0; picture.height];
    let mut out = line.clone();
    for x in 0..picture.width {
        line.iter_mut().enumerate().for_each(|(y, value)| *value = picture.values[y * picture.width + x]);
        on_line(&line, &mut out);
        out.iter().enumerate().for_each(|(y, value)| picture.values[y * picture.width + x] = *value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paper of 100 x 100 pixels with a stroke of some width from one corner towards the other, in `light` at each place.
    fn written(width: f32, paper: f32, ink: f32, light: impl Fn(f32, f32) -> f32) -> Pixels<1> {
        let value = |at: usize| {
            let (x, y) = ((at % 100) as f32, (at / 100) as f32);
            let inked = (20.0..80.0).contains(&y) && (x + y - 100.0).abs() < 0.7 * width;
            [if inked { ink } else { paper } * light(x, y)]
        };
        Pixels { width: 100, height: 100, values: (0..10_000).map(value).collect(), reduced_by: 1 }
    }

    #[test]
    fn ink_is_told_from_paper_in_a_shadow_over_most_of_it() {
        let shadow = |x: f32, y: f32| if x - 0.5 * y > 45.0 { 1.0 } else { 0.5 };
        for (name, paper, ink) in [("ink", 0.9, 0.2), ("chalk", 0.2, 0.9)] {
            for width in [4.0, 8.0, 16.0] {
                let found = background_is_bright(&written(width, paper, ink, shadow), true);
                assert_eq!(found, paper > ink, "{name}, {width} pixels wide");
            }
        }
    }

    #[test]
    fn ink_in_a_shadow_is_as_strong_as_in_the_light() {
        let picture = written(6.0, 0.9, 0.2, |x, _| if x > 50.0 { 1.0 } else { 0.5 });
        let difference = difference_from_varying(&picture, true, true);
        let [dark, lit] = [[32, 68], [68, 32]].map(|[x, y]| difference[y * 100 + x][0]);
        assert!((dark / lit - 1.0).abs() < 0.05, "{dark} and {lit}");
        let paper = difference[10 * 100 + 20][0].max(difference[80 * 100 + 80][0]);
        assert!(paper.abs() < 0.01, "{paper}");
    }
}
