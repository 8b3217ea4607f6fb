//! The subcommands of `train`.

use clap::Subcommand;
use cli::numbers::positive;
use cli::output::FORCE;
use cli::pool::THREADS;
use std::ffi::OsString;
use std::path::PathBuf;

/// The subcommands.
#[derive(Clone, Subcommand, Debug)]
pub enum Command {
    /// Sets runs side by side: their results, the settings that differ, and their curves on one plot
    Compare(Compare),
    /// Trains with all combinations of some settings, and says which is best on samples held back
    Sweep(Sweep),
    /// Measures at how many processes each preset trains fastest
    Machines(Cost),
}

/// The command line of `train compare`.
#[derive(Clone, clap::Args, Debug)]
#[command(after_help = "Examples:
  train compare runs/cnn runs/mlp
  train compare first.jsonl second.jsonl --to both.svg

The curves are those of the accuracy on the validation samples or, where a run has none, on the training samples in \
passing. The axis is logarithmic in the error. A run that goes on is shown as far as it is.")]
pub struct Compare {
    /// Runs: files that `train --metrics` wrote, or folders with such a file metrics.jsonl, as `cargo xtask pipeline` makes them
    #[arg(value_name = "RUN", required = true)]
    pub runs: Vec<PathBuf>,
    /// Draw the curves into FILE as well
    #[arg(long, value_name = "FILE.svg")]
    pub to: Option<PathBuf>,
    #[allow(missing_docs)]
    #[arg(long, help = FORCE)]
    pub force: bool,
}

/// The flags of how a subcommand runs.
#[derive(Clone, Default, clap::Args, Debug)]
pub struct Running {
    #[allow(missing_docs)]
    #[arg(long, value_name = "N", value_parser = positive, help = THREADS)]
    pub threads: Option<usize>,
    #[allow(missing_docs)]
    #[arg(long, help = FORCE)]
    pub force: bool,
    /// Print results only
    #[arg(long)]
    pub quiet: bool,
}

/// The command line of `train machines`.
#[derive(Clone, clap::Args, Debug)]
#[command(after_help = "Examples:
  train machines
  mpirun --host one,two train machines --threads 1 --to machines.svg

The time of a step of one among several processes is measured without the others; with --threads 1 it is time of the processor, so \
that other work does not count. The messages of the step are counted. Started by mpirun, the command also measures how long a message \
takes among these processes, and how long each byte.")]
pub struct Cost {
    /// Draw the speeds into FILE as well
    #[arg(long, value_name = "FILE.svg")]
    pub to: Option<PathBuf>,
    /// How it runs
    #[command(flatten)]
    pub running: Running,
}

/// The command line of `train sweep`.
#[derive(Clone, clap::Args, Debug)]
#[command(after_help = "Examples:
  train sweep --data data/mnist --lr 0.001,0.003,0.01 --batch-size 64,128
  train sweep --data data/mnist --layers dense:100,relu --layers dense:50,relu,dense:50,relu --seeds 3 --to layers.csv
  mpirun -n 4 train sweep --data data/mnist --preset mlp --lr 0.001,0.002,0.004 --limit 6000

All flags of a training may stand here. Several values, separated by commas, may have --preset, --loss, --optimizer, --lr, \
--schedule, --weight-decay, --label-smoothing, --clip, --epochs, --batch-size, --augment, --fade, --views and --limit; --layers may \
come several times. The best is chosen by the samples that --validation holds back (0.1 of them where the data has no part for \
that), never by a test set. No model is saved. Trainings that the table holds already are not made again, so a sweep that was \
stopped goes on by the same command; --force begins it anew, which a change of the data asks for. Several processes that mpirun starts \
share the trainings.")]
pub struct Sweep {
    /// Write a row for each training to FILE
    #[arg(long, value_name = "FILE.csv", default_value = "sweep.csv")]
    pub to: PathBuf,
    /// Train each combination with the seeds 1 to N, and compare means
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: u64,
    /// How it runs
    #[command(flatten)]
    pub running: Running,
    /// Flags of a training, some with several values
    #[arg(value_name = "FLAGS", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub flags: Vec<String>,
}

impl Sweep {
    /// Puts the flags of a sweep itself before those of its trainings, as clap reads them, wherever they stand.
    pub fn in_order(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
        let words: Vec<OsString> = words.collect();
        if words.get(1).is_none_or(|word| word != "sweep") {
            return words;
        }
        let (mut own, mut flags) = (words[..2].to_vec(), vec![]);
        let mut rest = words.into_iter().skip(2);
        while let Some(word) = rest.next() {
            let text = word.to_string_lossy();
            let name = text.split('=').next().unwrap_or_default();
            let takes_value = ["--to", "--seeds", "--threads"].contains(&name);
            let is_own = takes_value || ["--force", "--quiet", "--help", "-h"].contains(&name);
            let value = (takes_value && !text.contains('=')).then(|| rest.next()).flatten();
            if is_own { &mut own } else { &mut flags }.extend(std::iter::once(word).chain(value));
        }
        own.append(&mut flags);
        own
    }
}
