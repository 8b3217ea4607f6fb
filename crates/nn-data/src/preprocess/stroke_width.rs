//! The width of strokes: measured, and brought into the range that a network has seen.
//!
//! A pen of one pixel on a large canvas and a marker on a small one leave the same character. Strokes that are thinner or
//! thicker than handwriting in MNIST, measured in units of the box around the character, are grown or shrunk to the
//! nearest width that is not; all others stay as they are, pixel by pixel.

use crate::preprocess::grey::Plane;

/// The widths, in pixels of a box of [`BOX`], between which strokes stay as they are.
const RANGE: (f32, f32) = (1.35, 4.6);
/// The longer side of the box around a character, as in MNIST.
pub(crate) const BOX: f32 = 20.0;
/// The box while strokes are changed: four times as fine.
const FINE: f32 = 80.0;
/// Wider than this, ink is a blot or a dot and no stroke.
const BLOT: f32 = 9.0;

/// The mean width of strokes in pixels: twice their area over the length of their outline. The outline's length is the
/// sum of the gradient, so that soft edges count as sharp ones.
pub(crate) fn width(ink: &Plane) -> f32 {
    let ink = ink.padded(1);
    let (mut area, mut outline) = (0.0, 0.0);
    for (row, below) in ink.values.chunks_exact(ink.width).zip(ink.values[ink.width..].chunks_exact(ink.width)) {
        for (pair, below) in row.windows(2).zip(below) {
            let (dx, dy) = (pair[1] - pair[0], below - pair[0]);
            area += pair[0];
            outline += (dx * dx + dy * dy).sqrt();
        }
    }
    2.0 * area / outline.max(1e-6)
}

/// The ink, cut to its box, with strokes of a width within [`RANGE`] once the box is as long as [`BOX`]; in whatever
/// resolution is fine enough, and cut again.
pub(crate) fn even_out(ink: Plane, threshold: f32) -> Plane {
    let longest = ink.width.max(ink.height) as f32;
    let width = width(&ink);
    let fitted = width * BOX / longest;
    if (RANGE.0..=RANGE.1).contains(&fitted) || fitted > BLOT {
        return ink;
    }
    let scale = (1.5 / width).clamp(FINE / longest, (FINE / longest).max(1.0));
    let size = |length: usize| ((length as f32 * scale).round() as usize).max(1);
    let mut fine = ink.resized(size(ink.width), size(ink.height));
    // Measured anew with full ink and sharp edges, as pale strokes pass for thin ones.
    let half = half(&fine, threshold);
    fine.values.iter_mut().for_each(|value| *value = (*value / half - 0.5).clamp(0.0, 1.0));
    let width = self::width(&fine);
    let longest = fine.width.max(fine.height) as f32;
    let wanted = (width * BOX / longest).clamp(RANGE.0, RANGE.1);
    // Grown by so much on each side: (width + 2 reach) : (longest + 2 reach) = wanted : BOX.
    let reach = (wanted * longest - BOX * width) / (BOX - wanted) / 2.0;
    let reach = reach.max(-0.25 * width); // a part half as wide as the mean stays
    let mut fine = fine.padded(reach.max(0.0).ceil() as usize + 2);
    let distances = distances(&fine, |value| (value > 0.5) == (reach > 0.0));
    for (value, distance) in fine.values.iter_mut().zip(distances) {
        *value = if reach > 0.0 { 1.0 + reach - distance } else { distance + reach }.clamp(0.0, 1.0);
    }
    match fine.bounds(0.25) {
        Some(bounds) => fine.cut(bounds),
        None => ink,
    }
}

/// Half of what the stronger half of the inked pixels reach.
fn half(ink: &Plane, threshold: f32) -> f32 {
    let mut inked: Vec<f32> = ink.values.iter().copied().filter(|value| *value > threshold).collect();
    let middle = inked.len() / 2;
    if inked.is_empty() { 0.5 } else { 0.5 * *inked.select_nth_unstable_by(middle, f32::total_cmp).1 }
}

/// How far each pixel is from the nearest one that is a source: the chamfer distance, two passes with steps of 0.955 and
/// 1.369 (Borgefors 1986), within 5 % of the truth.
fn distances(plane: &Plane, is_source: impl Fn(f32) -> bool) -> Vec<f32> {
    const STEP: f32 = 0.955;
    const DIAGONAL: f32 = 1.369;
    let (width, height) = (plane.width, plane.height);
    let far = (width + height) as f32 * 2.0;
    let mut d: Vec<f32> = plane.values.iter().map(|value| if is_source(*value) { 0.0 } else { far }).collect();
    for y in 1..height {
        let (above, row) = d[(y - 1) * width..(y + 1) * width].split_at_mut(width);
        for x in 1..width - 1 {
            let near = (above[x - 1].min(above[x + 1]) + DIAGONAL).min(above[x].min(row[x - 1]) + STEP);
            row[x] = row[x].min(near);
        }
    }
    for y in (0..height - 1).rev() {
        let (row, below) = d[y * width..(y + 2) * width].split_at_mut(width);
        for x in (1..width - 1).rev() {
            let near = (below[x - 1].min(below[x + 1]) + DIAGONAL).min(below[x].min(row[x + 1]) + STEP);
            row[x] = row[x].min(near);
        }
    }
    d
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A cross whose strokes are so wide, in a square of 100.
    fn cross(stroke: f32) -> Plane {
        let near = |a: usize| (a as f32 - 50.0).abs();
        let value = |i: usize| (stroke / 2.0 + 0.5 - near(i % 100).min(near(i / 100))).clamp(0.0, 1.0);
        Plane { width: 100, height: 100, values: (0..10_000).map(value).collect() }
    }

    #[test]
    fn width_is_measured() {
        for stroke in [1.0, 2.5, 6.0, 13.0] {
            let measured = width(&cross(stroke));
            assert!((measured / stroke - 1.0).abs() < 0.12, "{measured} for {stroke}");
        }
        let soft = cross(12.0).resized(25, 25);
        assert!((width(&soft) - 3.0).abs() < 0.3);
    }

    #[test]
    fn thin_and_thick_come_into_the_range_and_others_stay() {
        for stroke in [0.8, 2.0, 5.0] {
            let grown = even_out(cross(stroke), 0.03);
            let fitted = width(&grown) * BOX / grown.width.max(grown.height) as f32;
            assert!((fitted - RANGE.0).abs() < 0.3, "{fitted} from {stroke}");
        }
        assert_eq!(even_out(cross(15.0), 0.03), cross(15.0));
        let shrunk = even_out(cross(26.0), 0.03);
        let fitted = width(&shrunk) * BOX / shrunk.width.max(shrunk.height) as f32;
        assert!((3.9..4.6).contains(&fitted), "{fitted}");
    }

    #[test]
    fn distance_is_nearly_round() {
        let mut plane = Plane::new(41, 41, 0.0);
        plane.values[20 * 41 + 20] = 1.0;
        let d = distances(&plane, |v| v > 0.5);
        for (x, y) in [(25, 20), (28, 28), (14, 24)] {
            let truth = ((x as f32 - 20.0).powi(2) + (y as f32 - 20.0).powi(2)).sqrt();
            assert!((d[y * 41 + x] / truth - 1.0).abs() < 0.06, "{} for {truth}", d[y * 41 + x]);
        }
    }
}
