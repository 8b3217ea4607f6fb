//! Picture files: reads PNG and JPEG within limits, and writes PNG.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::error::Error;
use crate::size::Size;

/// The most pixels a picture may have. At 8 bytes per pixel, no header can then ask for more than 512 MiB.
const MOST_PIXELS: u64 = 64 << 20;

/// Reads a PNG or JPEG file (known by its content), turned upright as its camera noted.
///
/// # Errors
/// [`Error::Missing`], [`Error::Read`]; [`Error::Picture`] when it cannot be decoded or has over 64 Mi pixels.
pub fn read_picture(path: &Path) -> Result<DynamicImage, Error> {
    let file = BufReader::new(File::open(path).map_err(Error::read(path))?);
    let reader = ImageReader::new(file).with_guessed_format().map_err(Error::read(path))?;
    decode(reader).map_err(|problem| Error::Picture { path: path.into(), problem })
}

fn decode(mut reader: ImageReader<BufReader<File>>) -> Result<DynamicImage, String> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(8 * MOST_PIXELS);
    reader.limits(limits);
    if reader.format().is_none() {
        return Err("neither PNG nor JPEG, or damaged at its start".into());
    }
    let text = |error: image::ImageError| format!("cannot be decoded: {error}");
    let mut decoder = reader.into_decoder().map_err(text)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(format!("{width}x{height} pixels are more than {MOST_PIXELS}"));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(text)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// True if a file is a PNG or JPEG picture by its name or, failing that, by its first bytes.
pub fn is_picture(path: &Path) -> bool {
    is_named_picture(path) || {
        let mut start = [0; 8];
        let read = File::open(path).and_then(|mut file| file.read(&mut start));
        read.is_ok() && image::guess_format(&start).is_ok_and(is_read)
    }
}

/// True if a file is a PNG or JPEG picture by its name.
pub(crate) fn is_named_picture(path: &Path) -> bool {
    path.extension().and_then(ImageFormat::from_extension).is_some_and(is_read)
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

fn is_read(format: ImageFormat) -> bool {
    matches!(format, ImageFormat::Png | ImageFormat::Jpeg)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

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
            [(&b"text"[..], "neither PNG nor JPEG"), (&cut, "cannot be decoded"), (&giant, "pixels are more")]
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
}
