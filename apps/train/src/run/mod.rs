//! A run of the program: checks, data, training, and everything that is saved.

mod base;
mod resumed;
mod sweep;

use crate::args::Args;
use crate::args::subcommand::Command;
use crate::command::{resumed_command, this_command};
use crate::compare;
use crate::cost;
use crate::datasets::{Sets, Start};
use crate::finish::finish;
use crate::interrupt::{self, Newest};
use crate::machines::{self, Machines};
use crate::metrics::Metrics;
use crate::session::{Nobody, Onlooker, Session, checkpoint_path};
use crate::trial::{find_lr, overfit};
use anyhow::{Context, Result, ensure};
use cli::memory;
use cli::output::{self, Kind, Output};
use cli::pool::on_threads;
use cli::say::Say;
use nn_core::kernels::simd::lanes;
use nn_io::Checkpoint;
use nn_train::{Chosen, End, Preset, Recipe, Run};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The preset where no flag names one.
const DEFAULT_PRESET: &str = "cnn";

/// Does what the command line says, together with the processes that `mpirun` has started beside this one.
///
/// # Errors
/// When data, settings or files do not work, when training diverges, and after Ctrl-C.
pub fn run(args: &Args) -> Result<ExitCode> {
    machines::among(|machines| {
        match &args.command {
            Some(Command::Compare(runs)) => return alone(machines, "compare", || compare::run(runs)),
            Some(Command::Sweep(sweep)) => return sweep::run(sweep, machines),
            Some(Command::Machines(cost)) => return cost::run(cost, machines),
            None => {}
        }
        if args.find_lr || args.overfit.is_some() {
            let work = || on_threads(args.threads, || try_out(args, &interrupt::watch(None)))?;
            return alone(machines, "a trial", work);
        }
        if args.watch {
            return alone(machines, "--watch", || watched(args, prepare(args, machines)?));
        }
        let args = of_process(args, machines);
        let stop = machines.all(prepare(&args, machines))?;
        on_threads(args.threads, || train(&args, &stop, &Nobody, machines))?
    })
}

/// Does work that one process does by itself.
fn alone(machines: &Machines, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    machines.part();
    ensure!(machines.count() == 1, "{name} is work for one process: start it without mpirun");
    work()
}

/// The command line of this process: only the first of several speaks and writes.
fn of_process(args: &Args, machines: &Machines) -> Args {
    match machines.leads() {
        true => args.clone(),
        false => Args { quiet: true, metrics: None, report: None, checkpoint: None, ..args.clone() },
    }
}

/// Checks where the outputs go, before any work, and begins to heed Ctrl-C.
fn prepare(args: &Args, machines: &Machines) -> Result<Arc<AtomicBool>> {
    if !machines.leads() {
        return Ok(interrupt::watch(None));
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
    let newest = Newest { written: checkpoint, resumed: args.resume.clone() };
    Ok(interrupt::watch(Some(newest).filter(|_| machines.count() > 1)))
}

/// Trains in a window.
#[cfg(feature = "watch")]
fn watched(args: &Args, stop: Arc<AtomicBool>) -> Result<()> {
    let (work, runs) = (args.clone(), args.out.parent().map_or_else(PathBuf::new, PathBuf::from));
    crate::watch::run(stop, runs, move |stop, onlooker| {
        on_threads(work.threads, || train(&work, stop, onlooker, &Machines::alone()))?
    })
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
        let (recipe, sets, run) = begin(&overfit::arguments(args, pictures), loud(&Machines::alone()))?;
        return overfit::run(&recipe, &sets, run, stop);
    }
    let (recipe, sets, run) = begin(args, loud(&Machines::alone()))?;
    find_lr::run(&recipe, &sets, run, stop, Say { quiet: args.quiet })
}

fn train(args: &Args, stop: &AtomicBool, onlooker: &dyn Onlooker, machines: &Machines) -> Result<()> {
    let load = |path| machines.read_once(|| Ok(Checkpoint::load(path)?.to_bytes()?));
    let begun = match args.resume.as_deref().map(load).transpose()? {
        Some(bytes) => {
            resume(args, Checkpoint::from_bytes(&bytes)?, machines).context("cannot go on from the checkpoint")
        }
        None => begin(args, loud(machines)).map(|begun| (this_command(), begun)),
    };
    let (command, (recipe, sets, mut run)) = machines.all(begun)?;
    if let Some(peers) = machines.peers() {
        machines.hold_equal(&alike(&recipe, &sets, &run))?;
        run.trainer.share_with(peers)?;
    }
    let metrics = machines.all(Metrics::open(args.metrics.as_deref(), run.epoch))?;
    let session = Session { args, command, recipe: &recipe, sets: &sets, leads: machines.leads() };
    session.announce(&run);

    let start = Instant::now();
    let fitted = session.fit(&mut run, metrics, stop, onlooker);
    machines.part();
    if !machines.leads() {
        return fitted.map(|_| ());
    }
    let (fitted, seconds) = (fitted?, start.elapsed().as_secs_f64());
    match fitted.end {
        End::Stopped if onlooker.keeps_the_best() => finish(&session, run, &fitted, seconds),
        End::Stopped => Err(session.stopped(fitted.checkpoint)),
        End::Diverged { epoch, step, lr } => Err(session.diverged(&run, epoch, step, lr)),
        End::Done | End::NoProgress => finish(&session, run, &fitted, seconds),
    }
}

/// The values that processes must have in common to come to the same bits, by name.
fn alike(recipe: &Recipe, sets: &Sets, run: &Run) -> Vec<(&'static str, String)> {
    let (network, mut parameters) = (run.trainer.network(), DefaultHasher::new());
    network.params().iter().chain(network.stats()).for_each(|value| value.to_bits().hash(&mut parameters));
    let mut values = vec![
        ("version of Barnacle", env!("CARGO_PKG_VERSION").to_string()),
        ("network at the start", format!("{:016x}", parameters.finish())),
        ("processor", format!("one with vectors of {} numbers", lanes())),
    ];
    values.extend(recipe.settings());
    values.push(("data", sets.told()));
    values
}

/// The command, the recipe, the data and the run of a training that goes on from a checkpoint.
fn resume(args: &Args, checkpoint: Checkpoint, machines: &Machines) -> Result<(String, (Recipe, Sets, Run))> {
    let recipe = resumed::recipe(&checkpoint, &args.settings)?;
    recipe.validate()?;
    let sets = Sets::load(args, &recipe, Start::Checkpoint(&checkpoint.model), loud(machines))?;
    resumed::check_data(&sets.fingerprints(), &checkpoint.data)?;
    check_need(&recipe, args, &sets)?;
    let names_all = args.settings.apply(fresh(args)?) == recipe;
    let command = resumed_command(&checkpoint, &recipe, names_all);
    let run = Run::resume(&recipe, checkpoint)?;
    Ok((command, (recipe, sets, run)))
}

/// The recipe, the data and the run of a training that begins, with random parameters or with those of a trained model.
fn begin(args: &Args, say: Say) -> Result<(Recipe, Sets, Run)> {
    let mut recipe = args.settings.apply(fresh(args)?);
    recipe.validate()?;
    let mut model = base::named(args)?;
    let mut sets = match &model {
        Some(model) => {
            recipe = base::recipe(args, model)?;
            Sets::load(args, &recipe, Start::Model(model), say)?
        }
        None => Sets::load(args, &recipe, Start::Fresh, say)?,
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

/// Oddities of the data are said even with `--quiet`, once.
fn loud(machines: &Machines) -> Say {
    Say { quiet: !machines.leads() }
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
