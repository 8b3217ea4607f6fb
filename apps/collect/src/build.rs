//! Datasets are read and joined, and one is written: a CSV, NumPy's arrays, a folder of class folders or IDX files, whole or
//! not at all.

use crate::args::{DirFormat, Writing};
use anyhow::{Context, Result, bail};
use cli::output;
use cli::say::Say;
use nn_data::disk::Staging;
use nn_data::{Dataset, Error, LoadOptions, Size, Skipped, class_folders, csv, idx};
use std::fs;
use std::path::{Path, PathBuf};

/// A dataset in up to three parts: as it was read, or as it will be written.
#[derive(Debug)]
pub struct Parts {
    /// Samples to train on, or all where there are no parts.
    pub train: Dataset,
    /// Samples to validate on; their classes are those of the training part.
    pub validation: Option<Dataset>,
    /// Samples to test on; their classes are those of the training part.
    pub test: Option<Dataset>,
    /// The folders that the sources of the parts are relative to, where they are known.
    pub folders: [PathBuf; 3],
    /// The files that were passed over.
    pub skipped: Skipped,
}

impl Parts {
    /// Reads all datasets and joins their parts. `say` tells which are read, and which files are passed over.
    ///
    /// # Errors
    /// When a dataset cannot be read, or they cannot be joined.
    pub fn load(paths: &[PathBuf], options: &LoadOptions, say: &Say) -> Result<Self> {
        let (mut train, mut validations, mut tests) = (vec![], vec![], vec![]);
        let (mut folders, mut skipped) = (Default::default(), Skipped::default());
        for path in paths {
            say.line(format_args!("reading {}", path.display()));
            let loaded = cli::data_flags::read(path, options, say)?;
            train.push(loaded.train);
            validations.extend(loaded.validation);
            tests.extend(loaded.test);
            folders = loaded.folders;
            skipped.extend(loaded.skipped);
        }
        let apart = "the datasets cannot be joined; --size WxH brings them together";
        let mut train = cli::data_flags::joined(train, options.memory, say)?;
        if let Some(n) = options.limit {
            train = train.limited(n);
        }
        let joined = |sets: Vec<Dataset>| match sets.is_empty() {
            true => Ok(None),
            false => Ok::<_, Error>(Some(Dataset::concat(sets)?.with_classes(train.classes())?)),
        };
        let (validation, test) = (joined(validations).context(apart)?, joined(tests).context(apart)?);
        Ok(Self { train, validation, test, folders, skipped })
    }

    /// A training part and perhaps a test part.
    #[cfg(test)]
    pub fn of(train: Dataset, test: Option<Dataset>) -> Self {
        Self { train, validation: None, test, folders: Default::default(), skipped: Skipped::default() }
    }

    /// The parts there are, with their names.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &Dataset)> {
        let parts = [("train", Some(&self.train)), ("val", self.validation.as_ref()), ("test", self.test.as_ref())];
        parts.into_iter().filter_map(|(name, part)| Some((name, part?)))
    }

    /// The path of a sample's file, if it came from one; `part` counts those of [`Parts::named`].
    pub fn file(&self, part: usize, index: usize) -> Option<PathBuf> {
        let (name, dataset) = self.named().nth(part)?;
        let folder = &self.folders[["train", "val", "test"].iter().position(|part| *part == name)?];
        dataset.sources().get(index).map(|source| folder.join(source))
    }

    /// The same with the validation part among the training samples, for a format that has only two parts.
    fn in_two(&self) -> Result<(Dataset, Option<&Dataset>), Error> {
        let train = [Some(self.train.clone()), self.validation.clone()].into_iter().flatten().collect();
        Ok((Dataset::concat(train)?, self.test.as_ref()))
    }
}

/// A place for a dataset that was found free, or may be replaced.
pub struct Destination<'a> {
    path: &'a Path,
    name: String,
    format: Format,
    force: bool,
    sources: &'a [PathBuf],
    staging: Staging,
}

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Csv,
    Npz,
    Folder,
    Idx,
}

