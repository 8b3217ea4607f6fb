//! Data of another kind in a folder: it is not read, and a line says so.

use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::Error;
use crate::files::class_folders::list::{entries, folders, holds_pictures};
use crate::files::csv;
use crate::files::format;
use crate::files::idx::pair;
use crate::files::stroke_file;

/// The files named in a line.
const SHOWN: usize = 3;
/// Endings of files whose format may be named where a folder holds nothing that is read.
const FOREIGN: [&str; 12] =
    [".tar", ".tgz", ".7z", ".rar", ".parquet", ".arrow", ".mat", ".h5", ".pkl", ".pickle", ".arff", ".xlsx"];

/// The kinds of data that may lie beside each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Tables,
    Arrays,
    Idx,
    Strokes,
    ClassFolders,
}

/// A line about data in a folder that is passed over because data of another kind, or the files `used`, are read.
///
/// # Errors
/// [`Error::Read`].
pub(crate) fn passed_over(folder: &Path, read: Kind, used: &[&Path]) -> Result<Option<String>, Error> {
    let kind = |path: &PathBuf| {
        let name = disk::plain_name(path);
        match () {
            () if path.is_dir() => holds_pictures(path).then_some(Kind::ClassFolders),
            () if csv::is_named_so(path) => csv::is_table(path).ok()?.then_some(Kind::Tables),
            () if stroke_file::is_named_so(path) => Some(Kind::Strokes),
            () if [".npz", ".npy", ".zip"].iter().any(|ending| name.ends_with(ending)) => Some(Kind::Arrays),
            () if pair::is_images(path) => Some(Kind::Idx),
            () => None,
        }
    };
    let is_other = |path: &PathBuf| match kind(path) {
        Some(Kind::Tables) if read == Kind::Tables => !used.contains(&path.as_path()),
        kind => kind.is_some_and(|kind| kind != read),
    };
    let mut others = entries(folder)?;
    others.retain(is_other);
    let names: Vec<_> = others.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy()).collect();
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    let shown = names.get(..SHOWN).unwrap_or(&names).join(", ");
    let line =
        format!("{}: passed over {shown}{more}, which is other data; name it alone to read it", folder.display());
    Ok(Some(line).filter(|_| !names.is_empty()))
}

/// The error about a file in a folder, or in a folder within it, whose format is not read but known; `None` where these hold
/// pictures.
pub(crate) fn foreign(folder: &Path) -> Option<Error> {
    let inner = folders(folder).ok()?;
    let places = || [folder].into_iter().chain(inner.iter().map(PathBuf::as_path));
    if places().any(holds_pictures) {
        return None;
    }
    let all = places().filter_map(|folder| entries(folder).ok());
    let is_named_so = |path: &PathBuf| FOREIGN.iter().any(|ending| disk::plain_name(path).ends_with(ending));
    all.flatten().find(is_named_so).and_then(|path| format::of(&path).err())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    #[test]
    fn other_data_is_named_and_what_is_none_is_not() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        let row = "7,".to_string() + &["0"; 25].join(",");
        for name in ["train.csv", "extra.csv"] {
            fs::write(at(name), &row).unwrap();
        }
        fs::write(at("labels.csv"), "file,label\na.png,7\n").unwrap();
        fs::create_dir(at("notes")).unwrap();
        let said = |kind, used: &[&Path]| passed_over(place.path(), kind, used).unwrap().unwrap_or_default();
        assert!(said(Kind::Tables, &[&at("train.csv")]).contains("passed over extra.csv, which"));
        assert_eq!(said(Kind::Tables, &[&at("train.csv"), &at("extra.csv")]), "");
        assert!(said(Kind::ClassFolders, &[]).contains("passed over extra.csv, train.csv, which"));
        for name in ["a.jsonl", "b.npz"] {
            fs::write(at(name), "x").unwrap();
        }
        assert!(said(Kind::Idx, &[]).contains("passed over a.jsonl, b.npz, extra.csv and 1 more"));
    }

    #[test]
    fn formats_that_are_not_read_are_named() {
        let place = tempfile::tempdir().unwrap();
        assert!(foreign(place.path()).is_none());
        fs::create_dir(place.path().join("data")).unwrap();
        fs::write(place.path().join("data/train.parquet"), "PAR1").unwrap();
        assert!(foreign(place.path()).unwrap().to_string().contains("train.parquet: this is a Parquet file"));
        fs::write(place.path().join("data/damaged.png"), "x").unwrap();
        assert!(foreign(place.path()).is_none(), "what is wrong with the pictures is to be told");
    }
}
