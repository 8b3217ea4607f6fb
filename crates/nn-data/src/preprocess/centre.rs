//! Centres ink as MNIST was made (LeCun, Bottou, Bengio and Haffner 1998, section III.A).
//!
//! The box around the ink is fitted into 20/28 of the frame, keeping its aspect ratio; then the ink's centre of mass
//! goes to the middle of the frame, by whole pixels. Before that, whatever was drawn or photographed becomes bright ink
//! on black: see [`ink`].

use image::{DynamicImage, GrayImage, imageops};

use crate::preprocess::background::{Contrast, contrast};
use crate::preprocess::grey::Plane;
use crate::preprocess::resize::resample;
use crate::preprocess::specks::{CLEAN, NOISY, without_specks};
use crate::preprocess::stroke_width::even_out;
use crate::size::Size;

/// Ink that differs less than this from its background is no ink.
const FAINTEST: u8 = 16;
/// Pixels up to this do not count for the box around the ink.
const BLACK: u8 = 8;
/// Ink whose brightest pixel is at least this bright is not stretched.
const BRIGHT: u8 = 200;
/// Ink that is this bright after it has been fitted is not brightened.
const PALE: f32 = 150.0;
/// Ink whose box is shorter, in a picture that was reduced, is looked at again.
const COARSE: usize = 60;
/// The part of the range above an uneven background that counts as its noise.
const NOISE: f32 = 0.15;

/// The ink of a picture, centred in `width` x `height`; zeros where there is no ink.
pub(crate) fn centre(picture: &GrayImage, width: usize, height: usize) -> Vec<u8> {
    let mut frame = vec![0; width * height];
    let ink = ink(picture.clone());
    let Some((x, y, w, h)) = bounds(&ink) else { return frame };
    let cut = imageops::crop_imm(&ink, x, y, w, h).to_image();
    place(cut.as_raw(), w as usize, h as usize, &mut frame, width);
    frame
}

/// The ink of a picture of any kind, centred in `width` x `height`; zeros where there is none. Beside what [`centre`]
/// does it looks for the paper, whatever its light and colour, removes specks, and brings strokes to a usual width.
/// With it comes the part of the picture's shorter side that the longer side of the box around the ink fills.
pub(crate) fn centre_ink(picture: &DynamicImage, width: usize, height: usize) -> (Vec<u8>, Option<f32>) {
    let mut frame = vec![0; width * height];
    let Some(Found { ink, threshold, share }) = find(picture, true) else { return (frame, None) };
    let mut ink = even_out(ink, threshold);
    ink.values.iter_mut().for_each(|value| *value *= 255.0);
    place(&ink.values, ink.width, ink.height, &mut frame, width);
    (frame, Some(share))
}

/// The ink of a picture.
struct Found {
    /// Cut to its box.
    ink: Plane,
    /// The value above which it counts.
    threshold: f32,
    /// The part of the picture's shorter side that the longer side of the box fills.
    share: f32,
}

/// Finds the ink of a picture. A large picture is looked at coarsely; where the ink turns out to be a small part of it,
/// that part is looked at again.
fn find(picture: &DynamicImage, coarsely: bool) -> Option<Found> {
    let Contrast { ink, clean, reduced_by: by } = without_specks(contrast(picture)?);
    let threshold = if clean { CLEAN } else { NOISY };
    let bounds = ink.bounds(threshold)?;
    let longest = bounds.width.max(bounds.height);
    let share = longest as f32 / ink.width.min(ink.height) as f32;
    if coarsely && by > 1 && longest < COARSE {
        let margin = longest / 3 + 2;
        let range = |from: usize, length: usize| (from.saturating_sub(margin) * by, (length + 2 * margin) * by);
        let ((x, w), (y, h)) = (range(bounds.x, bounds.width), range(bounds.y, bounds.height));
        if let Some(found) = find(&picture.crop_imm(x as u32, y as u32, w as u32, h as u32), false) {
            return Some(Found { share, ..found });
        }
    }
    Some(Found { ink: ink.cut(bounds), threshold, share })
}

/// Fits ink (0..255) of w x h into the middle 20/28 of a frame, then moves its centre of mass to the frame's middle.
fn place<T: Copy + Into<f32>>(ink: &[T], w: usize, h: usize, frame: &mut [u8], width: usize) {
    let height = frame.len() / width;
    let (box_width, box_height) = (width as f32 * 20.0 / 28.0, height as f32 * 20.0 / 28.0);
    let scale = (box_width / w as f32).min(box_height / h as f32);
    let fitted = |length: usize| ((length as f32 * scale).round() as usize).max(1);
    let (columns, rows) = (fitted(w).min(width), fitted(h).min(height));

    let mut values = resample(ink, Size::new(h, w, 1), rows, columns);
    brighten(&mut values);
    let left = offset(width, columns, values.iter().enumerate().map(|(i, v)| ((i % columns) as f64, f64::from(*v))));
    let top = offset(height, rows, values.iter().enumerate().map(|(i, v)| ((i / columns) as f64, f64::from(*v))));
    for (row, source) in frame[top * width..].chunks_exact_mut(width).zip(values.chunks_exact(columns)) {
        row[left..].iter_mut().zip(source).for_each(|(pixel, value)| *pixel = value.round() as u8);
    }
}

