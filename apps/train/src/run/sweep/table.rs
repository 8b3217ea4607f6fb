//! The table of a sweep: a file that grows by a row with each training, and what is printed at the end.

use super::plan::{Plan, Trial};
use anyhow::{Context, Result, ensure};
use cli::output::{self, Kind, Output};
use report::plot::words::{duration, percent};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// The columns behind those of the settings.
const COLUMNS: [&str; 7] = ["seed", "validation_accuracy", "validation_loss", "epochs", "seconds", "data", "command"];

/// The result of a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The best accuracy on the samples held back; `None` where the loss was not finite.
    pub accuracy: Option<f64>,
    /// The loss in the same epoch.
    pub loss: Option<f64>,
    /// Epochs trained.
    pub epochs: u32,
    /// Duration of the training.
    pub seconds: f64,
    /// The fingerprints of its data.
    pub data: String,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accuracy = self.accuracy.map_or("diverged".into(), percent);
        write!(f, "{accuracy:>9}  {:>8}", duration(self.seconds))
    }
}

/// All rows so far.
pub struct Table {
    path: PathBuf,
    header: Vec<String>,
    /// The fields of each row, by its command.
    rows: BTreeMap<String, Vec<String>>,
}

impl Table {
    /// An empty table of a sweep.
    pub fn new(path: &Path, plan: &Plan) -> Self {
        let header = plan.names.iter().cloned().chain(COLUMNS.map(String::from)).collect();
        Self { path: path.to_owned(), header, rows: BTreeMap::new() }
    }

    /// Reads the rows that the file holds already, if there is one.
    ///
    /// # Errors
    /// When the file is none of this sweep and there is no `force`.
    pub fn read(&mut self, force: bool) -> Result<()> {
        output::check(&[Output { path: &self.path, kind: Kind::Sweep }], &[], force)?;
        if force || !self.path.exists() {
            return Ok(());
        }
        let text =
            std::fs::read_to_string(&self.path).with_context(|| format!("cannot read {}", self.path.display()))?;
        self.parse(&text).with_context(|| self.path.display().to_string())
    }

