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
const CLEARLY: f32 = 2.0;

/// The difference of each pixel from a background that varies over the picture. With `shadows`, they may have hard edges.
pub(crate) fn difference_from_varying<const N: usize>(picture: &Pixels<N>, shadows: bool) -> Vec<[f32; N]> {
    let Pixels { width, height, values, .. } = picture;
    let grid = if shadows { FINE_GRID } else { GRID };
    let bright = background_is_bright(picture, shadows);
    let cell = width.max(height).div_ceil(grid).max(1);
    let (columns, rows) = (width.div_ceil(cell), height.div_ceil(cell));
    let reach = (columns.max(rows) / 8).max(1);
    let mut difference = vec![[0.0; N]; values.len()];
    for c in 0..N {
        let channel = Grey { width: *width, height: *height, values: values.iter().map(|v| v[c]).collect() };
        let mut background = channel.resized(columns, rows);
        without_thin(&mut background, reach, bright);
        if !shadows {
            (0..2).for_each(|_| average(&mut background));
        }
        let background = background.resized(*width, *height);
        for ((d, v), background) in difference.iter_mut().zip(&channel.values).zip(&background.values) {
            d[c] = background - v;
        }
    }
    difference
}

/// True if the background is the bright side of the picture. Seven tenths of all pixels decide; if neither side has as
/// many, and there may be `shadows`, that which is thin does, or else the picture's edge.
fn background_is_bright<const N: usize>(picture: &Pixels<N>, shadows: bool) -> bool {
    let all = Histogram::new(picture.values.iter().map(luma));
    let middle = (all.quantile(0.02) + all.quantile(0.98)) / 2.0;
    let bright = picture.values.iter().filter(|v| luma(v) > middle).count() as f32 / picture.values.len() as f32;
    match bright {
        0.7.. => true,
        ..=0.3 => false,
        _ => {
            let at_edge = || Histogram::new(edge(&picture.values, picture.width).map(luma)).quantile(0.5) > middle;
            Some(picture).filter(|_| shadows).and_then(ink_is_dark).unwrap_or_else(at_edge)
        }
    }
}

/// True if what is thin is dark, false if it is bright; `None` if there is nearly as much of both. A shadow may darken any
/// part of the paper, but it is not thin.
fn ink_is_dark<const N: usize>(picture: &Pixels<N>) -> Option<bool> {
    let Pixels { width, height, values, .. } = picture;
    let cell = width.max(height).div_ceil(GRID).max(1);
    let (columns, rows) = (width.div_ceil(cell), height.div_ceil(cell));
    let grey =
        Grey { width: *width, height: *height, values: values.iter().map(luma).collect() }.resized(columns, rows);
    let thin = |dark: bool| {
        let mut without = grey.clone();
        without_thin(&mut without, (columns.max(rows) / 8).max(1), dark);
        grey.values.iter().zip(&without.values).map(|(a, b)| (a - b).powi(2)).sum::<f32>()
    };
    let (dark, bright) = (thin(true), thin(false));
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
