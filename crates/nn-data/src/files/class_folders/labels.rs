//! The labels that the folders of a dataset stand for.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::dataset::classes::label_of;
use crate::disk;
use crate::error::Error;
use crate::files::class_folders::find::class_folders;
use crate::files::class_names::{ClassNames, usual};

/// The labels of class folders that do not stand for themselves.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    names: HashMap<String, String>,
    /// A line about them, if there are any.
    pub note: Option<String>,
}

impl Labels {
    /// The labels in all parts of a dataset together: as the file `classes` says, or one that lies beside the folders, or
    /// by codes that are usual.
    ///
    /// # Errors
    /// Those of [`ClassNames`]; [`Error::Dataset`] when `classes` names none of the folders.
    pub(crate) fn of(parts: &[&Path], classes: Option<&Path>) -> Result<Self, Error> {
        let mut folders = BTreeSet::new();
        for part in parts {
            folders.extend(class_folders(part)?.iter().map(|folder| Self::default().of_folder(folder)));
        }
        let folders: Vec<String> = folders.into_iter().collect();
        let beside = || parts.iter().flat_map(|part| [*part, disk::parent(part)]).find_map(ClassNames::beside);
        let named =
            |names: Vec<String>, note| Self { names: folders.iter().cloned().zip(names).collect(), note: Some(note) };
        let file = classes.map(Path::to_path_buf).or_else(beside).map(|file| ClassNames::read(&file)).transpose()?;
        if let (Some(file), Some(folder)) = (file, folders.first()) {
            if let Some(names) = file.of(&folders)? {
                let name = names.first().map_or("", String::as_str);
                let note = format!("the classes are named by {}: {folder} is {name}", file.path().display());
                return Ok(named(names, note));
            }
            if classes.is_some() {
                let problem = format!("names none of the classes, as {folder}");
                return Err(Error::dataset(file.path(), problem));
            }
        }
        Ok(usual(&folders).map_or_else(Self::default, |(names, note)| named(names, note)))
    }

    /// The label of a class folder.
    pub(crate) fn of_folder(&self, folder: &Path) -> String {
        let label = label_of(&folder.file_name().unwrap_or_default().to_string_lossy());
        self.names.get(&label).cloned().unwrap_or(label)
    }
}
