//! All pictures of a page in one PNG file, which is far smaller than a file for each.

use anyhow::Result;
use base64::prelude::{BASE64_STANDARD, Engine};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::thumbnail;
use image::{ExtendedColorType, GrayImage, ImageEncoder, RgbImage};
use minijinja::{Value, context};
use nn_data::Size;

/// Pictures in a row of the sheet.
const COLUMNS: usize = 32;
/// Small pictures are shown enlarged, until their longer side has about this number of pixels.
const LEGIBLE: usize = 84;

/// The longer side of larger pictures becomes this number of pixels.
const LARGEST: usize = 64;

/// Pictures of one size, in rows.
pub(super) struct Sheet {
    /// The size of the pictures that are added.
    full: Size,
    /// The size that they have in the sheet.
    size: Size,
    pictures: Vec<Vec<u8>>,
}

impl Sheet {
    /// An empty sheet for pictures of a size.
    pub fn new(size: Size) -> Self {
        let longer = size.height.max(size.width).max(1);
        let shown = |pixels: usize| if longer <= LARGEST { pixels } else { (pixels * LARGEST / longer).max(1) };
        let small = Size::new(shown(size.height), shown(size.width), size.channels);
        Self { full: size, size: small, pictures: vec![] }
    }

    /// The number of values that a picture takes in the sheet.
    pub fn features(&self) -> usize {
        self.size.features().max(1)
    }

    /// Adds a picture and returns its column and row.
    pub fn add(&mut self, picture: Vec<u8>) -> [usize; 2] {
        self.pictures.push(if self.full == self.size { picture } else { self.shrunk(picture) });
        let at = self.pictures.len() - 1;
        [at % COLUMNS, at / COLUMNS]
    }

    /// A picture in the size of the sheet, each pixel the mean of those that it stands for.
    fn shrunk(&self, picture: Vec<u8>) -> Vec<u8> {
        let [width, height, small_width, small_height] =
            [self.full.width, self.full.height, self.size.width, self.size.height].map(|side| side as u32);
        let shrunk = if self.full.channels == 3 {
            RgbImage::from_raw(width, height, picture)
                .map(|picture| thumbnail(&picture, small_width, small_height).into_raw())
        } else {
            GrayImage::from_raw(width, height, picture)
                .map(|picture| thumbnail(&picture, small_width, small_height).into_raw())
        };
        shrunk.unwrap_or_else(|| vec![0; self.size.features()])
    }

    /// The sheet as the page needs it: a PNG file in base64, the size of a picture, columns, and the enlargement.
    pub fn to_value(&self) -> Result<Value> {
        let Size { height, width, .. } = self.size;
        let zoom = (LEGIBLE / height.max(width)).max(1);
        Ok(context! { png => self.png()?, width, height, columns => COLUMNS, zoom })
    }

    /// The sheet as a PNG file in base64.
    fn png(&self) -> Result<String> {
        let Size { height, width, channels } = self.size;
        let (rows, line) = (self.pictures.len().div_ceil(COLUMNS).max(1), COLUMNS * width * channels);
        let mut pixels = vec![0; rows * height * line];
        for (i, picture) in self.pictures.iter().enumerate() {
            let corner = i / COLUMNS * height * line + i % COLUMNS * width * channels;
            for (y, row) in picture.chunks_exact(width * channels).enumerate() {
                pixels[corner + y * line..][..row.len()].copy_from_slice(row);
            }
        }
        let colour = if channels == 3 { ExtendedColorType::Rgb8 } else { ExtendedColorType::L8 };
        let mut file = vec![];
        // Without a filter drawings become a quarter smaller.
        let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Best, FilterType::NoFilter);
        encoder.write_image(&pixels, (COLUMNS * width) as u32, (rows * height) as u32, colour)?;
        Ok(BASE64_STANDARD.encode(file))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use image::GenericImageView;

    #[test]
    fn large_pictures_are_shrunk() {
        for channels in [1, 3] {
            let mut sheet = Sheet::new(Size::new(256, 128, channels));
            assert_eq!((sheet.size.height, sheet.size.width), (64, 32));
            sheet.add(vec![77; 256 * 128 * channels]);
            let picture = image::load_from_memory(&BASE64_STANDARD.decode(sheet.png().unwrap()).unwrap()).unwrap();
            assert_eq!((picture.dimensions(), picture.get_pixel(31, 63).0[0]), ((1024, 64), 77));
        }
    }

    #[test]
    fn pictures_survive_the_way_into_the_page() {
        for channels in [1, 3] {
            let mut sheet = Sheet::new(Size::new(2, 1, channels));
            let places: Vec<_> =
                (0..40u8).map(|i| sheet.add((0..2 * channels as u8).map(|k| 5 * i + k).collect())).collect();
            assert_eq!((places[31], places[33]), ([31, 0], [1, 1]));
            let picture = image::load_from_memory(&BASE64_STANDARD.decode(sheet.png().unwrap()).unwrap()).unwrap();
            assert_eq!(picture.dimensions(), (32, 4));
            assert_eq!(picture.get_pixel(1, 2).0[0], 5 * 33);
            assert_eq!(picture.get_pixel(1, 3).0[0], 5 * 33 + channels as u8);
            assert_eq!(picture.get_pixel(20, 3).0[0], 0, "no picture there");
        }
    }
}
