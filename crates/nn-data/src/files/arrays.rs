//! Arrays in files of IDX, CSV or NumPy: read, brought into the form that the options want, and looked at.

use std::path::{Path, PathBuf};

use crate::dataset::Dataset;
use crate::dataset::look::Look;
use crate::disk;
use crate::error::Error;
use crate::files::class_folders::list::{entries, folders};
use crate::files::class_names::ClassNames;
use crate::files::csv;
use crate::files::format::Format;
use crate::files::idx;
use crate::files::numpy;
use crate::files::options::{Arrays, LoadOptions};

/// The files of a dataset's parts.
pub(crate) struct Files {
    pub format: Format,
    pub train: PathBuf,
    pub test: Option<PathBuf>,
}

/// Reads the parts. Where the first samples that a limit leaves lack a class, the first of each class in turn are taken.
///
/// # Errors
/// Those of [`idx::read`], [`csv::read`] and [`numpy::read`].
pub(crate) fn read(files: &Files, options: &LoadOptions) -> Result<numpy::Parts, Error> {
    let mut parts = within(files, options)?;
    if let Some(limit) = options.limit.filter(|_| parts.train.counts().contains(&0)) {
        parts = within(files, &LoadOptions { limit: None, ..options.clone() })?;
        parts.train = parts.train.limited(limit);
        let problem = "the first samples lack a class, so the limit takes the first of each class in turn";
        parts.notes.push(format!("{}: {problem}", files.train.display()));
    }
    let test = files.test.as_ref().unwrap_or(&files.train);
    for (path, part) in [(&files.train, Some(&parts.train)), (test, parts.test.as_ref())] {
        let doubts = part.and_then(Look::of).map_or(vec![], |look| look.doubts(options.transpose));
        for doubt in doubts.into_iter().map(|doubt| format!("{}: {doubt}", path.display())) {
            if !parts.notes.contains(&doubt) {
                parts.notes.push(doubt);
            }
        }
    }
    Ok(parts)
}

/// The arrays in a folder without further folders: those of NumPy, or tables: the only one, or one for training and
/// perhaps one for testing by their names.
///
/// # Errors
/// [`Error::Read`].
pub(crate) fn in_folder(folder: &Path) -> Result<Option<Files>, Error> {
    if !folders(folder)?.is_empty() {
        return Ok(None);
    }
    if numpy::has_arrays(folder)? {
        return Ok(Some(Files { format: Format::Numpy, train: folder.into(), test: None }));
    }
    let mut tables = entries(folder)?;
    tables.retain(|path| csv::is_named_so(path) && path.is_file());
    let named = |part: &str| {
        let mut found = tables.iter().filter(|path| disk::plain_name(path).contains(part));
        found.next().filter(|_| found.next().is_none()).cloned()
    };
    let train = if tables.len() == 1 { tables.first().cloned() } else { named("train") };
    Ok(train.map(|train| {
        let test = named("test").filter(|test| *test != train);
        Files { format: Format::Csv, train, test }
    }))
}

/// The file beside a table or array that names its classes: as `emnist-letters-mapping.txt` beside
/// `emnist-letters-train.csv`, or one of a usual name. IDX files have their own.
pub(crate) fn names_beside(files: &Files) -> Option<PathBuf> {
    if files.format == Format::Idx {
        return None;
    }
    let folder = if files.train.is_dir() { &*files.train } else { disk::parent(&files.train) };
    let name = disk::plain_name(&files.train);
    let stem = name.split('.').next().unwrap_or_default();
    let stem = ["-train", "-test", "_train", "_test"].iter().find_map(|part| stem.strip_suffix(part)).unwrap_or(stem);
    let mapping = folder.join(format!("{stem}-mapping.txt"));
    let usual = || ClassNames::beside(folder).filter(|path| !disk::plain_name(path).starts_with("label"));
    Some(mapping).filter(|path| path.is_file()).or_else(usual)
}

/// The parts with a limit that takes the first samples.
fn within(files: &Files, options: &LoadOptions) -> Result<numpy::Parts, Error> {
    let Files { format, train, test } = files;
    let read = match format {
        Format::Idx => idx::read_part,
        Format::Csv => csv::read_part,
        Format::Numpy | Format::Zip => {
            let parts = numpy::read(train, options)?;
            let as_wanted = |part| shaped(part, options);
            let (validation, test) = (parts.validation.map(as_wanted), parts.test.map(as_wanted));
            return Ok(numpy::Parts { train: as_wanted(parts.train), validation, test, ..parts });
        }
    };
    let mut scale = options.scale;
    let (train, mut notes) = read(train, options, &mut scale)?;
    let mut read_test = |path: &Path| {
        let options = LoadOptions { limit: None, unlabelled: true, ..options.clone() };
        let (test, said) = read(path, &options, &mut scale.clone())?;
        notes.extend(said);
        Ok::<_, Error>(shaped(test, &options))
    };
    let test = test.as_deref().filter(|_| !options.no_test).map(&mut read_test).transpose()?;
    Ok(numpy::Parts { train: shaped(train, options), validation: None, test, scale, notes })
}

/// Arrays as the options want them: transposed, and in the form of pictures.
fn shaped(dataset: Dataset, options: &LoadOptions) -> Dataset {
    let dataset = if options.transpose { dataset.transposed() } else { dataset };
    match options.arrays {
        Arrays::AsTheyAre => dataset,
        Arrays::Preprocess => options.preprocessing.apply_dataset(dataset),
    }
}
