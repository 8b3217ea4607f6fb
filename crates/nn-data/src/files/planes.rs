//! Colours that lie one plane after the other, as in CIFAR-10's files, where no shape tells.

use crate::size::Size;

/// The most pictures that are looked at.
const MOST: usize = 200;

/// Brings the colours of each pixel beside each other where the values of flat pictures show that all red ones come first, then
/// all green and all blue ones. Returns a line about it.
///
/// The value one row below is nearer to a value than that three rows below. In planes the first lies `width` values further and the
/// second `3 * width`; with the colours beside each other the first lies `3 * width` further, and nothing near lies `width` further.
pub(crate) fn interleave(pixels: &mut [u8], size: Size) -> Option<String> {
    let Size { height, width, channels } = size;
    let features = size.features();
    if channels != 3 || height < 5 {
        return None;
    }
    let step = (pixels.len() / features).div_ceil(MOST).max(1);
    let (mut near, mut far) = (0, 0);
    for picture in pixels.chunks_exact(features).step_by(step) {
        let differences = |by: usize| -> u64 {
            let pairs = picture.iter().zip(picture.iter().skip(by)).take(features - 3 * width);
            pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
        };
        near += differences(width);
        far += differences(3 * width);
    }
    if 5 * near >= 4 * far {
        return None;
    }
    let mut planes = vec![0; features];
    for picture in pixels.chunks_exact_mut(features) {
        planes.copy_from_slice(picture);
        let (pixels, _) = picture.as_chunks_mut::<3>();
        for (c, plane) in planes.chunks_exact(width * height).enumerate() {
            pixels
                .iter_mut()
                .zip(plane)
                .for_each(|(pixel, value)| pixel.iter_mut().skip(c).take(1).for_each(|p| *p = *value));
        }
    }
    Some("its colours lie one plane after the other (all red values, then green, then blue), and are read so".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pictures of 16x12 pixels: a disc of one colour on another, with the colours of a pixel beside each other.
    fn discs() -> Vec<u8> {
        let value = |i: usize, y: usize, x: usize, c: usize| {
            let inside = y.abs_diff(6 + i % 3).pow(2) + x.abs_diff(8).pow(2) < 16;
            let [front, back] = [[200, 90, 30], [20, 60, 120]].map(|colour| colour[(c + i) % 3]);
            (if inside { front } else { back }) + (y * 3) as u8
        };
        let each = |i| (0..12 * 16 * 3).map(move |p| value(i, p / 48, p / 3 % 16, p % 3));
        (0..9).flat_map(each).collect()
    }

    #[test]
    fn planes_are_told_from_colours_beside_each_other() {
        let size = Size::new(12, 16, 3);
        let beside = discs();
        let mut pixels = beside.clone();
        assert_eq!(interleave(&mut pixels, size), None);
        let plane = |picture: &[u8], c: usize| picture.iter().skip(c).step_by(3).copied().collect::<Vec<u8>>();
        let in_planes = |picture: &[u8]| [0, 1, 2].map(|c| plane(picture, c)).concat();
        pixels = beside.chunks(12 * 16 * 3).flat_map(in_planes).collect();
        let line = interleave(&mut pixels, size).unwrap_or_default();
        assert!(line.starts_with("its colours lie one plane after the other"), "{line}");
        assert_eq!(pixels, beside);
    }

    #[test]
    fn grey_pictures_in_colour_noise_and_blank_ones_stay() {
        let size = Size::new(12, 16, 3);
        let mut grey = discs();
        grey.as_chunks_mut::<3>().0.iter_mut().for_each(|pixel| *pixel = [pixel[0]; 3]);
        let noise: Vec<u8> = (0..5 * size.features() as u64).map(|i| crate::random::seed_from(&[i]) as u8).collect();
        for mut pixels in [grey, noise, vec![7; 2 * size.features()]] {
            assert_eq!(interleave(&mut pixels, size), None);
        }
        assert_eq!(interleave(&mut discs(), Size::new(12, 48, 1)), None, "no colours");
    }
}
