//! Loads a dataset from a path, which may lead to IDX, CSV, NumPy's arrays, strokes, class folders or an archive of them.

mod alpha;
pub mod archive;
mod arrays;
mod beside;
pub mod class_folders;
pub mod class_names;
pub mod csv;
pub mod drawings;
mod format;
pub mod idx;
pub mod image_file;
mod loaded;
mod numpy;
pub mod options;
mod planes;
pub(crate) mod range;
pub mod stroke_file;

use std::fs;
use std::path::{Path, PathBuf};

use crate::dataset::Dataset;
use crate::dataset::classes::doubts;
use crate::dataset::sorted_classes;
use crate::dataset::split::first_of_each;
use crate::disk;
use crate::error::Error;
use crate::files::arrays::Files;
use crate::files::beside::Kind;
use crate::files::class_folders::find;
use crate::files::class_folders::labels::Labels;
use crate::files::class_folders::list::entries;
use crate::files::class_folders::skipped::Skipped;
use crate::files::class_names::ClassNames;
use crate::files::format::Format;
pub use crate::files::loaded::Loaded;
use crate::files::loaded::{named, noting_other_data, of};
use crate::files::options::LoadOptions;

/// The number of archives that data may lie within.
const DEEPEST: usize = 3;

/// Loads a dataset.
///
/// `path` is a folder with IDX files (`train-…` and `t10k-…` or `test-…` are told apart), an IDX images file, a CSV
/// file or a stroke file (either plain or gzipped), NumPy's arrays (`.npz`, `.npy`), a list of pictures with their
/// labels, a `.zip` of any of these, or a folder of class folders, which may have the parts `train`,
/// `val` and `test` (or similar names). A folder that holds only another is looked into. Parts that stand beside the
/// training part are found: `x/test` for `x/train`, `t10k-images…` for `train-images…`.
///
/// # Errors
/// Those of [`idx::read`], [`csv::read`], [`stroke_file::read`] and [`class_folders::read`]; [`Error::Dataset`] when the path holds none of them, or
/// several, or when the test part does not fit the training part.
pub fn load(path: &Path, options: &LoadOptions) -> Result<Loaded, Error> {
    let mut loaded = load_at(path, options, 0)?;
    loaded.notes.extend(doubts(loaded.train.classes()).into_iter().map(|doubt| format!("{}: {doubt}", path.display())));
    Ok(loaded)
}

/// Loads what lies within this number of archives.
fn load_at(path: &Path, options: &LoadOptions, depth: usize) -> Result<Loaded, Error> {
    options.preprocessing.validate()?;
    if options.limit == Some(0) {
        return Err(Error::Invalid("a limit of 0 leaves nothing to load".into()));
    }
    let refuse = |flag: bool, problem: &str| if flag { Err(Error::dataset(path, problem)) } else { Ok(()) };
    let transposed = "only arrays (IDX, CSV, NumPy) can be transposed; leave --transpose away";
    let turned = "only strokes can be turned over; leave --y-up away";
    if !fs::metadata(path).map_err(Error::read(path))?.is_dir() {
        if !disk::plain_name(path).ends_with(".csv") && stroke_file::is_stroke_file(path) {
            refuse(options.transpose, transposed)?;
            return named(load_strokes(&[path.into()], options)?, options);
        }
        refuse(options.y_up, turned)?;
        return match format::of(path)? {
            Format::Zip => load_unpacked(&archive::Unpacked::new(path)?, options, depth),
            Format::Csv => load_table(path, options),
            format => {
                let test = if format == Format::Idx { idx::pair::with_test(path)?.test } else { None };
                load_arrays(&Files { format, train: path.into(), test }, options)
            }
        };
    }
    if let Some(list) = csv::list::in_folder(path)? {
        refuse(options.transpose, transposed)?;
        refuse(options.y_up, turned)?;
        return load_list(list, options);
    }
    if let Some(files) = arrays::in_folder(path)? {
        refuse(options.y_up, turned)?;
        let used: Vec<&Path> =
            [Some(&files.train), files.test.as_ref()].into_iter().flatten().map(PathBuf::as_path).collect();
        let kind = if files.format == Format::Csv { Kind::Tables } else { Kind::Arrays };
        return noting_other_data(load_arrays(&files, options), path, kind, &used);
    }
    if let Some(loaded) = load_archives(path, options, depth)? {
        return Ok(loaded);
    }
    let parts = find::parts(path)?;
    if let Some(images) = idx::pair::find(&parts.train)? {
        refuse(options.y_up, turned)?;
        let files = Files { format: Format::Idx, train: images.train, test: images.test };
        let mut loaded = load_arrays(&files, options)?;
        loaded.notes.splice(..0, parts.notes);
        return noting_other_data(Ok(loaded), &parts.train, Kind::Idx, &[]);
    }
    refuse(options.transpose, transposed)?;
    let strokes = entries(&parts.train)?.into_iter().filter(|file| file.is_file() && stroke_file::is_named_so(file));
    let strokes: Vec<PathBuf> = strokes.collect();
    if !strokes.is_empty() && find::class_folders(&parts.train)?.is_empty() {
        return noting_other_data(named(load_strokes(&strokes, options)?, options), &parts.train, Kind::Strokes, &[]);
    }
    refuse(options.y_up, turned)?;
    let place = parts.train.clone();
    let loaded = load_folders(parts, options).map_err(|error| beside::foreign(path).unwrap_or(error));
    noting_other_data(loaded, &place, Kind::ClassFolders, &[])
}

