//! Pictures whose values fill only the bottom of their range, as masks of 0 and 1 do: they look black, and are scaled.

use image::DynamicImage;

/// The highest values that pictures are known to have, where they do not use their whole range: masks, UCI's digits, and
/// in 16 bits those of 8, 10 and 12 bits.
const TOPS: [u16; 5] = [1, 16, 255, 1023, 4095];

/// Pictures of fewer values are left alone: they show nothing.
const FEWEST: usize = 64;

/// Scales a picture whose values end far below what its format allows, and returns the highest value it then stands for.
/// Nothing happens to a picture of one value.
pub(crate) fn scale(picture: &mut DynamicImage) -> Option<u16> {
    use DynamicImage::{ImageLuma8, ImageLuma16, ImageRgb8, ImageRgb16};
    match picture {
        ImageLuma8(picture) => scale_values(picture, 255),
        ImageRgb8(picture) => scale_values(picture, 255),
        ImageLuma16(picture) => scale_values(picture, 65535),
        ImageRgb16(picture) => scale_values(picture, 65535),
        _ => None, // with transparency the colours are no measurement, and floating-point values have their own range
    }
}

fn scale_values<T: Copy + Into<u16> + TryFrom<u16>>(values: &mut [T], full: u16) -> Option<u16> {
    let most = TOPS.into_iter().rfind(|&top| u32::from(top) * 15 < u32::from(full))?;
    let first = (*values.first()?).into();
    if values.len() < FEWEST
        || values.iter().any(|&value| value.into() > most)
        || values.iter().all(|&value| value.into() == first)
    {
        return None;
    }
    let highest = values.iter().map(|&value| value.into()).max()?;
    let top = TOPS.into_iter().find(|&top| highest <= top)?;
    for value in values {
        let scaled = u32::from((*value).into()) * u32::from(full) / u32::from(top);
        *value = u16::try_from(scaled).ok().and_then(|scaled| T::try_from(scaled).ok()).unwrap_or(*value);
    }
    Some(top)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, ImageBuffer, Luma};

    /// A picture of 64 pixels whose first row is given.
    fn of(row: [u16; 3]) -> DynamicImage {
        DynamicImage::from(GrayImage::from_fn(3, 22, |x, _| Luma([row[x as usize] as u8])))
    }

    #[test]
    fn masks_and_twelve_bits_fill_their_range() {
        let mut mask = of([0, 1, 0]);
        assert_eq!((scale(&mut mask), &mask.as_bytes()[..3]), (Some(1), &[0, 255, 0][..]));
        let mut digits = of([0, 8, 16]);
        assert_eq!((scale(&mut digits), &digits.as_bytes()[..3]), (Some(16), &[0, 127, 255][..]));
        let deep = |top: u16| DynamicImage::from(ImageBuffer::from_fn(2, 32, |x, _| Luma([x as u16 * top])));
        let mut twelve = deep(4095);
        assert_eq!((scale(&mut twelve), &twelve.to_luma8().as_raw()[..2]), (Some(4095), &[0, 255][..]));
        assert_eq!([deep(65535), deep(5000)].map(|mut picture| scale(&mut picture)), [None; 2]);
    }

    #[test]
    fn other_pictures_stay() {
        for row in [[0, 0, 17], [1, 1, 1], [0, 0, 0], [250, 255, 251]] {
            let mut picture = of(row);
            assert_eq!((scale(&mut picture), picture), (None, of(row)));
        }
        let mut small = DynamicImage::from(GrayImage::from_fn(3, 1, |x, _| Luma([x as u8])));
        assert_eq!(scale(&mut small), None);
    }
}
