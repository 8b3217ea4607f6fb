//! The files that a reader of pictures passed over, and why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The reason of a file that is neither a picture nor anything that could be taken for one.
pub(crate) const NO_PICTURE: &str = "no picture";

/// The folders named in a line.
const SHOWN: usize = 5;

/// The files that were passed over in class folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Files that are not read, by the reason and then by their folder.
    pub unread: BTreeMap<&'static str, BTreeMap<PathBuf, Vec<PathBuf>>>,
    /// Pictures that could not be decoded, and why.
    pub bad: Vec<(PathBuf, String)>,
}

impl Skipped {
    /// Adds a file that is not read.
    pub(crate) fn add(&mut self, file: &Path, reason: &'static str) {
        let folder = file.parent().unwrap_or(file).to_path_buf();
        self.unread.entry(reason).or_default().entry(folder).or_default().push(file.into());
    }

    /// Adds those of another part of the dataset.
    pub fn extend(&mut self, other: Self) {
        for (reason, folders) in other.unread {
            self.unread.entry(reason).or_default().extend(folders);
        }
        self.bad.extend(other.bad);
    }

    /// Number of files that are not read, whatever the reason.
    pub fn not_read(&self) -> usize {
        self.unread.values().flat_map(BTreeMap::values).map(Vec::len).sum()
    }

    /// True if a file in this folder, or deeper, is of a kind that could have been a picture.
    pub(crate) fn has_lost(&self, folder: &Path) -> bool {
        let lost = self.unread.iter().filter(|(reason, _)| **reason != NO_PICTURE);
        lost.flat_map(|(_, folders)| folders.keys()).any(|place| place.starts_with(folder))
            || self.bad.iter().any(|(file, _)| file.starts_with(folder))
    }

    /// A line for each reason, with the folders and their numbers of files, and for each picture that cannot be decoded.
    pub fn lines(&self) -> Vec<String> {
        let lines = self.unread.iter().map(|(reason, folders)| {
            let files: usize = folders.values().map(Vec::len).sum();
            let first = folders.values().flatten().next().map_or(String::new(), |file| name(file));
            let places =
                folders.iter().take(SHOWN).map(|(folder, files)| format!("{} in {}", files.len(), name(folder)));
            let places = places.collect::<Vec<_>>().join(", ");
            let more = if folders.len() > SHOWN { ", …" } else { "" };
            let noun = if files == 1 { "file" } else { "files" };
            format!("passed over {files} {noun} ({places}{more}), as {first}: {reason}")
        });
        let bad = self.bad.iter().map(|(path, problem)| format!("passed over {}: {problem}", path.display()));
        lines.chain(bad).collect()
    }
}

/// The last part of a path.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_counted_by_reason_and_folder() {
        let mut skipped = Skipped::default();
        for file in ["set/7/a.heic", "set/7/b.heic", "set/1/c.heic"] {
            skipped.add(Path::new(file), "a HEIC picture");
        }
        skipped.add(Path::new("set/1/notes.txt"), NO_PICTURE);
        skipped.bad.push(("set/2/x.png".into(), "cut off".into()));
        let expected = [
            "passed over 3 files (1 in 1, 2 in 7), as c.heic: a HEIC picture",
            "passed over 1 file (1 in 1), as notes.txt: no picture",
            "passed over set/2/x.png: cut off",
        ];
        assert_eq!((skipped.lines(), skipped.not_read()), (expected.map(String::from).to_vec(), 4));
        assert!(skipped.has_lost(Path::new("set/7")) && skipped.has_lost(Path::new("set/2")));
        assert!(!skipped.has_lost(Path::new("set/3")));
    }
}
