//! The drawings that have been collected so far.

use nn_data::{Drawings, Error, class_order};
use std::path::{Path, PathBuf};

/// The pictures of each class, in the order of classes; within a class the newest last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collection {
    classes: Vec<(String, Vec<PathBuf>)>,
    /// The pictures in the trash, in the order of their names.
    pub trash: Vec<PathBuf>,
}

impl Collection {
    /// Reads what the folder holds. Only names are read.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn load(drawings: &Drawings) -> Result<Self, Error> {
        let classes = drawings.classes()?.into_iter().map(|class| (class.label, class.pictures));
        Ok(Self { classes: classes.collect(), trash: drawings.trashed()? })
    }

    /// The classes that have pictures, with them.
    pub fn classes(&self) -> &[(String, Vec<PathBuf>)] {
        &self.classes
    }

    /// The pictures of a class.
    pub fn pictures(&self, label: &str) -> &[PathBuf] {
        self.classes.iter().find(|(class, _)| class == label).map_or(&[], |(_, pictures)| pictures)
    }

    /// How many drawings a class has.
    pub fn count(&self, label: &str) -> usize {
        self.pictures(label).len()
    }

    /// All drawings.
    pub fn total(&self) -> usize {
        self.classes.iter().map(|(_, pictures)| pictures.len()).sum()
    }

    /// Adds a picture to a class.
    pub fn add(&mut self, label: &str, picture: PathBuf) {
        if self.pictures(label).contains(&picture) {
            return;
        }
        let at = match self.classes.iter().position(|(class, _)| class == label) {
            Some(at) => at,
            None => {
                let at = self.classes.partition_point(|(class, _)| class_order(class, label).is_lt());
                self.classes.insert(at, (label.into(), vec![]));
                at
            }
        };
        let pictures = &mut self.classes[at].1;
        let place = pictures.partition_point(|other| *other < picture);
        pictures.insert(place, picture);
    }

    /// Takes a picture out.
    pub fn remove(&mut self, picture: &Path) {
        for (_, pictures) in &mut self.classes {
            pictures.retain(|other| other != picture);
        }
        self.classes.retain(|(_, pictures)| !pictures.is_empty());
    }

    /// The wanted class with the fewest drawings, the first of several; none where all have enough.
    pub fn next<'a>(&self, wanted: &'a [String], target: usize) -> Option<&'a str> {
        let short = wanted.iter().filter(|class| self.count(class) < target);
        short.min_by_key(|class| self.count(class)).map(String::as_str)
    }
}

/// The classes that a text names: its characters, or its words where there are spaces. None stands twice.
pub fn classes_of(text: &str) -> Vec<String> {
    let words: Vec<String> = if text.trim().contains(char::is_whitespace) {
        text.split_whitespace().map(String::from).collect()
    } else {
        text.trim().chars().map(String::from).collect()
    };
    let mut classes: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        if !classes.contains(&word) {
            classes.push(word);
        }
    }
    classes
}

/// Returns the label of a picture, which its folder tells.
pub fn label_of(picture: &Path) -> String {
    let folder = picture.parent().and_then(Path::file_name).unwrap_or_default();
    nn_data::label_of(&folder.to_string_lossy())
}

/// Returns a picture's name for people.
pub fn name_of(picture: &Path) -> String {
    picture.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_characters_or_words() {
        assert_eq!(classes_of(" abca "), ["a", "b", "c"]);
        assert_eq!(classes_of("cat dog  cat"), ["cat", "dog"]);
        assert!(classes_of("  ").is_empty());
    }

    #[test]
    fn the_class_with_the_fewest_is_next() {
        let mut collection = Collection::default();
        let wanted = classes_of("012");
        let next = |collection: &Collection| collection.next(&wanted, 2).map(String::from);
        let mut asked = vec![];
        while let Some(class) = next(&collection) {
            collection.add(&class, format!("{}.png", collection.total()).into());
            asked.push(class);
        }
        assert_eq!(asked.join(""), "012012");
        collection.remove(Path::new("4.png"));
        assert_eq!((next(&collection).as_deref(), collection.total()), (Some("1"), 5));
        let order: Vec<_> = collection.classes().iter().map(|(class, _)| &class[..]).collect();
        assert_eq!(order, ["0", "1", "2"]);
    }
}
