//! A training run to be continued: the model so far, and what the training remembers beside it.

use crate::error::Error;
use crate::file::format;
use crate::model::{Model, check_finite};
use nn_data::{Fingerprint, disk};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

const FORMAT: &str = "barnacle-checkpoint";
/// Version 2 has the fingerprints of the data.
const VERSION: u32 = 2;

/// Everything that training needs to go on as though it had never stopped.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The model as it stands.
    pub model: Model,
    /// The optimizer's running averages: each empty, or one number a parameter.
    pub moments: [Vec<f32>; 2],
    /// Training steps done.
    pub step: u64,
    /// Epochs done.
    pub epoch: u32,
    /// The best model so far, where training keeps the best.
    pub best: Option<Best>,
    /// The settings, as JSON: a run goes on only with the settings it began with.
    pub recipe: String,
    /// The fingerprint of each dataset that the network learns from or is chosen by, under its name; empty where an older
    /// version wrote the file.
    pub data: BTreeMap<String, Fingerprint>,
}

/// The best state so far on the validation set.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// Share of the validation set that was classified correctly, 0 to 1.
    pub accuracy: f64,
    /// Mean loss on the validation set: of equally accurate networks the one with less is better.
    pub loss: f64,
    /// The epoch after which it was reached.
    pub epoch: u32,
    /// The network's parameters then.
    pub params: Vec<f32>,
    /// The network's statistics then.
    pub stats: Vec<f32>,
}

/// The fields of the file, in their order. The model is a whole model file in itself.
#[derive(Serialize, Deserialize)]
struct File<'a> {
    format: Cow<'a, str>,
    version: u32,
    #[serde(borrow, with = "serde_bytes")]
    model: Cow<'a, [u8]>,
    #[serde(borrow, with = "serde_bytes")]
    first_moment: Cow<'a, [u8]>,
    #[serde(borrow, with = "serde_bytes")]
    second_moment: Cow<'a, [u8]>,
    step: u64,
    epoch: u32,
    #[serde(borrow)]
    best: Option<BestFile<'a>>,
    recipe: Cow<'a, str>,
    #[serde(default)]
    data: BTreeMap<String, Fingerprint>,
    #[serde(with = "serde_bytes")]
    checksum: [u8; 4],
}

#[derive(Serialize, Deserialize)]
struct BestFile<'a> {
    accuracy: f64,
    loss: f64,
    epoch: u32,
    #[serde(borrow, with = "serde_bytes")]
    parameters: Cow<'a, [u8]>,
    #[serde(borrow, with = "serde_bytes")]
    statistics: Cow<'a, [u8]>,
}

impl Checkpoint {
    /// Reads a checkpoint file.
    ///
    /// # Errors
    /// [`Error::Read`], or [`Error::InFile`] with what is wrong with its contents.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::from_bytes(&format::read(path)?).map_err(|defect| defect.in_file(path))
    }

    /// Writes a checkpoint file, replacing an older one in one step.
    ///
    /// # Errors
    /// [`Error::Data`], or [`Error::InFile`] when the checkpoint is one that could not be loaded again.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        disk::write(path, &self.to_bytes().map_err(|defect| defect.in_file(path))?).map_err(Error::Data)
    }

    /// Decodes the contents of a checkpoint file. Whatever the bytes claim, no more memory is taken than they fill.
    ///
    /// # Errors
    /// [`Error::Foreign`], [`Error::Damaged`], [`Error::Newer`] or [`Error::Invalid`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let file: File<'_> = format::decode(bytes, FORMAT, VERSION)?;
        let best = |best: BestFile<'_>| {
            Ok(Best {
                accuracy: best.accuracy,
                loss: best.loss,
                epoch: best.epoch,
                params: format::to_numbers(&best.parameters, "best parameters")?,
                stats: format::to_numbers(&best.statistics, "best statistics")?,
            })
        };
        let checkpoint = Self {
            model: Model::from_bytes(&file.model)?,
            moments: [
                format::to_numbers(&file.first_moment, "first moments")?,
                format::to_numbers(&file.second_moment, "second moments")?,
            ],
            step: file.step,
            epoch: file.epoch,
            best: file.best.map(best).transpose()?,
            recipe: file.recipe.into_owned(),
            data: file.data,
        };
        checkpoint.check()?;
        Ok(checkpoint)
    }

    /// The contents of a checkpoint file: always the same bytes for the same checkpoint.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the checkpoint is one that could not be loaded again.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        self.check()?;
        let best = |best: &Best| BestFile {
            accuracy: best.accuracy,
            loss: best.loss,
            epoch: best.epoch,
            parameters: format::to_bytes(&best.params),
            statistics: format::to_bytes(&best.stats),
        };
        format::encode(&File {
            format: FORMAT.into(),
            version: VERSION,
            model: self.model.to_bytes()?.into(),
            first_moment: format::to_bytes(&self.moments[0]),
            second_moment: format::to_bytes(&self.moments[1]),
            step: self.step,
            epoch: self.epoch,
            best: self.best.as_ref().map(best),
            recipe: Cow::Borrowed(&self.recipe),
            data: self.data.clone(),
            checksum: [0; 4],
        })
    }

    /// Holds the parts against the model.
    fn check(&self) -> Result<(), Error> {
        let (params, stats) = (self.model.network.params().len(), self.model.network.stats().len());
        for moments in &self.moments {
            check_finite(moments, "moments")?;
            if ![0, params].contains(&moments.len()) {
                return Err(Error::Invalid(format!("{} moments for {params} parameters", moments.len())));
            }
        }
        let Some(best) = &self.best else { return Ok(()) };
        check_finite(&best.params, "best parameters")?;
        check_finite(&best.stats, "best statistics")?;
        if best.params.len() != params
            || best.stats.len() != stats
            || ![best.accuracy, best.loss].into_iter().all(f64::is_finite)
        {
            return Err(Error::Invalid("the best state does not belong to the model".into()));
        }
        Ok(())
    }
}
