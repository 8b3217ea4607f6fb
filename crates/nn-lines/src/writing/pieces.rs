//! Divides the ink of a picture into patches: its connected pieces, cut where they are thin and may be two characters that touch.

use crate::writing::cuts::divided;
use crate::writing::patch::{Patch, value};
use image::{GrayImage, ImageBuffer, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};
use std::cmp::Reverse;

/// A patch with less ink than this part of the heaviest is a speck.
const SPECK: f32 = 0.004;
/// Ink below this part of the median joins nothing: it may be the seam between two characters that all but touch.
const PALE: f32 = 0.4;
/// A page has at most this number of patches: the heaviest.
const MOST: usize = 4000;

/// A number for each pixel.
type Labels = ImageBuffer<Luma<u32>, Vec<u32>>;

/// The patches of a picture of ink, from left to right within what was connected; of very many, the heaviest.
pub fn patches(ink: &GrayImage) -> Vec<Patch> {
    let whole = connected(ink);
    let mut heights: Vec<u32> = whole.iter().map(|patch| patch.ink.height()).collect();
    heights.sort_unstable();
    let usual = heights.get(heights.len() * 3 / 4).copied().unwrap_or(0) as f32;
    let pen = stroke_width(ink);
    whole.iter().flat_map(|patch| divided(patch, usual, pen)).collect()
}

/// The connected pieces of ink, corners included, without specks.
fn connected(ink: &GrayImage) -> Vec<Patch> {
    let numbers = labels(ink);
    let count = numbers.iter().copied().max().unwrap_or(0);
    let mut found: Vec<Piece> = (0..=count).map(Piece::new).collect();
    numbers.enumerate_pixels().for_each(|(x, y, label)| found[label[0] as usize].add(x, y, ink.get_pixel(x, y)[0]));
    let mut found = found.split_off(1);
    found.sort_by_key(|piece| Reverse(piece.mass));
    let heaviest = found.first().map_or(0, |piece| piece.mass);
    found.retain(|piece| piece.mass as f32 >= SPECK * heaviest as f32);
    found.truncate(MOST);
    found.iter().map(|piece| piece.patch(ink, &numbers)).collect()
}

/// A connected piece of ink.
#[derive(Clone, Copy)]
struct Piece {
    label: u32,
    /// The first and the last of its columns and rows.
    low: [u32; 2],
    high: [u32; 2],
    /// The sum of its ink.
    mass: u64,
}

impl Piece {
    fn new(label: u32) -> Self {
        Self { label, low: [u32::MAX; 2], high: [0; 2], mass: 0 }
    }

    fn add(&mut self, x: u32, y: u32, ink: u8) {
        self.low = [self.low[0].min(x), self.low[1].min(y)];
        self.high = [self.high[0].max(x), self.high[1].max(y)];
        self.mass += u64::from(ink);
    }

    fn patch(&self, ink: &GrayImage, labels: &Labels) -> Patch {
        let [left, top] = self.low;
        let pixel = |x: u32, y: u32| {
            let own = labels.get_pixel(left + x, top + y)[0] == self.label;
            if own { *ink.get_pixel(left + x, top + y) } else { Luma([0]) }
        };
        let [width, height] = [0, 1].map(|i| self.high[i] - self.low[i] + 1);
        Patch { at: self.low, ink: GrayImage::from_fn(width, height, pixel), whole: [self.low, self.high] }
    }
}

/// The number of the piece that each pixel belongs to, from 1; 0 for background. Pale ink belongs to the nearest piece
/// that it touches, and is a piece of its own where it touches none.
fn labels(ink: &GrayImage) -> Labels {
    let mut inked: Vec<u8> = ink.iter().copied().filter(|value| *value > 0).collect();
    inked.sort_unstable();
    let pale = PALE * f32::from(inked.get(inked.len() / 2).copied().unwrap_or(0));
    let pieces = |is_ink: &dyn Fn(u32, u32) -> bool| {
        let mask = GrayImage::from_fn(ink.width(), ink.height(), |x, y| Luma([u8::from(is_ink(x, y))]));
        connected_components(&mask, Connectivity::Eight, Luma([0]))
    };
    let mut labels = pieces(&|x, y| f32::from(ink.get_pixel(x, y)[0]) > pale);
    let found = labels.iter().copied().max().unwrap_or(0);
    let mut edge: Vec<(u32, u32)> =
        labels.enumerate_pixels().filter(|pixel| pixel.2[0] > 0).map(|p| (p.0, p.1)).collect();
    while !edge.is_empty() {
        let mut next = vec![];
        for (x, y) in edge {
            let label = *labels.get_pixel(x, y);
            for (x, y) in around(x, y, ink.dimensions()) {
                if labels.get_pixel(x, y)[0] == 0 && ink.get_pixel(x, y)[0] > 0 {
                    labels.put_pixel(x, y, label);
                    next.push((x, y));
                }
            }
        }
        edge = next;
    }
    let apart = pieces(&|x, y| labels.get_pixel(x, y)[0] == 0 && ink.get_pixel(x, y)[0] > 0);
    labels.iter_mut().zip(apart.iter()).filter(|(_, other)| **other > 0).for_each(|(own, other)| *own = found + other);
    labels
}

/// The pixels around one, within a picture of this size.
fn around(x: u32, y: u32, (width, height): (u32, u32)) -> impl Iterator<Item = (u32, u32)> {
    let rows = y.saturating_sub(1)..(y + 2).min(height);
    rows.flat_map(move |y| (x.saturating_sub(1)..(x + 2).min(width)).map(move |x| (x, y)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::writing::patch::joined;

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
    fn a_pale_seam_joins_nothing() {
        let mut seam = picture(&[[10, 10, 9, 40], [21, 10, 9, 40]]);
        (10..50).for_each(|y| [19, 20].into_iter().for_each(|x| seam.put_pixel(x, y, Luma([60]))));
        assert_eq!(patches(&seam).len(), 2);
        let mut pale = picture(&[]);
        (0..400).for_each(|i| pale.put_pixel(10 + i % 10, 10 + i / 10, Luma([60])));
        assert_eq!(patches(&pale).len(), 1, "where all is pale, it is ink");
    }

    #[test]
    fn many_specks_are_left_out() {
        let mut ink = GrayImage::new(200, 200);
        (0..100 * 100).for_each(|i| ink.put_pixel(2 * (i % 100), 2 * (i / 100), Luma([255])));
        assert_eq!(patches(&ink).len(), MOST);
    }

    #[test]
    fn a_narrow_letter_is_cut_off() {
        let found = boxes(&[[10, 10, 4, 40], [14, 30, 6, 3], [20, 20, 4, 30], [24, 20, 16, 3], [36, 20, 4, 30]]);
        assert!(found.iter().any(|b| b[0] == 10 && b[0] + b[2] <= 20), "{found:?}");
    }

    #[test]
    fn pieces_that_were_cut_touch() {
        let found = patches(&picture(&[[10, 10, 4, 40], [14, 48, 26, 3], [40, 10, 4, 40]]));
        assert!(found.windows(2).all(|pair| (3..=5).contains(&pair[0].contact(&pair[1]))), "a cut through 3 pixels");
        let apart = patches(&picture(&[[10, 10, 9, 40], [30, 10, 9, 40]]));
        assert_eq!(apart[0].contact(&apart[1]), 0);
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
