//! The reliability diagram: whether answers of 90 % are right in nine of ten cases.

use crate::plot::axis::Axis;
use crate::plot::words::{grouped, percent};
use crate::plot::{Curve, IDEAL, Plot, TRAINING, VALIDATION, svg};
use anyhow::Result;
use minijinja::{Value, context};
use nn_data::Dataset;
use nn_io::{Calibration, Evaluation, ReliabilityBin, calibration_error, reliability};

/// Bins with fewer than one answer in this number say little and are not drawn.
const ONE_IN: usize = 500;

/// The diagram, the expected calibration errors, and the numbers behind them.
pub(super) fn diagram(evaluation: &Evaluation, data: &Dataset, calibration: Option<Calibration>) -> Result<Value> {
    let classes = data.classes().len();
    let raw = &evaluation.probabilities;
    let corrected = calibration.map(|calibration| {
        let mut corrected = raw.clone();
        calibration.apply(&mut corrected, classes);
        corrected
    });
    let told = corrected.as_ref().unwrap_or(raw);
    let bins = reliability(told, data.labels(), classes);
    let ideal = Curve { name: "ideal".into(), look: IDEAL, points: vec![(0.0, 0.0), (1.0, 1.0)] };
    let mut curves = vec![ideal, Curve { name: "told".into(), look: VALIDATION, points: points(&bins) }];
    if corrected.is_some() {
        let before = points(&reliability(raw, data.labels(), classes));
        curves.insert(1, Curve { name: "computed".into(), look: TRAINING, points: before });
    }
    let error = |probabilities: &[f32]| percent(calibration_error(probabilities, data.labels(), classes));
    let row = |bin: &ReliabilityBin| {
        let share = |part: f64| percent(part / bin.answers as f64);
        context! { answers => grouped(bin.answers), probability => share(bin.expected), right => share(bin.right as f64) }
    };
    Ok(context! {
        svg => svg::draw(&Plot { x: Axis::shares(), y: Axis::shares(), curves })?,
        error => error(told),
        error_before => corrected.as_ref().map(|_| error(raw)),
        bins => bins.iter().filter(|bin| bin.answers > 0).map(row).collect::<Vec<_>>(),
    })
}

/// The mean probability and the share of right answers in each bin that is drawn.
fn points(bins: &[ReliabilityBin]) -> Vec<(f64, f64)> {
    let least = bins.iter().map(|bin| bin.answers).sum::<usize>().div_ceil(ONE_IN).max(1);
    let point = |bin: &ReliabilityBin| (bin.expected / bin.answers as f64, bin.right as f64 / bin.answers as f64);
    bins.iter().filter(|bin| bin.answers >= least).map(point).collect()
}
