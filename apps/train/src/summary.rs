//! The result that the program prints in the end: accuracy, calibration, and where the model is.

use crate::measured::{Measured, MeasuredOn};
use nn_io::{Calibration, Model};
use std::path::Path;

/// The summary of a run, as text: how well the network reads, and where it is.
pub fn summary(model: &Model, measured: &Measured<'_>, train_seconds: f64, out: &Path) -> String {
    let score = measured.evaluation.score;
    let counts = format!("{:.4} ({} of {})", score.accuracy(), score.correct, score.samples);
    let views = measured
        .one_view
        .map_or(String::new(), |one| format!(" in {} views, {one:.4} in one", model.preprocessing.shifts.count()));
    let accuracy = match measured.on {
        MeasuredOn::Test => format!("test accuracy {counts}{views}"),
        MeasuredOn::Validation => {
            format!("no test set; accuracy {counts}{views} on the samples held back from training")
        }
        MeasuredOn::Training => {
            format!("no test set; accuracy {counts}{views} on the training samples themselves, read as in prediction")
        }
    };
    let parameters = model.network.params().len();
    let calibrated = model.calibration.map_or(String::new(), |calibration| {
        let Calibration { temperature, unsure, nothing, false_alarms, error } = calibration;
        format!(
            "\ncalibrated: temperature {temperature:.2}, error {error:.4}; not sure below {unsure:.2}, no character below \
             {nothing:.2} (of the validation set {:.2} %)",
            100.0 * false_alarms
        )
    });
    format!(
        "{accuracy}{calibrated}\nmodel {} ({parameters} parameters, trained in {train_seconds:.1} s)",
        out.display()
    )
}
