//! The end of a run: the network is measured and saved, and the files that were asked for are written.

use crate::measured::{Measured, MeasuredOn};
use crate::metrics::{Final, Metrics};
use crate::plot::{self, terminal};
use crate::report::Report;
use crate::session::{Fitted, Session, checkpoint_path};
use anyhow::Result;
use cli::say::visible;
use nn_core::metrics::Confusion;
use nn_data::Dataset;
use nn_io::{Calibration, Model, calibrate};
use nn_train::{End, EpochReport, Run};
use std::path::Path;

/// Measures the network, saves it with its calibration, writes metrics and report, and prints the summary.
///
/// # Errors
/// When a file cannot be written.
pub fn finish(session: &Session<'_>, run: Run, fitted: &Fitted, seconds: f64) -> Result<()> {
    let Session { args, recipe, sets } = *session;
    let epochs = run.epoch;
    let best_accuracy = run.best.as_ref().map(|best| best.accuracy);
    let network = run.into_network(&sets.train, &sets.preprocessing);
    let measured = Measured::new(&network, sets, recipe);
    let test_accuracy = measured.test().map(|evaluation| evaluation.score.accuracy());
    let mut model = session.model(network, epochs, test_accuracy);
    model.note.validation_accuracy = best_accuracy;
    model.calibration = sets.validation.as_ref().map(|set| calibrate(&model.network, set, &sets.preprocessing));
    model.save(&args.out)?;

    let report = page(session, &model, &measured, fitted, seconds);
    Metrics::open(args.metrics.as_deref(), epochs)?.finish(&last_line(&report))?;
    if let Some(path) = &args.report {
        report.write(path)?;
    }
    let checkpoint = checkpoint_path(args);
    if args.checkpoint.is_none() && args.resume.as_ref() != Some(&checkpoint) {
        let _ = std::fs::remove_file(checkpoint); // it may never have been written
    }
    cli::say::result(summary(&model, &measured, seconds, &args.out))?;
    if args.verbose && !fitted.history.is_empty() {
        cli::say::result(curves(&fitted.history))?;
    }
    Ok(())
}

/// Accuracy and loss over the epochs, as text.
fn curves(history: &[EpochReport]) -> String {
    let [accuracy, loss] = [plot::accuracy(history), plot::loss(history)].map(|plot| terminal::draw(&plot));
    format!("\naccuracy by epoch\n{accuracy}\nloss by epoch\n{}", loss.trim_end())
}

fn page<'r>(
    session: &'r Session<'_>,
    model: &'r Model,
    measured: &'r Measured<'r>,
    fitted: &'r Fitted,
    train_seconds: f64,
) -> Report<'r> {
    Report {
        recipe: session.recipe,
        history: &fitted.history,
        end: match fitted.end {
            End::NoProgress => "stopped early: no better validation accuracy",
            End::Stopped => "stopped by hand",
            _ => "all epochs done",
        },
        model,
        path: &session.args.out,
        measured,
        train: &session.sets.train,
        validation_samples: session.sets.validation.as_ref().map_or(0, Dataset::len),
        train_seconds,
        threads: rayon::current_num_threads(),
    }
}

/// The last line of the metrics.
fn last_line<'r>(report: &Report<'r>) -> Final<'r> {
    let measured = report.measured;
    let (on, score) = (measured.on, measured.evaluation.score);
    let test = measured.test().map(|evaluation| evaluation.score);
    Final {
        r#final: true,
        test_accuracy: test.map(|score| score.accuracy()),
        test_accuracy_one_view: measured.one_view.filter(|_| test.is_some()),
        test_loss: test.map(|score| score.loss()),
        test_samples: test.map_or(0, |score| score.samples),
        measured_on: on.name(),
        measured_accuracy: score.accuracy(),
        measured_samples: score.samples,
        parameters: report.model.network.params().len(),
        train_seconds: report.train_seconds,
        threads: report.threads,
        seed: report.recipe.seed,
        preset: &report.recipe.preset,
        settings: report.recipe.settings().into_iter().chain([("data", report.model.note.data.join(", "))]).collect(),
        command: &report.model.note.command,
        end: report.end,
    }
}

/// The summary of a run, as text: how well the network reads, and where it is.
fn summary(model: &Model, measured: &Measured<'_>, train_seconds: f64, out: &Path) -> String {
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
    let confused = most_confused(&measured.evaluation.confusion, &model.classes);
    format!(
        "{accuracy}{confused}{calibrated}\nmodel {} ({parameters} parameters, trained in {train_seconds:.1} s)",
        out.display()
    )
}

/// The most frequent confusions that the summary names.
const CONFUSIONS: usize = 5;

/// The line about the most frequent confusions; nothing where there are none.
fn most_confused(confusion: &Confusion, classes: &[String]) -> String {
    let name = |class: usize| visible(&classes[class]);
    let pairs = confusion.mistakes().into_iter().take(CONFUSIONS);
    let pairs: Vec<String> =
        pairs.map(|(truth, answer, count)| format!("{} as {} ({count})", name(truth), name(answer))).collect();
    if pairs.is_empty() { String::new() } else { format!("\nmost often misread: {}", pairs.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_confusions_are_named() {
        let mut confusion = Confusion::new(3);
        let classes = ["4", "9", "\u{1b}"].map(String::from);
        confusion.add(0, 0);
        assert_eq!(most_confused(&confusion, &classes), "");
        for (truth, answer) in [(0, 2), (1, 0), (1, 0)] {
            confusion.add(truth, answer);
        }
        assert_eq!(most_confused(&confusion, &classes), "\nmost often misread: 9 as 4 (2), 4 as \\u{1b} (1)");
    }
}
