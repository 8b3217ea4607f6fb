//! The report of a training run: one HTML page that needs nothing else, on a screen, on a phone and on paper.

mod chart;
mod classes;
mod pictures;
mod text;

use crate::measured::MeasuredOn;
use anyhow::{Context, Result};
use minijinja::{Environment, UndefinedBehavior, Value, context};
use nn_core::Network;
use nn_core::metrics::Score;
use nn_data::Dataset;
use nn_io::Evaluation;
use nn_train::{EpochReport, Recipe};
use std::path::Path;
use text::{duration, grouped, percent};

/// Most pictures of mistakes.
const MOST_PICTURES: usize = 60;
/// Most kinds of mistakes in words.
const MOST_MIXES: usize = 15;

/// All that a report tells.
pub struct Report<'a> {
    /// Every setting.
    pub recipe: &'a Recipe,
    /// The epochs of this run, in order.
    pub history: &'a [EpochReport],
    /// Epochs done, those before this run included.
    pub epochs: u32,
    /// Why training ended, in words.
    pub end: &'a str,
    /// The trained network.
    pub network: &'a Network,
    /// Names of the network's classes.
    pub classes: &'a [String],
    /// Its answers on a test set, and the pictures as it saw them.
    pub test: Option<(&'a Evaluation, &'a Dataset)>,
    /// The samples that the network was measured on, and how well it reads them.
    pub measured: (MeasuredOn, Score),
    /// The datasets as the user named them.
    pub data: &'a [String],
    /// Samples learned from.
    pub train_samples: usize,
    /// Samples held back to choose the best epoch.
    pub validation_samples: usize,
    /// Duration of the training.
    pub train_seconds: f64,
    /// Threads that trained.
    pub threads: usize,
    /// Where the model is.
    pub model: &'a Path,
    /// The command that made all this.
    pub command: &'a str,
    /// The day, as the page shows it.
    pub date: &'a str,
}

impl Report<'_> {
    /// Writes the page; whoever reads meanwhile finds the old one or the new one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        Ok(nn_data::disk::write(path, self.to_html()?.as_bytes())?)
    }

    /// The page. All text from outside is escaped.
    ///
    /// # Errors
    /// When a chart or a picture cannot be drawn.
    pub fn to_html(&self) -> Result<String> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_template("report.html", include_str!("report.html"))?;
        let (share, what) = self.headline();
        let page = context! {
            share, what,
            facts => self.facts(),
            best => self.best().map(|(epoch, share)| (epoch, percent(share))),
            charts => self.charts().context("cannot draw the curves")?,
            test => self.test_results().context("cannot draw the mistakes")?,
            preset => &self.recipe.preset,
            settings => self.recipe.settings(),
            summary => self.network.summary(),
            data => self.data.to_vec(),
            command => self.command,
            model => self.model.display().to_string(),
            date => self.date,
        };
        Ok(environment.get_template("report.html")?.render(page)?)
    }

    /// The accuracy that counts most, and what it is.
    fn headline(&self) -> (String, &'static str) {
        if let Some((evaluation, _)) = self.tested() {
            (percent(evaluation.score.accuracy()), "of the test samples read correctly")
        } else if let Some((_, share)) = self.best() {
            (percent(share), "of the validation samples read correctly; there was no test set")
        } else if self.measured.1.samples > 0 {
            (percent(self.measured.1.accuracy()), "of the training samples read correctly; nothing else was tested")
        } else {
            ("–".into(), "no epoch was finished and nothing was tested")
        }
    }

    /// The first epoch of the best validation accuracy.
    fn best(&self) -> Option<(u32, f64)> {
        let validated = self.history.iter().filter_map(|r| Some((r.epoch, r.validation?.accuracy())));
        validated.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// The test, where there was a sample to test.
    fn tested(&self) -> Option<(&Evaluation, &Dataset)> {
        self.test.filter(|(evaluation, _)| evaluation.score.samples > 0)
    }

    /// The numbers below the headline.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![];
        if let Some((evaluation, _)) = self.tested() {
            let score = evaluation.score;
            facts.push(("test loss", format!("{:.4}", score.loss())));
            let wrong = grouped(score.samples - score.correct);
            facts.push(("misread", format!("{wrong} of {}", grouped(score.samples))));
        }
        facts.push(("training samples", grouped(self.train_samples)));
        if self.validation_samples > 0 {
            facts.push(("validation samples", grouped(self.validation_samples)));
        }
        facts.extend([
            ("classes", grouped(self.classes.len())),
            ("parameters", grouped(self.network.params().len())),
            ("epochs", format!("{} of {}", self.epochs, self.recipe.epochs)),
            ("training time", duration(self.train_seconds)),
            ("threads", self.threads.to_string()),
            ("end", self.end.to_string()),
        ]);
        facts
    }

    /// The curves, where there is an epoch to draw.
    fn charts(&self) -> Result<Option<Value>> {
        if self.history.is_empty() {
            return Ok(None);
        }
        let validated = self.history.iter().any(|report| report.validation.is_some());
        let (accuracy, loss) = (chart::accuracy(self.history)?, chart::loss(self.history)?);
        Ok(Some(context! { accuracy, loss, validated }))
    }

    /// Matrix, classes and mistakes.
    fn test_results(&self) -> Result<Option<Value>> {
        let Some((evaluation, data)) = self.tested() else { return Ok(None) };
        let confusion = &evaluation.confusion;
        let more = confusion.mistakes().len().saturating_sub(MOST_MIXES);
        Ok(Some(context! {
            classes => classes::table(confusion, self.classes),
            matrix => self.classes.len() <= classes::MOST_IN_MATRIX,
            dense => self.classes.len() > 20,
            long => self.classes.iter().any(|name| name.chars().count() > 3),
            mixes => classes::mixes(confusion, self.classes, MOST_MIXES),
            more_mixes => (more > 0).then(|| grouped(more)),
            wrong => grouped(evaluation.score.samples - evaluation.score.correct),
            pictures => pictures::worst(evaluation, data, self.classes, MOST_PICTURES)?,
        }))
    }
}

#[cfg(test)]
mod tests;
