//! The command that makes a network again, as its model file remembers it.

use nn_io::Checkpoint;
use nn_train::Recipe;

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

/// Returns this program's command line without the flags that have no influence on the network, so that the same network
/// gives the same file.
pub fn this_command() -> String {
    without_flags(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()))
}

/// Returns the command of a run that goes on from a checkpoint. That is this one where it names every setting, else the one
/// that the checkpoint remembers, with this one beside it where it changes a setting.
pub fn resumed_command(checkpoint: &Checkpoint, recipe: &Recipe, names_all: bool) -> String {
    let (began, epoch) = (&checkpoint.model.note.command, checkpoint.epoch);
    if names_all || began.is_empty() {
        return this_command();
    }
    let is_changed = serde_json::from_str(&checkpoint.recipe).ok().as_ref() != Some(recipe);
    if is_changed { format!("{began}; after epoch {epoch}: {}", this_command()) } else { began.clone() }
}

fn without_flags(arguments: impl Iterator<Item = String>) -> String {
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
        let command = without_flags(words.into_iter().map(String::from));
        assert_eq!(command, "train --data a b --layers 'dense:9, relu' --seed 7");
    }
}
