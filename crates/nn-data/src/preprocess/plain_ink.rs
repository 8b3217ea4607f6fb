//! Finds the ink of a plain drawing of either polarity, for models that name `Fit::CentreOfMass`.
//!
//! MNIST's own pictures pass through unchanged. New models use `find_ink.rs`; what this does stays as it is.

use image::{GrayImage, imageops};

use crate::preprocess::grey::{Grey, edge};

/// Ink that differs less than this from its background does not count.
const FAINTEST: u8 = 16;
/// Pixels up to this value do not count for the box around the ink.
const BLACK: u8 = 8;
/// Ink whose brightest pixel is at least this bright is not stretched.
const BRIGHT: u8 = 200;
/// The part of the range above an uneven background that counts as its noise.
const NOISE: f32 = 0.15;

/// The ink of a picture, bright on black (0 to 255) and cut to its box; `None` without ink.
pub(crate) fn plain_ink(picture: GrayImage) -> Option<Grey> {
    let picture = bright_on_black(picture);
    let values = picture.iter().copied().map(f32::from).collect();
    let ink = Grey { width: picture.width() as usize, height: picture.height() as usize, values };
    Some(ink.cut(ink.bounds(f32::from(BLACK))?))
}

/// Turns the picture into bright ink on black. The background is the median of the picture's edge. Where it is brighter
/// than the middle of the picture's range, the picture is inverted. Where the edge is not nearly black then, or the ink
/// is faint, the background and a little noise above it become black and the brightest pixel 255.
fn bright_on_black(mut picture: GrayImage) -> GrayImage {
    let low = picture.iter().copied().min().unwrap_or(0);
    let high = picture.iter().copied().max().unwrap_or(0);
    let mut background = edge_quantile(&picture, 0.5);
    let mut peak = high;
    if 2 * u32::from(background) > u32::from(low) + u32::from(high) {
        imageops::invert(&mut picture);
        background = 255 - background;
        peak = 255 - low;
    }
    if peak.saturating_sub(background) < FAINTEST {
        picture.fill(0);
    } else if edge_quantile(&picture, 0.9) > 0 || peak < BRIGHT {
        let range = f32::from(peak - background);
        let black = f32::from(background) + NOISE * range;
        let stretch = 255.0 / (f32::from(peak) - black);
        picture.iter_mut().for_each(|p| *p = ((f32::from(*p) - black) * stretch).round() as u8);
    }
    picture
}

/// The value that `part` (0 to 1) of the outermost pixels do not exceed.
fn edge_quantile(picture: &GrayImage, part: f64) -> u8 {
    let mut values: Vec<u8> = edge(picture.as_raw(), picture.width() as usize).copied().collect();
    let place = ((values.len() - 1) as f64 * part) as usize;
    *values.select_nth_unstable(place).1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::preprocess::centre::centre;
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

    fn centred(picture: &GrayImage, width: usize, height: usize) -> Vec<u8> {
        centre(plain_ink(picture.clone()).as_ref(), width, height)
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
        let mnist = crate::files::idx::read(&path, &crate::files::options::LoadOptions::default()).unwrap().0;
        let prepared = crate::preprocess::Preprocessing::mnist().apply_dataset(mnist.clone());
        let same = (0..mnist.len()).filter(|&i| mnist.image(i) == prepared.image(i)).count();
        let difference = mean_difference(mnist.pixels(), prepared.pixels());
        eprintln!("{same} of {} unchanged, mean difference {difference:.5} of 255", mnist.len());
        assert!(same >= 9600 && difference < 0.05, "{same} unchanged, mean difference {difference}");
    }

    #[test]
    fn twice_is_once() {
        let once = centred(&seven(200, 33.0, 60.0, 6.0), 28, 28);
        let again = centred(&GrayImage::from_raw(28, 28, once.clone()).unwrap(), 28, 28);
        assert!(mean_difference(&once, &again) < 0.5);
    }

    #[test]
    fn the_ink_is_boxed_and_its_mass_in_the_middle() {
        let image = GrayImage::from_raw(28, 28, centred(&seven(90, 3.0, 50.0, 2.0), 28, 28)).unwrap();
        let ink = plain_ink(image.clone()).unwrap();
        assert_eq!(ink.width.max(ink.height), 20);
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
            assert_eq!(centred(&noisy, 28, 28), [0; 784]);
        }
    }

    #[test]
    fn a_dot_a_line_and_a_frame_of_one_pixel_are_fitted() {
        let mut dot = GrayImage::new(50, 50);
        dot.put_pixel(49, 0, image::Luma([255]));
        assert_eq!(centred(&dot, 28, 28).iter().filter(|&&p| p == 255).count(), 400);
        let line = GrayImage::from_fn(300, 9, |_, y| image::Luma([if y == 4 { 0 } else { 255 }]));
        assert_eq!(centred(&line, 28, 28).iter().filter(|&&p| p > 0).count(), 20);
        assert_eq!(centred(&dot, 1, 1), [255]);
        let hair = GrayImage::from_fn(3000, 3000, |x, y| image::Luma([if x == 20 || y == 2900 { 255 } else { 0 }]));
        assert!(centred(&hair, 28, 28).iter().filter(|&&p| p == 255).count() >= 16, "a thin line in a large picture");
        assert_eq!(centred(&dot, 56, 28).iter().filter(|&&p| p > 0).count(), 400, "aspect kept in any frame");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn place_polarity_paper_and_scale_do_not_matter(
            x in 2u8..100, y in 2u8..100, scale in 3.0f32..8.0,
            paper in 100u8..=255, pencil in 0u8..60, noise in 0u8..5,
        ) {
            let plain = centred(&seven(250, 5.0, 5.0, 6.0), 28, 28);
            let moved = seven(250, f32::from(x), f32::from(y), 6.0);
            prop_assert_eq!(&centred(&moved, 28, 28), &plain, "moved");
            let mut inverted = moved.clone();
            imageops::invert(&mut inverted);
            prop_assert_eq!(&centred(&inverted, 28, 28), &plain, "inverted");
            let grain = |x: u32, y: u32| ((x * 7 + y * 13) % 11) as u8 * noise / 10;
            let photo = GrayImage::from_fn(250, 250, |x, y| {
                image::Luma([if moved.get_pixel(x, y)[0] > 0 { pencil } else { paper - grain(x, y) }])
            });
            // A pixel more or less to one side makes about 10, another picture 40.
            let difference = mean_difference(&centred(&photo, 28, 28), &plain);
            prop_assert!(difference < 15.0, "photographed: {}", difference);
            let scaled = centred(&seven(250, f32::from(x), f32::from(y), scale), 28, 28);
            let difference = mean_difference(&scaled, &plain);
            prop_assert!(difference < 15.0, "scaled: {}", difference);
        }
    }
}
