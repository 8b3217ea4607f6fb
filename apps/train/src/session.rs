//! Training: progress, metrics and checkpoints on the way, and the message where it does not come to its end.

use crate::args::Args;
use crate::datasets::Sets;
use crate::metrics::Metrics;
use crate::progress::TrainingProgress;
use anyhow::{Result, anyhow};
use cli::say::Say;
use nn_core::Network;
use nn_data::Look;
use nn_io::{Checkpoint, Model, TrainingNote};
use nn_train::{Data, End, EpochReport, Event, Recipe, Run, fit};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// Checkpoints that no flag asks for are at least this far apart.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(10);

/// Returns where checkpoints go: beside the model if no flag names a place.
pub fn checkpoint_path(args: &Args) -> PathBuf {
    args.checkpoint.clone().unwrap_or_else(|| args.out.with_extension("checkpoint"))
}

/// How training went.
pub struct Fitted {
    /// Why training ended.
    pub end: End,
    /// The epochs of this run, in order.
    pub history: Vec<EpochReport>,
    /// The epoch of the newest checkpoint of this run.
    pub checkpoint: Option<u32>,
}

/// The function that an onlooker listens by; its answer says whether training goes on.
pub type Listener<'a> = Box<dyn FnMut(Event<'_>) -> ControlFlow<()> + Send + 'a>;

/// Somebody who looks on while a network is trained.
pub trait Onlooker: Sync {
    /// Begins to look on at a run.
    fn listener<'a>(&'a self, recipe: &Recipe, data: &'a Data<'a>, run: &Run) -> Listener<'a>;

    /// Whether a training that the onlooker has stopped is to end with the best network so far.
    fn keeps_the_best(&self) -> bool;
}

/// Nobody looks on.
pub struct Nobody;

impl Onlooker for Nobody {
    fn listener<'a>(&'a self, _: &Recipe, _: &'a Data<'a>, _: &Run) -> Listener<'a> {
        Box::new(|_| ControlFlow::Continue(()))
    }

    fn keeps_the_best(&self) -> bool {
        false
    }
}

/// Everything that stays the same during a run.
pub struct Session<'a> {
    /// The command line.
    pub args: &'a Args,
    /// The command that makes this network again, for the note in its file.
    pub command: String,
    /// Every setting.
    pub recipe: &'a Recipe,
    /// The data.
    pub sets: &'a Sets,
    /// Whether this process writes checkpoints: the first of several does.
    pub leads: bool,
}

