//! Class folders: one folder per class with PNG or JPEG pictures; the folder's name stands for the label.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::dataset::Dataset;
use crate::dataset::classes::{folder_name, label_of};
use crate::dataset::sorted_classes;
use crate::disk;
use crate::error::Error;
use crate::files::image_file::read_picture;
use crate::files::image_file::{is_picture, write_png};
use crate::ink::StrokeSample;
use crate::preprocess::Preprocessing;

/// The files that were skipped in class folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Number of files and folders within class folders that are not pictures.
    pub not_images: usize,
    /// Pictures that could not be decoded, and why.
    pub bad: Vec<(PathBuf, String)>,
}

/// Reads the pictures of all class folders in `path`, each through `preprocessing`, in the order of their paths.
///
/// Hidden files and folders are ignored; other files that are not pictures, by name and by content, are counted.
/// Strokes that stand beside a picture (`x.json` beside `x.png`, a [`StrokeSample`]) belong to it. With `skip_bad` a picture that cannot be decoded is listed instead of being an error. Where `limit` is less than
/// there are, the first pictures of all folders are taken in turn, so that every class is there.
///
/// # Errors
/// [`Error::Dataset`] when the folder is empty or has no class folder with pictures; [`Error::Picture`] for the first
/// (by path) that cannot be decoded; [`Error::Missing`], [`Error::Read`].
pub fn read(
    path: &Path,
    preprocessing: &Preprocessing,
    skip_bad: bool,
    limit: Option<usize>,
) -> Result<(Dataset, Skipped), Error> {
    let mut skipped = Skipped::default();
    let mut pictures = Vec::new();
    for folder in class_folders(path)? {
        let (files, others): (Vec<_>, Vec<_>) =
            all_but_strokes(&folder)?.into_iter().partition(|file| file.is_file() && is_picture(file));
        skipped.not_images += others.len();
        let label = label_of(&folder.file_name().unwrap_or_default().to_string_lossy());
        pictures.extend(files.into_iter().enumerate().map(|(place, file)| (place, file, label.clone())));
    }
    if pictures.is_empty() {
        return Err(Error::dataset(path, "no PNG or JPEG picture in any of its class folders"));
    }
    let classes = sorted_classes(pictures.iter().map(|(.., label)| label.as_str()));
    if let Some(limit) = limit.filter(|&limit| limit < pictures.len()) {
        pictures.sort_by_key(|(place, ..)| *place); // stable: within a place the folders stay in order
        pictures.truncate(limit);
        pictures.sort_by(|a, b| a.1.cmp(&b.1));
    }
    let read = |file: &PathBuf| read_picture(file).map(|picture| preprocessing.apply(&picture));
    let drawings: Vec<_> = pictures.par_iter().map(|(_, file, _)| strokes_beside(file)).collect();
    let read: Vec<Result<Vec<u8>, Error>> = pictures.par_iter().map(|(_, file, _)| read(file)).collect();

    let (mut pixels, mut labels, mut sources, mut drawn) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (((_, file, label), result), drawing) in pictures.into_iter().zip(read).zip(drawings) {
        match result {
            Ok(values) => {
                pixels.extend(values);
                labels.push(label);
                drawn.push(drawing);
                sources.push(file.strip_prefix(path).unwrap_or(&file).to_string_lossy().into_owned());
            }
            Err(Error::Picture { path, problem }) if skip_bad => skipped.bad.push((path, problem)),
            Err(error) => return Err(error),
        }
    }
    if labels.is_empty() {
        return Err(Error::dataset(path, format!("none of its {} pictures can be decoded", skipped.bad.len())));
    }
    let dataset = Dataset::from_names(preprocessing.size(), pixels, &labels, sources)?.with_drawings(drawn);
    Ok((dataset.with_classes(&classes)?, skipped)) // all classes, also where the limit left one without a picture
}

/// The strokes in `x.json` beside `x.png`; `None` if that file is missing or holds something else.
fn strokes_beside(picture: &Path) -> Option<Arc<StrokeSample>> {
    let text = fs::read(picture.with_extension("json")).ok()?;
    let sample: StrokeSample = serde_json::from_slice(&text).ok()?;
    (!sample.strokes.is_empty()).then(|| Arc::new(sample))
}

/// Writes each picture as `<class folder>/<number>.png`, numbered within its class. The folder appears whole or not at
/// all; one that is there must be empty.
///
/// # Errors
/// [`Error::Exists`]; [`Error::Dataset`] when two class folders would be one where names ignore case;
/// [`Error::Write`].
pub fn write(dataset: &Dataset, path: &Path) -> Result<(), Error> {
    let folders: Vec<String> = dataset.classes().iter().map(|class| folder_name(class)).collect();
    let lower: Vec<String> = folders.iter().map(|folder| folder.to_lowercase()).collect();
    if let Some(i) = (0..lower.len()).find(|&i| lower[..i].contains(&lower[i])) {
        let problem = format!("class {:?} differs from another by case only; rename one", dataset.classes()[i]);
        return Err(Error::dataset(path, problem));
    }
    let mut counts = vec![0; folders.len()];
    let files: Vec<String> = dataset
        .labels()
        .iter()
        .map(|&label| {
            counts[label as usize] += 1;
            format!("{}/{:05}.png", folders[label as usize], counts[label as usize])
        })
        .collect();
    disk::write_folder(path, |place| {
        for folder in folders.iter().map(|folder| place.join(folder)) {
            fs::create_dir(&folder).map_err(Error::write(&folder))?;
        }
        let write = |(i, file): (usize, &String)| write_png(&place.join(file), dataset.image(i), dataset.size());
        files.par_iter().enumerate().try_for_each(write)
    })
}

/// The folders in `path` that are not hidden, sorted.
fn class_folders(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let found = entries(path)?;
    if found.is_empty() {
        return Err(Error::dataset(path, "the folder is empty"));
    }
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = found.into_iter().partition(|entry| entry.is_dir());
    if !folders.is_empty() {
        return Ok(folders);
    }
    let csv = files.iter().find(|file| disk::plain_name(file).ends_with(".csv")).and_then(|file| file.file_name());
    let problem = if let Some(csv) = csv {
        format!("no class folders; for a CSV dataset name the file itself, as in {}", path.join(csv).display())
    } else if files.iter().any(|file| is_picture(file)) {
        "pictures, but no class folders; put the pictures of each class into a folder with the class's name".into()
    } else {
        "no dataset: neither IDX files nor class folders with pictures".into()
    };
    Err(Error::dataset(path, problem))
}

/// The files in a class folder, except the strokes that the collector keeps beside its pictures (`x.json`).
fn all_but_strokes(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = entries(folder)?;
    files.retain(|file| file.extension().is_none_or(|e| e != "json"));
    Ok(files)
}

/// The files and folders in a folder that are not hidden, sorted.
///
/// # Errors
/// [`Error::Missing`], [`Error::Read`].
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::read(folder))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|e| e.path())).collect();
    let mut paths = paths.map_err(Error::read(folder))?;
    paths.retain(|path| !disk::is_hidden(path));
    paths.sort();
    Ok(paths)
}
