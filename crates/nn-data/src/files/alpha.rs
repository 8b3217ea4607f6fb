//! Red, green, blue and alpha in turn, as a page's canvas gives its pixels, where no shape tells.

use image::{DynamicImage, RgbaImage};

use crate::preprocess::opaque::opaque;
use crate::size::Size;

/// The most pictures that are looked at.
const MOST: usize = 200;

/// Pictures whose alpha was removed.
pub(crate) struct Opaque {
    /// The values of all pictures.
    pub pixels: Vec<u8>,
    /// Their size: grey if red, green and blue are the same everywhere, else in colour.
    pub size: Size,
    /// A line about it.
    pub note: String,
}

/// Removes the alpha of flat pictures that were taken for grey ones of twice the side, if their values show that they are of four
/// channels: each fourth value is the same while others vary, or a value is nearer to the value four places further, the same
/// channel of the next pixel, than to the next one. In grey pictures the next value is the nearest.
pub(crate) fn remove(pixels: &[u8], size: Size) -> Option<Opaque> {
    let features = size.features();
    let side = Size::square(features / 4)?;
    if size.channels != 1 || side.channels != 1 || !features.is_multiple_of(4) || side.height < 5 {
        return None;
    }
    let step = (pixels.len() / features).div_ceil(MOST).max(1);
    let (mut next, mut fourth) = (0, 0);
    let (mut even_alpha, mut even) = (true, true);
    for picture in pixels.chunks_exact(features).step_by(step) {
        let differences = |by: usize| {
            picture.iter().zip(picture.iter().skip(by)).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>()
        };
        next += differences(1);
        fourth += differences(4);
        even_alpha &= picture.iter().skip(3).step_by(4).all(|value| pixels.get(3) == Some(value));
        even &= picture.iter().all(|value| pixels.first() == Some(value));
    }
    if !(even_alpha && !even || 5 * fourth < 4 * next) {
        return None;
    }
    let (width, height) = (side.width as u32, side.height as u32);
    let mut colours = Vec::with_capacity(pixels.len() / 4 * 3);
    for picture in pixels.chunks_exact(features) {
        let picture = DynamicImage::from(RgbaImage::from_raw(width, height, picture.to_vec())?);
        colours.extend_from_slice(opaque(&picture).as_rgb8()?);
    }
    let grey = colours.as_chunks().0.iter().all(|[r, g, b]| r == g && g == b);
    let (pixels, channels) = if grey { (colours.iter().copied().step_by(3).collect(), 1) } else { (colours, 3) };
    let size = Size::new(side.height, side.width, channels);
    let note = format!("each pixel has four values, red, green, blue and alpha: its pictures are read as {size}");
    Some(Opaque { pixels, size, note })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of pictures of 10x10 pixels in which `pixel` says whether a place is ink.
    fn pictures(pixel: impl Fn(bool) -> Vec<u8>) -> Vec<u8> {
        let ink = |i: usize, p: usize| (p % 10).abs_diff(3 + i % 4) < 2 && p / 10 > 1 && p / 10 < 8;
        (0..8).flat_map(|i| (0..100).map(move |p| ink(i, p))).flat_map(pixel).collect()
    }

    #[test]
    fn four_channels_become_grey_or_colour() {
        let grey = pictures(|ink| vec![if ink { 0 } else { 255 }]);
        let canvas = pictures(|ink| vec![0, 0, 0, if ink { 255 } else { 0 }]);
        let opaque = pictures(|ink| if ink { vec![0, 0, 0, 255] } else { vec![255; 4] });
        let flat = Size::new(20, 20, 1);
        for pixels in [canvas, opaque] {
            let found = remove(&pixels, flat).unwrap();
            assert_eq!((found.size, &found.pixels), (Size::new(10, 10, 1), &grey), "{}", found.note);
        }
        let red = pictures(|ink| vec![200, 0, 0, if ink { 255 } else { 0 }]);
        let found = remove(&red, flat).unwrap();
        assert_eq!((found.size, found.pixels.len()), (Size::new(10, 10, 3), 8 * 300));
        assert_eq!(found.pixels[..9], [255, 255, 255, 255, 255, 255, 255, 255, 255]);
    }

    #[test]
    fn grey_pictures_noise_and_blank_ones_stay() {
        let grey: Vec<u8> = pictures(|ink| vec![if ink { 0 } else { 255 }]);
        let noise: Vec<u8> = (0..5 * 400).map(|i| crate::random::seed_from(&[i]) as u8).collect();
        for pixels in [noise, vec![7; 800], vec![]] {
            assert!(remove(&pixels, Size::new(20, 20, 1)).is_none());
        }
        assert!(remove(&grey, Size::new(10, 10, 1)).is_none());
        assert!(remove(&grey, Size::new(10, 10, 3)).is_none(), "colours");
        assert!(remove(&[0; 48], Size::new(4, 4, 3)).is_none(), "tiny");
    }
}