/// Bright ink on black. The background is the median of the picture's edge. Where it is brighter than the middle of
/// the picture's range, the picture is inverted. Where the edge is not all but black then, or the ink is faint, the
/// background and a little noise above it become black and the brightest pixel 255.
fn ink(mut picture: GrayImage) -> GrayImage {
    let (low, high) = picture.iter().fold((255, 0), |(low, high), &p| (p.min(low), p.max(high)));
    let (mut background, mut peak) = (edge(&picture, 0.5), high);
    if 2 * u32::from(background) > u32::from(low) + u32::from(high) {
        imageops::invert(&mut picture);
        (background, peak) = (255 - background, 255 - low);
    }
    if peak.saturating_sub(background) < FAINTEST {
        picture.fill(0);
    } else if edge(&picture, 0.9) > 0 || peak < BRIGHT {
        let range = f32::from(peak - background);
        let black = f32::from(background) + NOISE * range;
        let stretch = 255.0 / (f32::from(peak) - black);
        picture.iter_mut().for_each(|p| *p = ((f32::from(*p) - black) * stretch).round() as u8);
    }
    picture
}

/// The value that `part` of the outermost pixels do not exceed; they are a frame of 1/28 of the shorter side.
fn edge(picture: &GrayImage, part: f64) -> u8 {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let thick = (width.min(height) / 28).max(1);
    let mut values = Vec::new();
    for (y, row) in picture.chunks_exact(width).enumerate() {
        if y < thick || y + thick >= height {
            values.extend_from_slice(row);
        } else {
            values.extend_from_slice(&row[..thick]);
            values.extend_from_slice(&row[width - thick..]);
        }
    }
    let place = ((values.len() - 1) as f64 * part) as usize;
    *values.select_nth_unstable(place).1
}

/// The box around all pixels that are not black: x, y, width, height.
fn bounds(ink: &GrayImage) -> Option<(u32, u32, u32, u32)> {
    let (mut left, mut right, mut top, mut bottom) = (u32::MAX, 0, u32::MAX, 0);
    for (y, row) in (0..).zip(ink.chunks_exact(ink.width() as usize)) {
        let inked = |&pixel: &u8| pixel > BLACK;
        if let (Some(first), Some(last)) = (row.iter().position(inked), row.iter().rposition(inked)) {
            (left, right) = (left.min(first as u32), right.max(last as u32));
            (top, bottom) = (top.min(y), y);
        }
    }
    (left <= right).then(|| (left, top, right - left + 1, bottom - top + 1))
}

/// Thin lines pale when they shrink: where fewer than two fifths of the inked pixels reach [`PALE`], the value that two
/// fifths reach becomes 255. (Ink then has the mass of MNIST's; of pictures of MNIST, 1 in 500 is brightened.)
fn brighten(values: &mut [f32]) {
    let peak = values.iter().copied().fold(0.0, f32::max);
    let inked = |value: &f32| *value > peak * f32::from(BLACK) / 255.0;
    let mut ink: Vec<f32> = values.iter().copied().filter(inked).collect();
    let place = ink.len().saturating_sub(1) * 3 / 5;
    if peak > 0.0 && *ink.select_nth_unstable_by(place, f32::total_cmp).1 < PALE {
        let factor = 255.0 / ink[place];
        values.iter_mut().for_each(|value| *value = (*value * factor).min(255.0));
    }
}

