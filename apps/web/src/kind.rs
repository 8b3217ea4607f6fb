//! The kind of a file that was chosen or dropped, known by its first bytes and its name.

use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// The most bytes of a file that was gzipped.
const MOST: u64 = 1 << 28;

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Drawings, one per line.
    Strokes,
    /// Drawings and a model, see [`crate::project`].
    Project,
    /// The pictures of an IDX pair.
    Images,
    /// The labels of an IDX pair.
    Labels,
    /// CSV: pictures as rows of numbers.
    Table,
    /// A photograph, a scan or a drawing of one character.
    Picture,
    /// A model; whatever is none of the others is taken for one.
    Model,
}

impl FileKind {
    /// The kind of a file with this name and content.
    pub fn of(name: &str, content: &[u8]) -> Self {
        let name = name.to_lowercase();
        let name = name.trim_end_matches(".gz");
        match content {
            [b'{', ..] => Self::Strokes,
            [b'P', b'K', ..] => Self::Project,
            [0, 0, 8, 3 | 4, ..] => Self::Images,
            [0, 0, 8, 1, ..] => Self::Labels,
            [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => Self::Picture,
            [b'R', b'I', b'F', b'F', ..] | [b'B', b'M', ..] | [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => {
                Self::Picture
            }
            _ if name.ends_with(".csv") || name.ends_with(".tsv") => Self::Table,
            _ => Self::Model,
        }
    }
}

/// The content of a file, unpacked where it is gzipped.
///
/// # Errors
/// Where it is damaged or larger than 256 MiB.
pub fn unpacked(content: Vec<u8>) -> Result<Vec<u8>> {
    if !content.starts_with(&[0x1f, 0x8b]) {
        return Ok(content);
    }
    let mut unpacked = vec![];
    MultiGzDecoder::new(&content[..]).take(MOST).read_to_end(&mut unpacked).context("it cannot be unpacked")?;
    ensure!((unpacked.len() as u64) < MOST, "it holds more than 256 MiB");
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    #[test]
    fn a_kind_is_known_by_content_before_name() {
        let cases: [(&str, &[u8], FileKind); 9] = [
            ("a.jsonl", b"{\"label\": 1}", FileKind::Strokes),
            ("a.zip", b"PK\x03\x04", FileKind::Project),
            ("t10k-images-idx3-ubyte", &[0, 0, 8, 3], FileKind::Images),
            ("t10k-labels-idx1-ubyte", &[0, 0, 8, 1], FileKind::Labels),
            ("D.CSV.gz", b"label,p0", FileKind::Table),
            ("d.mpk", &[0x92, 1], FileKind::Model),
            ("d.csv", b"PK\x03\x04", FileKind::Project),
            ("photo.JPG", &[0xff, 0xd8, 0xff, 0xe1], FileKind::Picture),
            ("scan", b"II*\0", FileKind::Picture),
        ];
        for (name, content, kind) in cases {
            assert_eq!(FileKind::of(name, content), kind, "{name}");
        }
    }

    #[test]
    fn gzip_is_unpacked_and_the_rest_stays() {
        let mut gzip = GzEncoder::new(vec![], Compression::fast());
        gzip.write_all(b"{}").unwrap();
        let packed = gzip.finish().unwrap();
        assert_eq!(unpacked(packed.clone()).unwrap(), b"{}");
        assert_eq!(unpacked(b"plain".to_vec()).unwrap(), b"plain");
        assert!(unpacked(packed[..packed.len() - 9].to_vec()).is_err());
    }
}
