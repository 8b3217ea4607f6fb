//! The entries of folders that hold data: sorted, without those that systems and programs keep for themselves.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::disk;
use crate::error::Error;
use crate::files::class_folders::skipped::{NO_PICTURE, Skipped};
use crate::files::image_file::is_picture;
use crate::files::image_file::kind::{Kind, is_named_picture, kind};

/// The reason of a pipe, a socket or a device.
const NO_FILE: &str = "no file, but a pipe or a device";
/// The reason of a link to something that is not there, or may not be seen.
const LOST: &str = "a link that leads nowhere, or a file that cannot be looked at";

/// How deep the pictures of a class may lie within its folder.
const DEEPEST: usize = 4;

/// Names (in lower case) of files and folders that systems, sync programs and editors keep among data.
const SYSTEM: [&str; 14] = [
    "@eadir",
    "#recycle",
    "@recycle",
    "@recently-snapshot",
    "__macosx",
    "$recycle.bin",
    "system volume information",
    "lost+found",
    "__pycache__",
    "thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "icon\r",
];

/// The files and folders in a folder, sorted. Hidden ones, and those that a system keeps for itself, are left out.
///
/// # Errors
/// [`Error::Missing`], [`Error::Read`].
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::read(folder))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|e| e.path())).collect();
    let mut paths = paths.map_err(Error::read(folder))?;
    paths.retain(|path| !disk::is_hidden(path) && !is_of_the_system(path));
    paths.sort();
    Ok(paths)
}

fn is_of_the_system(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    SYSTEM.contains(&name.as_str())
}

/// The folders in a folder, sorted, but for links that lead to a folder around them.
pub(crate) fn folders(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let here = folder.canonicalize().map_err(Error::read(folder))?;
    let leads_up = |path: &Path| path.is_symlink() && path.canonicalize().is_ok_and(|target| here.starts_with(target));
    Ok(entries(folder)?.into_iter().filter(|path| path.is_dir() && !leads_up(path)).collect())
}

/// The files in a folder that are to be read as pictures, sorted; the others go to `skipped`. Strokes that the collector
/// keeps beside its pictures (`x.json`) are passed over.
///
/// # Errors
/// [`Error::Missing`], [`Error::Read`].
pub fn pictures_in(folder: &Path, skipped: &mut Skipped) -> Result<Vec<PathBuf>, Error> {
    let mut files = entries(folder)?;
    files.retain(|path| !path.is_dir() && path.extension().is_none_or(|e| e != "json"));
    files.retain(|path| match path.metadata() {
        Ok(found) if found.is_file() => true,
        found => {
            skipped.add(path, if found.is_ok() { NO_FILE } else { LOST });
            false
        }
    });
    let kinds: Vec<Kind> = files.par_iter().map(|file| kind(file).unwrap_or(Kind::Unknown)).collect();
    let mut pictures = Vec::new();
    for (file, kind) in files.into_iter().zip(kinds) {
        match kind {
            Kind::Picture(_) => pictures.push(file),
            Kind::Foreign(reason) => skipped.add(&file, reason),
            Kind::Empty | Kind::Unknown if is_named_picture(&file) => pictures.push(file), // damaged: reading it says so
            Kind::Empty | Kind::Unknown => skipped.add(&file, NO_PICTURE),
        }
    }
    Ok(pictures)
}

/// The pictures in a class folder and in the folders within it. Links that lead to other folders of its dataset, which are read
/// themselves, go to `skipped`.
pub(crate) fn pictures_under(folder: &Path, skipped: &mut Skipped) -> Result<Vec<PathBuf>, Error> {
    let mut pictures = pictures_in(folder, skipped)?;
    let dataset = disk::parent(folder).canonicalize().map_err(Error::read(folder))?;
    let leads_aside =
        |path: &Path| path.is_symlink() && path.canonicalize().is_ok_and(|target| target.starts_with(&dataset));
    let mut level = folders(folder)?;
    for _ in 0..DEEPEST {
        let mut next = Vec::new();
        for folder in level {
            if leads_aside(&folder) {
                skipped.add(&folder, "a link to another folder of the dataset");
                continue;
            }
            pictures.extend(pictures_in(&folder, skipped)?);
            next.extend(folders(&folder)?);
        }
        level = next;
    }
    for folder in level {
        skipped.add(&folder, "a folder that lies too deep; move its pictures into the folder of their class");
    }
    Ok(pictures)
}

/// True if a folder holds a picture itself.
pub(crate) fn holds_pictures(folder: &Path) -> bool {
    entries(folder).is_ok_and(|entries| entries.iter().any(|path| path.is_file() && is_picture(path)))
}
