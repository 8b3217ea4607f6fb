//! `cargo xtask bench`: runs the benchmarks, which print their tables, or measures the models that ship.

mod accuracy_time;
mod peers;
mod programs;
mod python;

use crate::accuracy;
use crate::cargo::{self, cargo};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Run the benchmarks, or measure the accuracy of the models that ship
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bench              speed of training, prediction, single layers, batches, loading and saving
  cargo xtask bench programs     start, memory, and growth against samples, parameters and threads
  cargo xtask bench peers        training beside PyTorch and JAX, and prediction beside onnxruntime, where these are installed
  cargo xtask bench time-to-accuracy
                                 seconds until MNIST's test set is read with 98 % and 99 %, likewise
  cargo xtask bench machines     at how many processes each preset trains fastest, where MPI is installed
  cargo xtask bench accuracy     accuracy of the models that ship, on every set at hand, and what corrections do
  cargo xtask bench pictures     the same for photographs, scans, screenshots and forms, made from digits of MNIST")]
pub struct Bench {
    /// Measure speed, the programs as a whole, speed beside others, accuracy, or accuracy in pictures as people take them
    #[arg(value_enum, default_value_t = What::Speed)]
    what: What,
    /// Where the sets lie that do not ship (accuracy only) [default: ../shared/data beside the repository]
    #[arg(long, value_name = "DIR")]
    shared: Option<PathBuf>,
    /// Flags for the benchmarks
    #[arg(last = true, value_name = "BENCH FLAGS")]
    flags: Vec<String>,
}

/// The choices of what to measure.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    /// The benchmarks of nn-core, nn-data and nn-io
    Speed,
    /// Time and memory of the programs as a user runs them
    Programs,
    /// Training beside PyTorch and JAX, and prediction beside onnxruntime
    Peers,
    /// Seconds until MNIST's test set is read with 98 % and 99 %, beside PyTorch
    TimeToAccuracy,
    /// Training by several processes, with MPI
    Machines,
    /// The models that ship
    Accuracy,
    /// The models that ship, in pictures as people take them
    Pictures,
}

impl Bench {
    /// Runs the benchmarks and returns the exit code.
    pub fn run(self) -> Result<i32> {
        match self.what {
            What::Speed => {
                let packages = ["nn-core", "nn-data", "nn-io"].map(|package| ["--package", package]);
                cargo::run(cargo(&["bench", "--bench", "*"]).args(packages.concat()).arg("--").args(self.flags))
            }
            What::Programs => programs::run(),
            What::Peers => peers::run(),
            What::TimeToAccuracy => accuracy_time::run(),
            What::Machines => {
                let train = cargo::build_with("train", "train/mpi")?;
                cargo::run(
                    Command::new("mpirun")
                        .args(["-n", "2"])
                        .arg(train)
                        .args(["machines", "--threads", "1"])
                        .args(self.flags),
                )
            }
            What::Accuracy => {
                let shared = self.shared.unwrap_or_else(|| cargo::root().join("..").join("shared").join("data"));
                accuracy::run(&shared)
            }
            What::Pictures => cargo::run(&mut cargo(&["bench", "--package", "situations", "--bench", "pictures"])),
        }
    }
}
