//! Makes datasets; see `collect --help`.

use clap::Parser;
use collect::args::Args;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    args.check().unwrap_or_else(|error| error.exit());
    match collect::run(&args) {
        Ok(result) if result.is_empty() => ExitCode::SUCCESS, // there was a window
        Ok(result) => {
            let _ = writeln!(io::stdout(), "{result}"); // whoever closed the pipe does not want it
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
