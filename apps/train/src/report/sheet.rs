//! All pictures of a page in one PNG file, which is far smaller than a file for each.

use anyhow::Result;
use base64::prelude::{BASE64_STANDARD, Engine};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use minijinja::{Value, context};
use nn_data::Size;

/// Pictures in a row of the sheet.
const COLUMNS: usize = 32;
/// Small pictures are shown enlarged, until their longer side has about this number of pixels.
const LEGIBLE: usize = 84;

/// Pictures of one size, in rows.
pub(super) struct Sheet {
    size: Size,
    pictures: Vec<Vec<u8>>,
}

impl Sheet {
    /// An empty sheet for pictures of a size.
    pub fn new(size: Size) -> Self {
        Self { size, pictures: vec![] }
    }

    /// Adds a picture and returns its column and row.
    pub fn add(&mut self, picture: Vec<u8>) -> [usize; 2] {
        self.pictures.push(picture);
        let at = self.pictures.len() - 1;
        [at % COLUMNS, at / COLUMNS]
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
