//! Finds the dataset in a folder: class folders or IDX files may lie deeper, and in parts to train, validate and test on.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::Error;
use crate::files::class_folders::list::{entries, folders, holds_pictures};
use crate::files::idx::pair;

/// How deep a dataset may lie within the folder that was named.
const DEEPEST: usize = 4;
/// The most folders of one level that are looked into.
const MOST: usize = 2000;
/// The folders named in an error.
const SHOWN: usize = 3;

/// The names of each part, in lower case and without signs.
const TRAIN: [&str; 6] = ["train", "training", "trainset", "trainingset", "traindata", "trainimages"];
const VALIDATION: [&str; 7] = ["val", "valid", "validation", "validationset", "valset", "validset", "dev"];
const TEST: [&str; 6] = ["test", "testing", "testset", "testingset", "testdata", "testimages"];

/// The folders of a dataset's parts.
#[derive(Debug, PartialEq)]
pub(crate) struct Parts {
    /// Holds class folders or IDX files: the training part, or everything.
    pub train: PathBuf,
    /// Holds class folders to validate on.
    pub validation: Option<PathBuf>,
    /// Holds class folders to test on, or only pictures.
    pub test: Option<PathBuf>,
    /// Lines about folders that a person may have meant otherwise.
    pub notes: Vec<String>,
}

/// The parts of the dataset in a folder. Parts that stand beside a folder named as the training part are found too.
///
/// # Errors
/// [`Error::Dataset`] when several datasets could be meant; [`Error::Read`].
pub(crate) fn parts(path: &Path) -> Result<Parts, Error> {
    let place = root(path)?;
    let inside = parts_in(&place)?;
    let mut notes = Vec::new();
    if let Some(train) = inside.train {
        let passed = folders(&place)?.into_iter().filter(|folder| part_of(folder).is_none() && holds_dataset(folder));
        notes.extend(
            passed.map(|folder| format!("passed over {}, which is no part of the dataset beside it", folder.display())),
        );
        let [train, validation, test] =
            [Some(train), inside.validation, inside.test].map(|part| part.map(|p| deeper(&p)));
        let train = train.unwrap_or(place);
        return Ok(Parts { train, validation, test, notes });
    }
    if place != path {
        notes.push(format!("{}: the dataset is in {}", path.display(), place.display()));
    }
    let passed = folders(&place)?.into_iter().filter(|folder| is_loose_part(folder));
    notes.extend(
        passed.map(|folder| format!("left out {}, which is named as a part, not as a class", folder.display())),
    );
    let is_train = part_of(path) == Some(Part::Train);
    let around = if is_train { parts_in(disk::parent(path))? } else { inside };
    let test = around.test.filter(|test| is_train || holds_dataset(test));
    let [validation, test] = [around.validation, test].map(|part| part.map(|part| deeper(&part)));
    Ok(Parts { train: place, validation, test, notes })
}

/// The folders of parts that a folder holds.
#[derive(Default)]
struct Inside {
    train: Option<PathBuf>,
    validation: Option<PathBuf>,
    test: Option<PathBuf>,
}

fn parts_in(folder: &Path) -> Result<Inside, Error> {
    let mut inside = Inside::default();
    for folder in folders(folder)? {
        match part_of(&folder) {
            Some(Part::Train) if holds_dataset(&folder) => inside.train = inside.train.or(Some(folder)),
            Some(Part::Validation) if holds_dataset(&folder) => inside.validation = inside.validation.or(Some(folder)),
            Some(Part::Test) => inside.test = inside.test.or(Some(folder)),
            _ => {}
        }
    }
    Ok(inside)
}

#[derive(PartialEq)]
enum Part {
    Train,
    Validation,
    Test,
}

/// True for a folder that is named as a part of a dataset.
pub(crate) fn is_part(folder: &Path) -> bool {
    part_of(folder).is_some()
}

/// The part that a folder's name says.
fn part_of(folder: &Path) -> Option<Part> {
    let name = folder.file_name()?.to_string_lossy().to_lowercase();
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let is = |names: &[&str]| names.contains(&letters.as_str());
    match () {
        () if is(&TRAIN) => Some(Part::Train),
        () if is(&VALIDATION) => Some(Part::Validation),
        () if is(&TEST) => Some(Part::Test),
        () => None,
    }
}

