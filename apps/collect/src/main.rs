//! Makes datasets; see `collect --help`.

use clap::Parser;
use collect::args::Args;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    args.check().unwrap_or_else(|error| error.exit());
    collect::run(&args).map_or_else(|error| cli::say::error(&error), |()| ExitCode::SUCCESS)
}
