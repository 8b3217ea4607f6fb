//! The names of IDX files: which labels belong to which images, and which pair is for training.

use std::fs;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::Error;

/// The images file for training and, where there is one, the one for testing.
#[derive(Debug, PartialEq)]
pub(crate) struct Images {
    pub train: PathBuf,
    pub test: Option<PathBuf>,
}

/// True if a file name is that of IDX images, as in `train-images-idx3-ubyte.gz`.
pub(crate) fn is_images(path: &Path) -> bool {
    let name = disk::plain_name(path);
    name.contains("images") && is_idx(path)
}

/// True if a file name contains `idx` or `ubyte`.
pub(crate) fn is_idx(path: &Path) -> bool {
    let name = disk::plain_name(path);
    name.contains("idx") || name.contains("ubyte")
}

/// The images in a folder; `None` if there are none.
///
/// # Errors
/// [`Error::Dataset`] lists the files when more than one pair could be meant.
pub(crate) fn find(folder: &Path) -> Result<Option<Images>, Error> {
    let images = images_in(folder)?;
    let (test, train): (Vec<_>, Vec<_>) = images.iter().partition(|path| part(path) == Part::Test);
    let mut groups: Vec<String> = images.iter().map(|path| group(path)).collect();
    groups.dedup();
    if groups.len() > 1 || train.len() > 1 || test.len() > 1 {
        let names: Vec<_> = images.iter().filter_map(|path| path.file_name()).map(|n| n.to_string_lossy()).collect();
        return Err(Error::dataset(folder, format!("several datasets; name the file you want: {}", names.join(", "))));
    }
    let mut images = train.into_iter().chain(test).cloned();
    Ok(images.next().map(|train| Images { train, test: images.next() }))
}

/// The images file itself and, if it is for training, the one for testing beside it.
pub(crate) fn with_test(images: &Path) -> Result<Images, Error> {
    let fits = |path: &PathBuf| part(images) == Part::Train && part(path) == Part::Test && group(path) == group(images);
    let mut tests = images_in(disk::parent(images))?.into_iter().filter(fits);
    Ok(Images { train: images.into(), test: tests.next().filter(|_| tests.next().is_none()) })
}

/// The labels file of an images file, plain or gzipped, whichever there is; also of the name that QMNIST gives its own.
pub(crate) fn labels_beside(images: &Path) -> Result<PathBuf, Error> {
    let labels = labels_path(images)?;
    let name = labels.file_name().unwrap_or_default().to_string_lossy().replace("idx1-ubyte", "idx2-int");
    let candidates = [labels.clone(), labels.with_file_name(name)].into_iter().flat_map(|labels| {
        let other = match disk::is_gzip_name(&labels) {
            true => labels.with_extension(""),
            false => PathBuf::from(format!("{}.gz", labels.display())),
        };
        [labels, other]
    });
    let mut there = candidates.filter(|path| path.is_file());
    let missing = || Error::dataset(images, format!("its labels file {} is missing", labels.display()));
    there.next().ok_or_else(missing)
}

/// Where the labels of an images file stand: `images` becomes `labels`, `idx3` becomes `idx1`.
pub(crate) fn labels_path(images: &Path) -> Result<PathBuf, Error> {
    let name = images.file_name().unwrap_or_default().to_string_lossy();
    if !name.contains("images") {
        let problem = "an IDX images file has `images` in its name, and its labels file `labels` in the same place";
        return Err(Error::dataset(images, problem));
    }
    let labels = name.replace("images", "labels").replace("idx3", "idx1").replace("idx4", "idx1");
    Ok(images.with_file_name(labels))
}

/// EMNIST's table of characters, `emnist-letters-mapping.txt` beside `emnist-letters-train-images…`.
pub(crate) fn mapping_beside(images: &Path) -> Option<PathBuf> {
    let dataset = group(images);
    let name = if dataset.is_empty() { "mapping.txt".into() } else { format!("{dataset}-mapping.txt") };
    Some(images.with_file_name(name)).filter(|path| path.is_file())
}