/// The class folders in a folder: those that are no part of the dataset.
///
/// # Errors
/// [`Error::Dataset`] when all of them are named as parts are, so that their names are no classes.
pub(crate) fn class_folders(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut within = folders(folder)?;
    within.retain(|folder| part_of(folder).is_none() || !holds_dataset(folder));
    if let Some(first) = within.first().filter(|_| within.iter().all(|folder| part_of(folder).is_some())) {
        let problem =
            "pictures, but no class folders; put the pictures of each class into a folder with the class's name";
        return Err(Error::dataset(first, problem));
    }
    within.retain(|folder| !is_loose_part(folder));
    let mut names = HashSet::new();
    let name = |folder: &PathBuf| folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match within.iter().find(|folder| !names.insert(name(folder))) {
        Some(twin) => {
            Err(Error::dataset(twin, "its name is not UTF-8 and is read as that of another folder; rename one of them"))
        }
        None => Ok(within),
    }
}

/// True for a folder of pictures alone that is named as a part to test or to validate on. (A class may be called `train`.)
fn is_loose_part(folder: &Path) -> bool {
    matches!(part_of(folder), Some(Part::Test | Part::Validation)) && !holds_dataset(folder)
}

/// True if class folders or IDX files lie somewhere in a folder.
fn holds_dataset(folder: &Path) -> bool {
    level_of_roots(folder).is_ok_and(|roots| !roots.is_empty())
}

/// Where the class folders of a part are; the part itself where that is not clear.
fn deeper(part: &Path) -> PathBuf {
    let place = root(part).unwrap_or_else(|_| part.into());
    let inner = parts_in(&place).ok().and_then(|inside| inside.train);
    inner.map_or(place, |inner| deeper(&inner)) // training/training, as some archives have it
}

/// The folder that holds class folders, parts or IDX files: the one named or the only one within it.
fn root(path: &Path) -> Result<PathBuf, Error> {
    let mut roots = level_of_roots(path)?;
    if roots.len() > 1 {
        if roots.iter().all(|root| is_like_a_class(root)) {
            return Ok(path.into()); // 0/ada, 0/bob, 1/ada, …: class folders whose pictures lie deeper
        }
        let names = roots.iter().take(SHOWN).map(|root| root.display().to_string()).collect::<Vec<_>>().join(", ");
        let more = if roots.len() > SHOWN { format!(" and {} more", roots.len() - SHOWN) } else { String::new() };
        let problem = format!("class folders with pictures lie deeper, in {names}{more}; name the one that is meant");
        return Err(Error::dataset(path, problem));
    }
    Ok(roots.pop().unwrap_or_else(|| path.into())) // without any, reading says what is missing
}

/// The folders of the first level that has any that hold a dataset.
fn level_of_roots(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut level = vec![path.to_path_buf()];
    for _ in 0..=DEEPEST {
        let mut inner = Vec::new();
        for folder in &level {
            inner.push(folders(folder)?);
        }
        let is_root = |(folder, within): (&PathBuf, &Vec<PathBuf>)| {
            let parts = || within.iter().any(|f| part_of(f) == Some(Part::Train) && holds_dataset(f));
            holds_idx(folder) || within.iter().any(|folder| holds_pictures(folder)) || parts()
        };
        let roots: Vec<PathBuf> =
            level.iter().zip(&inner).filter(|both| is_root(*both)).map(|(folder, _)| folder.clone()).collect();
        if !roots.is_empty() {
            return Ok(roots);
        }
        level = inner.into_iter().flatten().take(MOST).collect();
    }
    Ok(vec![])
}

fn holds_idx(folder: &Path) -> bool {
    entries(folder).is_ok_and(|files| files.iter().any(|file| pair::is_images(file) && file.is_file()))
}

