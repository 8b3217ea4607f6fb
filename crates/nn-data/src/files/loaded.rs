//! The result of loading a dataset.

use std::path::{Path, PathBuf};

use crate::dataset::Dataset;
use crate::error::Error;
use crate::files::beside::{self, Kind};
use crate::files::class_folders::skipped::Skipped;
use crate::files::class_names::ClassNames;
use crate::files::options::LoadOptions;
use crate::files::range::Scale;

/// The result of [`load`](crate::load).
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The training part, or everything if there are no parts.
    pub train: Dataset,
    /// The test part, if one stands beside the training part; its classes are those of the training part.
    pub test: Option<Dataset>,
    /// The part to validate on, if there is one beside the training part; its classes are those of the training part.
    pub validation: Option<Dataset>,
    /// How the values of the training part became bytes, where it was read from arrays (IDX, CSV, NumPy).
    pub scale: Option<Scale>,
    /// The files that were skipped in all parts.
    pub skipped: Skipped,
    /// Lines about how the data was understood, where that could be doubted.
    pub notes: Vec<String>,
    /// The folders that the sources of the parts are relative to: to train, to validate and to test on.
    pub folders: [PathBuf; 3],
}

/// Everything in one part.
pub(super) fn of(train: Dataset) -> Loaded {
    Loaded {
        train,
        test: None,
        validation: None,
        scale: None,
        skipped: Skipped::default(),
        notes: vec![],
        folders: Default::default(),
    }
}

/// The data with its classes named by the file that the options name.
pub(super) fn named(mut loaded: Loaded, options: &LoadOptions) -> Result<Loaded, Error> {
    let Some(path) = &options.classes else { return Ok(loaded) };
    let names = ClassNames::read(path)?.of(loaded.train.classes())?;
    let names = names.ok_or_else(|| Error::dataset(path, "names none of the classes of the data"))?;
    let first = loaded.train.classes().iter().zip(&names).next();
    loaded
        .notes
        .extend(first.map(|(first, name)| format!("the classes are named by {}: {first} is {name}", path.display())));
    loaded.train = loaded.train.renamed(&names);
    let rename =
        |part: Option<Dataset>| part.map(|part| part.renamed(&names).with_classes(loaded.train.classes())).transpose();
    let (validation, test) = (rename(loaded.validation)?, rename(loaded.test)?);
    Ok(Loaded { validation, test, ..loaded })
}

/// Adds a line about other data in a folder to what was loaded of it.
pub(super) fn noting_other_data(
    loaded: Result<Loaded, Error>,
    folder: &Path,
    kind: Kind,
    used: &[&Path],
) -> Result<Loaded, Error> {
    let mut loaded = loaded?;
    loaded.notes.extend(beside::passed_over(folder, kind, used)?);
    Ok(loaded)
}