/// Where `length` pixels with the given (place, mass) begin on an axis of `frame`, so that the centre of mass comes to
/// `frame / 2` (pixel 14 of MNIST's 28) and nothing leaves the frame.
fn offset(frame: usize, length: usize, masses: impl Iterator<Item = (f64, f64)>) -> usize {
    let (moment, mass) = masses.fold((0.0, 0.0), |(moment, mass), (at, m)| (moment + at * m, mass + m));
    let wanted = (frame as f64 / 2.0 - moment / mass - 0.5).ceil(); // half a pixel goes up or left, as in MNIST
    (wanted.max(0.0) as usize).min(frame - length)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;

    /// A seven with a serif, in white on black, drawn `scale` times as large at (x, y) of a square of `side`.
    fn seven(side: u32, x: f32, y: f32, scale: f32) -> GrayImage {
        GrayImage::from_fn(side, side, |px, py| {
            let (u, v) = ((px as f32 + 0.5 - x) / scale, (py as f32 + 0.5 - y) / scale);
            let bar = (0.0..12.0).contains(&u) && (0.0..2.5).contains(&v);
            let leg = (0.0..18.0).contains(&v) && (u - (10.0 - v * 0.4)).abs() < 1.5;
            image::Luma([if bar || leg { 255 } else { 0 }])
        })
    }

    fn mean_difference(a: &[u8], b: &[u8]) -> f64 {
        a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len() as f64
    }

    #[test]
    fn pictures_of_mnist_come_back_as_they_were() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/mnist/t10k-images-idx3-ubyte.gz");
        if !path.exists() {
            eprintln!("skipped: {} is not there", path.display());
            return;
        }
        let mnist = crate::files::idx::read(&path, false, None).unwrap();
        let prepared = crate::preprocess::Preprocessing::mnist().apply_dataset(mnist.clone());
        let same = (0..mnist.len()).filter(|&i| mnist.image(i) == prepared.image(i)).count();
        let difference = mean_difference(mnist.pixels(), prepared.pixels());
        eprintln!("{same} of {} unchanged, mean difference {difference:.5} of 255", mnist.len());
        assert!(same >= 9600 && difference < 0.05, "{same} unchanged, mean difference {difference}");
    }

    #[test]
    fn twice_is_once() {
        let once = centre(&seven(200, 33.0, 60.0, 6.0), 28, 28);
        let again = centre(&GrayImage::from_raw(28, 28, once.clone()).unwrap(), 28, 28);
        assert!(mean_difference(&once, &again) < 0.5);
    }

    #[test]
    fn the_ink_is_boxed_and_its_mass_in_the_middle() {
        let image = GrayImage::from_raw(28, 28, centre(&seven(90, 3.0, 50.0, 2.0), 28, 28)).unwrap();
        let (_, _, w, h) = bounds(&image).unwrap();
        assert_eq!(w.max(h), 20);
        for at in [|p: (u32, u32, &image::Luma<u8>)| p.0, |p: (u32, u32, &image::Luma<u8>)| p.1] {
            let mass: f64 = image.iter().map(|&p| f64::from(p)).sum();
            let moment: f64 = image.enumerate_pixels().map(|p| f64::from(at(p)) * f64::from(p.2[0])).sum();
            assert!((moment / mass - 14.0).abs() <= 0.5);
        }
    }

    #[test]
    fn nothing_drawn_gives_zeros() {
        for grey in [0, 7, 128, 255] {
            let noisy = GrayImage::from_fn(40, 30, |x, y| image::Luma([grey ^ ((x * y) % 4) as u8]));
            assert_eq!(centre(&noisy, 28, 28), [0; 784]);
        }
    }

    #[test]
    fn a_dot_a_line_and_a_frame_of_one_pixel_are_fitted() {
        let mut dot = GrayImage::new(50, 50);
        dot.put_pixel(49, 0, image::Luma([255]));
        assert_eq!(centre(&dot, 28, 28).iter().filter(|&&p| p == 255).count(), 400);
        let line = GrayImage::from_fn(300, 9, |_, y| image::Luma([if y == 4 { 0 } else { 255 }]));
        assert_eq!(centre(&line, 28, 28).iter().filter(|&&p| p > 0).count(), 20);
        assert_eq!(centre(&dot, 1, 1), [255]);
        let hair = GrayImage::from_fn(3000, 3000, |x, y| image::Luma([if x == 20 || y == 2900 { 255 } else { 0 }]));
        assert!(centre(&hair, 28, 28).iter().filter(|&&p| p == 255).count() >= 16, "a thin line in a large picture");
        assert_eq!(centre(&dot, 56, 28).iter().filter(|&&p| p > 0).count(), 400, "aspect kept in any frame");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn place_polarity_paper_and_scale_do_not_matter(
            x in 2u8..100, y in 2u8..100, scale in 3.0f32..8.0,
            paper in 100u8..=255, pencil in 0u8..60, noise in 0u8..5,
        ) {
            let plain = centre(&seven(250, 5.0, 5.0, 6.0), 28, 28);
            let moved = seven(250, f32::from(x), f32::from(y), 6.0);
            prop_assert_eq!(&centre(&moved, 28, 28), &plain, "moved");
            let mut inverted = moved.clone();
            imageops::invert(&mut inverted);
            prop_assert_eq!(&centre(&inverted, 28, 28), &plain, "inverted");
            let grain = |x: u32, y: u32| ((x * 7 + y * 13) % 11) as u8 * noise / 10;
            let photo = GrayImage::from_fn(250, 250, |x, y| {
                image::Luma([if moved.get_pixel(x, y)[0] > 0 { pencil } else { paper - grain(x, y) }])
            });
            // A pixel more or less to one side makes about 10, another picture 40.
            let difference = mean_difference(&centre(&photo, 28, 28), &plain);
            prop_assert!(difference < 15.0, "photographed: {}", difference);
            let scaled = centre(&seven(250, f32::from(x), f32::from(y), scale), 28, 28);
            let difference = mean_difference(&scaled, &plain);
            prop_assert!(difference < 15.0, "scaled: {}", difference);
        }
    }
}
