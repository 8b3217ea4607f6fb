//! Picture files: reads PNG, JPEG, BMP, GIF, WebP and TIFF within limits, and writes PNG. Content decides, not the name.

pub(crate) mod decode;
mod frames;
pub(crate) mod kind;
mod profile;
mod range;
pub(crate) mod reader;
mod whole;

use std::path::Path;

use image::{DynamicImage, ExtendedColorType, ImageFormat};

use crate::disk::memory::Memory;
use crate::error::Error;
use crate::files::image_file::kind::{Kind, is_named_picture};
use crate::files::image_file::reader::PictureReader;
use crate::size::Size;

/// Reads a picture file (known by its content), turned upright as its camera noted; of several frames the first.
/// Values that end far below their range, as in masks of 0 and 1, are scaled: see [`read_picture_noting`].
///
/// # Errors
/// [`Error::Missing`], [`Error::Read`]; [`Error::Picture`] when it is cut off, damaged or something else than a picture
/// that is read, or has over 64 Mi pixels.
pub fn read_picture(path: &Path) -> Result<DynamicImage, Error> {
    read_picture_noting(path).map(|(picture, _)| picture)
}

/// As [`read_picture`], with a sentence about values that were scaled, or frames that are not read.
///
/// # Errors
/// As [`read_picture`].
pub fn read_picture_noting(path: &Path) -> Result<(DynamicImage, Option<String>), Error> {
    PictureReader::new(Memory::default()).read(path, |picture, note| (picture, note))
}

/// True if a file is to be read as a picture: by its content, also that of a picture whose format is not read, or by its
/// name. Reading it tells what is wrong with it.
pub fn is_picture(path: &Path) -> bool {
    is_named_picture(path) || matches!(kind::kind(path), Ok(Kind::Picture(_) | Kind::Foreign(_)))
}

