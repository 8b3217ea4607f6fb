//! The pictures that a training may learn beside the drawings: the digits that ship, or a file that was chosen.

use crate::message::NamedFile;

/// The files of the digits that ship with the page: pictures and labels.
pub const DIGITS: [&str; 2] = ["data/digits-images-idx3-ubyte.gz", "data/digits-labels-idx1-ubyte.gz"];

/// The part that a file has in a set of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it: pictures and labels.
    Whole,
    /// The pictures of an IDX pair.
    Images,
    /// The labels of an IDX pair.
    Labels,
}

/// A set of pictures.
#[derive(Debug, Default)]
pub struct PictureSet {
    /// The digits that ship, as far as they are loaded.
    digits: [Option<NamedFile>; 2],
    /// The files that were chosen: a table, or the two of an IDX pair.
    chosen: [Option<NamedFile>; 2],
    is_table: bool,
}

impl PictureSet {
    /// The name under which the user knows it.
    pub fn name(&self) -> String {
        match self.chosen.iter().flatten().next() {
            Some(file) if self.is_complete() => file.name.clone(),
            _ => "6,000 digits of many people".into(),
        }
    }

    /// The files of the digits that have to be loaded before a training begins.
    pub fn missing(&self) -> Vec<&'static str> {
        let missing = DIGITS.into_iter().zip(&self.digits).filter(|(_, file)| file.is_none()).map(|(name, _)| name);
        if self.is_complete() { vec![] } else { missing.collect() }
    }

    /// Takes in a file of the digits.
    pub fn loaded(&mut self, number: usize, content: Vec<u8>) {
        self.digits[number] = Some(NamedFile { name: "digits".into(), content });
    }

    /// Takes in a file that was chosen, and returns a sentence about what it is good for.
    pub fn choose(&mut self, file: NamedFile, part: Part) -> String {
        let is_table = part == Part::Whole;
        if is_table || self.is_table {
            self.chosen = [None, None];
        }
        self.is_table = is_table;
        let name = file.name.clone();
        self.chosen[usize::from(part == Part::Labels)] = Some(file);
        match (self.is_complete(), part) {
            (true, _) => format!("Train learns {} now.", self.name()),
            (false, Part::Labels) => format!("{name} holds labels; add the file of their pictures, too."),
            (false, _) => format!("{name} holds pictures; add the file of their labels, too."),
        }
    }

    fn is_complete(&self) -> bool {
        self.chosen[0].is_some() && (self.is_table || self.chosen[1].is_some())
    }

    /// The files of the set.
    pub fn files(&self) -> Vec<NamedFile> {
        let files = if self.is_complete() { &self.chosen } else { &self.digits };
        files.iter().flatten().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> NamedFile {
        NamedFile { name: name.into(), content: vec![] }
    }

    #[test]
    fn a_pair_is_learnt_once_it_is_whole_and_a_table_at_once() {
        let mut set = PictureSet::default();
        assert_eq!((set.missing(), set.files()), (DIGITS.to_vec(), vec![]));
        assert!(set.choose(file("l"), Part::Labels).contains("pictures, too"));
        assert_eq!(set.missing().len(), 2, "the digits, until the pair is whole");
        assert_eq!(set.choose(file("i"), Part::Images), "Train learns i now.");
        assert_eq!((set.files(), set.missing()), (vec![file("i"), file("l")], vec![]));
        assert_eq!(set.choose(file("t"), Part::Whole), "Train learns t now.");
        assert_eq!(set.files(), [file("t")]);
        assert!(set.choose(file("i"), Part::Images).contains("labels, too"));
    }
}
