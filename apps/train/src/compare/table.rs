//! The results of runs in a table, and the settings that differ.

use super::letter;
use super::past_run::{Outcome, PastRun};
use crate::plot::words::{duration, grouped, percent};
use cli::say::{cell, visible};
use std::collections::BTreeSet;

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

/// The row of a run: accuracies in passing and on the samples held back are those of its best epoch.
fn row((k, run): (usize, &PastRun)) -> [String; 7] {
    let best = |values: Vec<f64>| values.into_iter().reduce(f64::max).map_or("–".into(), percent);
    let (measured, size) = run.result.as_ref().map_or(("not ended".into(), "–".into()), |result| {
        let Outcome { measured_on, measured_accuracy, parameters, train_seconds, .. } = result;
        let size = format!("{}, {}", grouped(*parameters as usize), duration(*train_seconds));
        (format!("{} {}", percent(*measured_accuracy), cell(measured_on)), size)
    });
    [
        letter(k).into(),
        cell(&run.name),
        run.epochs.last().map_or(0, |epoch| epoch.epoch).to_string(),
        best(run.epochs.iter().map(|epoch| epoch.train_accuracy).collect()),
        best(run.epochs.iter().filter_map(|epoch| epoch.validation_accuracy).collect()),
        measured,
        size,
    ]
}

/// A line for each setting that differs: its values, and the runs that have each.
fn settings(runs: &[PastRun]) -> String {
    let known: Vec<(char, &Outcome)> = runs
        .iter()
        .enumerate()
        .filter_map(|(k, run)| Some((letter(k), run.result.as_ref().filter(|result| !result.settings.is_empty())?)))
        .collect();
    let names: BTreeSet<&String> = known.iter().flat_map(|(_, result)| result.settings.keys()).collect();
    let mut text = String::new();
    for name in names {
        let value = |result: &Outcome| result.settings.get(name).map_or("–", String::as_str).to_string();
        let mut values: Vec<(String, Vec<String>)> = vec![];
        for (letter, result) in &known {
            let own = value(result);
            match values.iter_mut().find(|(other, _)| *other == own) {
                Some((_, letters)) => letters.push(letter.to_string()),
                None => values.push((own, vec![letter.to_string()])),
            }
        }
        if values.len() > 1 {
            let told = values.iter().map(|(value, letters)| format!("\n  {}  {}", letters.join(" "), visible(value)));
            text += &format!("{}:{}\n", visible(name), told.collect::<String>());
        }
    }
    let unknown: Vec<String> =
        (0..runs.len()).map(letter).filter(|l| known.iter().all(|(other, _)| other != l)).map(String::from).collect();
    let mut parts = String::new();
    if known.len() > 1 {
        parts += if text.is_empty() { "\nno setting differs\n" } else { "\nsettings that differ\n" };
    }
    parts += &text;
    if !unknown.is_empty() {
        parts += &format!(
            "\nsettings unknown, of a run that has not ended or is of an older version: {}\n",
            unknown.join(" ")
        );
    }
    parts
}
