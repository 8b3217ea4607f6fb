//! Decoding of pictures, within limits.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::files::image_file::kind::{self, Kind};
use crate::files::image_file::profile::without_profile;
use crate::files::image_file::whole;

/// The most pixels a picture may have. At 8 bytes per pixel, no header can then ask for more than 512 MiB.
const MOST_PIXELS: u64 = 64 << 20;

/// Decodes the content of a picture file, turned upright; of several frames the first.
///
/// # Errors
/// The problem, in one line: as [`read_picture`](crate::read_picture).
pub fn decode_picture(bytes: &[u8]) -> Result<DynamicImage, String> {
    decode(bytes, |_| Ok(())).map(|(picture, ())| picture)
}

/// Decodes as [`decode_picture`] does. `admit` hears before that how many bytes decoding and preparing the picture take, and may
/// refuse; what it returns is returned with the picture.
pub(crate) fn decode<R>(
    bytes: &[u8],
    admit: impl FnOnce(u64) -> Result<R, String>,
) -> Result<(DynamicImage, R), String> {
    let format = match kind::kind_of(bytes.get(..1024).unwrap_or(bytes)) {
        Kind::Picture(format) => format,
        Kind::Foreign(reason) => return Err(reason.into()),
        Kind::Empty => return Err("the file is empty".into()),
        Kind::Unknown => return Err("no picture (PNG, JPEG, BMP, GIF, WebP or TIFF), or damaged at its start".into()),
    };
    if !whole::is_whole(bytes, format) {
        return Err("cut off: it has no end, so a part of the picture is missing; copy it anew".into());
    }
    let bytes = if format == ImageFormat::Png { without_profile(bytes) } else { bytes.into() };
    let mut reader = ImageReader::with_format(Cursor::new(&bytes[..]), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(8 * MOST_PIXELS);
    reader.limits(limits);
    let text = |error: image::ImageError| format!("cannot be decoded: {error}");
    let mut decoder = reader.into_decoder().map_err(text)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(format!("{width}x{height} pixels are more than {MOST_PIXELS}"));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let room = admit(need(format, &decoder, orientation))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(text)?;
    picture.apply_orientation(orientation);
    Ok((picture, room))
}

/// Bytes that it takes at most to decode a picture, to turn it, and to make opaque grey or colours of 8 bits of it.
fn need(format: ImageFormat, decoder: &impl ImageDecoder, orientation: Orientation) -> u64 {
    let ((width, height), decoded) = (decoder.dimensions(), decoder.total_bytes());
    let pixels = u64::from(width) * u64::from(height);
    let decoding = match format {
        ImageFormat::Jpeg => 6 * pixels, // the coefficients of a progressive one
        ImageFormat::Gif | ImageFormat::WebP => 4 * pixels,
        ImageFormat::Tiff => decoded,
        _ => 0,
    };
    let turning = if orientation == Orientation::NoTransforms { 0 } else { decoded };
    let preparing = if decoder.color_type().has_alpha() { 7 * pixels } else { 4 * pixels };
    decoded + decoding.max(turning).max(preparing)
}
