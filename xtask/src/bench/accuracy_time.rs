//! `cargo xtask bench time-to-accuracy`: how long a training takes until it reads MNIST's test set with a certain accuracy, beside
//! PyTorch, in turns.

use super::python;
use crate::cargo;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Seeds of each recipe.
const SEEDS: u32 = 5;
/// The flags that all recipes share.
const COMMON: &str = "--data data/mnist --augment none --optimizer nesterov --lr 0.3 --schedule one-cycle \
                      --weight-decay 0 --label-smoothing 0.1 --batch-size 64 --epochs 1 --quiet --force";
/// The recipes. They were chosen by their accuracy on the last 10,000 training images after learning the other 50,000.
const RECIPES: [Recipe; 2] = [
    Recipe {
        mark: 0.98,
        samples: "16000",
        layers: "conv:16x5p0, pool:4, batchnorm, relu, dense:64, batchnorm, relu",
        peers: &["perceptron", "same-98"],
    },
    Recipe {
        mark: 0.99,
        samples: "60000",
        layers: "conv:16x5p0, pool:4, batchnorm, relu, conv:64x3, pool:2, batchnorm, relu, dense:256, batchnorm, relu",
        peers: &["convolutions", "convolutions-bf16", "same-99"],
    },
];

/// A training that reaches an accuracy.
struct Recipe {
    /// The accuracy, of 1.
    mark: f64,
    /// Training images: the first of all.
    samples: &'static str,
    /// The hidden layers.
    layers: &'static str,
    /// Recipes of `bench/train_pytorch.py` that reach it, too.
    peers: &'static [&'static str],
}

/// The result of one training.
#[derive(Clone, Copy)]
struct Outcome {
    /// Duration of the training, from loaded data to the last step.
    training: f64,
    /// Duration of the process, from its start to a saved model and its accuracy.
    process: f64,
    accuracy: f64,
}

/// Measures all recipes and returns the exit code: 1 where one of `train` missed its mark.
pub fn run() -> Result<i32> {
    let train = cargo::build("train")?;
    let torch = python::script("train_pytorch.py", "torch").is_some();
    let folder = tempfile::tempdir().context("no folder for the models")?;
    let mut missed = false;
    for recipe in &RECIPES {
        let Recipe { mark, samples, layers, .. } = recipe;
        say!("\n{:.0} %: train {COMMON} --limit {samples} --layers \"{layers}\"", mark * 100.0);
        let peers = if torch { recipe.peers } else { &[] };
        let mut rows: Vec<(&str, Vec<Outcome>)> = vec![("train", vec![])];
        rows.extend(peers.iter().map(|peer| (*peer, vec![])));
        for seed in 1..=SEEDS {
            rows[0].1.push(recipe.train(&train, seed, folder.path())?);
            for (peer, outcomes) in &mut rows[1..] {
                outcomes.push(by_pytorch(peer, seed, folder.path())?);
            }
        }
        say!("{}", table(&rows, recipe.mark));
        missed |= rows[0].1.iter().any(|outcome| outcome.accuracy < recipe.mark);
    }
    Ok(i32::from(missed))
}

impl Recipe {
    /// Trains with one seed.
    fn train(&self, train: &Path, seed: u32, folder: &Path) -> Result<Outcome> {
        let (model, metrics) = (folder.join("model.mpk"), folder.join("metrics.jsonl"));
        let mut command = Command::new(train);
        command.current_dir(cargo::root()).args(COMMON.split_whitespace());
        command.args(["--limit", self.samples, "--layers", self.layers, "--seed", &seed.to_string()]);
        command.arg("--out").arg(&model).arg("--metrics").arg(&metrics);
        let (process, _) = timed(&mut command)?;
        let lines = std::fs::read_to_string(&metrics).with_context(|| metrics.display().to_string())?;
        outcome(lines.lines().last().unwrap_or_default(), process)
    }
}

/// Trains by a recipe of `bench/train_pytorch.py`.
fn by_pytorch(recipe: &str, seed: u32, folder: &Path) -> Result<Outcome> {
    let mut command = python::script("train_pytorch.py", "torch").context("PyTorch has gone")?;
    let data = cargo::root().join("data").join("mnist");
    command.args(["accuracy", recipe, &seed.to_string()]).arg(data).arg(folder.join("model.pt"));
    let (process, said) = timed(&mut command)?;
    outcome(said.lines().last().unwrap_or_default(), process)
}

/// Runs a command to its end; returns its duration in seconds and what it wrote to stdout.
fn timed(command: &mut Command) -> Result<(f64, String)> {
    let program = Path::new(command.get_program()).display().to_string();
    let start = Instant::now();
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {program}"))?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(output.status.success(), "{program} ended with {}", output.status);
    Ok((seconds, String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Reads the result of a training from a line of JSON.
fn outcome(line: &str, process: f64) -> Result<Outcome> {
    let value: Value = serde_json::from_str(line).with_context(|| format!("no result in the line {line:?}"))?;
    let number = |name: &str| value[name].as_f64().with_context(|| format!("no {name} in the line {line:?}"));
    Ok(Outcome { training: number("train_seconds")?, process, accuracy: number("test_accuracy")? })
}

/// A line for each training recipe; times are medians, and the ratio is that of the training to the first.
fn table(rows: &[(&str, Vec<Outcome>)], mark: f64) -> String {
    let mut lines = vec![format!(
        "{:<20} {:>10} {:>16} {:>7} {:>10} {:>19} {:>7}",
        "", "training s", "range", "ratio", "process s", "accuracy, range", "reached"
    )];
    let sorted = |outcomes: &[Outcome], value: fn(&Outcome) -> f64| {
        let mut values: Vec<f64> = outcomes.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let first = rows.first().map_or(f64::NAN, |(_, outcomes)| median(&sorted(outcomes, |o| o.training)));
    for (name, outcomes) in rows {
        let training = sorted(outcomes, |o| o.training);
        let [process, accuracy] = [sorted(outcomes, |o| o.process), sorted(outcomes, |o| o.accuracy * 100.0)];
        let range = |v: &[f64]| format!("{:.2} to {:.2}", v[0], v[v.len() - 1]);
        let reached = outcomes.iter().filter(|outcome| outcome.accuracy >= mark).count();
        lines.push(format!(
            "{name:<20} {:>10.2} {:>16} {:>7.1} {:>10.2} {:>19} {:>7}",
            median(&training),
            range(&training),
            median(&training) / first,
            median(&process),
            range(&accuracy),
            format!("{reached}/{}", outcomes.len()),
        ));
    }
    lines.join("\n")
}

/// The middle one of sorted values.
fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_result_is_read_and_the_median_of_several_stands_in_the_table() {
        let outcomes: Vec<Outcome> = [(3.0, 0.98), (1.0, 0.97), (2.0, 0.99)]
            .map(|(seconds, accuracy)| {
                let line = format!(r#"{{"final":true,"train_seconds":{seconds},"test_accuracy":{accuracy}}}"#);
                outcome(&line, 2.0 * seconds).unwrap()
            })
            .into();
        let slower = outcomes.iter().map(|o| Outcome { training: 3.0 * o.training, ..*o }).collect();
        let table = table(&[("train", outcomes), ("other", slower)], 0.98);
        let lines: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0].join(" "), "train 2.00 1.00 to 3.00 1.0 4.00 97.00 to 99.00 2/3");
        assert_eq!(lines[1].join(" "), "other 6.00 3.00 to 9.00 3.0 4.00 97.00 to 99.00 2/3");
        assert!(outcome(r#"{"train_seconds":1}"#, 1.0).is_err() && outcome("", 1.0).is_err());
    }
}
