//! `train --overfit N`: whether the network can learn a few pictures by heart, which it must before it learns many.

use crate::args::{Args, Settings};
use crate::datasets::Sets;
use anyhow::{Result, bail};
use cli::data_flags::DataFlags;
use cli::say::count;
use nn_core::Schedule;
use nn_data::{Preprocessing, Shifts};
use nn_io::evaluate;
use nn_train::{AugmentLevel, Data, End, Event, Recipe, Run, fit};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// After this many passes over the pictures the network has had every chance.
const PASSES: u32 = 1000;

/// The command line of a training on `n` pictures alone, the first of each class in turn: without distortion or anything
/// else that keeps a network from learning them by heart.
pub fn arguments(args: &Args, n: usize) -> Args {
    let settings = Settings {
        epochs: Some(PASSES),
        schedule: Some(Schedule::Constant),
        augment: Some(AugmentLevel::None),
        fade: Some(0.0),
        views: Some(Shifts::One),
        validation: None,
        patience: None,
        weight_decay: Some(0.0),
        label_smoothing: Some(0.0),
        ..args.settings.clone()
    };
    let reading = DataFlags { limit: Some(n), no_test: true, ..args.reading.clone() };
    let from = args.from.clone().or(Some(PathBuf::from("none"))); // few pictures are no reason to begin with a model
    Args { settings, reading, from, ..args.clone() }
}

/// Trains until the network reads all pictures or has seen them 1,000 times, and prints which and what it means.
///
/// # Errors
/// When the loss is not finite any more, and after Ctrl-C.
pub fn run(recipe: &Recipe, sets: &Sets, mut run: Run, stop: &AtomicBool) -> Result<()> {
    let Sets { train, preprocessing, .. } = sets;
    let one_view = Preprocessing { shifts: Shifts::One, ..preprocessing.clone() };
    let data = Data { train, validation: None, negatives: None, preprocessing };
    let mut read = 0;
    let end = fit(&mut run, recipe, &data, &mut |event| {
        let mut is_over = stop.load(Ordering::Relaxed);
        if let Event::Epoch { run, .. } = event {
            let network = run.network(train, preprocessing);
            read = evaluate(&network, train, &one_view, recipe.loss()).score.correct;
            is_over |= read == train.len();
        }
        if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if stop.load(Ordering::Relaxed) {
        bail!("stopped by Ctrl-C or a signal");
    }
    if let End::Diverged { epoch, lr, .. } = end {
        bail!(
            "the loss is not a finite number any more in pass {epoch}, at a learning rate of {lr}: lower --lr, or set --clip 1"
        );
    }
    cli::say::result(outcome(read, train.len(), run.epoch))
}

/// The outcome and its meaning, a sentence each.
fn outcome(read: usize, pictures: usize, passes: u32) -> String {
    let passes = count(passes as usize, "pass", "passes");
    let reads = format!("after {passes} the network reads {read} of {pictures} pictures that it learnt");
    if read == pictures {
        return format!(
            "yes: {reads}. Network, loss and learning rate can learn; how well it reads pictures that it has not \
             seen, only a whole training tells."
        );
    }
    format!(
        "no: {reads}. More data or epochs will not help before it can: try another --lr (--find-lr suggests one) or \
         more --layers, and look for equal pictures whose labels differ (`collect check`)."
    )
}
