//! Trains a network; see `train --help`.

use std::process::ExitCode;
use train::args::Args;
use train::args::subcommand::Sweep;

fn main() -> ExitCode {
    let words = Sweep::in_order(std::env::args_os());
    let args: Args =
        cli::usage::parse(words, |path| format!("data to learn from is named by `--data {}`", path.display()));
    let trained = train::run(&args);
    trained.unwrap_or_else(|error| cli::say::error(&error))
}
