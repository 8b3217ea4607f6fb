//! The report of a training run: one HTML page that needs nothing else, on a screen, on a phone and on paper.

mod answers;
mod calibration;
mod classes;
mod distorted;
mod sheet;

use crate::measured::{Measured, MeasuredOn};
use crate::plot::words::{duration, grouped, percent};
use crate::plot::{self, svg};
use answers::Answers;
use anyhow::{Context, Result};
use minijinja::{Environment, UndefinedBehavior, Value, context};
use nn_data::Dataset;
use nn_io::Model;
use nn_train::{End, EpochReport, Recipe};
use sheet::Sheet;
use std::path::Path;

/// Most kinds of mistakes in words.
const MOST_MIXES: usize = 15;

/// All that a report tells.
pub struct Report<'a> {
    /// Every setting.
    pub recipe: &'a Recipe,
    /// The epochs of this run, in order.
    pub history: &'a [EpochReport],
    /// Why training ended.
    pub end: End,
    /// The trained model, with its note.
    pub model: &'a Model,
    /// Where the model is.
    pub path: &'a Path,
    /// The network's answers to the samples that it was measured on.
    pub measured: &'a Measured<'a>,
    /// Samples learned from.
    pub train: &'a Dataset,
    /// Samples held back to choose the best epoch.
    pub validation_samples: usize,
    /// Duration of the training.
    pub train_seconds: f64,
    /// Threads that trained.
    pub threads: usize,
}

impl Report<'_> {
    /// Why training ended, in words.
    pub fn end_in_words(&self) -> &'static str {
        match self.end {
            End::NoProgress => "stopped early: no better validation accuracy",
            End::Stopped => "stopped by hand",
            End::Done | End::Diverged { .. } => "all epochs done",
        }
    }

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
    /// When a plot or a picture cannot be drawn.
    pub fn to_html(&self) -> Result<String> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_template("report.html", include_str!("report.html"))?;
        let (share, what) = self.headline();
        let note = &self.model.note;
        let mut sheet = Sheet::new(self.train.size());
        let page = context! {
            style => include_str!("report.css"),
            script => include_str!("report.js"),
            share, what,
            facts => self.facts(),
            best => self.best().map(|(epoch, share)| (epoch, percent(share))),
            charts => self.charts().context("cannot draw the curves")?,
            results => self.results(&mut sheet).context("cannot draw the mistakes")?,
            samples => distorted::samples(self.train, &self.model.preprocessing, self.recipe, &mut sheet),
            sheet => sheet.to_value().context("cannot draw the pictures")?,
            preset => &self.recipe.preset,
            settings => self.recipe.settings(),
            summary => self.model.network.summary(),
            data => note.data.to_vec(),
            command => &note.command,
            model => self.path.display().to_string(),
            date => &note.date,
        };
        Ok(environment.get_template("report.html")?.render(page)?)
    }

    /// The accuracy that counts most, and what it is.
    fn headline(&self) -> (String, &'static str) {
        let score = self.measured.evaluation.score;
        let what = match self.measured.on {
            _ if score.samples == 0 => return ("–".into(), "nothing was tested"),
            MeasuredOn::Test => "of the test samples read correctly",
            MeasuredOn::Validation => "of the validation samples read correctly; there was no test set",
            MeasuredOn::Training => "of the training samples read correctly; nothing else was tested",
        };
        (percent(score.accuracy()), what)
    }

    /// The first epoch of the best validation accuracy.
    fn best(&self) -> Option<(u32, f64)> {
        let validated = self.history.iter().filter_map(|r| Some((r.epoch, r.validation?.accuracy())));
        validated.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// The numbers below the headline.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![];
        let score = self.measured.evaluation.score;
        if score.samples > 0 {
            facts.push(("loss", format!("{:.4}", score.loss())));
            let wrong = grouped(score.samples - score.correct);
            facts.push(("misread", format!("{wrong} of {}", grouped(score.samples))));
        }
        facts.push(("training samples", grouped(self.train.len())));
        if self.validation_samples > 0 {
            facts.push(("validation samples", grouped(self.validation_samples)));
        }
        facts.extend([
            ("classes", grouped(self.model.classes.len())),
            ("parameters", grouped(self.model.network.params().len())),
            ("epochs", format!("{} of {}", self.model.note.epochs, self.recipe.epochs)),
            ("training time", duration(self.train_seconds)),
            ("threads", self.threads.to_string()),
            ("end", self.end_in_words().to_string()),
        ]);
        facts
    }

    /// The curves, where there is an epoch to draw.
    fn charts(&self) -> Result<Option<Value>> {
        if self.history.is_empty() {
            return Ok(None);
        }
        let validated = self.history.iter().any(|report| report.validation.is_some());
        let (accuracy, loss) = (svg::draw(&plot::accuracy(self.history))?, svg::draw(&plot::loss(self.history))?);
        Ok(Some(context! { accuracy, loss, validated }))
    }

    /// Matrix, classes, calibration and mistakes, whose pictures go into the sheet; none where nothing was measured.
    fn results(&self, sheet: &mut Sheet) -> Result<Option<Value>> {
        let Measured { evaluation, data, .. } = self.measured;
        if evaluation.score.samples == 0 {
            return Ok(None);
        }
        let (confusion, classes) = (&evaluation.confusion, &self.model.classes);
        let answers = Answers::new(evaluation, data, self.model.calibration, sheet);
        let more = confusion.mistakes().len().saturating_sub(MOST_MIXES);
        Ok(Some(context! {
            classes => classes::table(confusion, classes),
            matrix => classes.len() <= classes::MOST_IN_MATRIX,
            dense => classes.len() > 20,
            long => classes.iter().any(|name| name.chars().count() > 3),
            mixes => classes::mixes(confusion, classes, MOST_MIXES),
            more_mixes => (more > 0).then(|| grouped(more)),
            wrong => grouped(evaluation.score.samples - evaluation.score.correct),
            worst => answers.worst(classes),
            pictures => answers.to_value(classes),
            on_validation => matches!(self.measured.on, MeasuredOn::Validation),
            calibration => calibration::diagram(evaluation, data, self.model.calibration)?,
        }))
    }
}

#[cfg(test)]
mod tests;
