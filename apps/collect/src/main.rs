//! Makes datasets; see `collect --help`.

use collect::args::Args;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let how = |path: &Path| format!("to look at a dataset: `collect stats {}`", path.display());
    let args: Args = cli::usage::parse(std::env::args_os(), how);
    args.check().unwrap_or_else(|error| error.exit());
    collect::run(&args).map_or_else(|error| cli::say::error(&error), |()| ExitCode::SUCCESS)
}
