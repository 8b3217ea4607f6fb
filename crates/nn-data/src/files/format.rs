//! The format of a file, by its first bytes and its name; formats that are not read are named with a remedy.

use std::io::Read;
use std::path::Path;

use crate::disk;
use crate::error::Error;
use crate::files::csv;
use crate::files::idx::pair;

/// The formats of a dataset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Format {
    Idx,
    Csv,
    Numpy,
    Zip,
}

/// First bytes of files that are not read, and what they are, with a remedy.
const FOREIGN: [(&[u8], &str); 24] = [
    (b"\x89HDF\r\n", "an HDF5 file (.h5, MATLAB 7.3); save its arrays as .npz or CSV"),
    (b"MATLAB 5.0", "a MATLAB file; save its arrays as CSV, in Python by scipy.io.loadmat and numpy.savez"),
    (b"PAR1", "a Parquet file; save it as CSV, in Python by pandas.read_parquet(...).to_csv(..., index=False)"),
    (b"ARROW1", "an Arrow or Feather file; save it as CSV"),
    (b"\x80\x02", PICKLE),
    (b"\x80\x03", PICKLE),
    (b"\x80\x04", PICKLE),
    (b"\x80\x05", PICKLE),
    (b"\xd0\xcf\x11\xe0", "an Excel file; save it as CSV"),
    (b"SQLite format 3", "an SQLite database; export its table as CSV"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself; `git lfs pull` gets it"),
    (b"<!", WEB),
    (b"<?", WEB),
    (b"<h", WEB),
    (b"<H", WEB),
    (b"%PDF", "a PDF"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it"),
    (b"Rar!", "a RAR archive; unpack it"),
    (b"\xfd7zXZ", "an xz archive; unpack it"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it"),
    (b"@relation", ARFF),
    (b"@RELATION", ARFF),
    (b"[{", "a JSON list; write each drawing as an object on a line of its own (.jsonl)"),
    (b"BZh", "a bzip2 archive; unpack it"),
];
const WEB: &str = "a web page or XML, perhaps instead of the file that was to be downloaded";
const ARFF: &str = "an ARFF file; save it as CSV, in Python by scipy.io.arff.loadarff and pandas";
const PICKLE: &str = "a Python pickle, which can run programs and is not read; save its arrays by numpy.savez";

/// Finds out the format of a file.
///
/// # Errors
/// [`Error::Dataset`] names a format that is not read; [`Error::Missing`], [`Error::Read`].
pub(crate) fn of(path: &Path) -> Result<Format, Error> {
    let mut start = Vec::new();
    disk::open(path)?.take(512).read_to_end(&mut start).map_err(Error::read(path))?;
    let shown = |what: &str| Error::dataset(path, format!("this is {what}"));
    if let Some((_, what)) = FOREIGN.iter().find(|(bytes, _)| start.starts_with(bytes)) {
        return Err(shown(what));
    }
    if start.get(257..262) == Some(b"ustar") {
        return Err(shown("a tar archive; unpack it"));
    }
    if matches!(start[..], [0, 0, 8, ..] | [0, 0, 9 | 0x0b..=0x0e, 1..=4, ..]) {
        return Ok(Format::Idx);
    }
    if start.starts_with(b"\x93NUMPY") {
        return Ok(Format::Numpy);
    }
    if start.starts_with(b"PK\x03\x04") {
        return Ok(Format::Zip);
    }
    if csv::is_named_so(path) || csv::is_table(path)? {
        return Ok(Format::Csv);
    }
    if pair::is_idx(path) {
        return Ok(Format::Idx);
    }
    Err(Error::dataset(
        path,
        "no dataset: neither a CSV, .jsonl (either may end in .gz), IDX images, .npz, .npy, .zip nor a folder",
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn format(name: &str, bytes: &[u8]) -> Result<Format, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), bytes).unwrap();
        of(&folder.path().join(name)).map_err(|error| error.to_string())
    }

    #[test]
    fn formats_are_known_by_content_before_their_name() {
        let row = "7,".to_string() + &["0"; 36].join(",");
        for name in ["a.csv", "a.data", "a.tra", "a", "a.txt", "idx"] {
            assert_eq!(format(name, row.as_bytes()), Ok(Format::Csv), "{name}");
        }
        assert_eq!(format("a.csv", b"a,b\n"), Ok(Format::Csv));
        assert_eq!(format("a.csv", b"<,1,2,3,4\n"), Ok(Format::Csv), "a sign as a label");
        assert_eq!(format("a.csv", &[0, 0, 8, 3]), Ok(Format::Idx));
        assert_eq!(format("a-ubyte", b"x"), Ok(Format::Idx), "its defects are told by its reader");
        assert!(format("a.txt", b"some words, no more").unwrap_err().contains("no dataset"));
    }

    #[test]
    fn formats_that_are_not_read_are_named_with_a_remedy() {
        for (name, bytes, parts) in [
            ("a.pkl", &b"\x80\x04\x95"[..], ["pickle", "numpy.savez"]),
            ("a.csv", b"\x80\x04\x95", ["pickle", "numpy.savez"]),
            ("a.mat", b"MATLAB 5.0 MAT-file", ["MATLAB", "CSV"]),
            ("a.h5", b"\x89HDF\r\n\x1a\n", ["HDF5", "CSV"]),
            ("a.parquet", b"PAR1...", ["Parquet", "to_csv"]),
            ("a.csv", b"<!DOCTYPE html>", ["web page", "downloaded"]),
            ("a.csv", b"version https://git-lfs.github.com/spec/v1", ["Git LFS", "git lfs pull"]),
        ] {
            let error = format(name, bytes).unwrap_err();
            assert!(parts.iter().all(|part| error.contains(part)), "{error}");
        }
        let tar = [&[b'x'; 257][..], b"ustar", &[0; 250]].concat();
        assert!(format("a.tar", &tar).unwrap_err().contains("a tar archive; unpack it"));
    }
}
