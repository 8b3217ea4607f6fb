//! The training itself, on threads of its own.

use crate::keeper::Keeper;
use crate::live::{Go, Live};
use crate::prepared::PreparedTraining;
use crate::watcher::Watcher;
use anyhow::{Result, bail};
use cli::pool::on_threads;
use cli::say::to_stderr;
use egui::Context;
use nn_core::Network;
use nn_data::Look;
use nn_io::{Checkpoint, Model, TrainingNote, calibrate};
use nn_train::{End, Event, Run, fit};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;
use ui::worker::Job;

/// The outcome of a training.
pub enum TrainingEnd {
    /// It has come to an end that leaves a model.
    Trained(Arc<Model>),
    /// It was given up; a checkpoint of the epochs done stays, unless no epoch was done.
    GivenUp(Option<u32>),
}

/// Starts a training. Its checkpoint goes to a file, which is removed when the training has come to its end.
pub fn start(prepared: Arc<PreparedTraining>, live: Live, checkpoint: PathBuf, ctx: &Context) -> Job<TrainingEnd> {
    let window = ctx.clone();
    Job::new(ctx, move |_| on_threads(None, || train(&prepared, &live, checkpoint, &window))?)
}

fn train(prepared: &PreparedTraining, live: &Live, checkpoint: PathBuf, window: &Context) -> Result<TrainingEnd> {
    let mut keeper = Keeper::new(checkpoint);
    let mut run = prepared.run()?;
    let data = prepared.data();
    let notify = || window.request_repaint();
    let mut watcher = Watcher::new(live.clone(), notify, &prepared.recipe, &data, &run);
    let mut is_told = false;
    let end = fit(&mut run, &prepared.recipe, &data, &mut |event| {
        if let Event::Epoch { run, .. } = &event
            && let Err(error) = keeper.epoch(|| checkpoint_of(prepared, run))
            && !std::mem::replace(&mut is_told, true)
        {
            to_stderr(format_args!("no checkpoint: {error:#}; the training goes on"));
        }
        watcher.event(event)
    });
    if let End::Diverged { epoch, lr, .. } = end {
        let kept = match keeper.write()? {
            Some(epoch) => format!("; epoch {epoch} is kept as {}", keeper.path().display()),
            None => String::new(),
        };
        bail!(
            "the loss is not a finite number any more in epoch {epoch}, at a learning rate of {lr}: choose a lower factor \
             of the learning rate, or other layers{kept}"
        );
    }
    if end == End::Stopped && live.orders().go == Go::Quit {
        return Ok(TrainingEnd::GivenUp(keeper.write()?));
    }
    keeper.remove();
    Ok(TrainingEnd::Trained(Arc::new(finished(prepared, run, live.orders().factor))))
}

/// The model of a run that has ended: the best network, calibrated on the samples held back.
fn finished(prepared: &PreparedTraining, run: Run, factor: f32) -> Model {
    let (epochs, best) = (run.epoch, run.best.as_ref().map(|best| best.accuracy));
    let mut model = model_of(prepared, run.into_network(&prepared.train, &prepared.preprocessing), epochs);
    model.note.validation_accuracy = best;
    if factor != 1.0 {
        model.note.command += &format!(" # the learning rate was changed by hand, at the end by a factor of {factor}");
    }
    let held_back = prepared.validation.as_ref();
    model.calibration = held_back.map(|set| calibrate(&model.network, set, &prepared.preprocessing));
    model
}

fn model_of(prepared: &PreparedTraining, network: Network, epochs: u32) -> Model {
    let PreparedTraining { plan, recipe, train, preprocessing, .. } = prepared;
    let note = TrainingNote {
        data: plan.data.iter().map(|path| path.display().to_string()).collect(),
        preset: recipe.preset.clone(),
        seed: recipe.seed,
        epochs,
        samples: train.len() as u64,
        test_accuracy: None,
        validation_accuracy: None,
        date: humantime::format_rfc3339_seconds(SystemTime::now()).to_string()[..10].into(),
        command: plan.command(recipe.validation),
        look: Look::of(train),
    };
    Model { network, classes: train.classes().to_vec(), preprocessing: preprocessing.clone(), calibration: None, note }
}

fn checkpoint_of(prepared: &PreparedTraining, run: &Run) -> Result<Checkpoint> {
    let state = run.trainer.state().clone();
    Ok(Checkpoint {
        model: model_of(prepared, run.trainer.network().clone(), run.epoch),
        moments: [state.first, state.second],
        step: state.step,
        epoch: run.epoch,
        best: run.best.clone(),
        recipe: serde_json::to_string(&prepared.recipe)?,
        data: prepared.fingerprints(),
    })
}