/// Loads stroke files as one dataset.
fn load_strokes(files: &[PathBuf], options: &LoadOptions) -> Result<Loaded, Error> {
    let (mut train, mut tests, mut notes) = (vec![], vec![], vec![]);
    for file in files {
        let drawn = stroke_file::read(file, options)?;
        train.push(drawn.train);
        tests.extend(drawn.test.filter(|_| !options.no_test));
        notes.extend(drawn.notes);
    }
    let train = Dataset::concat(train)?.limited(options.limit.unwrap_or(usize::MAX));
    let test = match files.first() {
        Some(file) if !tests.is_empty() => Some(fitting(Dataset::concat(tests)?, &train, file)?),
        _ => None,
    };
    Ok(Loaded { test, notes, ..of(train) })
}

/// Loads arrays of IDX, CSV or NumPy.
fn load_arrays(files: &Files, options: &LoadOptions) -> Result<Loaded, Error> {
    let numpy::Parts { train, validation, test, scale, mut notes } = arrays::read(files, options)?;
    let path = files.test.as_ref().unwrap_or(&files.train);
    let test = test.filter(|test| {
        let usable = test.is_labelled() || !train.is_labelled();
        if !usable {
            notes.push(format!("{}: the test part has no labels, so nothing is tested on it", path.display()));
        }
        usable
    });
    let fit = |part: Option<Dataset>| part.map(|part| fitting(part, &train, path)).transpose();
    let (validation, test) = (fit(validation)?, fit(test)?);
    let loaded = Loaded { validation, test, scale, notes, ..of(train) };
    match arrays::names_beside(files) {
        Some(names) if options.classes.is_none() => {
            match ClassNames::read(&names).and_then(|file| file.of(loaded.train.classes())) {
                Ok(Some(_)) => named(loaded, &LoadOptions { classes: Some(names), ..options.clone() }),
                _ => Ok(loaded), // it is about other data
            }
        }
        _ => named(loaded, options),
    }
}

/// Loads a table of pixels, or a list of pictures with their labels.
fn load_table(path: &Path, options: &LoadOptions) -> Result<Loaded, Error> {
    if let Some(list) = csv::list::read(path)? {
        return match options.transpose {
            true => Err(Error::dataset(path, "a list of pictures, which are not transposed; leave --transpose away")),
            false => load_list(list, options),
        };
    }
    load_arrays(&Files { format: Format::Csv, train: path.into(), test: None }, options)
}

