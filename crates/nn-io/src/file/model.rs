//! The model file: reading and writing a [`Model`].

use crate::calibration::Calibration;
use crate::error::Error;
use crate::file::format;
use crate::model::{Model, TrainingNote};
use nn_core::{Architecture, Kinds, LayerSpec, Network};
use nn_data::{Fit, Preprocessing, disk};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::Path;

const FORMAT: &str = "barnacle-model";
/// A reader of version N reads every version up to N. Version 1 is the first. Version 2 may hold a calibration and
/// preprocessing by [`Fit::Ink`], version 3 preprocessing by [`Fit::SizedInk`] and several shifts, version 4 custom layers, version 5 preprocessing by
/// [`Fit::PaperInk`] and [`Fit::SizedPaperInk`].
/// A model is written as the first version that may hold all of it, so that older programs can read it too.
const VERSION: u32 = 5;

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
        Self::load_with(path, &Kinds::default())
    }

    /// [`Model::load`] for a network with layers of one's own, whose kinds are among `kinds`.
    ///
    /// # Errors
    /// As [`Model::load`]; a kind that is missing is named together with its layer.
    pub fn load_with(path: &Path, kinds: &Kinds) -> Result<Self, Error> {
        Self::from_bytes_with(&format::read(path)?, kinds).map_err(|defect| defect.in_file(path))
    }

    /// Writes a model file, replacing an older one in one step.
    ///
    /// # Errors
    /// [`Error::Data`], or [`Error::InFile`] when the model is one that could not be loaded again.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        disk::write(path, &self.to_bytes().map_err(|defect| defect.in_file(path))?).map_err(Error::Data)
    }

    /// Decodes the contents of a model file. Whatever the bytes claim, no more memory is taken than they fill.
    ///
    /// # Errors
    /// [`Error::Foreign`], [`Error::Damaged`], [`Error::Newer`] or [`Error::Invalid`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_bytes_with(bytes, &Kinds::default())
    }

    /// [`Model::from_bytes`] for a network with layers of one's own, whose kinds are among `kinds`.
    ///
    /// # Errors
    /// As [`Model::from_bytes`]; a kind that is missing is named together with its layer.
    pub fn from_bytes_with(bytes: &[u8], kinds: &Kinds) -> Result<Self, Error> {
        let file: File<'_> = format::decode(bytes, FORMAT, VERSION)?;
        let parameters = format::to_numbers(&file.parameters, "parameters")?;
        let statistics = format::to_numbers(&file.statistics, "statistics")?;
        let network = Network::from_parts_with(file.architecture.into_owned(), kinds, parameters, statistics)
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

    /// Returns the first version of the file that may hold the model.
    fn version(&self) -> u32 {
        let is_custom = |layer: &LayerSpec| matches!(layer, LayerSpec::Custom { .. });
        match self.preprocessing.fit {
            Fit::PaperInk | Fit::SizedPaperInk => 5,
            _ if self.network.architecture().layers.iter().any(is_custom) => 4,
            Fit::SizedInk => 3,
            _ if !self.preprocessing.shifts.is_one() => 3,
            Fit::Ink => 2,
            Fit::CentreOfMass | Fit::Stretch if self.calibration.is_some() => 2,
            Fit::CentreOfMass | Fit::Stretch => 1,
        }
    }
}
