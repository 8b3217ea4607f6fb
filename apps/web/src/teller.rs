//! Tells the page of a training, while it goes on and at its end.

use crate::message::{Reply, TrainingNews, TrainingOrder};
use anyhow::Result;
use nn_core::metrics::Score;
use nn_data::{Dataset, Look};
use nn_io::{Model, TrainingNote};
use nn_train::{Data, End, EpochReport, Event, Recipe};
use report::{Measured, MeasuredOn, Report};
use std::path::Path;
use std::time::Duration;
use web_time::Instant;

/// The name of a model that was trained on the page.
pub const TRAINED: &str = "trained here";
/// News come at least this far apart.
const INTERVAL: Duration = Duration::from_millis(200);

/// Tells the page what happens, and remembers it for the report.
pub struct Teller<'a> {
    order: &'a TrainingOrder,
    recipe: &'a Recipe,
    data: &'a Data<'a>,
    /// The part of this epoch's scores that has been told.
    told: Score,
    since: Instant,
    history: Vec<EpochReport>,
}

impl<'a> Teller<'a> {
    /// A teller that has told nothing.
    pub fn new(order: &'a TrainingOrder, recipe: &'a Recipe, data: &'a Data<'a>) -> Self {
        Self { order, recipe, data, told: Score::default(), since: Instant::now(), history: vec![] }
    }

    /// Tells of an event.
    ///
    /// # Errors
    /// Where the model of an epoch cannot be written.
    pub fn event(&mut self, event: Event<'_>, tell: &mut (dyn FnMut(Reply) + Send)) -> Result<()> {
        match event {
            Event::Step { epoch, step, steps, score, .. } => {
                let seconds = self.since.elapsed().as_secs_f64();
                if seconds >= INTERVAL.as_secs_f64() {
                    let new = since(score, self.told);
                    let at = f64::from(epoch - 1) + step as f64 / steps as f64;
                    tell(Reply::Progress(self.news(at, new, new.samples as f64 / seconds)));
                    (self.told, self.since) = (score, Instant::now());
                }
            }
            Event::Epoch { report, run, .. } => {
                let score = report.validation.unwrap_or(report.train);
                let progress = self.news(report.epoch.into(), score, report.samples_per_second());
                let network = run.network(self.data.train, self.data.preprocessing).into_owned();
                let model = self.model(network, report.epoch).to_bytes()?;
                tell(Reply::Epoch { progress, model });
                self.history.push(report.clone());
                (self.told, self.since) = (Score::default(), Instant::now());
            }
        }
        Ok(())
    }

    fn news(&self, at: f64, score: Score, samples_per_second: f64) -> TrainingNews {
        let (epochs, is_held_back) = (self.recipe.epochs, self.data.validation.is_some());
        TrainingNews { at, epochs, is_held_back, loss: score.loss(), accuracy: score.accuracy(), samples_per_second }
    }

    /// The report of the training as HTML.
    ///
    /// # Errors
    /// Where a plot or a picture cannot be drawn.
    pub fn report(&self, model: &Model, end: End) -> Result<String> {
        let Data { train, validation, preprocessing, .. } = *self.data;
        let read = validation.map_or((MeasuredOn::Training, train), |held| (MeasuredOn::Validation, held));
        let report = Report {
            recipe: self.recipe,
            history: &self.history,
            end,
            model,
            path: Path::new(TRAINED),
            measured: &Measured::new(&model.network, read, preprocessing, self.recipe),
            train,
            validation_samples: validation.map_or(0, Dataset::len),
            train_seconds: self.history.iter().map(|epoch| epoch.seconds).sum(),
            threads: 1,
        };
        report.to_html()
    }

    /// A network as a model, with a note of what it has learnt.
    pub fn model(&self, network: nn_core::Network, epochs: u32) -> Model {
        let TrainingOrder { files, drawings, .. } = self.order;
        let files = files.first().map(|file| file.name.clone());
        let drawings = Some("drawings".to_string()).filter(|_| !drawings.is_empty());
        let note = TrainingNote {
            data: files.into_iter().chain(drawings).collect(),
            preset: self.recipe.preset.clone(),
            seed: self.recipe.seed,
            epochs,
            samples: self.data.train.len() as u64,
            look: Look::of(self.data.train),
            ..TrainingNote::default()
        };
        Model {
            network,
            classes: self.data.train.classes().to_vec(),
            preprocessing: self.data.preprocessing.clone(),
            calibration: None,
            note,
        }
    }
}

/// The part of a score that has come since another.
fn since(now: Score, then: Score) -> Score {
    Score {
        samples: now.samples - then.samples,
        correct: now.correct - then.correct,
        loss_sum: now.loss_sum - then.loss_sum,
    }
}
