//! The contact sheet: samples of a dataset in rows on one picture, to be seen at a glance.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use crate::dataset::Dataset;
use crate::error::Error;
use crate::size::Size;

/// Pixels between two pictures.
const GAP: usize = 3;
/// Small pictures are enlarged until their longer side has about this number of pixels.
const LEGIBLE: usize = 56;
const MOST_PIXELS: usize = 64 << 20;
const BACKGROUND: Rgb<u8> = Rgb([70, 90, 120]);
/// The text in the file of a sheet by which it is told from other pictures.
pub const SHEET_MARK: &str = "Barnacle contact sheet";
/// The bytes of a PNG file before which texts may stand: its signature and its header.
const HEADER: usize = 8 + 25;

/// Draws the samples of each row (indices of the dataset) side by side, in `columns` places; the bytes of a PNG file.
///
/// # Errors
/// [`Error::Invalid`] when the sheet would have over 64 Mi pixels.
///
/// # Panics
/// When a row is longer than `columns` or names a sample that is not there.
pub fn sheet(dataset: &Dataset, rows: &[Vec<usize>], columns: usize) -> Result<Vec<u8>, Error> {
    let Size { height, width, channels } = dataset.size();
    let zoom = (LEGIBLE / height.max(width)).max(1);
    let (cell_width, cell_height) = (width * zoom + GAP, height * zoom + GAP);
    let (sheet_width, sheet_height) = (columns * cell_width + GAP, rows.len().saturating_mul(cell_height) + GAP);
    if sheet_width.saturating_mul(sheet_height) > MOST_PIXELS {
        let rows = rows.len();
        let problem =
            format!("a sheet of {rows} rows would have {sheet_width}x{sheet_height} pixels; choose a smaller --size");
        return Err(Error::Invalid(problem));
    }
    let mut sheet = RgbImage::from_pixel(sheet_width as u32, sheet_height as u32, BACKGROUND);
    for (row, samples) in rows.iter().enumerate() {
        for (place, &sample) in samples.iter().enumerate() {
            let image = dataset.image(sample);
            let (left, top) = (GAP + place * cell_width, GAP + row * cell_height);
            for (y, x) in (0..height * zoom).flat_map(|y| (0..width * zoom).map(move |x| (y, x))) {
                let pixel = &image[(y / zoom * width + x / zoom) * channels..][..channels];
                let colour = if let &[r, g, b] = pixel { [r, g, b] } else { [pixel[0]; 3] };
                sheet.put_pixel((left + x) as u32, (top + y) as u32, Rgb(colour));
            }
        }
    }
    marked_png(&sheet)
}

/// A picture as a PNG file that bears [`SHEET_MARK`].
///
/// # Errors
/// [`Error::Invalid`] when it cannot be encoded.
pub fn marked_png(picture: &RgbImage) -> Result<Vec<u8>, Error> {
    let mut bytes = Cursor::new(Vec::new());
    let written = picture.write_to(&mut bytes, ImageFormat::Png);
    written.map_err(|error| Error::Invalid(format!("the sheet cannot be encoded: {error}")))?;
    let mut bytes = bytes.into_inner();
    bytes.splice(HEADER..HEADER, text_chunk(SHEET_MARK));
    Ok(bytes)
}

/// A piece of a PNG file that says which software made it: length, kind, text, checksum.
fn text_chunk(text: &str) -> Vec<u8> {
    let chunk = [b"tEXtSoftware\0", text.as_bytes()].concat();
    let checksum = crc32fast::hash(&chunk).to_be_bytes();
    [&(chunk.len() as u32 - 4).to_be_bytes()[..], &chunk, &checksum].concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rows_of_samples_in_their_places() {
        let pixels = (0..41).flat_map(|i| [i * 3, i * 3 + 1, i * 3 + 2]).collect();
        let dataset = Dataset::from_names(Size::new(1, 1, 3), pixels, &["a"; 41], vec![]).unwrap();
        let png = sheet(&dataset, &[vec![0, 38], vec![40]], 3).unwrap();
        assert!(png[..100].windows(SHEET_MARK.len()).any(|part| part == SHEET_MARK.as_bytes()));
        let sheet = image::load_from_memory(&png).unwrap().to_rgb8();
        assert_eq!(sheet.dimensions(), (3 * 59 + 3, 2 * 59 + 3));
        assert_eq!((sheet[(3, 3)], sheet[(3 + 59 + 55, 58)]), (Rgb([0, 1, 2]), Rgb([114, 115, 116])));
        assert_eq!((sheet[(3, 62)], sheet[(62, 62)]), (Rgb([120, 121, 122]), BACKGROUND));
        assert!(super::sheet(&dataset, &vec![vec![]; 20_000], 60).unwrap_err().to_string().contains("--size"));
    }
}
