//! Holds labels against a model's answers, or against those of networks that learn the other samples.

use super::folds;
use super::suspects::{self, Suspect};
use anyhow::{Context, Result, ensure};
use cli::say::Say;
use nn_core::Loss;
use nn_data::Dataset;
use nn_io::{Model, Reader};

/// The labels of a dataset, held against answers.
#[derive(Default)]
pub struct Checked {
    /// The samples with doubtful labels, the most doubtful first.
    pub suspects: Vec<Suspect>,
    /// The classes that were not checked, since they have too few samples.
    pub unchecked: Vec<String>,
}

impl Checked {
    /// By a model, which must know all classes.
    ///
    /// # Errors
    /// When the model does not go with the dataset.
    pub fn by_model(all: &Dataset, reader: &Reader) -> Result<Self> {
        let context = "--model does not go with the dataset; without it, small networks learn the dataset itself";
        let data = fitting(all, reader.model()).context(context)?;
        let evaluation = reader.evaluate(&data, Loss::cross_entropy());
        Ok(Self { suspects: suspects::find(&data, &evaluation.probabilities), unchecked: vec![] })
    }

    /// By networks that learn the samples of other folds. Classes with too few samples are left out.
    ///
    /// # Errors
    /// When no network can be made for the pictures.
    pub fn across_folds(all: &Dataset, say: &Say) -> Result<Self> {
        let counted = || all.classes().iter().zip(all.counts());
        let has_enough = |count: usize| count >= folds::FEWEST;
        let classes: Vec<String> = counted().filter(|(_, n)| has_enough(*n)).map(|(class, _)| class.clone()).collect();
        let unchecked = counted().filter(|(_, n)| !has_enough(*n)).map(|(class, _)| class.clone()).collect();
        if classes.len() < 2 {
            return Ok(Self { suspects: vec![], unchecked: all.classes().to_vec() });
        }
        let kept: Vec<usize> =
            (0..all.len()).filter(|&i| classes.contains(&all.classes()[all.label(i) as usize])).collect();
        let data = all.only(&classes);
        let mut suspects = suspects::find(&data, &folds::probabilities(&data, say)?);
        suspects.iter_mut().for_each(|suspect| suspect.index = kept[suspect.index]);
        Ok(Self { suspects, unchecked })
    }
}

/// The dataset with the classes of a model, if it is of its size.
///
/// # Errors
/// When it is not, or has other classes.
pub fn fitting(all: &Dataset, model: &Model) -> Result<Dataset> {
    let (has, wants) = (all.size(), model.preprocessing.size());
    ensure!(has == wants, "its pictures are {has}, the model reads {wants}");
    Ok(all.clone().with_classes(&model.classes)?)
}