impl Format {
    /// True where a file holds the dataset, and not a folder.
    fn is_file(self) -> bool {
        matches!(self, Self::Csv | Self::Npz)
    }
}

impl<'a> Destination<'a> {
    /// Takes the place that the flags name. `sources` are the datasets that will be read: they are never replaced.
    ///
    /// # Errors
    /// When something stands there that must not be replaced, or the place cannot be written.
    pub fn new(writing: &'a Writing, sources: &'a [PathBuf]) -> Result<Self> {
        let path = writing.to.as_path();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.with_context(|| format!("{} is no name for a dataset; name a folder", path.display()))?;
        let format = match writing.format {
            _ if writing.is_csv() => Format::Csv,
            _ if writing.is_npz() => Format::Npz,
            Some(DirFormat::Idx) => Format::Idx,
            Some(DirFormat::Folder) | None => Format::Folder,
        };
        if !format.is_file() && is_named_file(name) && !path.is_dir() {
            bail!("{} is no name for a folder; a file must end in .csv, .csv.gz or .npz", path.display());
        }
        check_free(path, format.is_file(), writing.force, sources)?;
        if let Some(source) = sources.iter().find(|source| output::is_within(path, source)) {
            bail!("{} lies within {}, which is read; name a place outside", path.display(), source.display());
        }
        let staging = Staging::beside(path)?;
        Ok(Self { path, name: name.into(), format, force: writing.force, sources, staging })
    }

    /// Writes both parts, and returns a summary with the command to go on with.
    ///
    /// # Errors
    /// When the format cannot hold the dataset, or it cannot be written; then everything stays as it was.
    pub fn write(mut self, parts: &Parts, say: &Say) -> Result<String> {
        say.line(format_args!("writing {}", self.path.display()));
        if let Some(validation) = parts.validation.as_ref().filter(|_| self.format != Format::Folder) {
            say.line(format_args!("the {} samples to validate on are written as training samples", validation.len()));
        }
        let strokes = parts.named().map(|(_, part)| (0..part.len()).filter(|&i| part.drawing(i).is_some()).count());
        let strokes: usize = strokes.sum();
        if strokes > 0 {
            say.line(format_args!("the strokes of {strokes} drawings are not written, only their pictures"));
        }
        let mut next = format!("train --data {}", typed(self.path));
        if self.format == Format::Csv && parts.test.is_some() {
            let test = self.path.with_file_name(test_name(&self.name));
            check_free(&test, true, self.force, self.sources)?;
            next += &format!(" --test {}", typed(&test));
        }
        let size @ Size { height, width, channels } = parts.train.size();
        if self.format == Format::Folder && (width, height) != (28, 28) {
            next += &format!(" --size {width}x{height}");
        }
        if self.format == Format::Folder && channels == 3 {
            next += " --color";
        }
        for name in self.stage(parts).map_err(|error| self.named(error))? {
            self.staging.publish(&name)?;
        }
        let to_test = parts.test.as_ref().map_or(String::new(), |test| format!(" and {} to test on", test.len()));
        let (samples, classes) = (parts.train.len(), parts.train.classes().len());
        Ok(format!("{samples} samples of {classes} classes to train on{to_test}, {size}\nnext: {next}"))
    }

    /// Writes everything beside its place, and returns the names of the files and folders to be moved there.
    fn stage(&self, parts: &Parts) -> Result<Vec<String>, Error> {
        let place = self.staging.path(&self.name);
        let mut names = vec![self.name.clone()];
        match self.format {
            Format::Csv => {
                let (train, test) = parts.in_two()?;
                csv::write(&train, &place)?;
                if let Some(test) = test {
                    names.insert(0, test_name(&self.name));
                    csv::write(test, &self.staging.path(&names[0]))?;
                }
            }
            Format::Npz => {
                let (train, test) = parts.in_two()?;
                nn_data::write_npz(&train, test, &place)?;
            }
            Format::Folder if parts.named().count() == 1 => class_folders::write(&parts.train, &place)?,
            Format::Folder => {
                for (name, part) in parts.named() {
                    class_folders::write(part, &place.join(name))?;
                }
            }
            Format::Idx => {
                let (train, test) = parts.in_two()?;
                idx::write(&train, &place.join(idx_name("train", train.size())))?;
                if let Some(test) = test {
                    idx::write(test, &place.join(idx_name("t10k", test.size())))?;
                }
            }
        }
        Ok(names)
    }

