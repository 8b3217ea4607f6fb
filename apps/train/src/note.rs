//! The note in a model file: how the network came to be.

use crate::args::Args;
use nn_data::{Dataset, Look};
use nn_io::TrainingNote;
use nn_train::Recipe;
use std::time::SystemTime;

/// Flags that have no influence on the network.
const WITHOUT_INFLUENCE: [&str; 11] = [
    "--watch",
    "--out",
    "--threads",
    "--metrics",
    "--report",
    "--checkpoint",
    "--resume",
    "--force",
    "--quiet",
    "--verbose",
    "-v",
];

/// Returns the note of this run.
pub fn training_note(
    args: &Args,
    recipe: &Recipe,
    train: &Dataset,
    epochs: u32,
    test_accuracy: Option<f64>,
) -> TrainingNote {
    TrainingNote {
        data: args.data.iter().map(|path| path.display().to_string()).collect(),
        preset: recipe.preset.clone(),
        seed: recipe.seed,
        epochs,
        samples: train.len() as u64,
        test_accuracy,
        validation_accuracy: None,
        date: humantime::format_rfc3339_seconds(SystemTime::now()).to_string()[..10].into(),
        look: Look::of(train),
        command: command(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned())),
    }
}

/// Returns the command line without the flags that have no influence on the network, so that the same network gives the
/// same file.
fn command(arguments: impl Iterator<Item = String>) -> String {
    let mut words = vec!["train".to_string()];
    let mut skip = false;
    for word in arguments {
        let flag = word.split('=').next().unwrap_or_default();
        if word.starts_with("--") || word == "-v" {
            skip = WITHOUT_INFLUENCE.contains(&flag);
        }
        if !skip {
            words.push(quoted(word));
        }
    }
    words.join(" ")
}

/// A word as a shell reads it back.
fn quoted(word: String) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_./,:=+-".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_a_shell_reads_them() {
        let of = |word: &str| quoted(word.into());
        assert_eq!(["a/b-1.csv", "--lr=0.1"].map(of), ["a/b-1.csv", "--lr=0.1"]);
        assert_eq!(["two words", "$(x)", "it's", ""].map(of), ["'two words'", "'$(x)'", "'it'\\''s'", "''"]);
    }

    #[test]
    fn a_command_keeps_what_matters() {
        let words = [
            "--data",
            "a",
            "b",
            "-v",
            "--threads",
            "2",
            "--layers",
            "dense:9, relu",
            "--out=x.mpk",
            "--quiet",
            "--seed",
            "7",
        ];
        let command = command(words.into_iter().map(String::from));
        assert_eq!(command, "train --data a b --layers 'dense:9, relu' --seed 7");
    }
}
