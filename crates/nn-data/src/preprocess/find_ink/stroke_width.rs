//! Measures the width of strokes and brings it into the range that a network has seen.
//!
//! A fine pen on a large canvas and a marker on a small one write the same character. The width is measured relative to
//! the box around the character. Strokes thinner or thicker than those of MNIST grow or shrink to the nearest width that
//! occurs there; all others stay as they are, pixel by pixel.

use crate::preprocess::grey::Grey;

/// Strokes between these widths stay as they are. In pixels, where the box around the character is [`BOX`] long.
const RANGE: (f32, f32) = (1.35, 4.6);
/// The longer side of the box around a character in MNIST, in pixels.
const BOX: f32 = 20.0;
/// The longer side of the box while strokes are changed: four times as fine.
const FINE: f32 = 80.0;
/// Ink wider than this is a blot or a dot rather than a stroke.
const BLOT: f32 = 9.0;

/// The mean width of strokes in pixels: twice their area over the length of their outline. The outline's length is the
/// sum of the gradient, so that soft edges count like sharp ones.
fn mean_width(ink: &Grey) -> f32 {
    let ink = ink.padded(1);
    let mut area = 0.0;
    let mut outline = 0.0;
    for (row, below) in ink.values.chunks_exact(ink.width).zip(ink.values[ink.width..].chunks_exact(ink.width)) {
        for (pair, below) in row.windows(2).zip(below) {
            let dx = pair[1] - pair[0];
            let dy = below - pair[0];
            area += pair[0];
            outline += (dx * dx + dy * dy).sqrt();
        }
    }
    2.0 * area / outline.max(1e-6)
}

/// Brings the strokes of ink that is cut to its box to a width within [`RANGE`]. The result is cut to its box again and
/// may have another resolution.
pub(crate) fn even_out(ink: Grey, threshold: f32) -> Grey {
    let longest = ink.width.max(ink.height) as f32;
    let width = mean_width(&ink);
    let fitted = width * BOX / longest;
    if (RANGE.0..=RANGE.1).contains(&fitted) || fitted > BLOT {
        return ink;
    }
    let scale = (1.5 / width).clamp(FINE / longest, (FINE / longest).max(1.0));
    let size = |length: usize| ((length as f32 * scale).round() as usize).max(1);
    let mut fine = ink.resized(size(ink.width), size(ink.height));
    sharpen(&mut fine, threshold);
    let reach = growth(&fine);
    let mut fine = fine.padded(reach.max(0.0).ceil() as usize + 2);
    let away = distances(&fine, |value| (value > 0.5) == (reach > 0.0));
    for (value, distance) in fine.values.iter_mut().zip(away) {
        *value = if reach > 0.0 { 1.0 + reach - distance } else { distance + reach }.clamp(0.0, 1.0);
    }
    match fine.bounds(0.25) {
        Some(bounds) => fine.cut(bounds),
        None => ink,
    }
}

/// Gives ink full strength and sharp edges, because pale strokes would be measured as thin ones. The edge is where ink
/// falls below half of the median of its pixels above `threshold`.
fn sharpen(ink: &mut Grey, threshold: f32) {
    let mut inked: Vec<f32> = ink.values.iter().copied().filter(|value| *value > threshold).collect();
    let middle = inked.len() / 2;
    let half = if inked.is_empty() { 0.5 } else { 0.5 * *inked.select_nth_unstable_by(middle, f32::total_cmp).1 };
    ink.values.iter_mut().for_each(|value| *value = (*value / half - 0.5).clamp(0.0, 1.0));
}

/// The pixels by which strokes have to grow on each side (negative: shrink) to come into [`RANGE`]. The box grows too:
/// (width + 2 growth) : (longest + 2 growth) = wanted : BOX.
fn growth(ink: &Grey) -> f32 {
    let longest = ink.width.max(ink.height) as f32;
    let width = mean_width(ink);
    let wanted = (width * BOX / longest).clamp(RANGE.0, RANGE.1);
    let growth = (wanted * longest - BOX * width) / (BOX - wanted) / 2.0;
    growth.max(-0.25 * width) // a part half as wide as the mean stays
}

/// The distance of each pixel from the nearest one that is a source: the chamfer distance, two passes with steps of 0.955
/// and 1.369 (Borgefors 1986), within 5 % of the exact distance.
fn distances(picture: &Grey, is_source: impl Fn(f32) -> bool) -> Vec<f32> {
    const STEP: f32 = 0.955;
    const DIAGONAL: f32 = 1.369;
    let Grey { width, height, .. } = *picture;
    let far = (width + height) as f32 * 2.0;
    let mut d: Vec<f32> = picture.values.iter().map(|value| if is_source(*value) { 0.0 } else { far }).collect();
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

    /// A cross with strokes of the given width, in a square of 100 pixels.
    fn cross(stroke: f32) -> Grey {
        let near = |a: usize| (a as f32 - 50.0).abs();
        let value = |i: usize| (stroke / 2.0 + 0.5 - near(i % 100).min(near(i / 100))).clamp(0.0, 1.0);
        Grey { width: 100, height: 100, values: (0..10_000).map(value).collect() }
    }

    #[test]
    fn width_is_measured() {
        for stroke in [1.0, 2.5, 6.0, 13.0] {
            let measured = mean_width(&cross(stroke));
            assert!((measured / stroke - 1.0).abs() < 0.12, "{measured} for {stroke}");
        }
        let soft = cross(12.0).resized(25, 25);
        assert!((mean_width(&soft) - 3.0).abs() < 0.3);
    }

    #[test]
    fn thin_and_thick_come_into_the_range_and_others_stay() {
        for stroke in [0.8, 2.0, 5.0] {
            let grown = even_out(cross(stroke), 0.03);
            let fitted = mean_width(&grown) * BOX / grown.width.max(grown.height) as f32;
            assert!((fitted - RANGE.0).abs() < 0.3, "{fitted} from {stroke}");
        }
        assert_eq!(even_out(cross(15.0), 0.03), cross(15.0));
        let shrunk = even_out(cross(26.0), 0.03);
        let fitted = mean_width(&shrunk) * BOX / shrunk.width.max(shrunk.height) as f32;
        assert!((3.9..4.6).contains(&fitted), "{fitted}");
    }

    #[test]
    fn distance_is_nearly_round() {
        let mut picture = Grey::new(41, 41, 0.0);
        picture.values[20 * 41 + 20] = 1.0;
        let d = distances(&picture, |v| v > 0.5);
        for (x, y) in [(25, 20), (28, 28), (14, 24)] {
            let truth = ((x as f32 - 20.0).powi(2) + (y as f32 - 20.0).powi(2)).sqrt();
            assert!((d[y * 41 + x] / truth - 1.0).abs() < 0.06, "{} for {truth}", d[y * 41 + x]);
        }
    }
}
