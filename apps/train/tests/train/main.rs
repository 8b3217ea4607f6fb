//! The program as a user runs it: its report in a browser, its trials, and runs side by side.
#![allow(clippy::unwrap_used)]

#[cfg(unix)] // its pipes are given their places by a shell
mod commands;
#[cfg(unix)]
mod report;

use std::path::Path;
use std::process::Command;

/// Runs `train` in a folder, and returns what it printed or, where it failed, what it said. No word of the line has a space
/// within.
fn run(folder: &Path, line: &str) -> Result<String, String> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_train"));
    let output = program.args(line.split(' ')).current_dir(folder).output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    if output.status.success() { Ok(stdout) } else { Err(stderr) }
}
