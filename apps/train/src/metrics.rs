//! `metrics.jsonl`: one JSON object per epoch, and a last one with the result.

use anyhow::{Context, Result};
use nn_train::EpochReport;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// An open metrics file, or none.
pub struct Metrics {
    file: Option<(File, PathBuf)>,
}

/// The line of an epoch.
#[derive(Serialize)]
struct Epoch {
    epoch: u32,
    train_loss: f64,
    train_accuracy: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    validation_loss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validation_accuracy: Option<f64>,
    lr: f32,
    seconds: f64,
    samples_per_second: f64,
}

/// The last line. Results of a test are absent if nothing was tested.
#[derive(Serialize)]
pub struct Final<'a> {
    /// Always true: tells the line from an epoch's.
    pub r#final: bool,
    /// Share of the test set that was classified correctly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_accuracy: Option<f64>,
    /// The same by one view of each picture, where it was read in several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_accuracy_one_view: Option<f64>,
    /// Mean loss on the test set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_loss: Option<f64>,
    /// Samples in the test set.
    pub test_samples: usize,
    /// The samples that the accuracy below was measured on: `test`, `validation` or `training`.
    pub measured_on: &'static str,
    /// Share of these samples that the network reads correctly, read as in prediction.
    pub measured_accuracy: f64,
    /// The number of these samples.
    pub measured_samples: usize,
    /// Parameters of the network.
    pub parameters: usize,
    /// Duration of the training, evaluation on the validation set included.
    pub train_seconds: f64,
    /// Threads it ran on.
    pub threads: usize,
    /// Seed of everything random.
    pub seed: u64,
    /// The recipe it began with.
    pub preset: &'a str,
    /// Every setting by its name, and the data.
    pub settings: BTreeMap<&'static str, String>,
    /// The command that makes the network again.
    pub command: &'a str,
    /// Why training ended.
    pub end: &'a str,
}

impl Metrics {
    /// Opens the file, if one is wanted. Lines of the first `epochs` epochs that it holds already are kept.
    pub fn open(path: Option<&Path>, epochs: u32) -> Result<Self> {
        let kept = |line: &&str| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            value["epoch"].as_u64().is_some_and(|epoch| epoch <= u64::from(epochs))
        };
        let open = |path: &Path| {
            let old = if epochs > 0 { std::fs::read_to_string(path).unwrap_or_default() } else { String::new() };
            let lines: String = old.lines().filter(kept).flat_map(|line| [line, "\n"]).collect();
            nn_data::disk::write(path, lines.as_bytes())?;
            let file = File::options().append(true).open(path);
            anyhow::Ok((file.with_context(|| format!("cannot write {}", path.display()))?, path.to_owned()))
        };
        Ok(Self { file: path.map(open).transpose()? })
    }

    /// Writes the line of an epoch.
    pub fn epoch(&mut self, report: &EpochReport) -> Result<()> {
        self.line(&Epoch {
            epoch: report.epoch,
            train_loss: report.train.loss(),
            train_accuracy: report.train.accuracy(),
            validation_loss: report.validation.map(|v| v.loss()),
            validation_accuracy: report.validation.map(|v| v.accuracy()),
            lr: report.lr,
            seconds: report.seconds,
            samples_per_second: report.samples_per_second(),
        })
    }

    /// Writes the last line.
    pub fn finish(&mut self, result: &Final<'_>) -> Result<()> {
        self.line(result)
    }

    fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let Some((file, path)) = &mut self.file else { return Ok(()) };
        let line = serde_json::to_string(value)? + "\n";
        file.write_all(line.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
    }
}
