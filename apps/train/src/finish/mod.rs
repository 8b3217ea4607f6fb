//! The end of a run: the network is measured and saved, and the files that were asked for are written.

mod summary;

use crate::metrics::{Final, Metrics};
use crate::session::{Fitted, Session, checkpoint_path};
use anyhow::Result;
use nn_data::Dataset;
use nn_io::{Model, calibrate, compact};
use nn_train::{EpochReport, Run};
use report::plot::{self, terminal};
use report::{Measured, Report};

/// Measures the network, saves it with its calibration, writes metrics and report, and prints the summary.
///
/// # Errors
/// When a file cannot be written.
pub fn finish(session: &Session<'_>, run: Run, fitted: &Fitted, seconds: f64) -> Result<()> {
    let Session { args, recipe, sets, .. } = *session;
    let epochs = run.epoch;
    let best_accuracy = run.best.as_ref().map(|best| best.accuracy);
    let mut network = run.into_network(&sets.train, &sets.preprocessing);
    if args.compact {
        compact(network.params_mut());
    }
    let measured = Measured::new(&network, sets.measured_on(), &sets.preprocessing, recipe);
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
    cli::say::result(summary::table(&model, &measured, seconds, &args.out))?;
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
        end: fitted.end,
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
        end: report.end_in_words(),
    }
}
