//! Uses a trained network; see `classify --help`.

use nn_data::is_picture;
use std::io::{self, BufWriter};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut out = BufWriter::new(io::stdout());
    match classify::run(&cli::usage::parse(std::env::args_os(), how), &mut out) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS, // as in `classify ... | head`
        Err(error) => cli::say::error(&error),
    }
}

/// How a path is named: as a picture, a model or a dataset.
fn how(path: &Path) -> String {
    let flag = match path.extension() {
        _ if is_picture(path) => "-i",
        Some(ending) if ending == "mpk" => "-m",
        _ => "-d",
    };
    format!("name it by `classify {flag} {}`", path.display())
}

/// Whether the reader of the output has gone.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.root_cause().downcast_ref().is_some_and(|cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe)
}
