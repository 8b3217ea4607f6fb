//! Trains a network; see `train --help`.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let trained = train::run(&train::args::Args::parse());
    trained.map_or_else(|error| cli::say::error(&error), |()| ExitCode::SUCCESS)
}
