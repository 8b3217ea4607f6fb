//! Cuts: the ways from top to bottom of a patch that meet little ink, where two characters may touch.

use crate::writing::patch::{Patch, value};
use image::{GrayImage, Luma};
use imageproc::distance_transform::euclidean_squared_distance_transform;

/// A patch is cut if it is wider than this part of its height or, if it is low, of the height of most.
const WIDE: f32 = 0.5;
/// Between two cuts, and beside each, is at least as much ink as a stroke has that is this part of that height long, …
const LONG: f32 = 0.4;
/// … and at least this many squares as wide as a stroke.
const SQUARES: f32 = 2.0;
/// A patch has at most this number of cuts, …
const MOST_CUTS: usize = 64;
/// … and none if it is higher than this many times the height of most: a frame, or a drawing.
const HIGH: f32 = 3.0;
/// A cut meets at most this many times as much ink as strokes are wide.
const THIN: f32 = 3.0;
/// Ways are sought through the pixels of this number of rows, evenly spaced.
const ROWS: usize = 7;
/// A step aside costs as much as this number of pixels of ink. Ways that bend less part characters more truly.
const BENT: f32 = 0.2;
/// Ink that is thicker than a stroke, where strokes lie on each other, counts for this part: there characters touch.
const THICK: f32 = 0.1;
/// Of a pixel that is ink, more than this part is full.
const FULL: f32 = 0.4;

/// A patch cut at its thin places, from left to right; `usual` is the height of most patches.
pub fn divided(patch: &Patch, usual: f32, pen: f32) -> Vec<Patch> {
    let height = usual.min(patch.ink.height() as f32).max(0.5 * usual);
    if (patch.ink.width() as f32) < WIDE * height || patch.ink.height() as f32 > HIGH * usual {
        return vec![patch.clone()];
    }
    let cuts = Ways::new(&patch.ink, pen).seams((LONG * height * pen).max(SQUARES * pen * pen), THIN * pen);
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

/// The ways from top to bottom of a patch, moving at most a column aside in each row. A table has a row of numbers for each
/// row of pixels.
struct Ways {
    /// The cost that each pixel adds to a way.
    costs: Vec<Vec<f32>>,
    /// The least that a way to each pixel costs from above and from below, the pixel itself included.
    above: Vec<Vec<f32>>,
    below: Vec<Vec<f32>>,
    /// The ink that is left of each column, and last, all ink of the row.
    left: Vec<Vec<f32>>,
}

impl Ways {
    fn new(ink: &GrayImage, pen: f32) -> Self {
        let costs = pixel_costs(ink, pen);
        let above = sums(costs.iter());
        let mut below = sums(costs.iter().rev());
        below.reverse();
        let left = |y: usize| {
            let mut sum = 0.0;
            let next = |x: usize| {
                sum += value(ink, x, y);
                sum
            };
            [0.0].into_iter().chain((0..ink.width() as usize).map(next)).collect()
        };
        Self { left: (0..costs.len()).map(left).collect(), costs, above, below }
    }

    /// The ways that cost least, the least first, and `most` at most: the column in each row. They do not cross, and `apart`
    /// ink lies between each two and on both sides.
    fn seams(&self, apart: f32, most: f32) -> Vec<Vec<usize>> {
        let (width, height) = (self.costs[0].len(), self.costs.len());
        let rows = (1..=ROWS).map(|number| height * number / (ROWS + 1));
        let through = rows.flat_map(|y| (1..width).map(move |x| (x, y)));
        let cost = |(x, y): (usize, usize)| (self.above[y][x] + self.below[y][x] - self.costs[y][x], x, y);
        let mut through: Vec<_> = through.map(cost).filter(|(cost, ..)| *cost <= most).collect();
        through.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut chosen: Vec<Vec<usize>> = vec![vec![0; height], vec![width; height]]; // the sides
        for (_, x, y) in through {
            let seam = self.seam(x, y);
            if chosen.len() < MOST_CUTS + 2 && chosen.iter().all(|other| self.between(&seam, other) >= apart) {
                chosen.push(seam);
            }
        }
        chosen.split_off(2)
    }

    /// The way through a pixel that costs least.
    fn seam(&self, x: usize, y: usize) -> Vec<usize> {
        let mut seam = vec![x; self.costs.len()];
        (0..y).rev().for_each(|y| seam[y] = best(&self.above[y], seam[y + 1]));
        (y + 1..seam.len()).for_each(|y| seam[y] = best(&self.below[y], seam[y - 1]));
        seam
    }

    /// The ink between two ways; 0 if they cross ink on both sides of each other.
    fn between(&self, seam: &[usize], other: &[usize]) -> f32 {
        let each = self.left.iter().zip(seam).zip(other).map(|((left, x), other)| left[*x] - left[*other]);
        let [right, wrong] =
            each.fold([0.0f32; 2], |[right, wrong], ink| [right + ink.max(0.0), wrong + (-ink).max(0.0)]);
        if right.min(wrong) > 0.0 { 0.0 } else { right.max(wrong) }
    }
}

/// The cost that each pixel adds to a way: its ink, and little of it where ink is thicker than a stroke.
fn pixel_costs(ink: &GrayImage, pen: f32) -> Vec<Vec<f32>> {
    let (width, height) = (ink.width() as usize, ink.height() as usize);
    let mut background = GrayImage::from_pixel(ink.width() + 2, ink.height() + 2, Luma([1]));
    let full = ink.enumerate_pixels().filter(|(x, y, _)| value(ink, *x as usize, *y as usize) > FULL);
    full.for_each(|(x, y, _)| background.put_pixel(x + 1, y + 1, Luma([0])));
    let depths = euclidean_squared_distance_transform(&background);
    let thick = f64::from((0.5 * pen).round().max(1.0)).powi(2);
    let cost = |x: usize, y: usize| {
        let part = if depths.get_pixel(x as u32 + 1, y as u32 + 1)[0] > thick { THICK } else { 1.0 };
        part * value(ink, x, y)
    };
    (0..height).map(|y| (0..width).map(|x| cost(x, y)).collect()).collect()
}

/// For each pixel the least sum of costs on a way that comes over these rows, in this order.
fn sums<'a>(rows: impl Iterator<Item = &'a Vec<f32>>) -> Vec<Vec<f32>> {
    let mut sums: Vec<Vec<f32>> = vec![];
    for costs in rows {
        let before = |x: usize| sums.last().map_or(0.0, |sums| through(sums, x, best(sums, x)));
        let row = costs.iter().enumerate().map(|(x, cost)| before(x) + cost).collect();
        sums.push(row);
    }
    sums
}

