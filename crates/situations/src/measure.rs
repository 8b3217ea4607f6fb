//! Measures how well a model reads digits in a situation.

use image::GrayImage;
use nn_data::{Dataset, LoadOptions, idx, load};
use nn_io::{Hint, Model, Reader, Verdict};
use rayon::prelude::*;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::character::Character;
use crate::dice::Dice;
use crate::others::Other;
use crate::situation::Situation;

/// A model that ships, and the classes that its answers may be.
pub struct Told {
    /// The model.
    pub model: Arc<Model>,
    hint: Option<Hint>,
}

/// Percentages of pictures.
pub struct Percent {
    /// Those that are read right.
    pub right: f32,
    /// Those that are read wrong although the answer is called sure.
    pub wrong_and_sure: f32,
}

/// Percentages of pictures that show no character.
pub struct Found {
    /// Those that the model calls no character.
    pub nothing: f32,
    /// Those that the model is not sure about, these included.
    pub not_sure: f32,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("..")
}

/// The digits of MNIST's test set; `None`, and a word on stderr, where they are not there.
pub fn digits() -> Option<Dataset> {
    let path = root().join("data").join("mnist").join("t10k-images-idx3-ubyte.gz");
    match idx::read(&path, &LoadOptions::default()) {
        Ok((digits, _)) => Some(digits),
        Err(error) => {
            eprintln!("skipped: {error}");
            None
        }
    }
}

/// A digit, bright on black.
pub fn digit(digits: &Dataset, at: usize) -> GrayImage {
    GrayImage::from_raw(28, 28, digits.image(at).to_vec()).unwrap_or_default()
}

impl Told {
    /// The model of this name in `models`, with a hint such as `0-9`.
    ///
    /// # Errors
    /// Those of reading the model and the hint.
    pub fn new(name: &str, only: Option<&str>) -> Result<Self, nn_io::Error> {
        let model = Model::load(&root().join("models").join(name).with_extension("mpk"))?;
        let hint = only.map(|only| Hint::parse(only, &model.classes)).transpose()?;
        Ok(Self { model: Arc::new(model), hint })
    }

    /// A reader with the model and the hint.
    pub fn reader(&self) -> Reader {
        Reader::new(Arc::clone(&self.model)).hint(self.hint.clone())
    }

    /// Reads some of the digits in a situation.
    pub fn measure(&self, situation: &Situation, digits: &Dataset, which: Range<usize>) -> Percent {
        let n = which.len() as f32;
        let read = which.into_par_iter().map_init(
            || self.reader(),
            |reader, at| {
                let character = Character::new(&digit(digits, at), situation.pen);
                let answer = reader.read(&(situation.picture)(&character, &mut Dice::new(&[at as u64])));
                let right = self.model.classes[answer.class] == digits.class_of(at);
                [right, !right && answer.verdict == Verdict::Sure].map(u32::from)
            },
        );
        let [right, wrong] = read.reduce(|| [0; 2], |a, b| [a[0] + b[0], a[1] + b[1]]).map(|n| 100.0 * n as f32);
        Percent { right: right / n, wrong_and_sure: wrong / n }
    }

    /// Shows the model pictures of something else, made of pairs of digits.
    pub fn others(&self, other: &Other, digits: &Dataset, which: Range<usize>) -> Found {
        let n = which.len();
        let verdicts = which.into_par_iter().map_init(
            || self.reader(),
            |reader, at| {
                let two = [at, at + n].map(|at| Character::new(&digit(digits, at), 0.0));
                reader.read(&(other.picture)(two.each_ref(), &mut Dice::new(&[at as u64, 1]))).verdict
            },
        );
        let verdicts: Vec<Verdict> = verdicts.collect();
        let share = |of: &dyn Fn(&Verdict) -> bool| 100.0 * verdicts.iter().filter(|v| of(v)).count() as f32 / n as f32;
        Found { nothing: share(&|v| *v == Verdict::Nothing), not_sure: share(&|v| *v != Verdict::Sure) }
    }

    /// The number of drawings in the test part of a stroke file, or in all of it, and the percentage of them that the model
    /// takes for no character.
    ///
    /// # Errors
    /// Those of reading the file.
    pub fn false_alarms(&self, path: &Path) -> Result<(usize, f32), nn_data::Error> {
        let options = LoadOptions { preprocessing: self.model.preprocessing.clone(), ..LoadOptions::default() };
        let loaded = load(path, &options)?;
        let drawings = loaded.test.unwrap_or(loaded.train);
        let answers = self.reader().read_many(drawings.pixels());
        let alarms = answers.iter().filter(|answer| answer.verdict == Verdict::Nothing).count();
        Ok((answers.len(), 100.0 * alarms as f32 / answers.len().max(1) as f32))
    }
}