/// Loads listed pictures.
fn load_list(mut list: csv::list::List, options: &LoadOptions) -> Result<Loaded, Error> {
    let classes = sorted_classes(list.files.iter().map(|(_, label)| label.as_str()));
    if let Some(limit) = options.limit {
        let labels: Vec<&String> = list.files.iter().map(|(_, label)| label).collect();
        let kept = first_of_each(&labels, limit);
        list.files = kept.into_iter().filter_map(|i| list.files.get(i).cloned()).collect();
    }
    let read = class_folders::read_listed(&list.root, &list.files, options)?;
    let train = read.dataset.with_classes(&classes)?;
    let notes = [vec![list.note], read.notes].concat();
    let folders = [list.root, PathBuf::new(), PathBuf::new()];
    named(Loaded { skipped: read.skipped, notes, folders, ..of(train) }, options)
}

/// Loads the only archive in a folder of nothing else that is data, or several that belong together.
fn load_archives(folder: &Path, options: &LoadOptions, depth: usize) -> Result<Option<Loaded>, Error> {
    let files = archive::only_archives(folder)?;
    match &files[..] {
        [] => Ok(None),
        [only] => load_at(only, options, depth).map(Some),
        _ => match archive::Unpacked::single_arrays(folder, &files)? {
            Some(arrays) => load_unpacked(&arrays, options, depth).map(Some),
            None => {
                let names: Vec<_> =
                    files.iter().filter_map(|file| file.file_name()).map(|n| n.to_string_lossy()).collect();
                Err(Error::dataset(folder, format!("several archives; name the one you want: {}", names.join(", "))))
            }
        },
    }
}

/// Loads the content of a zip archive, whose files then have paths within the archive. An archive may hold itself, so there is an
/// end.
fn load_unpacked(archive: &archive::Unpacked<'_>, options: &LoadOptions, depth: usize) -> Result<Loaded, Error> {
    if depth == DEEPEST {
        return Err(Error::dataset(archive.archive, format!("an archive within {DEEPEST} others; unpack them")));
    }
    let mut loaded = load_at(&archive.content()?, options, depth + 1).map_err(|error| {
        let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
        let text = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
        Error::Invalid(archive.named(&text))
    })?;
    loaded.notes.iter_mut().for_each(|note| *note = archive.named(note));
    for (path, _) in &mut loaded.skipped.bad {
        *path = archive.named(&path.to_string_lossy()).into();
    }
    loaded.folders = Default::default();
    Ok(loaded)
}

/// Loads class folders in up to three parts.
fn load_folders(parts: find::Parts, options: &LoadOptions) -> Result<Loaded, Error> {
    let find::Parts { train, validation, test, mut notes } = parts;
    let test = test.filter(|_| !options.no_test);
    let labelled = test.filter(|test| {
        let has_classes = find::class_folders(test).is_ok_and(|folders| !folders.is_empty());
        if !has_classes {
            notes.push(format!("{} holds no class folders: nothing is tested on it", test.display()));
        }
        has_classes
    });
    let all: Vec<&Path> =
        [Some(&train), validation.as_ref(), labelled.as_ref()].into_iter().flatten().map(PathBuf::as_path).collect();
    let folders = [Some(train.clone()), validation.clone(), labelled.clone()].map(Option::unwrap_or_default);
    let labels = Labels::of(&all, options.classes.as_deref())?;
    notes.extend(labels.note.clone());
    let mut skipped = Skipped::default();
    let mut read = |path: &Path, limit| {
        let read = class_folders::read_part(path, &labels, &LoadOptions { limit, ..options.clone() })?;
        notes.extend(read.notes);
        skipped.extend(read.skipped);
        Ok::<_, Error>(read.dataset)
    };
    let train = read(&train, options.limit)?;
    let mut fit = |path: Option<PathBuf>| path.map(|path| fitting(read(&path, None)?, &train, &path)).transpose();
    let (validation, test) = (fit(validation)?, fit(labelled)?);
    Ok(Loaded { test, validation, skipped, notes, folders, ..of(train) })
}

/// The test part with the classes of the training part.
fn fitting(test: Dataset, train: &Dataset, path: &Path) -> Result<Dataset, Error> {
    let problem = |error: Error| {
        Error::dataset(path, format!("does not fit the training data: {error}; --no-test leaves it alone"))
    };
    if test.size() != train.size() {
        return Err(problem(Error::Sizes { first: test.size(), second: train.size() }));
    }
    test.with_classes(train.classes()).map_err(problem)
}
