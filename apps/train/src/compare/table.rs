//! The results of runs in a table, and the settings that differ.

use super::letter;
use super::past_run::{Epoch, Outcome, PastRun};
use cli::say::{cell, visible};
use report::plot::words::{duration, grouped, percent};
use std::collections::{BTreeMap, BTreeSet};

/// The heads of the columns.
const HEADS: [&str; 7] = ["", "run", "epochs", "training", "validation", "measured", "parameters, time"];

/// The table and the settings, as lines.
pub(super) fn text(runs: &[PastRun]) -> String {
    let rows: Vec<[String; 7]> =
        std::iter::once(HEADS.map(String::from)).chain(runs.iter().enumerate().map(row)).collect();
    let widths: Vec<usize> =
        (0..HEADS.len()).map(|c| rows.iter().map(|row| row[c].chars().count()).max().unwrap_or(0)).collect();
    let line = |row: &[String; 7]| {
        let padded: Vec<String> = row.iter().zip(&widths).map(|(text, &width)| format!("{text:<width$}")).collect();
        padded.join("  ").trim_end().to_string() + "\n"
    };
    rows.iter().map(line).collect::<String>() + &settings(runs)
}

/// The row of a run: both accuracies are those of one epoch, the best on the samples held back or, where there are none, in
/// passing.
fn row((k, run): (usize, &PastRun)) -> [String; 7] {
    let by = |epoch: &Epoch| (epoch.validation_accuracy.unwrap_or(-1.0), epoch.train_accuracy);
    let best = run.epochs.iter().max_by(|a, b| by(a).partial_cmp(&by(b)).unwrap_or(std::cmp::Ordering::Equal));
    let (measured, size) = run.result.as_ref().map_or(("not ended".into(), "–".into()), |result| {
        let Outcome { measured_on, measured_accuracy, parameters, train_seconds, .. } = result;
        let size = format!("{}, {}", grouped(*parameters as usize), duration(*train_seconds));
        (format!("{} {}", percent(*measured_accuracy), cell(measured_on)), size)
    });
    [
        letter(k).into(),
        cell(&run.name),
        run.epochs.last().map_or(0, |epoch| epoch.epoch).to_string(),
        best.map_or("–".into(), |epoch| percent(epoch.train_accuracy)),
        best.and_then(|epoch| epoch.validation_accuracy).map_or("–".into(), percent),
        measured,
        size,
    ]
}

/// The settings of a run, by their names.
type Settings = BTreeMap<String, String>;

/// A line for each setting that differs, and the runs whose settings are not known.
fn settings(runs: &[PastRun]) -> String {
    let (mut known, mut unknown) = (vec![], vec![]);
    for (k, run) in runs.iter().enumerate() {
        match run.result.as_ref().map(|result| &result.settings).filter(|settings| !settings.is_empty()) {
            Some(settings) => known.push((letter(k), settings)),
            None => unknown.push(letter(k).to_string()),
        }
    }
    let names: BTreeSet<&String> = known.iter().flat_map(|(_, settings)| settings.keys()).collect();
    let differing: String = names.into_iter().filter_map(|name| difference(name, &known)).collect();
    let heading = match (known.len(), differing.is_empty()) {
        (0..=1, _) => "",
        (_, true) => "\nno setting differs\n",
        (_, false) => "\nsettings that differ\n",
    };
    let rest = match unknown.is_empty() {
        true => String::new(),
        false => format!("\nsettings unknown, as the run goes on or is of an older version: {}\n", unknown.join(" ")),
    };
    format!("{heading}{differing}{rest}{}", commands(runs))
}

/// The commands of the runs where they differ: they also name what the settings do not, as the samples that were left out.
fn commands(runs: &[PastRun]) -> String {
    let command = |run: &PastRun| run.result.as_ref().map(|result| result.command.clone()).unwrap_or_default();
    let all: Vec<String> = runs.iter().map(command).collect();
    if all.windows(2).all(|two| two[0] == two[1]) {
        return String::new();
    }
    let told = all.iter().enumerate().filter(|(_, command)| !command.is_empty());
    let lines: String = told.map(|(k, command)| format!("{}  {}\n", letter(k), visible(command))).collect();
    format!("\ncommands\n{lines}")
}

/// The values of a setting, and the runs that have each; `None` where all have the same.
fn difference(name: &str, runs: &[(char, &Settings)]) -> Option<String> {
    let mut values: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (letter, settings) in runs {
        let value = settings.get(name).map_or("–", String::as_str);
        values.entry(value).or_default().push(letter.to_string());
    }
    let told = values.iter().map(|(value, letters)| format!("{} ({})", visible(value), letters.join(" ")));
    let told: Vec<String> = told.collect();
    (told.len() > 1).then(|| format!("{}: {}\n", visible(name), told.join(", ")))
}
