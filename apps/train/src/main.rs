//! Trains a network; see `train --help`.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match train::run(&train::args::Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
