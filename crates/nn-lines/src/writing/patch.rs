//! Patches: the connected pieces of ink in a picture, cut where they are thin and may be two characters that touch.

use image::{GenericImageView, GrayImage, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};

/// A patch with less ink than this part of the heaviest is a speck.
const SPECK: f32 = 0.004;
/// A patch is cut if it is wider than this part of its height or, if it is low, of the height of most.
const WIDE: f32 = 0.8;
/// Between two cuts, and beside them, is at least this part of that height.
const APART: f32 = 0.33;
/// A patch has at most this number of cuts, …
const MOST_CUTS: usize = 64;
/// … and none if it is higher than this many times the height of most: a frame, or a drawing.
const HIGH: f32 = 3.0;
/// A cut meets at most this many times as much ink as strokes are wide.
const THIN: f32 = 6.0;

/// A piece of ink in a picture.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Column and row of its first pixel.
    pub at: [u32; 2],
    /// 0 is background, 255 is full ink.
    pub ink: GrayImage,
}

impl Patch {
    /// The sum of its ink, in pixels of full ink.
    fn mass(&self) -> f32 {
        self.ink.iter().map(|value| f32::from(*value) / 255.0).sum()
    }
}

/// The patches of a picture of ink, from left to right within what was connected.
pub fn patches(ink: &GrayImage) -> Vec<Patch> {
    let mut whole = connected(ink);
    let heaviest = whole.iter().map(Patch::mass).fold(0.0, f32::max);
    whole.retain(|patch| patch.mass() >= SPECK * heaviest);
    let mut heights: Vec<u32> = whole.iter().map(|patch| patch.ink.height()).collect();
    heights.sort_unstable();
    let usual = heights.get(heights.len() * 3 / 4).copied().unwrap_or(0) as f32;
    let pen = stroke_width(ink);
    whole.iter().flat_map(|patch| divided(patch, usual, pen)).collect()
}

/// The connected pieces of ink, corners included.
fn connected(ink: &GrayImage) -> Vec<Patch> {
    let mask = GrayImage::from_fn(ink.width(), ink.height(), |x, y| Luma([u8::from(ink.get_pixel(x, y)[0] > 0)]));
    let labels = connected_components(&mask, Connectivity::Eight, Luma([0]));
    let count = labels.iter().copied().max().unwrap_or(0) as usize;
    let mut boxes = vec![[u32::MAX, u32::MAX, 0, 0]; count + 1];
    for (x, y, label) in labels.enumerate_pixels() {
        let [left, top, right, bottom] = &mut boxes[label[0] as usize];
        (*left, *top, *right, *bottom) = (x.min(*left), y.min(*top), x.max(*right), y.max(*bottom));
    }
    let patch = |(label, [left, top, right, bottom]): (u32, &[u32; 4])| {
        let pixel = |x: u32, y: u32| {
            let own = labels.get_pixel(left + x, top + y)[0] == label;
            if own { *ink.get_pixel(left + x, top + y) } else { Luma([0]) }
        };
        Patch { at: [*left, *top], ink: GrayImage::from_fn(right - left + 1, bottom - top + 1, pixel) }
    };
    (1..).zip(&boxes[1..]).map(patch).collect()
}

/// The mean width of strokes in pixels: twice their area over the length of their outline.
fn stroke_width(ink: &GrayImage) -> f32 {
    let (mut area, mut outline) = (0.0, 0.0);
    for y in 0..(ink.height() as usize).saturating_sub(1) {
        for x in 0..(ink.width() as usize).saturating_sub(1) {
            let (own, right, below) = (value(ink, x, y), value(ink, x + 1, y), value(ink, x, y + 1));
            area += own;
            outline += (right - own).hypot(below - own);
        }
    }
    2.0 * area / outline.max(1.0)
}

/// A patch cut at its thin places, from left to right; `usual` is the height of most patches.
fn divided(patch: &Patch, usual: f32, pen: f32) -> Vec<Patch> {
    let height = usual.min(patch.ink.height() as f32).max(0.5 * usual);
    if (patch.ink.width() as f32) < WIDE * height || patch.ink.height() as f32 > HIGH * usual {
        return vec![patch.clone()];
    }
    let cuts = seams(&patch.ink, (APART * height).max(2.0) as usize, THIN * pen);
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
        cut_to_ink(&own)
    };
    let parts = (0..=cuts.len()).filter_map(part);
    parts.map(|part| Patch { at: [0, 1].map(|i| patch.at[i] + part.at[i]), ink: part.ink }).collect()
}

