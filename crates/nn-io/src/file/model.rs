//! The model file: reading and writing a [`Model`].

use crate::atomic;
use crate::calibration::Calibration;
use crate::error::Error;
use crate::file::format;
use crate::model::{Model, TrainingNote};
use nn_core::{Architecture, Network};
use nn_data::{Fit, Preprocessing};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::Path;

const FORMAT: &str = "barnacle-model";
/// A reader of version N reads every version up to N. Version 1 is the first; version 2 may hold a calibration and
/// preprocessing by [`Fit::Ink`], version 3 by [`Fit::SizedInk`] and several views. A model is written as the first version that may hold
/// all of it, which older programs read too.
const VERSION: u32 = 3;

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
            _ if !self.preprocessing.shifts.is_one() => 3,
            Fit::Ink => 2,
            Fit::CentreOfMass | Fit::Stretch if self.calibration.is_some() => 2,
            Fit::CentreOfMass | Fit::Stretch => 1,
        }
    }
}
