//! A run of the program: checks, data, training, and everything that is saved.

mod base;
mod resumed;

use crate::args::{Args, Command};
use crate::command::{resumed_command, this_command};
use crate::compare;
use crate::datasets::{Sets, Start};
use crate::finish::finish;
use crate::interrupt;
use crate::session::{Nobody, Onlooker, Session, checkpoint_path};
use crate::trial::{find_lr, overfit};
use anyhow::{Context, Result};
use cli::memory;
use cli::output::{self, Kind, Output};
use cli::pool::on_threads;
use cli::say::Say;
use nn_io::Checkpoint;
use nn_train::{Chosen, End, Preset, Recipe, Run};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The preset where no flag names one.
const DEFAULT_PRESET: &str = "cnn";

/// Oddities of the data are said even with `--quiet`.
const LOUD: Say = Say { quiet: false };

/// Does what the command line says.
///
/// # Errors
/// When data, settings or files do not work, when training diverges, and after Ctrl-C.
pub fn run(args: &Args) -> Result<()> {
    if let Some(Command::Compare(runs)) = &args.command {
        return compare::run(runs);
    }
    if args.find_lr || args.overfit.is_some() {
        let stop = interrupt::watch();
        return on_threads(args.threads, || try_out(args, &stop))?;
    }
    let checkpoint = checkpoint_path(args);
    let outputs = [
        (Some(&args.out), Kind::Model),
        (args.metrics.as_ref(), Kind::Metrics),
        (args.report.as_ref(), Kind::Report),
        (Some(&checkpoint), Kind::Checkpoint),
    ];
    let outputs = outputs.into_iter().filter_map(|(path, kind)| Some(Output { path: path?, kind }));
    // A checkpoint to go on from may be the one that is written; its kind keeps other outputs off it.
    let inputs = args.data.iter().chain(&args.test).chain(&args.negatives).chain(&args.from).map(PathBuf::as_path);
    output::check(&outputs.collect::<Vec<_>>(), &inputs.collect::<Vec<_>>(), args.force)?;
    let stop = interrupt::watch();
    match args.watch {
        true => watched(args, stop),
        false => on_threads(args.threads, || train(args, &stop, &Nobody))?,
    }
}

/// Trains in a window.
#[cfg(feature = "watch")]
fn watched(args: &Args, stop: Arc<AtomicBool>) -> Result<()> {
    let (work, runs) = (args.clone(), args.out.parent().map_or_else(PathBuf::new, PathBuf::from));
    crate::watch::run(stop, runs, move |stop, onlooker| on_threads(work.threads, || train(&work, stop, onlooker))?)
}

/// Says how to come by a window.
#[cfg(not(feature = "watch"))]
fn watched(_: &Args, _: Arc<AtomicBool>) -> Result<()> {
    anyhow::bail!(
        "--watch: this `train` was built without windows, which takes less time; `cargo run --release -p train --features \
         watch -- --watch …` has them, and so has the page Train of `classify`"
    )
}

/// Makes the trial that the flags ask for.
fn try_out(args: &Args, stop: &AtomicBool) -> Result<()> {
    if let Some(pictures) = args.overfit {
        let (recipe, sets, run) = begin(&overfit::arguments(args, pictures))?;
        return overfit::run(&recipe, &sets, run, stop);
    }
    let (recipe, sets, run) = begin(args)?;
    find_lr::run(&recipe, &sets, run, stop, Say { quiet: args.quiet })
}

fn train(args: &Args, stop: &AtomicBool, onlooker: &dyn Onlooker) -> Result<()> {
    let (command, (recipe, sets, mut run)) = match &args.resume {
        Some(path) => resume(args, Checkpoint::load(path)?).context("cannot go on from the checkpoint")?,
        None => (this_command(), begin(args)?),
    };
    let session = Session { args, command, recipe: &recipe, sets: &sets };
    session.announce(&run);

    let start = Instant::now();
    let fitted = session.fit(&mut run, stop, onlooker)?;
    let seconds = start.elapsed().as_secs_f64();
    match fitted.end {
        End::Stopped if onlooker.keeps_the_best() => finish(&session, run, &fitted, seconds),
        End::Stopped => Err(session.stopped(fitted.checkpoint)),
        End::Diverged { epoch, step, lr } => Err(session.diverged(&run, epoch, step, lr)),
        End::Done | End::NoProgress => finish(&session, run, &fitted, seconds),
    }
}

/// The command, the recipe, the data and the run of a training that goes on from a checkpoint.
fn resume(args: &Args, checkpoint: Checkpoint) -> Result<(String, (Recipe, Sets, Run))> {
    let recipe = resumed::recipe(&checkpoint, &args.settings)?;
    recipe.validate()?;
    let sets = Sets::load(args, &recipe, Start::Checkpoint(&checkpoint.model), LOUD)?;
    resumed::check_data(&sets.fingerprints(), &checkpoint.data)?;
    check_need(&recipe, args, &sets)?;
    let names_all = args.settings.apply(fresh(args)?) == recipe;
    let command = resumed_command(&checkpoint, &recipe, names_all);
    let run = Run::resume(&recipe, checkpoint)?;
    Ok((command, (recipe, sets, run)))
}

/// The recipe, the data and the run of a training that begins, with random parameters or with those of a trained model.
fn begin(args: &Args) -> Result<(Recipe, Sets, Run)> {
    let mut recipe = args.settings.apply(fresh(args)?);
    recipe.validate()?;
    let mut model = base::named(args)?;
    let mut sets = match &model {
        Some(model) => {
            recipe = base::recipe(args, model)?;
            Sets::load(args, &recipe, Start::Model(model), LOUD)?
        }
        None => Sets::load(args, &recipe, Start::Fresh, LOUD)?,
    };
    if let Some(builtin) = base::for_few_drawings(args, &sets)? {
        recipe = base::recipe(args, &builtin)?;
        sets = Sets::load(args, &recipe, Start::Model(&builtin), Say { quiet: true })?;
        model = Some(builtin);
    }
    if let Some(model) = &model {
        base::adapt_to_classes(&mut recipe, args, model, &sets);
    }
    for change in recipe.adapt(&sets.train, &sets.preprocessing, chosen(args)) {
        Say { quiet: args.quiet }.line(change);
    }
    check_need(&recipe, args, &sets)?;
    let run = match model {
        Some(model) => Run::with_network(&recipe, recipe.transferred(&model, sets.train.classes())?)?,
        None => Run::new(&recipe, sets.train.size(), sets.train.classes().len())?,
    };
    Ok((recipe, sets, run))
}

/// The recipe of the preset, before flags change it.
fn fresh(args: &Args) -> Result<Recipe> {
    let name = args.settings.preset.as_deref().unwrap_or(DEFAULT_PRESET);
    Preset::from_name(name).map(Preset::recipe).context("no such preset")
}

/// Holds the memory that training needs against the limit.
fn check_need(recipe: &Recipe, args: &Args, sets: &Sets) -> Result<()> {
    let Sets { train, .. } = sets;
    memory::check(
        Run::need(recipe, train.size(), train.classes().len(), train.len())?,
        memory::limit(args.reading.memory),
        "training this network",
        "fewer --layers, a smaller --size or --batch-size need less",
    )
}

/// The settings that the flags name, which stay as they are even where samples are few.
fn chosen(args: &Args) -> Chosen {
    let settings = &args.settings;
    Chosen { epochs: settings.epochs.is_some(), augment: settings.augment.is_some() || settings.fade.is_some() }
}