/// The ways from top to bottom that meet the least ink, the least first: the column in each row. Ways meet at most `most`
/// ink, and in the middle row they are `apart` columns from each other and from both sides.
fn seams(ink: &GrayImage, apart: usize, most: f32) -> Vec<Vec<usize>> {
    let (width, height) = (ink.width() as usize, ink.height() as usize);
    let middle = height / 2;
    let above = sums(ink, &(0..=middle).collect::<Vec<_>>());
    let below = sums(ink, &(middle..height).rev().collect::<Vec<_>>());
    let met: Vec<f32> = (0..width).map(|x| above[middle][x] + below[middle][x] - value(ink, x, middle)).collect();
    let mut order: Vec<usize> = (apart..width.saturating_sub(apart)).filter(|x| met[*x] <= most).collect();
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

/// The ink of a pixel, 0 to 1.
fn value(ink: &GrayImage, x: usize, y: usize) -> f32 {
    f32::from(ink.get_pixel(x as u32, y as u32)[0]) / 255.0
}

/// A picture of ink cut to the box around it; `None` without ink.
fn cut_to_ink(ink: &GrayImage) -> Option<Patch> {
    let inked = ink.enumerate_pixels().filter(|(_, _, value)| value[0] > 0).map(|(x, y, _)| [x, y, x, y]);
    let [left, top, right, bottom] =
        inked.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
    let ink = ink.view(left, top, right - left + 1, bottom - top + 1).to_image();
    Some(Patch { at: [left, top], ink })
}

/// Patches on one picture, as they lie.
pub fn joined<'a>(patches: impl Iterator<Item = &'a Patch> + Clone) -> GrayImage {
    let low = [0, 1].map(|i| patches.clone().map(|patch| patch.at[i]).min().unwrap_or(0));
    let right = patches.clone().map(|patch| patch.at[0] + patch.ink.width()).max().unwrap_or(0);
    let bottom = patches.clone().map(|patch| patch.at[1] + patch.ink.height()).max().unwrap_or(0);
    let mut picture = GrayImage::new(right - low[0], bottom - low[1]);
    for patch in patches {
        let (left, top) = (patch.at[0] - low[0], patch.at[1] - low[1]);
        for (x, y, value) in patch.ink.enumerate_pixels().filter(|(_, _, value)| value[0] > 0) {
            picture.put_pixel(left + x, top + y, *value);
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture with filled rectangles: left, top, width, height.
    fn picture(rectangles: &[[u32; 4]]) -> GrayImage {
        let mut ink = GrayImage::new(200, 60);
        for &[left, top, width, height] in rectangles {
            (0..width * height).for_each(|i| ink.put_pixel(left + i % width, top + i / width, Luma([255])));
        }
        ink
    }

    /// The first column, first row, width and height of each patch.
    fn boxes(rectangles: &[[u32; 4]]) -> Vec<[u32; 4]> {
        let found = patches(&picture(rectangles));
        found.iter().map(|patch| [patch.at[0], patch.at[1], patch.ink.width(), patch.ink.height()]).collect()
    }

    #[test]
    fn what_is_connected_is_a_patch_and_specks_are_none() {
        assert_eq!(boxes(&[[10, 10, 9, 40], [30, 10, 9, 40], [50, 10, 1, 1]]), [[10, 10, 9, 40], [30, 10, 9, 40]]);
        assert!(boxes(&[]).is_empty());
    }

    #[test]
    fn what_touches_is_cut_where_it_is_thin() {
        let touching = [[10, 10, 4, 40], [14, 48, 26, 3], [40, 10, 4, 40]];
        let found = boxes(&touching);
        let holds_both = |b: &[u32; 4]| b[0] <= 10 && b[0] + b[2] >= 44;
        assert!(found.len() >= 2 && !found.iter().any(holds_both), "{found:?}");
        let all = patches(&picture(&touching));
        let whole = joined(all.iter());
        assert_eq!(whole.dimensions(), (34, 41));
        assert_eq!(whole.iter().filter(|value| **value > 0).count(), 4 * 40 * 2 + 26 * 3);
    }
}
