//! Leaves out the colour profile of a PNG file: nobody looks at it, and a few bytes of it may unpack to hundreds of megabytes.

use std::borrow::Cow;

/// The bytes of a PNG file without its colour profiles, the chunks `iCCP` before the pixels.
pub(crate) fn without_profile(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut kept = Cow::Borrowed(bytes);
    let mut at = 8; // behind the signature
    while let Some((length, kind)) = chunk(&kept, at) {
        let end = at.saturating_add(12).saturating_add(length as usize).min(kept.len());
        match &kind {
            b"iCCP" => drop(kept.to_mut().drain(at..end)),
            b"IDAT" => break,
            _ => at = end,
        }
    }
    kept
}

/// The length and the kind of the chunk that begins at a place.
fn chunk(bytes: &[u8], at: usize) -> Option<(u32, [u8; 4])> {
    let head = bytes.get(at..)?;
    Some((u32::from_be_bytes(*head.first_chunk()?), *head.get(4..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chunk with a wrong checksum.
    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        [&(data.len() as u32).to_be_bytes()[..], kind, data, b"crc!"].concat()
    }

    #[test]
    fn profiles_go_and_all_else_stays() {
        let file = |chunks: &[(&[u8; 4], &[u8])]| {
            let chunks = chunks.iter().flat_map(|(kind, data)| chunk(kind, data));
            b"signed!!".iter().copied().chain(chunks).collect::<Vec<u8>>()
        };
        let plain = file(&[(b"IHDR", b"sizes"), (b"IDAT", b"pixels"), (b"iCCP", b"too late"), (b"IEND", b"")]);
        assert!(matches!(without_profile(&plain), Cow::Borrowed(bytes) if bytes == plain));
        let profile: (&[u8; 4], &[u8]) = (b"iCCP", b"packed");
        let with = file(&[
            (b"IHDR", b"sizes"),
            profile,
            profile,
            (b"IDAT", b"pixels"),
            (b"iCCP", b"too late"),
            (b"IEND", b""),
        ]);
        assert_eq!(without_profile(&with), plain);
        for end in 0..with.len() {
            assert!(with.len() > without_profile(&with[..end]).len(), "cut at {end}");
        }
    }
}
