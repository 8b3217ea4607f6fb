//! A run of the program: checks, data, training, and everything that is saved.

mod resumed;

use crate::args::Args;
use crate::datasets::Sets;
use crate::finish::finish;
use crate::interrupt;
use crate::session::{Session, checkpoint_path};
use anyhow::{Context, Result};
use cli::memory;
use cli::output::{self, Kind, Output};
use cli::pool::on_threads;
use cli::say::Say;
use nn_io::Checkpoint;
use nn_train::{Chosen, End, Preset, Recipe, Run};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The preset where no flag names one.
const DEFAULT_PRESET: &str = "cnn";

/// Does what the command line says.
///
/// # Errors
/// When data, settings or files do not work, when training diverges, and after Ctrl-C.
pub fn run(args: &Args) -> Result<()> {
    let checkpoint = checkpoint_path(args);
    let outputs = [
        (Some(&args.out), Kind::Model),
        (args.metrics.as_ref(), Kind::Metrics),
        (args.report.as_ref(), Kind::Report),
        (Some(&checkpoint), Kind::Checkpoint),
    ];
    let outputs = outputs.into_iter().filter_map(|(path, kind)| Some(Output { path: path?, kind }));
    // A checkpoint to go on from may be the one that is written; its kind keeps other outputs off it.
    let inputs = args.data.iter().chain(&args.test).chain(&args.negatives).map(PathBuf::as_path);
    output::check(&outputs.collect::<Vec<_>>(), &inputs.collect::<Vec<_>>(), args.force)?;
    let stop = interrupt::watch();
    on_threads(args.threads, || train(args, &stop))?
}

fn train(args: &Args, stop: &AtomicBool) -> Result<()> {
    let checkpoint = args.resume.as_ref().map(|path| Checkpoint::load(path)).transpose()?;
    let mut recipe = settled_recipe(args, checkpoint.as_ref())?;
    let sets = Sets::load(args, &recipe, checkpoint.as_ref().map(|checkpoint| &checkpoint.model))?;
    for change in recipe.adapt(&sets.train, &sets.preprocessing, chosen(args)) {
        Say { quiet: args.quiet }.line(change);
    }
    let (size, classes) = (sets.train.size(), sets.train.classes().len());
    memory::check(
        Run::need(&recipe, size, classes, sets.train.len())?,
        memory::limit(args.reading.memory),
        "training this network",
        "fewer --layers, a smaller --size or --batch-size need less",
    )?;
    let mut run = match checkpoint {
        Some(checkpoint) => {
            let same = resumed::check_data(&sets.fingerprints(), &checkpoint.data);
            same.and_then(|()| Ok(Run::resume(&recipe, checkpoint)?)).context("cannot go on from the checkpoint")?
        }
        None => Run::new(&recipe, size, classes)?,
    };
    let session = Session { args, recipe: &recipe, sets: &sets };
    session.announce(&run);

    let start = Instant::now();
    let fitted = session.fit(&mut run, stop)?;
    let seconds = start.elapsed().as_secs_f64();
    match fitted.end {
        End::Stopped => Err(session.stopped(fitted.checkpoint)),
        End::Diverged { epoch, step, lr } => Err(session.diverged(&run, epoch, step, lr)),
        End::Done | End::NoProgress => finish(&session, run, &fitted, seconds),
    }
}

/// The settings that the flags or a checkpoint name, which stay as they are even where samples are few.
fn chosen(args: &Args) -> Chosen {
    let (settings, resumed) = (&args.settings, args.resume.is_some());
    Chosen {
        epochs: resumed || settings.epochs.is_some(),
        augment: resumed || settings.augment.is_some() || settings.fade.is_some(),
    }
}

/// Returns the checkpoint's recipe or the preset's, changed as the flags say.
fn settled_recipe(args: &Args, checkpoint: Option<&Checkpoint>) -> Result<Recipe> {
    let recipe = match checkpoint {
        Some(checkpoint) => resumed::recipe(checkpoint, &args.settings).context("cannot go on from the checkpoint")?,
        None => args.settings.apply(preset(args.settings.preset.as_deref().unwrap_or(DEFAULT_PRESET))?),
    };
    recipe.validate()?;
    Ok(recipe)
}

fn preset(name: &str) -> Result<Recipe> {
    Preset::from_name(name).map(Preset::recipe).context("no such preset")
}