#[derive(PartialEq)]
enum Part {
    Train,
    Test,
    Whole,
}

fn part(images: &Path) -> Part {
    match words(images).last().map(String::as_str) {
        Some("train") => Part::Train,
        Some("test" | "t10k") => Part::Test,
        _ => Part::Whole,
    }
}

/// The words before the part: `emnist-letters` of `emnist-letters-train-images-idx3-ubyte`.
fn group(images: &Path) -> String {
    let mut before = words(images);
    if part(images) != Part::Whole {
        before.pop();
    }
    before.join("-")
}

/// The words before `images`.
fn words(images: &Path) -> Vec<String> {
    let name = disk::plain_name(images);
    let start = name.split("images").next().unwrap_or_default();
    start.split(['-', '_', '.']).filter(|word| !word.is_empty()).map(String::from).collect()
}

/// The images files of a folder, sorted; of a file that is there plain and gzipped, the plain one.
fn images_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::read(folder))?;
    let paths = entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>();
    let mut paths = paths.map_err(Error::read(folder))?;
    paths.retain(|path| is_images(path) && !disk::is_hidden(path) && path.is_file());
    paths.sort();
    paths.dedup_by_key(|path| disk::plain_name(path));
    Ok(paths)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn folder_of(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        names.iter().for_each(|name| fs::write(folder.path().join(name), "x").unwrap());
        folder
    }

    #[test]
    fn pairs_are_recognised() {
        let cases: [(&[&str], &str, Option<&str>); 5] = [
            (
                &["t10k-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"],
                "train-images-idx3-ubyte.gz",
                Some("t10k-images-idx3-ubyte.gz"),
            ),
            (&["train-images.idx3-ubyte", "train-images.idx3-ubyte.gz", "readme"], "train-images.idx3-ubyte", None),
            (&["t10k-images-idx3-ubyte", ".train-images-idx3-ubyte"], "t10k-images-idx3-ubyte", None),
            (
                &["emnist-letters-test-images-idx3-ubyte", "emnist-letters-train-images-idx3-ubyte"],
                "emnist-letters-train-images-idx3-ubyte",
                Some("emnist-letters-test-images-idx3-ubyte"),
            ),
            (&["digits-images-idx3-ubyte"], "digits-images-idx3-ubyte", None),
        ];
        for (names, train, test) in cases {
            let folder = folder_of(names);
            let at = |name: &str| folder.path().join(name);
            assert_eq!(find(folder.path()).unwrap().unwrap(), Images { train: at(train), test: test.map(at) });
            assert_eq!(with_test(&at(train)).unwrap().test, test.map(at), "given the file itself");
        }
        assert_eq!(find(folder_of(&["train-labels-idx1-ubyte", "x.png"]).path()).unwrap(), None);
    }

    #[test]
    fn rivals_are_listed() {
        let names = ["emnist-digits-train-images-idx3-ubyte", "emnist-letters-train-images-idx3-ubyte"];
        let error = find(folder_of(&names).path()).unwrap_err().to_string();
        assert!(error.ends_with(&format!("several datasets; name the file you want: {}", names.join(", "))), "{error}");
        assert!(find(folder_of(&["t10k-images.idx", "test-images.idx"]).path()).is_err());
    }

    #[test]
    fn labels_stand_beside() {
        let folder = folder_of(&["train-labels-idx1-ubyte"]);
        let images = folder.path().join("train-images-idx3-ubyte.gz");
        assert_eq!(labels_beside(&images).unwrap(), folder.path().join("train-labels-idx1-ubyte"));
        let error = labels_beside(&folder.path().join("t10k-images-idx3-ubyte")).unwrap_err().to_string();
        assert!(error.ends_with("t10k-labels-idx1-ubyte is missing"), "{error}");
        assert!(labels_beside(&folder.path().join("digits.idx")).is_err());
    }
}