/// Writes one picture of a dataset as PNG.
pub(crate) fn write_png(path: &Path, pixels: &[u8], size: Size) -> Result<(), Error> {
    let colour = if size.channels == 3 { ExtendedColorType::Rgb8 } else { ExtendedColorType::L8 };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let (width, height) = (size.width as u32, size.height as u32);
    image::write_buffer_with_format(&mut bytes, pixels, width, height, colour, ImageFormat::Png)
        .map_err(|error| Error::Picture { path: path.into(), problem: error.to_string() })?;
    std::fs::write(path, bytes.into_inner()).map_err(Error::write(path))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::files::image_file::decode::decode_picture;
    use crate::random::seed_from;
    use std::fs;
    use std::io::Cursor;

    fn folder_with(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    fn png() -> Vec<u8> {
        let (_folder, path) = folder_with("x", b"");
        write_png(&path, &[1, 2, 3, 4, 5, 6], Size::new(1, 2, 3)).unwrap();
        fs::read(path).unwrap()
    }

    #[test]
    fn a_picture_is_known_by_name_or_content() {
        for (name, bytes, is) in [("a.txt", &b"text"[..], false), ("a.JPG", b"?", true), ("a", &png(), true)] {
            let (_folder, path) = folder_with(name, bytes);
            assert_eq!(is_picture(&path), is, "{name}");
        }
    }

    #[test]
    fn png_is_read_back_whatever_its_name() {
        let (_folder, path) = folder_with("a.jpg", &png());
        assert_eq!(read_picture(&path).unwrap().to_rgb8().as_raw(), &[1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn damaged_and_hostile_pictures_are_errors() {
        let mut giant = png();
        giant[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]); // 65536 x 65536, and the checksum to match
        let crc = crc(&giant[12..29]);
        giant[29..33].copy_from_slice(&crc.to_be_bytes());
        let cut = png()[..50].to_vec();
        for (bytes, problem) in
            [(&b"text"[..], "no picture (PNG"), (&cut, "cannot be decoded"), (&giant, "pixels are more")]
        {
            let (_folder, path) = folder_with("a.png", bytes);
            let error = read_picture(&path).unwrap_err().to_string();
            assert!(error.contains("a.png: ") && error.contains(problem), "{error}");
        }
        let missing = Path::new("no such.png");
        assert!(matches!(read_picture(missing), Err(Error::Missing { .. })));
    }

    /// CRC-32 as PNG has it.
    fn crc(bytes: &[u8]) -> u32 {
        let step = |crc: u32, bit: u8| (crc >> 1) ^ (0xedb8_8320 * ((crc ^ u32::from(bit)) & 1));
        !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc, |crc, i| step(crc, byte >> i & 1)))
    }

    #[test]
    fn a_photograph_is_turned_as_the_camera_noted() {
        let mut jpeg = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(16, 8).write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
        // After the start of the file: an Exif segment whose one entry is orientation (0x0112) 6, a quarter turn.
        let tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let segment = [&[0xff, 0xe1, 0, 2 + 6 + tiff.len() as u8][..], b"Exif\0\0", tiff].concat();
        let mut bytes = jpeg.into_inner();
        bytes.splice(2..2, segment);
        let (_folder, path) = folder_with("a.jpg", &bytes);
        let picture = read_picture(&path).unwrap();
        assert_eq!((picture.width(), picture.height()), (8, 16));
    }

    /// A picture of noise in each format, as one finds it.
    fn in_every_format() -> Vec<(ImageFormat, Vec<u8>)> {
        let noise = |x: u32, y: u32, c: u32| (seed_from(&[x.into(), y.into(), c.into()]) % 256) as u8;
        let picture = image::RgbImage::from_fn(24, 18, |x, y| image::Rgb([0, 1, 2].map(|c| noise(x, y, c))));
        let encode = |format| {
            let mut bytes = Cursor::new(Vec::new());
            picture.write_to(&mut bytes, format).unwrap();
            (format, bytes.into_inner())
        };
        use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
        [Png, Jpeg, Bmp, Gif, WebP, Tiff].map(encode).to_vec()
    }

    #[test]
    fn every_format_is_read_whatever_its_name() {
        for (format, bytes) in in_every_format() {
            let (_folder, path) = folder_with("picture.xyz", &bytes);
            let picture = read_picture(&path).unwrap();
            assert_eq!((picture.width(), picture.height(), is_picture(&path)), (24, 18, true), "{format:?}");
        }
    }

    #[test]
    fn a_picture_that_is_cut_off_is_refused_or_complete() {
        for (format, bytes) in in_every_format() {
            let whole = decode_picture(&bytes).unwrap();
            let zeros_mean_something = matches!(format, ImageFormat::Bmp | ImageFormat::Tiff);
            for length in 0..bytes.len() {
                let cut = decode_picture(&bytes[..length]);
                assert!(cut.is_err() || cut.unwrap() == whole, "{format:?} cut at {length} of {}", bytes.len());
                if format == ImageFormat::WebP && bytes.len() - length < 32 {
                    continue; // so few zeros may be data
                }
                let zeros = [&bytes[..length], &vec![0; bytes.len() - length]].concat();
                let filled = decode_picture(&zeros);
                let same = filled.is_err() || zeros_mean_something || filled.unwrap() == whole;
                assert!(same, "{format:?} filled with zeros from {length} of {}", bytes.len());
            }
        }
    }

    #[test]
    fn an_end_within_a_thumbnail_is_not_the_end() {
        let (_, jpeg) = in_every_format().into_iter().find(|(format, _)| *format == ImageFormat::Jpeg).unwrap();
        let mut with_thumbnail = jpeg.clone();
        with_thumbnail.splice(2..2, [0xff, 0xe2, 0, 8, 0xff, 0xd8, 0xff, 0xd9, 0, 0]);
        assert_eq!(decode_picture(&with_thumbnail), decode_picture(&jpeg));
        assert!(decode_picture(&with_thumbnail[..with_thumbnail.len() - 20]).unwrap_err().starts_with("cut off"));
        assert_eq!(decode_picture(&[&jpeg[..], b"more after the end"].concat()), decode_picture(&jpeg));
    }

    #[test]
    fn a_mask_of_zeros_and_ones_is_read_as_black_and_white() {
        let mut bytes = Cursor::new(Vec::new());
        image::GrayImage::from_fn(8, 8, |x, _| image::Luma([u8::from(x > 3)]))
            .write_to(&mut bytes, ImageFormat::Png)
            .unwrap();
        let (_folder, path) = folder_with("mask.png", &bytes.into_inner());
        let (picture, note) = read_picture_noting(&path).unwrap();
        assert_eq!(picture.to_luma8().as_raw()[2..6], [0, 0, 255, 255]);
        assert_eq!(note.unwrap(), "its values are 0 to 1, and are read as black to white");
    }
}