    /// Takes the rows of a table's text.
    ///
    /// # Errors
    /// When they are those of another sweep.
    pub fn parse(&mut self, text: &str) -> Result<()> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut rows = vec![];
        for record in reader.records() {
            rows.push(record?.iter().map(String::from).collect::<Vec<_>>());
        }
        if let Some(header) = rows.first() {
            ensure!(
                *header == self.header,
                "the table is one of other settings ({}); --to names another file, --force begins it anew",
                header.join(", ")
            );
        }
        self.rows = rows.into_iter().skip(1).map(|row| (row[row.len() - 1].clone(), row)).collect();
        Ok(())
    }

    /// Returns whether a training has its row.
    pub fn holds(&self, trial: &Trial) -> bool {
        self.rows.contains_key(&trial.command)
    }

    /// Checks that rows of an earlier sweep are about the data as it is now: one of them tells, as the data is the same for all.
    ///
    /// # Errors
    /// When the data has changed, and those of `data_of`, which reads the data of a training.
    pub fn check_data(&self, plan: &Plan, data_of: impl FnOnce(&Trial) -> Result<String>) -> Result<()> {
        let Some(trial) = plan.trials.iter().find(|trial| self.holds(trial)) else { return Ok(()) };
        let row = &self.rows[&trial.command];
        let (then, now) = (&row[row.len() - 2], data_of(trial)?);
        ensure!(
            *then == now,
            "{}: the data has changed since ({now} instead of {then}); --to names another file, --force begins it anew",
            self.path.display()
        );
        Ok(())
    }

    /// Adds the row of a training.
    pub fn add(&mut self, trial: &Trial, outcome: Outcome) {
        let Outcome { accuracy, loss, epochs, seconds, data } = outcome;
        let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.6}"));
        let measured = [number(accuracy), number(loss), epochs.to_string(), format!("{seconds:.2}")];
        let mut row = trial.values.clone();
        row.push(trial.seed.to_string());
        row.extend(measured);
        row.extend([data, trial.command.clone()]);
        self.rows.insert(trial.command.clone(), row);
    }

    /// The table as text.
    pub fn to_text(&self) -> String {
        let mut writer = csv::WriterBuilder::new().from_writer(vec![]);
        for row in std::iter::once(&self.header).chain(self.rows.values()) {
            let _ = writer.write_record(row); // into memory
        }
        writer.into_inner().map_or(String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Writes the table, whole or not at all.
    pub fn write(&self) -> Result<()> {
        Ok(nn_data::disk::write(&self.path, self.to_text().as_bytes())?)
    }

    /// The combinations as lines, the best first: the mean over seeds, and how far they lie apart. Then the command that trains
    /// the best one, on the samples held back, too.
    pub fn best_first(&self, plan: &Plan) -> String {
        let mut combinations: Vec<(Mean, &Trial)> = vec![];
        for trials in plan.trials.chunk_by(|a, b| a.values == b.values) {
            let rows = trials.iter().filter_map(|trial| self.rows.get(&trial.command));
            combinations.push((Mean::of(rows, plan.names.len()), &trials[0]));
        }
        combinations.sort_by(|(a, _), (b, _)| b.accuracy.total_cmp(&a.accuracy).then(a.loss.total_cmp(&b.loss)));
        let heads = plan.names.iter().map(String::as_str).chain(["validation", "loss", "seconds"]);
        let mut lines = vec![heads.map(String::from).collect::<Vec<_>>()];
        lines
            .extend(combinations.iter().map(|(mean, trial)| trial.values.iter().cloned().chain(mean.told()).collect()));
        let widths: Vec<usize> =
            (0..lines[0].len()).map(|c| lines.iter().map(|line| line[c].chars().count()).max().unwrap_or(0)).collect();
        let line = |line: &Vec<String>| {
            let cells: Vec<String> = line.iter().zip(&widths).map(|(text, width)| format!("{text:<width$}")).collect();
            cells.join("  ").trim_end().to_string()
        };
        let table: Vec<String> = lines.iter().map(line).collect();
        format!("{}\n\nthe best, on all samples: {}", table.join("\n"), combinations[0].1.command)
    }
}

/// The mean over the seeds of a combination.
struct Mean {
    accuracy: f64,
    /// The lowest and the highest accuracy.
    range: Option<(f64, f64)>,
    loss: f64,
    seconds: f64,
}

impl Mean {
    /// The mean of some rows, whose results stand behind the seed and a number of `settings`. A seed that diverged counts as 0.
    fn of<'r>(rows: impl Iterator<Item = &'r Vec<String>>, settings: usize) -> Self {
        let number = |row: &[String], column: usize| row[settings + column].parse::<f64>().ok();
        let rows: Vec<[Option<f64>; 3]> = rows.map(|row| [1, 2, 4].map(|column| number(row, column))).collect();
        let mean = |column: usize, missing: f64| {
            rows.iter().map(|row| row[column].unwrap_or(missing)).sum::<f64>() / rows.len().max(1) as f64
        };
        let accuracies = || rows.iter().map(|row| row[0].unwrap_or(0.0));
        let range = (accuracies().fold(f64::INFINITY, f64::min), accuracies().fold(0.0, f64::max));
        let range = Some(range).filter(|_| rows.len() > 1);
        Self { accuracy: mean(0, 0.0), range, loss: mean(1, f64::INFINITY), seconds: mean(2, 0.0) }
    }

    fn told(&self) -> [String; 3] {
        let range = self.range.map_or(String::new(), |(low, high)| format!(" ({} to {})", percent(low), percent(high)));
        let loss = if self.loss.is_finite() { format!("{:.4}", self.loss) } else { "diverged".into() };
        [percent(self.accuracy) + &range, loss, format!("{:.1}", self.seconds)]
    }
}
