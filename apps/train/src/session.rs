//! A run of the program: checks, data, training, test, and everything that is saved.

use crate::args::Args;
use crate::datasets::Sets;
use crate::interrupt;
use crate::metrics::{Final, Metrics};
use crate::note::training_note;
use crate::progress::Progress;
use crate::report::Report;
use crate::summary::summary;
use anyhow::{Context, Result, anyhow, bail};
use cli::pool::on_threads;
use nn_core::Network;
use nn_data::{Preprocessing, Shifts};
use nn_io::{Checkpoint, Evaluation, Model, atomic, calibrate, evaluate};
use nn_train::{Data, End, EpochReport, Event, Preset, Recipe, Run, fit};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The preset where no flag names one.
const DEFAULT_PRESET: &str = "cnn";
/// Checkpoints that no flag asks for are at least this far apart.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(10);

/// Does what the command line says.
pub fn run(args: &Args) -> Result<()> {
    let checkpoint = checkpoint_path(args);
    let outputs = [Some(&args.out), args.metrics.as_ref(), args.report.as_ref(), Some(&checkpoint)];
    let outputs: Vec<&PathBuf> = outputs.into_iter().flatten().collect();
    for (i, path) in outputs.iter().enumerate() {
        if outputs[..i].contains(path) {
            bail!("{} is wanted for two things; give each file its own name", path.display());
        }
        atomic::check_writable(path)?;
    }
    let stop = interrupt::watch()?;
    on_threads(args.threads, || train(args, &stop))?
}

fn train(args: &Args, stop: &AtomicBool) -> Result<()> {
    let checkpoint = args.resume.as_ref().map(|path| Checkpoint::load(path)).transpose()?;
    let recipe = settled_recipe(args, checkpoint.as_ref())?;
    let sets = Sets::load(args, &recipe, checkpoint.as_ref().map(|checkpoint| &checkpoint.model))?;
    let mut run = match checkpoint {
        Some(checkpoint) => Run::resume(&recipe, checkpoint).context("cannot go on from the checkpoint")?,
        None => Run::new(&recipe, sets.train.size(), sets.train.classes().len())?,
    };
    let session = Session { args, recipe: &recipe, sets: &sets };
    session.announce(run.trainer.network());

    let start = Instant::now();
    let Fitted { end, history, checkpoint } = session.fit(&mut run, stop)?;
    let train_seconds = start.elapsed().as_secs_f64();
    match end {
        End::Stopped => return Err(session.stopped(checkpoint)),
        End::Diverged { epoch, step, lr } => return Err(session.diverged(&run, epoch, step, lr)),
        End::Done => run.take_best(),
        End::NoProgress => run.take_best(),
    }
    session.finish(run, &history, end, train_seconds)
}

/// Returns the checkpoint's recipe or the preset's, changed as the flags say.
fn settled_recipe(args: &Args, checkpoint: Option<&Checkpoint>) -> Result<Recipe> {
    let base: Recipe = match checkpoint {
        Some(checkpoint) => serde_json::from_str(&checkpoint.recipe)
            .context("the settings in the checkpoint are of another Barnacle")?,
        None => preset(args.settings.preset.as_deref().unwrap_or(DEFAULT_PRESET))?,
    };
    let recipe = args.settings.apply(base.clone());
    if let Some(checkpoint) = checkpoint {
        let (done, all) = (checkpoint.epoch, recipe.epochs);
        if done >= all {
            bail!("the checkpoint has done {done} of {all} epochs already; ask for more by --epochs");
        }
        if recipe.layers != base.layers {
            bail!("--layers cannot change the network of a checkpoint");
        }
        if args.settings.preset.as_ref().is_some_and(|preset| *preset != base.preset) {
            bail!("--preset cannot change the recipe of a checkpoint, which is {}", base.preset);
        }
    }
    recipe.validate()?;
    Ok(recipe)
}