/// True if a folder is named as classes of characters are: by one character, a number, or as [`crate::folder_name`] does.
fn is_like_a_class(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let label = crate::dataset::classes::label_of(&name);
    label.chars().count() == 1 || label.parse::<u32>().is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    /// A folder with these files, each empty but named as a picture.
    fn folder_of(files: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let temporary = tempfile::tempdir().unwrap();
        let place = temporary.path().join("set");
        for file in files {
            let path = place.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        (temporary, place)
    }

    /// The parts of a folder, relative to it.
    fn found(files: &[&str]) -> [Option<String>; 3] {
        let (_temporary, place) = folder_of(files);
        let Parts { train, validation, test, .. } = parts(&place).unwrap();
        let name = |path: PathBuf| path.strip_prefix(&place).unwrap().to_string_lossy().replace('\\', "/");
        [Some(train), validation, test].map(|part| part.map(name))
    }

    #[test]
    fn parts_have_many_names() {
        let some = |parts: [&str; 3]| parts.map(|part| (part != "-").then(|| part.to_string()));
        let cases: [(&[&str], [&str; 3]); 9] = [
            (&["0/a.png", "1/a.png"], ["", "-", "-"]),
            (&["train/0/a.png", "val/0/a.png", "test/0/a.png"], ["train", "val", "test"]),
            (&["Training/0/a.png", "Testing/0/a.png"], ["Training", "-", "Testing"]),
            (&["unzipped/train/0/a.png", "unzipped/valid/0/a.png"], ["unzipped/train", "unzipped/valid", "-"]),
            (
                &["trainingSet/trainingSet/0/a.png", "testSet/testSet/a.png"],
                ["trainingSet/trainingSet", "-", "testSet"],
            ),
            (&["MNIST/raw/train-images-idx3-ubyte", "MNIST/processed/x"], ["MNIST/raw", "-", "-"]),
            (&["English/Hnd/Img/Sample001/a.png", "__MACOSX/0/a.png"], ["English/Hnd/Img", "-", "-"]),
            (&["0/ada/a.png", "0/bob/a.png", "1/ada/a.png", "2/x/a.png"], ["", "-", "-"]),
            (&["car/a.png", "plane/a.png", "train/a.png"], ["", "-", "-"]),
        ];
        for (files, parts) in cases {
            assert_eq!(found(files), some(parts), "{files:?}");
        }
    }

    #[test]
    fn several_datasets_are_named_and_others_passed_over_with_a_word() {
        let (_temporary, place) = folder_of(&["first/0/a.png", "second/0/a.png"]);
        let error = parts(&place).unwrap_err().to_string();
        assert!(error.contains("first, ") && error.contains("second; name the one that is meant"), "{error}");
        let (_temporary, place) = folder_of(&["train/0/a.png", "sample/0/a.png"]);
        let notes = parts(&place).unwrap().notes.join("\n");
        assert!(notes.contains("sample, which is no part of the dataset"), "{notes}");
    }

    #[test]
    fn pictures_to_test_on_are_no_class() {
        let (_temporary, place) = folder_of(&["0/a.png", "1/a.png", "test/a.png", "train/a.png"]);
        let names: Vec<_> =
            class_folders(&place).unwrap().into_iter().map(|f| f.file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["0", "1", "train"]);
        let notes = parts(&place).unwrap().notes.join("\n");
        assert!(notes.contains("test, which is named as a part, not as a class"), "{notes}");
    }

    #[test]
    fn parts_beside_the_training_part_are_found() {
        let (_temporary, place) = folder_of(&["train/0/a.png", "test/0/a.png", "val/0/a.png"]);
        let found = parts(&place.join("train")).unwrap();
        assert_eq!([found.train, found.test.unwrap()], ["train", "test"].map(|part| place.join(part)));
        assert_eq!(parts(&place.join("test")).unwrap().test, None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_no_text_do_not_become_one_class() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let (_temporary, place) = folder_of(&["0/a.png"]);
        for name in [&b"gr\xfcn"[..], b"gr\xf6n"] {
            fs::create_dir(place.join(OsStr::from_bytes(name))).unwrap();
        }
        assert!(class_folders(&place).unwrap_err().to_string().contains("its name is not UTF-8"));
    }

    #[cfg(unix)]
    #[test]
    fn links_between_class_folders_are_passed_over() {
        use crate::files::class_folders::list::pictures_under;
        let (_temporary, place) = folder_of(&["0/a.png", "1/a.png", "1/more/b.png"]);
        std::os::unix::fs::symlink("../1", place.join("0/one")).unwrap();
        let mut skipped = crate::Skipped::default();
        assert_eq!(pictures_under(&place.join("0"), &mut skipped).unwrap(), [place.join("0/a.png")]);
        assert!(skipped.lines().concat().contains("a link to another folder of the dataset"));
        assert_eq!(pictures_under(&place.join("1"), &mut skipped).unwrap().len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_up_is_passed_over() {
        let (_temporary, place) = folder_of(&["0/a.png", "1/a.png"]);
        std::os::unix::fs::symlink(&place, place.join("0/loop")).unwrap();
        std::os::unix::fs::symlink(&place, place.join("loop")).unwrap();
        assert_eq!(folders(&place).unwrap().len(), 2);
        assert_eq!(folders(&place.join("0")).unwrap(), Vec::<PathBuf>::new());
    }
}
