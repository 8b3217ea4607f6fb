//! The command that makes a network again, as its model file remembers it.

use nn_core::Schedule;
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
    command_of(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()))
}

/// Joins the commands of a network that several commands made, one after the other.
const THEN: &str = "; after epoch ";

/// Returns the command of a run that goes on from a checkpoint: the one that the checkpoint remembers, with this one behind it
/// where a setting changes. This one stands alone where it makes the same network by itself, that is, where it names all
/// settings (`names_all`) and only asks for more epochs of a training that does not depend on their number.
pub fn resumed_command(checkpoint: &Checkpoint, recipe: &Recipe, names_all: bool) -> String {
    let began = &checkpoint.model.note.command;
    let before: Option<Recipe> = serde_json::from_str(&checkpoint.recipe).ok();
    if before.as_ref() == Some(recipe) && !began.is_empty() {
        return began.clone();
    }
    let is_steady = recipe.schedule == Schedule::Constant && recipe.fade == 0.0;
    let is_longer = before.is_some_and(|before| Recipe { epochs: recipe.epochs, ..before } == *recipe);
    let is_single = !began.contains(THEN) && !began.contains("--from");
    if began.is_empty() || (names_all && is_steady && is_longer && is_single) {
        return this_command();
    }
    format!("{began}{THEN}{}: {}", checkpoint.epoch, this_command())
}

/// Returns the command line with these words behind the program's name, without the flags that have no influence on the network.
pub fn command_of(arguments: impl Iterator<Item = String>) -> String {
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
        let command = command_of(words.into_iter().map(String::from));
        assert_eq!(command, "train --data a b --layers 'dense:9, relu' --seed 7");
    }
}
