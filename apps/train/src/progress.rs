//! Progress on stderr: a bar on a terminal, a line an epoch anywhere.

use cli::say::to_stderr;
use indicatif::{ProgressBar, ProgressStyle};
use nn_core::metrics::Score;
use nn_train::EpochReport;

/// Shows how far training is.
pub struct TrainingProgress {
    bar: ProgressBar,
    quiet: bool,
    epochs: u32,
}

impl TrainingProgress {
    /// Progress through `steps` steps in `epochs` epochs; `done` steps were done before.
    pub fn new(quiet: bool, epochs: u32, steps: u64, done: u64) -> Self {
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(steps) };
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {percent:>3} %  {msg}  {eta} left") {
            bar.set_style(style);
        }
        bar.set_position(done);
        bar.reset_eta();
        Self { bar, quiet, epochs }
    }

    /// A step was made; `score` and `seconds` are those of the epoch so far.
    pub fn step(&self, epoch: u32, score: Score, seconds: f64) {
        self.bar.inc(1);
        if !self.bar.is_hidden() {
            let speed = score.samples as f64 / seconds;
            let (loss, accuracy) = (score.loss(), 100.0 * score.accuracy());
            let epochs = self.epochs;
            self.bar.set_message(format!(
                "epoch {epoch}/{epochs}  loss {loss:.4}  accuracy {accuracy:.2} %  {speed:.0} samples/s"
            ));
        }
    }

    /// An epoch ended.
    pub fn epoch(&self, report: &EpochReport) {
        let validation = report.validation.map_or(String::new(), |v| {
            format!("  validation: loss {:.4}  accuracy {:.2} %", v.loss(), 100.0 * v.accuracy())
        });
        self.line(&format!(
            "epoch {:>3}/{}  loss {:.4}  accuracy {:.2} %{validation}  {:.0} samples/s",
            report.epoch,
            self.epochs,
            report.train.loss(),
            100.0 * report.train.accuracy(),
            report.samples_per_second()
        ));
    }

    /// A line that stays.
    fn line(&self, text: &str) {
        if self.quiet {
            return;
        }
        if self.bar.is_hidden() {
            to_stderr(text);
        } else {
            self.bar.println(text);
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