impl Session<'_> {
    /// Says how large the datasets and the network are.
    pub fn announce(&self, run: &Run) {
        let say = Say { quiet: self.args.quiet };
        let samples = |set: Option<&nn_data::Dataset>| set.map_or(0, nn_data::Dataset::len);
        let Sets { train, validation, test, .. } = self.sets;
        say.line(format_args!(
            "{} samples of {} classes to learn, {} to validate, {} to test\n",
            train.len(),
            train.classes().len(),
            samples(validation.as_ref()),
            samples(test.as_ref())
        ));
        say.line(run.trainer.network().summary());
        if run.epoch >= self.recipe.epochs {
            say.line("all epochs are done; what is left is to measure and save the model");
        }
    }

    /// Trains, and writes metrics and checkpoints on the way. The onlooker hears of each event as well, and may
    /// stop the training.
    pub fn fit(
        &self,
        run: &mut Run,
        mut metrics: Metrics,
        stop: &AtomicBool,
        onlooker: &dyn Onlooker,
    ) -> Result<Fitted> {
        let Sets { train, validation, negatives, preprocessing, .. } = self.sets;
        let data = Data { train, validation: validation.as_ref(), negatives: negatives.as_ref(), preprocessing };
        let mut listens = onlooker.listener(self.recipe, &data, run);
        let steps = train.len().div_ceil(self.recipe.batch_size) as u64;
        let (epochs, done) = (self.recipe.epochs, run.epoch);
        let progress =
            TrainingProgress::new(self.args.quiet, epochs, steps * u64::from(epochs), steps * u64::from(done));
        let mut history = vec![];
        let mut failure = None;
        let (mut epoch_start, mut last_checkpoint) = (Instant::now(), None::<Instant>);
        let mut checkpoint = None;
        let mut listener = |event: Event<'_>| -> ControlFlow<()> {
            match &event {
                Event::Step { epoch, score, .. } => progress.step(*epoch, *score, epoch_start.elapsed().as_secs_f64()),
                Event::Epoch { report, run, .. } => {
                    progress.epoch(report);
                    history.push((*report).clone());
                    let waited = last_checkpoint.is_none_or(|at| at.elapsed() >= CHECKPOINT_INTERVAL);
                    let due = self.leads && (self.args.checkpoint.is_some() || waited);
                    let saved = metrics.epoch(report).and_then(|()| Ok(due && self.checkpoint(run)?));
                    match saved {
                        Ok(true) => checkpoint = Some(report.epoch),
                        Ok(false) => {}
                        Err(error) => {
                            failure = Some(error);
                            return ControlFlow::Break(());
                        }
                    }
                    if due {
                        last_checkpoint = Some(Instant::now());
                    }
                    epoch_start = Instant::now();
                }
            }
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { listens(event) }
        };
        let end = fit(run, self.recipe, &data, &mut listener);
        progress.finish();
        match failure {
            Some(error) => Err(error),
            None => Ok(Fitted { end, history, checkpoint }),
        }
    }

    /// Writes a checkpoint, and returns whether it could. That is an error only where the checkpoint was asked for.
    fn checkpoint(&self, run: &Run) -> Result<bool> {
        let state = run.trainer.state().clone();
        let checkpoint = Checkpoint {
            model: self.model(run.trainer.network().clone(), run.epoch, None),
            moments: [state.first, state.second],
            step: state.step,
            epoch: run.epoch,
            best: run.best.clone(),
            recipe: serde_json::to_string(self.recipe)?,
            data: self.sets.fingerprints(),
        };
        match checkpoint.save(&checkpoint_path(self.args)) {
            Err(error) if self.args.checkpoint.is_none() => {
                let error = cli::say::one_line(&error.into());
                Say { quiet: self.args.quiet }.line(format_args!("no checkpoint, training goes on: {error}"));
                Ok(false)
            }
            saved => Ok(saved.map(|()| true)?),
        }
    }

    /// The message after Ctrl-C; `checkpoint` is the epoch of the newest checkpoint.
    pub fn stopped(&self, checkpoint: Option<u32>) -> anyhow::Error {
        let path = checkpoint_path(self.args);
        let path = path.display();
        let by = if self.args.watch { "closing the window, Ctrl-C or a signal" } else { "Ctrl-C or a signal" };
        match (checkpoint, &self.args.resume) {
            (Some(epoch), _) => anyhow!(
                "stopped by {by}; the checkpoint after epoch {epoch} is {path}, go on by adding --resume {path}"
            ),
            (None, Some(resumed)) => {
                anyhow!("stopped by {by}; the newest checkpoint is still {}", resumed.display())
            }
            (None, None) => anyhow!("stopped by {by} before the first checkpoint; nothing was saved"),
        }
    }

    /// Saves the model of the last whole epoch when the loss is not finite, and returns the message.
    pub fn diverged(&self, run: &Run, epoch: u32, step: usize, lr: f32) -> anyhow::Error {
        let problem = format!(
            "the loss is not a finite number any more in epoch {epoch}, step {step}, at a learning rate of {lr}: lower --lr, or set --clip 1"
        );
        if run.epoch == 0 {
            return anyhow!("{problem}; no epoch was finished, so nothing was saved");
        }
        let model = self.model(run.trainer.network().clone(), run.epoch, None);
        match model.save(&self.args.out) {
            Ok(()) => anyhow!("{problem}; the model after epoch {} is saved as {}", run.epoch, self.args.out.display()),
            Err(error) => anyhow::Error::from(error).context(problem),
        }
    }

    /// The model of a network, with a note on how it came to be.
    pub fn model(&self, network: Network, epochs: u32, test_accuracy: Option<f64>) -> Model {
        let (recipe, train) = (self.recipe, &self.sets.train);
        let note = TrainingNote {
            data: self.args.data.iter().map(|path| path.display().to_string()).collect(),
            preset: recipe.preset.clone(),
            seed: recipe.seed,
            epochs,
            samples: train.len() as u64,
            test_accuracy,
            validation_accuracy: None,
            date: humantime::format_rfc3339_seconds(SystemTime::now()).to_string()[..10].into(),
            look: Look::of(train),
            command: self.command.clone(),
        };
        let (classes, preprocessing) = (train.classes().to_vec(), self.sets.preprocessing.clone());
        Model { network, classes, preprocessing, calibration: None, note }
    }
}
