//! Class folders: one folder of pictures per class; the folder's name stands for the label.

pub(crate) mod find;
pub(crate) mod labels;
pub mod list;
pub(crate) mod skipped;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::dataset::Dataset;
use crate::dataset::classes::folder_name;
use crate::dataset::sorted_classes;
use crate::disk;
use crate::disk::memory::Memory;
use crate::error::Error;
use crate::files::class_folders::find::class_folders;
use crate::files::class_folders::labels::Labels;
use crate::files::class_folders::list::{entries, folders, holds_pictures, pictures_in, pictures_under};
use crate::files::class_folders::skipped::Skipped;
use crate::files::image_file::reader::PictureReader;
use crate::files::image_file::write_png;
use crate::files::options::LoadOptions;
use crate::ink::StrokeSample;

/// The pictures of a folder as a dataset.
#[derive(Debug)]
pub struct ReadFolder {
    /// The pictures that were read.
    pub dataset: Dataset,
    /// The files that were not.
    pub skipped: Skipped,
    /// Lines about how the folder was understood, where that could be doubted.
    pub notes: Vec<String>,
}

/// Reads the pictures of all class folders in `path`, each through the preprocessing, in the order of their paths.
///
/// Hidden files and folders and those of the system are ignored; other files that are no pictures by their content are
/// counted. Pictures in folders within a class folder are of its class. Strokes that stand beside a picture (`x.json`
/// beside `x.png`, a [`StrokeSample`]) belong to it. Where `limit` is less than there are, the first pictures of all
/// folders are taken in turn, so that every class is there. With `unlabelled`, a folder of pictures without class folders
/// is read as of one class without a name.
///
/// # Errors
/// [`Error::Dataset`] when the folder is empty or has no class folder with pictures, and when none of the pictures of a
/// class is read; [`Error::Picture`] for the first (by path) that cannot be decoded, unless `skip_bad` says to list it;
/// [`Error::Missing`], [`Error::Read`].
pub fn read(path: &Path, options: &LoadOptions) -> Result<ReadFolder, Error> {
    read_part(path, &Labels::of(&[path], options.classes.as_deref())?, options)
}

/// As [`read`], with the labels that the folders of all parts stand for together.
pub(crate) fn read_part(path: &Path, labels: &Labels, options: &LoadOptions) -> Result<ReadFolder, Error> {
    let (mut skipped, mut notes) = (Skipped::default(), vec![]);
    let mut pictures = Vec::new();
    for folder in class_folders(path)? {
        let label = labels.of_folder(&folder);
        let files = of_class(&folder, &mut skipped, &mut notes)?;
        pictures.extend(files.into_iter().enumerate().map(|(place, file)| (place, file, label.clone())));
    }
    let loose = pictures_in(path, &mut Skipped::default())?;
    match loose.first() {
        Some(_) if pictures.is_empty() && options.unlabelled => {
            pictures.extend(loose.into_iter().enumerate().map(|(place, file)| (place, file, String::new())));
        }
        Some(_) if pictures.is_empty() => {}
        Some(first) => notes.push(passed(loose.len(), "lie in no class folder", first)),
        None => {}
    }
    if pictures.is_empty() {
        return Err(nothing_in(path)?);
    }
    let classes = sorted_classes(pictures.iter().map(|(.., label)| label.as_str()));
    if let Some(limit) = options.limit.filter(|&limit| limit < pictures.len()) {
        pictures.sort_by_key(|(place, ..)| *place); // stable: within a place the folders stay in order
        pictures.truncate(limit);
        pictures.sort_by(|a, b| a.1.cmp(&b.1));
    }
    let files: Vec<(PathBuf, String)> = pictures.into_iter().map(|(_, file, label)| (file, label)).collect();
    let read = read_listed(path, &files, options)?;
    skipped.extend(read.skipped);
    notes.extend(read.notes);
    let dataset = read.dataset.with_classes(&classes)?; // all classes, also where the limit left one without a picture
    Ok(ReadFolder { dataset, skipped, notes })
}

/// The pictures of a class folder. Notes what a person may not expect.
fn of_class(folder: &Path, skipped: &mut Skipped, notes: &mut Vec<String>) -> Result<Vec<PathBuf>, Error> {
    let files = pictures_under(folder, skipped)?;
    if files.is_empty() && skipped.has_lost(folder) {
        let reasons = skipped.lines().join("; ");
        return Err(Error::dataset(folder, format!("no picture of this class can be read: {reasons}")));
    }
    if files.is_empty() {
        notes.push(format!("{} holds no pictures, so it is no class", folder.display()));
    }
    let mut deeper = files.iter().filter(|file| file.parent() != Some(folder));
    if let Some(first) = deeper.next() {
        let number = 1 + deeper.count();
        notes.push(format!(
            "{}: {number} of its pictures lie in folders within it, as {}",
            folder.display(),
            first.display()
        ));
    }
    Ok(files)
}

