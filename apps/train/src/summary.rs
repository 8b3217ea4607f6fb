//! The result that the program prints in the end: accuracy, calibration, and where the model is.

use nn_io::{Calibration, Evaluation, Model};
use std::path::Path;

/// The summary of a run, as text. Where the model reads pictures in several views, `by_one_view` is its accuracy without.
pub fn summary(
    model: &Model,
    test: &Option<(Evaluation, &nn_data::Dataset)>,
    by_one_view: Option<f64>,
    train_seconds: f64,
    out: &Path,
) -> String {
    let tested = match test {
        Some((evaluation, _)) => {
            let score = evaluation.score;
            let views = by_one_view.map_or(String::new(), |one| {
                format!(" in {} views, {one:.4} in one", model.preprocessing.shifts.count())
            });
            format!("test accuracy {:.4} ({} of {}){views}", score.accuracy(), score.correct, score.samples)
        }
        None => "no test set".into(),
    };
    let parameters = model.network.params().len();
    let calibrated = model.calibration.map_or(String::new(), |c| {
        let Calibration { temperature, unsure, nothing, false_alarms, error } = c;
        format!(
            "\ncalibrated: temperature {temperature:.2}, error {error:.4}; not sure below {unsure:.2}, no character below \
             {nothing:.2} (of the validation set {:.2} %)",
            100.0 * false_alarms
        )
    });
    format!("{tested}{calibrated}\nmodel {} ({parameters} parameters, trained in {train_seconds:.1} s)", out.display())
}
