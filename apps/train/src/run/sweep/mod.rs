//! `train sweep`: the same training with all combinations of some settings, and which of them is best on the samples held back.

mod plan;
mod table;

use crate::args::Args;
use crate::args::subcommand::Sweep;
use crate::datasets::Sets;
use crate::interrupt;
use crate::machines::Machines;
use crate::run::begin;
use anyhow::{Context, Result, bail, ensure};
use cli::data_flags::DataFlags;
use cli::pool::on_threads;
use cli::say::Say;
use nn_train::{Data, End, Recipe, Run, fit};
use plan::{Plan, Trial};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use table::{Outcome, Table};

/// The share held back where no flag says another: a sweep needs samples to choose by.
const VALIDATION: f32 = 0.1;

/// Trains every combination that the table does not hold yet, each on one of the processes, and prints all of them.
///
/// # Errors
/// When flags, data or the table do not work, and after Ctrl-C.
pub fn run(args: &Sweep, machines: &Machines) -> Result<()> {
    let say = Say { quiet: args.running.quiet || !machines.leads() };
    let plan = machines.all(Plan::new(args))?;
    let mut table = Table::new(&args.to, &plan);
    let kept = machines.read_once(|| table.read(args.running.force).map(|()| table.to_text().into_bytes()))?;
    table.parse(&String::from_utf8_lossy(&kept))?;
    let data_of = |trial: &Trial| on_threads(args.running.threads, || Ok(prepared(&trial.args, QUIET)?.1.told()))?;
    machines.all(if machines.leads() { table.check_data(&plan, data_of) } else { Ok(()) })?;
    let left: Vec<&Trial> = plan.trials.iter().filter(|trial| !table.holds(trial)).collect();
    say.line(plan.told(left.len()));
    let stop = interrupt::watch(None);
    let work = |n: usize| {
        let first = Say { quiet: say.quiet || n > 0 };
        on_threads(args.running.threads, || outcome(&left[n].args, first, &stop))?
            .with_context(|| left[n].command.clone())
    };
    machines.share_out(left.len(), work, |n, outcome: Outcome| {
        say.line(format_args!("{}  {}", outcome, left[n].told()));
        table.add(left[n], outcome);
        if machines.leads() { table.write() } else { Ok(()) }
    })?;
    if machines.leads() { cli::say::result(table.best_first(&plan)) } else { Ok(()) }
}

/// Tells nothing.
const QUIET: Say = Say { quiet: true };

/// The recipe, the data and the run of one training, without the test set.
fn prepared(args: &Args, say: Say) -> Result<(Recipe, Sets, Run)> {
    let reading = DataFlags { no_test: true, ..args.reading.clone() };
    let mut args = Args { quiet: true, reading, test: None, ..args.clone() };
    let begun = begin(&args, say)?;
    if begun.1.validation.is_some() {
        return Ok(begun);
    }
    args.settings.validation = Some(VALIDATION);
    let begun = begin(&args, QUIET)?;
    ensure!(begun.1.validation.is_some(), "no sample is held back to choose by: there are too few");
    Ok(begun)
}

/// Trains once and returns the best on the samples held back.
fn outcome(args: &Args, say: Say, stop: &AtomicBool) -> Result<Outcome> {
    let (recipe, sets, mut run) = prepared(args, say)?;
    let data = Data {
        train: &sets.train,
        validation: sets.validation.as_ref(),
        negatives: sets.negatives.as_ref(),
        preprocessing: &sets.preprocessing,
    };
    let start = Instant::now();
    let end = fit(&mut run, &recipe, &data, &mut |_| {
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if end == End::Stopped {
        bail!("stopped by Ctrl-C or a signal; the same command goes on where the table ends");
    }
    let Run { best, epoch, .. } = run;
    let best = best.filter(|_| !matches!(end, End::Diverged { .. }));
    let [accuracy, loss] = [best.as_ref().map(|best| best.accuracy), best.as_ref().map(|best| best.loss)];
    Ok(Outcome { accuracy, loss, epochs: epoch, seconds: start.elapsed().as_secs_f64(), data: sets.told() })
}
