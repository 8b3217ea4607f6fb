//! Loads a dataset from a path, which may lead to IDX, CSV, strokes or class folders.

pub mod class_folders;
pub mod csv;
pub mod drawings;
mod format;
pub mod idx;
mod idx_pair;
pub mod image_file;
pub mod options;
mod range;
pub mod stroke_file;

use std::fs;
use std::path::{Path, PathBuf};

use crate::dataset::Dataset;
use crate::error::Error;
use crate::files::class_folders::Skipped;
use crate::files::format::Format;
use crate::files::options::{Arrays, LoadOptions};

/// The result of [`load`].
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The training part, or everything if there are no parts.
    pub train: Dataset,
    /// The test part, if one stands beside the training part; its classes are those of the training part.
    pub test: Option<Dataset>,
    /// The files that were skipped in both parts.
    pub skipped: Skipped,
    /// Lines about how the data was understood, where that could be doubted.
    pub notes: Vec<String>,
}

/// Loads a dataset.
///
/// `path` is a folder with IDX files (`train-…` and `t10k-…` or `test-…` are told apart), an IDX images file, a CSV
/// file or a stroke file (either plain or gzipped), or a folder of class folders, which may have the two parts `train` and `test`. A
/// test part that stands beside the training part is found: `x/test` for `x/train`, `t10k-images…` for `train-images…`.
///
/// # Errors
/// Those of [`idx::read`], [`csv::read`], [`stroke_file::read`] and [`class_folders::read`]; [`Error::Dataset`] when the path holds none of them, or
/// several, or when the test part does not fit the training part.
pub fn load(path: &Path, options: &LoadOptions) -> Result<Loaded, Error> {
    options.preprocessing.validate()?;
    if options.limit == Some(0) {
        return Err(Error::Invalid("a limit of 0 leaves nothing to load".into()));
    }
    let transposes = |what| match options.transpose {
        true => Err(Error::dataset(
            path,
            format!("{what} are never transposed; --transpose is for the arrays of IDX and CSV"),
        )),
        false => Ok(()),
    };
    if stroke_file::is_named_so(path) && !path.is_dir() {
        transposes("strokes")?;
        let (train, test) = stroke_file::read(path, &options.preprocessing, options.limit)?;
        let test = test.filter(|_| !options.no_test).map(|test| fitting(test, &train, path)).transpose()?;
        return Ok(Loaded { train, test, skipped: Skipped::default(), notes: vec![] });
    }
    let parts = find(path)?;
    if parts.format == Format::Folder {
        transposes("pictures in folders")?;
    }
    let (mut skipped, mut notes) = (Skipped::default(), vec![]);
    let mut read = |path: &Path, limit| {
        let options = &LoadOptions { limit, ..options.clone() };
        let (dataset, said) = match parts.format {
            Format::Idx => idx::read(path, options)?,
            Format::Csv => csv::read(path, options)?,
            Format::Folder => {
                let (dataset, passed) = class_folders::read(path, &options.preprocessing, options.skip_bad, limit)?;
                skipped.not_images += passed.not_images;
                skipped.bad.extend(passed.bad);
                return Ok(dataset);
            }
        };
        notes.extend(said);
        let dataset = if options.transpose { dataset.transposed() } else { dataset };
        Ok::<_, Error>(match options.arrays {
            Arrays::AsTheyAre => dataset,
            Arrays::Preprocess => options.preprocessing.apply_dataset(dataset),
        })
    };
    let train = read(&parts.train, options.limit)?;
    let test = parts.test.as_deref().filter(|_| !options.no_test);
    let test = test.map(|path| fitting(read(path, None)?, &train, path)).transpose()?;
    Ok(Loaded { train, test, skipped, notes })
}

/// The test part with the classes of the training part.
fn fitting(test: Dataset, train: &Dataset, path: &Path) -> Result<Dataset, Error> {
    let problem = |error: Error| Error::dataset(path, format!("does not fit the training data: {error}"));
    if test.size() != train.size() {
        return Err(problem(Error::Sizes { first: test.size(), second: train.size() }));
    }
    test.with_classes(train.classes()).map_err(problem)
}

/// The parts of the dataset that a path stands for.
struct Parts {
    format: Format,
    train: PathBuf,
    test: Option<PathBuf>,
}

fn find(path: &Path) -> Result<Parts, Error> {
    let kind = fs::metadata(path).map_err(Error::read(path))?;
    let of = |format, train: &Path, test| Parts { format, train: train.into(), test };
    if !kind.is_dir() {
        return match format::of(path)? {
            Format::Idx => Ok(of(Format::Idx, path, idx_pair::with_test(path)?.test)),
            format => Ok(of(format, path, None)),
        };
    }
    if let Some(images) = idx_pair::find(path)? {
        return Ok(of(Format::Idx, &images.train, images.test));
    }
    let folder = |path: PathBuf| Some(path).filter(|path| path.is_dir());
    if let Some(train) = folder(path.join("train")) {
        return Ok(of(Format::Folder, &train, folder(path.join("test"))));
    }
    let beside = path.file_name().is_some_and(|name| name == "train").then(|| path.with_file_name("test"));
    Ok(of(Format::Folder, path, beside.and_then(folder)))
}
