//! A trained model: all it takes to turn a picture into the name of a class.

use crate::{Calibration, Error, atomic, format};
use nn_core::{Architecture, Network};
use nn_data::{Fit, Preprocessing};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

const FORMAT: &str = "barnacle-model";
/// A reader of version N reads every version up to N. Version 1 is the first; version 2 may hold a calibration and
/// preprocessing by [`Fit::Ink`], version 3 by [`Fit::SizedInk`] and several views. A model is written as the first version that may hold
/// all of it, which older programs read too.
const VERSION: u32 = 3;

/// A network, what its outputs mean, and how its input is made from a picture.
#[derive(Clone, Debug)]
pub struct Model {
    /// The network; its input has the shape that `preprocessing` produces.
    pub network: Network,
    /// The name of each output, in order: as many as the network has outputs, all different.
    pub classes: Vec<String>,
    /// How a picture becomes the network's input.
    pub preprocessing: Preprocessing,
    /// What its probabilities are worth, where that was measured.
    pub calibration: Option<Calibration>,
    /// How the network came to be.
    pub note: TrainingNote,
}

/// How a network came to be: for people to read. Nothing is computed from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingNote {
    /// The datasets, as they were named on the command line.
    pub data: Vec<String>,
    /// The recipe.
    pub preset: String,
    /// The seed of all randomness.
    pub seed: u64,
    /// Epochs trained.
    pub epochs: u32,
    /// Samples in the training set.
    pub samples: u64,
    /// Share of the test set that was classified correctly, 0 to 1.
    pub test_accuracy: Option<f64>,
    /// The same on the validation set.
    pub validation_accuracy: Option<f64>,
    /// When, such as `2026-03-01`.
    pub date: String,
    /// The command that made it.
    pub command: String,
}

/// The fields of the file, in their order.
#[derive(Serialize, Deserialize)]
struct File<'a> {
    format: Cow<'a, str>,
    version: u32,
    architecture: Cow<'a, Architecture>,
    classes: Cow<'a, [String]>,
    preprocessing: Cow<'a, Preprocessing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calibration: Option<Calibration>,
    #[serde(borrow, with = "serde_bytes")]
    parameters: Cow<'a, [u8]>,
    #[serde(borrow, with = "serde_bytes")]
    statistics: Cow<'a, [u8]>,
    note: Cow<'a, TrainingNote>,
    #[serde(with = "serde_bytes")]
    checksum: [u8; 4],
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// [`Error::Read`], or [`Error::InFile`] with what is wrong with its contents.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::from_bytes(&format::read(path)?).map_err(|defect| defect.in_file(path))
    }

    /// Writes a model file, replacing an older one in one step.
    ///
    /// # Errors
    /// [`Error::Write`], or [`Error::InFile`] when the model is one that could not be loaded again.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        atomic::write(path, &self.to_bytes().map_err(|defect| defect.in_file(path))?)
    }

    /// Decodes the contents of a model file. Whatever the bytes claim, no more memory is taken than they fill.
    ///
    /// # Errors
    /// [`Error::Foreign`], [`Error::Damaged`], [`Error::Newer`] or [`Error::Invalid`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let file: File<'_> = format::decode(bytes, FORMAT, VERSION)?;
        let parameters = format::to_numbers(&file.parameters, "parameters")?;
        let statistics = format::to_numbers(&file.statistics, "statistics")?;
        let network = Network::from_parts(file.architecture.into_owned(), parameters, statistics)
            .map_err(|error| Error::Invalid(error.to_string()))?;
        let model = Self {
            network,
            classes: file.classes.into_owned(),
            preprocessing: file.preprocessing.into_owned(),
            calibration: file.calibration,
            note: file.note.into_owned(),
        };
        model.check()?;
        Ok(model)
    }

    /// The contents of a model file: always the same bytes for the same model.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the model is one that could not be loaded again.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        self.check()?;
        format::encode(&File {
            format: FORMAT.into(),
            version: self.version(),
            architecture: Cow::Borrowed(self.network.architecture()),
            classes: Cow::Borrowed(&self.classes),
            preprocessing: Cow::Borrowed(&self.preprocessing),
            calibration: self.calibration,
            parameters: format::to_bytes(self.network.params()),
            statistics: format::to_bytes(self.network.stats()),
            note: Cow::Borrowed(&self.note),
            checksum: [0; 4],
        })
    }

    /// The first version of the file that may hold it.
    fn version(&self) -> u32 {
        match self.preprocessing.fit {
            Fit::SizedInk => 3,
            _ if !self.preprocessing.views.is_one() => 3,
            Fit::Ink => 2,
            Fit::CentreOfMass | Fit::Stretch if self.calibration.is_some() => 2,
            Fit::CentreOfMass | Fit::Stretch => 1,
        }
    }

    /// Holds the parts against each other.
    fn check(&self) -> Result<(), Error> {
        let (classes, outputs) = (self.classes.len(), self.network.outputs());
        let different: BTreeSet<_> = self.classes.iter().collect();
        let input = self.network.architecture().input;
        let made = &self.preprocessing;
        self.preprocessing.validate().map_err(|error| Error::Invalid(error.to_string()))?;
        if classes != outputs {
            return Err(Error::Invalid(format!("{classes} class names for {outputs} outputs")));
        }
        if different.len() != classes || self.classes.iter().any(String::is_empty) {
            return Err(Error::Invalid("a class name is empty or occurs twice".into()));
        }
        if [input.width, input.height, input.channels] != [made.width, made.height, made.channels].map(|n| n as usize) {
            let made = format!("{}x{}x{}", made.height, made.width, made.channels);
            return Err(Error::Invalid(format!("the network reads {input}, the preprocessing makes {made}")));
        }
        if let Some(problem) = self.calibration.and_then(|calibration| calibration.problem()) {
            return Err(Error::Invalid(problem));
        }
        format::check_finite(self.network.params(), "parameters")?;
        format::check_finite(self.network.stats(), "statistics")
    }
}
