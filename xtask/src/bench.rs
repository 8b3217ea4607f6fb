//! `cargo xtask bench`: the benchmarks, whose tables pass through.

use crate::cargo::{self, cargo};
use anyhow::Result;

/// Run the benchmarks and show their tables
#[derive(clap::Args)]
pub struct Bench {
    /// Flags for the benchmarks
    #[arg(last = true, value_name = "BENCH FLAGS")]
    flags: Vec<String>,
}

impl Bench {
    /// Runs the benchmarks of nn-core and returns cargo's exit code.
    pub fn run(self) -> Result<i32> {
        cargo::run(cargo(&["bench", "--package", "nn-core", "--bench", "*"]).arg("--").args(self.flags))
    }
}
