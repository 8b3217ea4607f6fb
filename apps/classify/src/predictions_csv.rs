//! A prediction: what the network takes a sample for, and the CSV file of all of them.

use anyhow::Result;
use nn_core::metrics::argmax;
use nn_data::disk;
use nn_io::Model;
use std::path::Path;

/// The answer for one sample.
pub struct Prediction<'a> {
    /// The file, or the number within the dataset.
    pub sample: String,
    /// The true class, where it is known.
    pub label: Option<&'a str>,
    /// The most probable class.
    pub class: &'a str,
    /// Its probability.
    pub probability: f32,
}

impl<'a> Prediction<'a> {
    /// The most probable class of a sample, from the probabilities of all.
    pub fn new(sample: String, label: Option<&'a str>, probabilities: &[f32], model: &'a Model) -> Self {
        let best = argmax(probabilities);
        Self { sample, label, class: &model.classes[best], probability: probabilities[best] }
    }
}

/// Writes predictions as CSV with a header, whole or not at all.
pub fn write_csv(path: &Path, predictions: &[Prediction<'_>]) -> Result<()> {
    let mut csv = csv::Writer::from_writer(vec![]);
    csv.write_record(["sample", "label", "predicted", "probability"])?;
    for p in predictions {
        csv.write_record([&p.sample, p.label.unwrap_or_default(), p.class, &format!("{:.4}", p.probability)])?;
    }
    Ok(disk::write(path, &csv.into_inner()?)?)
}
