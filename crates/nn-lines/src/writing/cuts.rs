//! Cuts: the ways from top to bottom of a patch that meet little ink, where two characters may touch.

use crate::writing::patch::{Patch, value};
use image::GrayImage;

/// A patch is cut if it is wider than this part of its height or, if it is low, of the height of most.
const WIDE: f32 = 0.5;
/// Between two cuts is at least this part of that height, …
const APART: f32 = 0.25;
/// … and from the sides of a patch they are at least this many widths of a stroke.
const ASIDE: f32 = 1.5;
/// A patch has at most this number of cuts, …
const MOST_CUTS: usize = 64;
/// … and none if it is higher than this many times the height of most: a frame, or a drawing.
const HIGH: f32 = 3.0;
/// A cut meets at most this many times as much ink as strokes are wide.
const THIN: f32 = 6.0;

/// A patch cut at its thin places, from left to right; `usual` is the height of most patches.
pub fn divided(patch: &Patch, usual: f32, pen: f32) -> Vec<Patch> {
    let height = usual.min(patch.ink.height() as f32).max(0.5 * usual);
    if (patch.ink.width() as f32) < WIDE * height || patch.ink.height() as f32 > HIGH * usual {
        return vec![patch.clone()];
    }
    let [aside, apart] = [ASIDE * pen, (APART * height).max(ASIDE * pen)].map(|pixels| pixels.max(2.0) as usize);
    let cuts = seams(&patch.ink, aside, apart, THIN * pen);
    // The seams in each row from left to right: a part lies between two of them.
    let (width, height) = patch.ink.dimensions();
    let mut borders: Vec<Vec<u32>> = (0..height as usize).map(|y| cuts.iter().map(|s| s[y] as u32).collect()).collect();
    borders.iter_mut().for_each(|row| row.sort_unstable());
    let part = |number: usize| {
        let mut own = GrayImage::new(width, height);
        for (y, row) in (0..height).zip(&borders) {
            let left = if number == 0 { 0 } else { row[number - 1] };
            let right = row.get(number).copied().unwrap_or(width);
            (left..right).for_each(|x| own.put_pixel(x, y, *patch.ink.get_pixel(x, y)));
        }
        Patch::of(&own)
    };
    let parts = (0..=cuts.len()).filter_map(part);
    parts
        .map(|part| Patch { at: [0, 1].map(|i| patch.at[i] + part.at[i]), ink: part.ink, whole: patch.whole })
        .collect()
}

/// The ways from top to bottom that meet the least ink, the least first: the column in each row. Ways meet at most `most`
/// ink, and in the middle row they are `apart` columns from each other and `aside` from both sides.
fn seams(ink: &GrayImage, aside: usize, apart: usize, most: f32) -> Vec<Vec<usize>> {
    let (width, height) = (ink.width() as usize, ink.height() as usize);
    let middle = height / 2;
    let above = sums(ink, &(0..=middle).collect::<Vec<_>>());
    let below = sums(ink, &(middle..height).rev().collect::<Vec<_>>());
    let met: Vec<f32> = (0..width).map(|x| above[middle][x] + below[middle][x] - value(ink, x, middle)).collect();
    let mut order: Vec<usize> = (aside..width.saturating_sub(aside)).filter(|x| met[*x] <= most).collect();
    order.sort_by(|a, b| met[*a].total_cmp(&met[*b]));
    let mut chosen: Vec<usize> = vec![];
    for x in order {
        if chosen.len() < MOST_CUTS && chosen.iter().all(|other| other.abs_diff(x) >= apart) {
            chosen.push(x);
        }
    }
    let seam = |x: &usize| {
        let mut seam = vec![*x; height];
        (0..middle).rev().for_each(|y| seam[y] = least(&above[y], seam[y + 1]));
        (middle + 1..height).for_each(|y| seam[y] = least(&below[y], seam[y - 1]));
        seam
    };
    chosen.iter().map(seam).collect()
}

/// For each pixel the least ink that a way meets which comes over these rows, in this order, moving at most a column aside
/// in each row. Rows that are not named stay empty.
fn sums(ink: &GrayImage, rows: &[usize]) -> Vec<Vec<f32>> {
    let width = ink.width() as usize;
    let mut sums = vec![vec![]; ink.height() as usize];
    let mut before: Vec<f32> = vec![0.0; width];
    for &y in rows {
        let sum = |x: usize| before[least(&before, x)] + value(ink, x, y);
        sums[y] = (0..width).map(sum).collect();
        before.clone_from(&sums[y]);
    }
    sums
}

/// The place of the least value at `x` or beside it; `x` itself where it is as low.
fn least(values: &[f32], x: usize) -> usize {
    let beside = x.saturating_sub(1)..(x + 2).min(values.len());
    beside.fold(x, |best, other| if values[other] < values[best] { other } else { best })
}
