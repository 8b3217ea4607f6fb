//! Tells pictures that were cut off from whole ones, where the decoder would fill the rest with grey.

use image::ImageFormat;

/// Zeros at the end of compressed data that no encoder writes.
const ZEROS: usize = 32;

/// True unless the file lacks its end. Of other formats than these the decoder itself knows.
pub(crate) fn is_whole(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Jpeg => jpeg_ends(bytes),
        ImageFormat::Gif => gif_ends(bytes).is_some(),
        ImageFormat::WebP => bytes.last_chunk::<ZEROS>().is_none_or(|end| *end != [0; ZEROS]),
        _ => true,
    }
}

/// True if the segments of a JPEG file lead to its end marker, `ff d9`. One within a segment (a thumbnail's) does not count.
fn jpeg_ends(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(marker) = rest.windows(2).position(|pair| matches!(pair, [0xff, second] if *second != 0xff)) {
        let Some([_, kind, after @ ..]) = rest.get(marker..) else { break };
        rest = match kind {
            0xd9 => return true,
            0x00 | 0x01 | 0xd0..=0xd8 => after, // a byte of data, or a marker that stands alone
            _ => match after {
                [high, low, ..] => after.get(usize::from(u16::from_be_bytes([*high, *low]))..).unwrap_or_default(),
                _ => return false,
            },
        };
    }
    false
}

/// Something, if the blocks of a GIF file lead to its end, a byte `3b`.
fn gif_ends(bytes: &[u8]) -> Option<()> {
    let table = |packed: u8| if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) };
    let mut rest = bytes.get(13 + table(*bytes.get(10)?)..)?;
    loop {
        rest = match rest.first()? {
            0x3b => return Some(()),
            0x21 => rest.get(2..)?,                         // an extension and its name
            0x2c => rest.get(11 + table(*rest.get(9)?)..)?, // a frame: place, size, colours, size of codes
            _ => return None,
        };
        while let length @ 1.. = usize::from(*rest.first()?) {
            rest = rest.get(1 + length..)?;
        }
        rest = rest.get(1..)?;
    }
}
