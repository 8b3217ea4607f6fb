//! How full a folder may be, and how large a file.

use crate::tidy::file::File;
use crate::tidy::report::Report;
use std::collections::{BTreeMap, BTreeSet};

/// The largest file that belongs into the repository, other than the data that ships in `data/mnist`.
pub const LARGEST: u64 = 8 << 20;
/// Most Rust files directly in a folder of sources.
const MOST_FILES: usize = 12;
/// Most entries beside each other, files and folders, where a folder may have its own number: the top of a crate also
/// holds `lib.rs`.
const MOST_ENTRIES: [(&str, usize); 2] = [("crates/nn-core/src", 16), ("crates/nn-data/src", 12)];

/// Reports folders with too many entries and files that are too large.
pub fn check(files: &[File], report: &mut Report) {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        if file.size > LARGEST && !file.path.starts_with("data/mnist/") {
            report.add(
                &file.path,
                1,
                format!("{} bytes are too large for the repository: at most {LARGEST}", file.size),
            );
        }
        let mut path = file.path.as_str();
        while let Some((folder, name)) = path.rsplit_once('/').filter(|_| file.is_rust()) {
            folders.entry(folder).or_default().insert(name);
            path = folder;
        }
    }
    for (folder, names) in folders.into_iter().filter(|(folder, _)| folder.contains('/')) {
        let own = MOST_ENTRIES.iter().find(|(path, _)| *path == folder);
        let rust = names.iter().filter(|name| name.ends_with(".rs")).count();
        let (number, most) = own.map_or((rust, MOST_FILES), |(_, most)| (names.len(), *most));
        if number > most {
            report.add(folder, 1, format!("{number} entries: this folder has at most {most}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    fn folder(of: &str, files: usize) -> Vec<String> {
        let paths: Vec<String> = (0..files).map(|i| format!("{of}/f{i}.rs")).collect();
        places(check, &paths.iter().map(|path| (path.as_str(), "")).collect::<Vec<_>>())
    }

    #[test]
    fn a_folder_has_few_files() {
        assert!(folder("crates/x/src", 12).is_empty() && folder("crates/nn-core/src", 16).is_empty());
        assert_eq!(folder("crates/x/src", 13), ["crates/x/src:1"]);
        assert_eq!(folder("crates/nn-core/src", 17), ["crates/nn-core/src:1"]);
        assert_eq!(folder("crates/nn-data/src", 13), ["crates/nn-data/src:1"]);
    }
}
