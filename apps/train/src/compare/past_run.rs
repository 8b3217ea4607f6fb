//! A run that is over, or goes on: what its file of metrics tells.

use anyhow::{Context, Result, bail, ensure};
use cli::say::visible;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The file of metrics in a run's folder.
const FILE: &str = "metrics.jsonl";
/// No file of metrics has more bytes.
const LARGEST: u64 = 64 << 20;

/// A run.
pub struct PastRun {
    /// The path that the user gave.
    pub name: String,
    /// Its epochs, in order; at least one.
    pub epochs: Vec<Epoch>,
    /// Its result, if it has ended.
    pub result: Option<Outcome>,
}

/// The results of an epoch, as in the file.
#[derive(Deserialize, Debug)]
pub struct Epoch {
    /// The epoch, from 1.
    pub epoch: u32,
    /// Accuracy on the training samples in passing.
    pub train_accuracy: f64,
    /// Accuracy on the samples held back, where there are any.
    pub validation_accuracy: Option<f64>,
}

/// The last line of the file.
#[derive(Deserialize, Debug)]
pub struct Outcome {
    /// The samples that the accuracy was measured on.
    pub measured_on: String,
    /// Share of them that is read correctly.
    pub measured_accuracy: f64,
    /// Parameters of the network.
    pub parameters: u64,
    /// Duration of the training.
    pub train_seconds: f64,
    /// Every setting, by its name; none in files of older versions.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// The command that makes the network again; empty in files of older versions.
    #[serde(default)]
    pub command: String,
}

impl PastRun {
    /// Reads a run: a file of metrics, or a folder with one.
    ///
    /// # Errors
    /// When there is none, or a line of it is none of metrics; the error names file and line.
    pub fn read(path: &Path) -> Result<Self> {
        let metrics = file(path);
        let shown = visible(&metrics.display().to_string()).into_owned();
        let lines = text(&metrics).with_context(|| format!("cannot read {shown}"))?;
        let mut run = Self { name: path.display().to_string(), epochs: vec![], result: None };
        // The last line of a run that goes on may be half written.
        let last = lines.rfind('\n').map_or(0, |end| end + 1);
        let is_half = serde_json::from_str::<IgnoredAny>(&lines[last..]).is_err_and(|error| error.is_eof());
        let whole = if is_half && last > 0 { &lines[..last] } else { &lines };
        for (number, line) in (1..).zip(whole.lines()) {
            run.take_in(line).with_context(|| format!("{shown}, line {number}"))?;
        }
        ensure!(!run.epochs.is_empty(), "{shown} tells of no epoch; `train --metrics FILE` writes such files");
        Ok(run)
    }

    fn take_in(&mut self, line: &str) -> Result<()> {
        ensure!(self.result.is_none(), "there is a line behind the final one");
        #[derive(Deserialize)]
        struct Kind {
            r#final: Option<bool>,
        }
        if parsed::<Kind>(line)?.r#final == Some(true) {
            let result: Outcome = parsed(line)?;
            check_accuracy(result.measured_accuracy)?;
            self.result = Some(result);
            return Ok(());
        }
        let epoch: Epoch = parsed(line)?;
        check_accuracy(epoch.train_accuracy)?;
        epoch.validation_accuracy.map_or(Ok(()), check_accuracy)?;
        ensure!(epoch.epoch > 0, "not a line of metrics: epochs begin with 1");
        match self.epochs.last() {
            Some(last) if last.epoch >= epoch.epoch => {
                bail!("epoch {} comes behind epoch {}", epoch.epoch, last.epoch)
            }
            _ => self.epochs.push(epoch),
        }
        Ok(())
    }
}

fn check_accuracy(share: f64) -> Result<()> {
    ensure!((0.0..=1.0).contains(&share), "not a line of metrics: an accuracy of {share:e}, which is not from 0 to 1");
    Ok(())
}

/// The file of metrics that a path stands for.
pub fn file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(FILE) } else { path.into() }
}

/// The text of a file that is not too large.
fn text(file: &Path) -> Result<String> {
    let mut text = String::new();
    let read = File::open(file)?.take(LARGEST + 1).read_to_string(&mut text)?;
    ensure!(read as u64 <= LARGEST, "it is larger than {} MiB, which no file of metrics is", LARGEST >> 20);
    Ok(text)
}

/// A line as what it should be.
fn parsed<T: DeserializeOwned>(line: &str) -> Result<T> {
    serde_json::from_str(line).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default(); // serde counts lines within this one
        anyhow::anyhow!("not a line of metrics: {reason}, column {}", error.column())
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<PastRun> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        PastRun::read(folder.path())
    }

    const EPOCH: &str =
        r#"{"epoch":1,"train_loss":2.0,"train_accuracy":0.5,"lr":0.1,"seconds":1.0,"samples_per_second":9.0}"#;
    const FINAL: &str =
        r#"{"final":true,"measured_on":"test","measured_accuracy":0.75,"parameters":7,"train_seconds":2.5}"#;

    #[test]
    fn a_file_of_any_version_is_read() {
        let run = read(format!("{EPOCH}\n{FINAL}\n").as_bytes()).unwrap();
        assert_eq!((run.epochs.len(), run.epochs[0].validation_accuracy), (1, None));
        let result = run.result.unwrap();
        assert_eq!((result.measured_accuracy, result.settings.len()), (0.75, 0));
        assert!(read(EPOCH.as_bytes()).unwrap().result.is_none(), "it still goes on");
        assert_eq!(read(format!("{EPOCH}\n{}", &EPOCH[..40]).as_bytes()).unwrap().epochs.len(), 1, "half a line");
    }

    #[test]
    fn errors_name_file_and_line() {
        for (text, said) in [
            (format!("{EPOCH}\n{EPOCH}"), "line 2: epoch 1 comes behind epoch 1"),
            (format!("{EPOCH}\n{FINAL}\n{EPOCH}"), "line 3: there is a line behind the final one"),
            (format!("{EPOCH}\n\n"), "line 2: not a line of metrics: EOF while parsing a value, column 0"),
            (
                EPOCH.replace("0.5", "null"),
                "line 1: not a line of metrics: invalid type: null, expected f64, column 49",
            ),
            (
                EPOCH.replace("0.5", "-1e300"),
                "line 1: not a line of metrics: an accuracy of -1e300, which is not from 0 to 1",
            ),
            (EPOCH[..40].into(), "line 1: not a line of metrics: EOF while parsing"),
            ("{\"epoch\":\"\u{1b}[31m\"}".into(), "line 1: not a line of metrics: control character"),
            ("[]\n".into(), "line 1: not a line of metrics"),
            (String::new(), "tells of no epoch"),
            (FINAL.into(), "tells of no epoch"),
        ] {
            let error = format!("{:#}", read(text.as_bytes()).err().unwrap());
            assert!(error.contains(FILE) && error.contains(said), "{text}\n{error}");
        }
        let error = format!("{:#}", read(b"\xff\xfe{").err().unwrap());
        assert!(error.contains("cannot read") && error.contains("UTF-8"), "{error}");
        let error = format!("{:#}", PastRun::read(Path::new("gone")).err().unwrap());
        assert!(error.contains("cannot read gone: "), "{error}");
    }
}