/// Returns where checkpoints go: beside the model if no flag names a place.
fn checkpoint_path(args: &Args) -> PathBuf {
    args.checkpoint.clone().unwrap_or_else(|| args.out.with_extension("checkpoint"))
}

fn preset(name: &str) -> Result<Recipe> {
    Preset::from_name(name).map(Preset::recipe).context("no such preset")
}

/// How training went.
struct Fitted {
    end: End,
    history: Vec<EpochReport>,
    /// The epoch of the newest checkpoint of this run.
    checkpoint: Option<u32>,
}

/// Everything that stays the same during a run.
struct Session<'a> {
    args: &'a Args,
    recipe: &'a Recipe,
    sets: &'a Sets,
}

impl Session<'_> {
    fn announce(&self, network: &Network) {
        if self.args.quiet {
            return;
        }
        let samples = |set: Option<&nn_data::Dataset>| set.map_or(0, nn_data::Dataset::len);
        let Sets { train, validation, test, .. } = self.sets;
        eprintln!(
            "{} samples of {} classes to learn, {} to validate, {} to test\n",
            train.len(),
            train.classes().len(),
            samples(validation.as_ref()),
            samples(test.as_ref())
        );
        eprintln!("{}", network.summary());
    }

    /// Trains, and writes metrics and checkpoints on the way.
    fn fit(&self, run: &mut Run, stop: &AtomicBool) -> Result<Fitted> {
        let Sets { train, validation, preprocessing, .. } = self.sets;
        let steps = train.len().div_ceil(self.recipe.batch_size) as u64;
        let (epochs, done) = (self.recipe.epochs, run.epoch);
        let progress = Progress::new(self.args.quiet, epochs, steps * u64::from(epochs), steps * u64::from(done));
        let mut metrics = Metrics::open(self.args.metrics.as_deref(), done)?;
        let mut history = vec![];
        let mut failure = None;
        let (mut epoch_start, mut last_checkpoint) = (Instant::now(), None::<Instant>);
        let mut checkpoint = None;
        let mut listener = |event: Event<'_>| -> ControlFlow<()> {
            match event {
                Event::Step { epoch, score, .. } => progress.step(epoch, score, epoch_start.elapsed().as_secs_f64()),
                Event::Epoch { report, run } => {
                    progress.epoch(report);
                    history.push(report.clone());
                    let due = self.args.checkpoint.is_some()
                        || last_checkpoint.is_none_or(|at| at.elapsed() >= CHECKPOINT_INTERVAL);
                    let saved = metrics.epoch(report).and_then(|()| if due { self.checkpoint(run) } else { Ok(()) });
                    if let Err(error) = saved {
                        failure = Some(error);
                        return ControlFlow::Break(());
                    }
                    if due {
                        (last_checkpoint, checkpoint) = (Some(Instant::now()), Some(report.epoch));
                    }
                    epoch_start = Instant::now();
                }
            }
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let data = Data { train, validation: validation.as_ref(), preprocessing };
        let end = fit(run, self.recipe, &data, &mut listener);
        progress.finish();
        match failure {
            Some(error) => Err(error),
            None => Ok(Fitted { end, history, checkpoint }),
        }
    }

    fn checkpoint(&self, run: &Run) -> Result<()> {
        let state = run.trainer.state().clone();
        let checkpoint = Checkpoint {
            model: self.model(run.trainer.network().clone(), run.epoch, None),
            moments: [state.first, state.second],
            step: state.step,
            epoch: run.epoch,
            best: run.best.clone(),
            recipe: serde_json::to_string(self.recipe)?,
        };
        Ok(checkpoint.save(&checkpoint_path(self.args))?)
    }

    /// The message after Ctrl-C; `checkpoint` is the epoch of the newest checkpoint.
    fn stopped(&self, checkpoint: Option<u32>) -> anyhow::Error {
        let path = checkpoint_path(self.args);
        let path = path.display();
        match (checkpoint, &self.args.resume) {
            (Some(epoch), _) => anyhow!(
                "stopped by Ctrl-C; the checkpoint after epoch {epoch} is {path}, go on by adding --resume {path}"
            ),
            (None, Some(resumed)) => anyhow!("stopped by Ctrl-C; the newest checkpoint is still {}", resumed.display()),
            (None, None) => anyhow!("stopped by Ctrl-C before the first checkpoint; nothing was saved"),
        }
    }

    /// Saves the model of the last whole epoch when the loss is not finite, and returns the message.
    fn diverged(&self, run: &Run, epoch: u32, step: usize, lr: f32) -> anyhow::Error {
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

    /// Tests the network, saves it, and writes what else was asked for.
    fn finish(&self, run: Run, history: &[EpochReport], end: End, train_seconds: f64) -> Result<()> {
        let (args, recipe, sets) = (self.args, self.recipe, self.sets);
        let run_epochs = run.epoch;
        let network = run.trainer.into_network();
        let test = sets.test.as_ref().map(|set| (evaluate(&network, set, &sets.preprocessing, recipe.loss()), set));
        let score = test.as_ref().map(|(evaluation, _)| evaluation.score);
        let by_one_view = test.as_ref().filter(|_| !recipe.shifts.is_one()).map(|(_, set)| {
            let preprocessing = Preprocessing { shifts: Shifts::One, ..sets.preprocessing.clone() };
            evaluate(&network, set, &preprocessing, recipe.loss()).score.accuracy()
        });
        let mut model = self.model(network, run_epochs, score.map(|s| s.accuracy()));
        model.note.validation_accuracy = run.best.as_ref().map(|best| best.accuracy);
        model.calibration = sets.validation.as_ref().map(|set| calibrate(&model.network, set, &sets.preprocessing));
        model.save(&args.out)?;

        let end =
            if end == End::NoProgress { "stopped early: no better validation accuracy" } else { "all epochs done" };
        let threads = rayon::current_num_threads();
        Metrics::open(args.metrics.as_deref(), run_epochs)?.finish(&Final {
            r#final: true,
            test_accuracy: score.map(|s| s.accuracy()),
            test_accuracy_one_view: by_one_view,
            test_loss: score.map(|s| s.loss()),
            test_samples: score.map_or(0, |s| s.samples),
            parameters: model.network.params().len(),
            train_seconds,
            threads,
            seed: recipe.seed,
            preset: &recipe.preset,
            end,
        })?;
        if let Some(path) = &args.report {
            self.report(&model, history, end, &test, train_seconds, threads).write(path)?;
        }
        let path = checkpoint_path(args);
        if args.checkpoint.is_none() && args.resume.as_ref() != Some(&path) {
            let _ = std::fs::remove_file(path); // it may never have been written
        }
        cli::say::result(summary(&model, &test, by_one_view, train_seconds, &args.out));
        Ok(())
    }

    fn report<'r>(
        &'r self,
        model: &'r Model,
        history: &'r [EpochReport],
        end: &'r str,
        test: &'r Option<(Evaluation, &'r nn_data::Dataset)>,
        train_seconds: f64,
        threads: usize,
    ) -> Report<'r> {
        Report {
            recipe: self.recipe,
            history,
            end,
            network: &model.network,
            classes: &model.classes,
            test: test.as_ref().map(|(evaluation, set)| (evaluation, *set)),
            data: &model.note.data,
            train_samples: self.sets.train.len(),
            validation_samples: self.sets.validation.as_ref().map_or(0, nn_data::Dataset::len),
            train_seconds,
            threads,
            model: &self.args.out,
            command: &model.note.command,
            date: &model.note.date,
        }
    }

    fn model(&self, network: Network, epochs: u32, test_accuracy: Option<f64>) -> Model {
        let note = training_note(self.args, self.recipe, self.sets.train.len(), epochs, test_accuracy);
        let (classes, preprocessing) = (self.sets.train.classes().to_vec(), self.sets.preprocessing.clone());
        Model { network, classes, preprocessing, calibration: None, note }
    }
}