    /// Puts the path that the user knows into an error of writing.
    fn named(&self, error: Error) -> anyhow::Error {
        let path = self.path.into();
        match error {
            Error::Dataset { problem, .. } => Error::Dataset { path, problem }.into(),
            Error::Write { source, .. } => Error::Write { path, source }.into(),
            other => other.into(),
        }
    }
}

/// Refuses a place where something stands that must not be replaced.
fn check_free(path: &Path, is_file: bool, force: bool, sources: &[PathBuf]) -> Result<()> {
    let shown = path.display();
    let Ok(there) = fs::metadata(path) else { return Ok(()) };
    match (there.is_dir(), is_file) {
        (true, true) => bail!("{shown} is a folder; a CSV or .npz is a file"),
        (false, false) => bail!("{shown} is a file; name a folder, or a file that ends in .csv, .csv.gz or .npz"),
        _ => {}
    }
    let cannot = || format!("cannot read {shown}");
    let is_empty = match there.is_dir() {
        true => fs::read_dir(path).with_context(cannot)?.next().is_none(),
        false => there.len() == 0,
    };
    if is_empty {
        return Ok(());
    }
    if !force {
        bail!("{shown} exists already; give another name, or --force to replace it");
    }
    let place = fs::canonicalize(path).with_context(cannot)?;
    for source in sources {
        let is_within = fs::canonicalize(source).is_ok_and(|source| source.starts_with(&place));
        if is_within || output::is_one_of(path, std::slice::from_ref(source)) {
            bail!("{shown} holds the source {}, which is not replaced; give another name", source.display());
        }
    }
    if let Some(file) = foreign(path, 0).with_context(cannot)? {
        bail!("{} belongs to no dataset, so {shown} is not replaced; give another name, or remove it", file.display());
    }
    Ok(())
}

/// Returns the first file or folder that this program does not write into a folder: it writes IDX files, and PNG in class
/// folders.
fn foreign(path: &Path, depth: usize) -> std::io::Result<Option<PathBuf>> {
    if !path.is_dir() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_ours = match depth {
            0 => true, // a file that was named for being replaced
            1 => name.contains("-ubyte"),
            _ => name.ends_with(".png"),
        };
        return Ok((!is_ours).then(|| path.into()));
    }
    if depth > 2 {
        return Ok(Some(path.into()));
    }
    for entry in fs::read_dir(path)? {
        if let Some(file) = foreign(&entry?.path(), depth + 1)? {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// True for names that are those of files, not of folders.
fn is_named_file(name: &str) -> bool {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    [
        ".tsv", ".txt", ".json", ".jsonl", ".npy", ".zip", ".xlsx", ".parquet", ".png", ".tar", ".tgz", ".7z", ".rar",
        ".arff", ".h5",
    ]
    .iter()
    .any(|ending| name.ends_with(ending))
}

/// The file of a CSV's test part: `digits-test.csv.gz` for `digits.csv.gz`.
fn test_name(name: &str) -> String {
    let end = if name.to_lowercase().ends_with(".gz") { ".csv.gz".len() } else { ".csv".len() };
    let (stem, ending) = name.split_at(name.len() - end);
    format!("{stem}-test{ending}")
}

fn idx_name(part: &str, size: Size) -> String {
    format!("{part}-images-idx{}-ubyte.gz", if size.channels == 1 { 3 } else { 4 })
}

/// Returns a path as one types it.
fn typed(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(' ') { format!("\"{text}\"") } else { text }
}