/// A line about pictures that are not read.
fn passed(number: usize, why: &str, first: &Path) -> String {
    let noun = if number == 1 { "picture" } else { "pictures" };
    format!("passed over {number} {noun} that {why}, as {}", first.display())
}

/// Reads listed pictures, each with its label; their sources are relative to `root`.
///
/// # Errors
/// As [`read`].
pub fn read_listed(root: &Path, files: &[(PathBuf, String)], options: &LoadOptions) -> Result<ReadFolder, Error> {
    let features = options.preprocessing.size().features() as u64;
    options.memory.check(root, Memory::of_samples(files.len() as u64, features))?;
    let reader = PictureReader::new(options.memory);
    let read = |(file, _): &(PathBuf, String)| {
        reader.read(file, |picture, note| (options.preprocessing.apply(&picture), note, strokes_beside(file)))
    };
    let results: Vec<Result<_, Error>> = files.par_iter().map(read).collect();
    let (mut pixels, mut labels, mut sources, mut drawn) = (vec![], vec![], vec![], vec![]);
    let (mut skipped, mut scaled) = (Skipped::default(), BTreeMap::new());
    for ((file, label), result) in files.iter().zip(results) {
        match result {
            Ok((values, note, drawing)) => {
                pixels.extend(values);
                labels.push(label.as_str());
                drawn.push(drawing);
                sources.push(file.strip_prefix(root).unwrap_or(file).to_string_lossy().into_owned());
                if let Some(note) = note {
                    scaled.entry(note).or_insert((0, file)).0 += 1;
                }
            }
            Err(Error::Picture { path, problem }) if options.skip_bad => skipped.bad.push((path, problem)),
            Err(error) => return Err(error),
        }
    }
    if labels.is_empty() {
        return Err(Error::dataset(root, format!("none of its {} pictures can be decoded", skipped.bad.len())));
    }
    let there: HashSet<&str> = labels.iter().copied().collect();
    if let Some((file, label)) = files.iter().find(|(_, label)| !there.contains(label.as_str())) {
        let problem = format!("no picture of the class {label} can be decoded; the first is {}", file.display());
        return Err(Error::dataset(root, problem));
    }
    let notes =
        scaled.into_iter().map(|(note, (n, first))| format!("{n} pictures, as {}: {note}", first.display())).collect();
    let dataset = Dataset::from_names(options.preprocessing.size(), pixels, &labels, sources)?.with_drawings(drawn);
    Ok(ReadFolder { dataset, skipped, notes })
}

/// The strokes in `x.json` beside `x.png`; `None` if that file is missing, holds something else or is enormous.
fn strokes_beside(picture: &Path) -> Option<Arc<StrokeSample>> {
    let path = picture.with_extension("json");
    let sample: StrokeSample = serde_json::from_slice(&disk::read_small(&path).ok()?).ok()?;
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
    let mut lower = HashSet::new();
    let is_new = |folder: &String| lower.insert(folder.to_lowercase());
    if let Some(i) = folders.iter().map(is_new).position(|is_new| !is_new) {
        let class = dataset.classes().get(i).map_or("", String::as_str);
        return Err(Error::dataset(path, format!("class {class:?} differs from another by case only; rename one")));
    }
    let mut counts = HashMap::new();
    let file = |i: usize| {
        let class = dataset.class_of(i);
        let number = counts.entry(class).and_modify(|count| *count += 1).or_insert(1);
        format!("{}/{number:05}.png", folder_name(class))
    };
    let files: Vec<String> = (0..dataset.len()).map(file).collect();
    disk::write_folder(path, |place| {
        for folder in folders.iter().map(|folder| place.join(folder)) {
            fs::create_dir(&folder).map_err(Error::write(&folder))?;
        }
        let write = |(i, file): (usize, &String)| write_png(&place.join(file), dataset.image(i), dataset.size());
        files.par_iter().enumerate().try_for_each(write)
    })
}

/// The error of a folder without any class folder that holds pictures.
fn nothing_in(path: &Path) -> Result<Error, Error> {
    let files = entries(path)?;
    let csv = files.iter().find(|file| disk::plain_name(file).ends_with(".csv")).and_then(|file| file.file_name());
    let problem = if files.is_empty() {
        "the folder is empty".into()
    } else if !folders(path)?.is_empty() {
        "no picture in any of its class folders".into()
    } else if let Some(csv) = csv {
        format!("no class folders; for a CSV dataset name the file itself, as in {}", path.join(csv).display())
    } else if holds_pictures(path) {
        "pictures, but no class folders; put the pictures of each class into a folder with the class's name".into()
    } else {
        "no dataset: neither IDX files nor class folders with pictures".into()
    };
    Ok(Error::dataset(path, problem))
}
