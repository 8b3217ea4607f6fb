//! Trains a network; see `train --help`.

use clap::Parser;
use std::process::ExitCode;
use train::args::Args;
use train::args::subcommand::Sweep;

fn main() -> ExitCode {
    let trained = train::run(&Args::parse_from(Sweep::in_order(std::env::args_os())));
    trained.unwrap_or_else(|error| cli::say::error(&error))
}
