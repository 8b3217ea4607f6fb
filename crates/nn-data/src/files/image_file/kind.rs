//! Tells by its first bytes what a file holds: a picture that is read, or something else that has a name.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use image::ImageFormat;

/// The number of bytes at the start of a file that tell its kind.
const START: u64 = 1024;

/// The content of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A picture of a format that is read.
    Picture(ImageFormat),
    /// Something known that is not read: its name and the remedy.
    Foreign(&'static str),
    /// Nothing.
    Empty,
    /// Anything else.
    Unknown,
}

/// The formats of pictures that are read.
const READ: [ImageFormat; 6] =
    [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Bmp, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Tiff];

const HEIC: &str = "a HEIC picture, as phones take them; save it as JPEG or PNG";
const AVIF: &str = "an AVIF picture; save it as JPEG or PNG";
const JPEG_XL: &str = "a JPEG XL picture; save it as JPEG or PNG";
const JPEG_2000: &str = "a JPEG 2000 picture; save it as JPEG or PNG";
const RAW: &str = "a raw photograph as a camera keeps it; save it as JPEG or PNG";
const SVG: &str = "an SVG drawing; save it as PNG";
const HTML: &str = "a web page (HTML) and no picture; download the picture anew";
const LFS: &str = "a Git LFS pointer and no picture; `git lfs pull` fetches the picture";
const VIDEO: &str = "a video; save its frames as pictures";

/// Bytes that stand at a place near the start of a file, and the kind that they tell.
const SIGNATURES: [(usize, &[u8], &str); 23] = [
    (0, b"%PDF", "a PDF document; save its pages as PNG"),
    (0, b"%!PS", "a PostScript document; save its pages as PNG"),
    (0, b"8BPS", "a Photoshop file; save it as PNG"),
    (0, b"gimp xcf", "a GIMP file; export it as PNG"),
    (0, b"version https://git-lfs", LFS),
    (0, b"\xff\x0a", JPEG_XL),
    (4, b"JXL ", JPEG_XL),
    (4, b"jP  ", JPEG_2000),
    (0, b"\xff\x4f\xff\x51", JPEG_2000),
    (8, b"CR\x02\0", RAW),
    (0, b"FUJIFILMCCD-RAW", RAW),
    (0, b"\0\0\x01\0", "an icon; save it as PNG"),
    (0, b"qoif", "a QOI picture; save it as PNG"),
    (0, b"\xd7\xcd\xc6\x9a", "a Windows metafile; save it as PNG"),
    (40, b" EMF", "a Windows metafile; save it as PNG"),
    (0, b"PK\x03\x04", "a zip archive or office document; unpack it"),
    (0, b"\x1f\x8b", "a gzip archive; unpack it"),
    (0, b"Rar!", "a RAR archive; unpack it"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive; unpack it"),
    (0, b"\x1a\x45\xdf\xa3", VIDEO),
    (8, b"AVI ", VIDEO),
    (0, b"bplist", "a web archive; download the picture anew"),
    (4, b"AFcp", "a resource fork; copy the picture anew"),
];

/// The kind of a file. A name decides only where the content does not tell a raw photograph from a TIFF picture.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn kind(path: &Path) -> io::Result<Kind> {
    const RAW_NAMES: [&str; 12] = ["dng", "nef", "nrw", "arw", "sr2", "cr2", "cr3", "pef", "orf", "rw2", "raf", "srw"];
    let mut start = Vec::new();
    File::open(path)?.take(START).read_to_end(&mut start)?;
    let named =
        |names: &[&str]| path.extension().is_some_and(|e| names.iter().any(|name| e.eq_ignore_ascii_case(name)));
    Ok(match kind_of(&start) {
        Kind::Picture(ImageFormat::Tiff) | Kind::Unknown if named(&RAW_NAMES) => Kind::Foreign(RAW),
        kind => kind,
    })
}

/// The kind of a file that starts with these bytes.
pub(crate) fn kind_of(start: &[u8]) -> Kind {
    let at =
        |(place, bytes, _): &&(usize, &[u8], &str)| start.get(*place..).is_some_and(|rest| rest.starts_with(bytes));
    if start.is_empty() {
        return Kind::Empty;
    }
    if let Some((.., reason)) = SIGNATURES.iter().find(at) {
        return Kind::Foreign(reason);
    }
    if start.get(4..8) == Some(b"ftyp") {
        return Kind::Foreign(match start.get(8..12) {
            Some(b"avif" | b"avis") => AVIF,
            Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => HEIC,
            Some(b"crx ") => RAW,
            _ => VIDEO,
        });
    }
    if let Some(reason) = markup(start) {
        return Kind::Foreign(reason);
    }
    match image::guess_format(start) {
        Ok(format) if READ.contains(&format) => Kind::Picture(format),
        Ok(_) => Kind::Foreign("a picture of a format that is not read; save it as PNG"),
        Err(_) => Kind::Unknown,
    }
}

/// The name of a text in angle brackets, if the bytes begin one that may stand in place of a picture.
fn markup(start: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let begins = |tags: &[&str]| tags.iter().any(|tag| text.starts_with(tag));
    if !text.starts_with('<') {
        return None;
    }
    if text.contains("<svg") && !text.contains("<html") {
        return Some(SVG);
    }
    (begins(&["<!doctype html", "<head", "<body", "<script"]) || text.contains("<html")).then_some(HTML)
}

/// True if the name is that of a picture of a format that is read.
pub(crate) fn is_named_picture(path: &Path) -> bool {
    let also =
        |e: &std::ffi::OsStr| ["jfif", "jpe", "pjpeg", "pjp", "dib"].iter().any(|name| e.eq_ignore_ascii_case(name));
    path.extension().is_some_and(|e| also(e) || ImageFormat::from_extension(e).is_some_and(|f| READ.contains(&f)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_has_a_name() {
        let heic = b"\0\0\0\x24ftypheic\0\0\0\0mif1heic";
        let cases: [(&[u8], &str); 12] = [
            (heic, "HEIC"),
            (b"\0\0\0\x24ftypavif\0\0\0\0", "AVIF"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", "video"),
            (b"<?xml version=\"1.0\"?>\n<!-- drawn -->\n<svg xmlns=", "SVG"),
            (b"<svg width=\"9\">", "SVG"),
            (b"\xef\xbb\xbf\n<!DOCTYPE html><html><body><svg>", "web page"),
            (b"<HTML>", "web page"),
            (b"%PDF-1.7", "PDF"),
            (b"version https://git-lfs.example/spec/v1\noid sha256:0", "Git LFS"),
            (b"PK\x03\x04", "zip"),
            (b"8BPS\0\x01", "Photoshop"),
            (b"P5\n28 28\n255\n", "format that is not read"),
        ];
        for (start, name) in cases {
            assert!(matches!(kind_of(start), Kind::Foreign(reason) if reason.contains(name)), "{name}");
        }
        assert_eq!(kind_of(b"GIF89a"), Kind::Picture(ImageFormat::Gif));
        assert_eq!(
            (kind_of(b""), kind_of(b"dear <html>"), kind_of(b"<note>")),
            (Kind::Empty, Kind::Unknown, Kind::Unknown)
        );
    }

    #[test]
    fn names_of_pictures() {
        let is = |name: &str| is_named_picture(Path::new(name));
        assert!(["a.PNG", "a.jfif", "a.Jpe", "a.tif", "a.bmp", "a.gif", "a.webp"].into_iter().all(is));
        assert!(!["a", "a.heic", "a.txt", "png", "a.ico"].into_iter().any(is));
    }
}
