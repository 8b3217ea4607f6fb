//! Pictures with several frames or pages: only the first is read.

/// True if the content of a picture file says that it has more than one: an animated GIF, WebP or PNG, or a TIFF of several
/// pages.
pub(crate) fn are_several(bytes: &[u8]) -> bool {
    let start = bytes.get(..4096).unwrap_or(bytes);
    let holds = |mark: &[u8]| start.windows(mark.len()).any(|part| part == mark);
    match start {
        [b'G', b'I', b'F', ..] => holds(b"NETSCAPE2.0"), // the block that tells how often an animation is repeated
        [0x89, b'P', b'N', b'G', ..] => holds(b"acTL"),
        [b'R', b'I', b'F', b'F', ..] => {
            start.get(12..16) == Some(b"VP8X") && start.get(20).is_some_and(|flags| flags & 2 > 0)
        }
        [b'I', b'I', 42, 0, ..] => next_page(bytes, u16::from_le_bytes, u32::from_le_bytes) > Some(0),
        [b'M', b'M', 0, 42, ..] => next_page(bytes, u16::from_be_bytes, u32::from_be_bytes) > Some(0),
        _ => false,
    }
}

/// The place of the second page of a TIFF, which stands behind the entries of the first, 12 bytes each; 0 if there is none.
fn next_page(bytes: &[u8], short: fn([u8; 2]) -> u16, long: fn([u8; 4]) -> u32) -> Option<u32> {
    let number = |at: usize| Some(long(*bytes.get(at..)?.first_chunk()?));
    let first = number(4)? as usize;
    let entries = short(*bytes.get(first..)?.first_chunk()?);
    number(first.checked_add(2 + 12 * usize::from(entries))?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use image::codecs::gif::{GifEncoder, Repeat};
    use image::{DynamicImage, Frame, ImageFormat, RgbaImage};
    use std::io::Cursor;

    #[test]
    fn pages_and_animations_are_told_from_single_pictures() {
        let picture = DynamicImage::from(RgbaImage::new(3, 2));
        for format in [ImageFormat::Gif, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff, ImageFormat::Bmp] {
            let mut bytes = Cursor::new(vec![]);
            picture.write_to(&mut bytes, format).unwrap();
            assert!(!are_several(bytes.get_ref()), "{format:?}");
        }
        let mut animated = vec![];
        let mut encoder = GifEncoder::new(&mut animated);
        encoder.set_repeat(Repeat::Infinite).unwrap();
        encoder.encode_frames((0..2).map(|_| Frame::new(RgbaImage::new(3, 2)))).unwrap();
        drop(encoder);
        assert!(are_several(&animated));
        let page = |next: u8| [b'I', b'I', 42, 0, 8, 0, 0, 0, 0, 0, next, 0, 0, 0];
        assert!(are_several(&page(40)) && !are_several(&page(0)) && !are_several(&page(0)[..9]));
    }
}
