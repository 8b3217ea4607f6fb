//! The table at the end of a run: how well the network reads, what it takes for what, and where it is.

use cli::say::visible;
use nn_core::metrics::Confusion;
use nn_io::{Calibration, Model};
use report::plot::words::{duration, grouped};
use report::{Measured, MeasuredOn};
use std::path::Path;

/// The most frequent confusions that the table names.
const CONFUSIONS: usize = 5;

/// A name and its value.
type Row = (&'static str, String);

/// Returns the table as lines of text, without a line break at the end.
pub fn table(model: &Model, measured: &Measured<'_>, train_seconds: f64, out: &Path) -> String {
    let mut rows = accuracy(model, measured);
    rows.extend(confusions(&measured.evaluation.confusion, &model.classes));
    rows.extend(model.calibration.iter().flat_map(calibration));
    let parameters = grouped(model.network.params().len());
    rows.push(("model", format!("{}, {parameters} parameters", out.display())));
    rows.push(("training", format!("{} in {}", epochs(model.note.epochs), duration(train_seconds))));
    aligned(&rows)
}

/// The accuracy, and the samples that it was measured on.
fn accuracy(model: &Model, measured: &Measured<'_>) -> Vec<Row> {
    let score = measured.evaluation.score;
    let counts = format!("{:.4} ({} of {})", score.accuracy(), score.correct, score.samples);
    let mut rows = vec![match measured.on {
        MeasuredOn::Test => ("test accuracy", counts),
        MeasuredOn::Validation => ("accuracy", format!("{counts} on the samples held back from training; no test set")),
        MeasuredOn::Training => {
            ("accuracy", format!("{counts} on the training samples themselves, read as in prediction; no test set"))
        }
    }];
    if let Some(one) = measured.one_view {
        rows.push((
            "in one view",
            format!("{one:.4}; the line above is of {} views", model.preprocessing.shifts.count()),
        ));
    }
    rows
}

/// The most frequent confusions, the first of them named.
fn confusions(confusion: &Confusion, classes: &[String]) -> Vec<Row> {
    let name = |class: usize| visible(&classes[class]);
    let pairs: Vec<_> = confusion.mistakes().into_iter().take(CONFUSIONS).collect();
    let names: Vec<String> =
        pairs.iter().map(|&(truth, answer, _)| format!("{} as {}", name(truth), name(answer))).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let row = |(k, (name, &(truth, _, count))): (usize, (&String, &(usize, usize, usize)))| {
        let heading = if k == 0 { "misread most" } else { "" };
        (heading, format!("{name:<width$}  {count} of {}", confusion.class(truth).samples))
    };
    names.iter().zip(&pairs).enumerate().map(row).collect()
}

/// The calibration and its limits.
fn calibration(calibration: &Calibration) -> [Row; 2] {
    let Calibration { temperature, unsure, false_alarms, error, certainty, nothing: _ } = calibration;
    let alarms = 100.0 * false_alarms;
    [
        ("calibration", format!("error {error:.4} at temperature {temperature:.2}")),
        (
            "not sure",
            format!(
                "below {unsure:.2}; no character below certainty {certainty:.2} ({alarms:.2} % of the validation set)"
            ),
        ),
    ]
}

fn epochs(epochs: u32) -> String {
    if epochs == 1 { "1 epoch".into() } else { format!("{epochs} epochs") }
}

/// Rows below each other, the values in one column.
fn aligned(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
    let lines: Vec<String> = rows.iter().map(|(name, value)| format!("{name:<width$} {value}")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_confusions_are_named() {
        let mut confusion = Confusion::new(3);
        let classes = ["4", "9", "\u{1b}"].map(String::from);
        confusion.add(0, 0);
        assert_eq!(confusions(&confusion, &classes), []);
        for (truth, answer) in [(0, 2), (1, 0), (1, 0)] {
            confusion.add(truth, answer);
        }
        let table = aligned(&confusions(&confusion, &classes));
        assert_eq!(table, "misread most 9 as 4       2 of 2\n             4 as \\u{1b}  1 of 2");
    }
}
