//! A folder for a test: data goes in, programs run there.

use crate::program::{Outcome, command};
use crate::strokes::{strokes, strokes_of};
use nn_data::{class_folders, csv, idx};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A small network.
pub const NETWORK: &str = "--layers dense:16,relu --batch-size 10";
/// The same, and settings by which it learns strokes in a moment.
pub const SMALL: &str = "--layers dense:16,relu --batch-size 10 --augment none --epochs 20 --lr 0.01";

/// A folder of its own that vanishes with the test.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        // A name that is hard to get right where paths are taken for text.
        Self(tempfile::Builder::new().prefix("barnacle ü ").tempdir().unwrap())
    }

    /// With `strokes.csv` (8x8 pixels, classes 0, 1 and 2, 30 of each), and `model.mpk` that was trained on it.
    pub fn with_model() -> Self {
        let place = Self::with_csv();
        place.run(&format!("train --data strokes.csv {SMALL}")).success();
        place
    }

    /// With `strokes.csv`.
    pub fn with_csv() -> Self {
        let place = Self::new();
        csv::write(&strokes(30, 8, 0), &place.path("strokes.csv")).unwrap();
        place
    }

    /// With a folder `strokes` of class folders: 12 pictures of 20x20 pixels for each of the classes 0, 1 and 2.
    pub fn with_class_folders() -> Self {
        let place = Self::new();
        class_folders::write(&strokes(12, 20, 0), &place.path("strokes")).unwrap();
        place
    }

    /// With a folder `strokes` of IDX files for training, 30 of each class, and for testing, 10 of each class.
    pub fn with_idx() -> Self {
        let place = Self::new();
        idx::write(&strokes(30, 8, 0), &place.path("strokes/train-images-idx3-ubyte.gz")).unwrap();
        idx::write(&strokes(10, 8, 30), &place.path("strokes/t10k-images-idx3-ubyte")).unwrap();
        place
    }

    /// With `one.csv`, where all samples are of one class.
    pub fn with_one_class() -> Self {
        let place = Self::new();
        csv::write(&strokes_of(&["7"], 5, 8, 0), &place.path("one.csv")).unwrap();
        class_folders::write(&strokes_of(&["7"], 5, 20, 0), &place.path("one")).unwrap();
        place
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub fn exists(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn read_text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Runs a command line in the folder, to its end.
    pub fn run(&self, line: &str) -> Outcome {
        Outcome::new(line, command(line, self.folder()).output().unwrap())
    }
}
