//! `train compare`: runs side by side, as a table, with the settings that differ, and as curves on one plot.

mod past_run;
mod table;

use crate::args::subcommand::Compare;
use anyhow::{Result, ensure};
use cli::output::{self, Kind, Output};
use cli::say::visible;
use past_run::{Epoch, PastRun};
use report::plot::axis::Axis;
use report::plot::{COLOURS, Curve, CurveLook, Plot, svg, terminal};
use std::path::{Path, PathBuf};

/// Prints the comparison of some runs, and draws it where that is asked for.
///
/// # Errors
/// When a run cannot be read, or the drawing not be written.
pub fn run(args: &Compare) -> Result<()> {
    ensure!(args.runs.len() <= 26, "at most 26 runs can be told apart by letters; there are {}", args.runs.len());
    if let Some(path) = &args.to {
        let inputs: Vec<PathBuf> = args.runs.iter().map(|run| past_run::file(run)).collect();
        let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
        output::check(&[Output { path, kind: Kind::Plot }], &inputs, args.force)?;
    }
    let runs = args.runs.iter().map(|path| PastRun::read(path)).collect::<Result<Vec<_>>>()?;
    let (title, plot) = overlaid(&runs);
    if let Some(path) = &args.to {
        nn_data::disk::write(path, svg::with_legend(&plot, title)?.as_bytes())?;
    }
    cli::say::result(format_args!("{}\n{title}\n{}", table::text(&runs), terminal::draw(&plot).trim_end()))
}

/// The accuracies of all runs over their epochs: of validation where every run has it, else of training.
fn overlaid(runs: &[PastRun]) -> (&'static str, Plot) {
    let validated = |run: &PastRun| run.epochs.iter().all(|epoch| epoch.validation_accuracy.is_some());
    let (title, accuracy): (_, fn(&Epoch) -> f64) = if runs.iter().all(validated) {
        ("validation accuracy by epoch", |epoch| epoch.validation_accuracy.unwrap_or(0.0))
    } else {
        ("training accuracy by epoch, in passing", |epoch| epoch.train_accuracy)
    };
    let curve = |(k, run): (usize, &PastRun)| Curve {
        name: visible(&run.name).into_owned(),
        look: CurveLook { colour: COLOURS[k % COLOURS.len()], sign: letter(k), has_dots: true },
        points: run.epochs.iter().map(|epoch| (f64::from(epoch.epoch), 1.0 - accuracy(epoch))).collect(),
    };
    let curves: Vec<Curve> = runs.iter().enumerate().map(curve).collect();
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let last = runs.iter().flat_map(|run| &run.epochs).map(|epoch| epoch.epoch).max().unwrap_or(1);
    let (x, y) = (Axis::epochs(1, last), Axis::errors(points().map(|point| point.1)));
    (title, Plot { x, y, curves })
}

/// The letter of a run.
fn letter(k: usize) -> char {
    (b'a' + (k % 26) as u8) as char
}