/// The column from which a way comes to column `x` at the least cost, given the costs of the ways to the row before: `x`
/// itself or a column beside it.
fn best(sums: &[f32], x: usize) -> usize {
    let beside = x.saturating_sub(1)..(x + 2).min(sums.len());
    beside.fold(x, |best, other| if through(sums, x, other) < through(sums, x, best) { other } else { best })
}

/// The cost of a way to column `x` that comes from another column, or from the same.
fn through(sums: &[f32], x: usize, from: usize) -> f32 {
    sums[from] + if from == x { 0.0 } else { BENT }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rings of a pen 4 wide around these places in a row, 17 at most from them.
    fn rings(places: &[f32]) -> GrayImage {
        let is_ink = |x: u32, y: u32| {
            let away = |place: &f32| (x as f32 - place).hypot(y as f32 - 20.0);
            places.iter().any(|place| (13.0..17.0).contains(&away(place)))
        };
        GrayImage::from_fn(100, 41, |x, y| Luma([if is_ink(x, y) { 255 } else { 0 }]))
    }

    #[test]
    fn rings_that_lie_on_each_other_are_first_cut_where_they_do() {
        let seams = Ways::new(&rings(&[30.0, 62.0]), 4.0).seams(8.0, 12.0);
        assert!(seams.len() > 1 && (44..49).contains(&seams[0][20]), "{seams:?}");
        assert!(seams[0][0].abs_diff(46) < 16 && seams[0][40].abs_diff(46) < 16, "between the rings: {:?}", seams[0]);
    }

    #[test]
    fn ink_lies_between_cuts_and_beside_them() {
        let ways = Ways::new(&rings(&[30.0, 62.0]), 4.0);
        let sides = [vec![0; 41], vec![100; 41]];
        let all = [ways.seams(60.0, 40.0), sides.to_vec()].concat();
        assert!(all.len() > 3, "{}", all.len());
        for (number, seam) in all.iter().enumerate() {
            assert!(all[..number].iter().all(|other| ways.between(seam, other) >= 60.0));
        }
    }
}
