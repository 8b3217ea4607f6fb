//! The Python that runs the scripts in `bench`.

use crate::cargo;
use std::process::{Command, Stdio};

/// The variable that names a Python, where another than `python3` has the libraries.
const VARIABLE: &str = "BENCH_PYTHON";

/// Returns a command that runs a script of `bench` by a Python that has `libraries` (`numpy, torch`): the one that `BENCH_PYTHON`
/// names, or `python3`. Where neither has them, says so and returns `None`.
pub fn script(name: &str, libraries: &str) -> Option<Command> {
    let named = std::env::var(VARIABLE).ok();
    let has = |python: &String| {
        let import = format!("import {libraries}");
        let asked = Command::new(python).args(["-c", &import]).stderr(Stdio::null()).stdout(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    };
    let Some(python) = named.into_iter().chain(["python3".into()]).find(has) else {
        let package = libraries.rsplit(' ').next().unwrap_or(libraries);
        say!(
            "{name} is skipped: `pip install {package}` brings what it needs; {VARIABLE} may name a Python that has it"
        );
        return None;
    };
    let mut command = Command::new(python);
    command.arg(cargo::root().join("bench").join(name));
    Some(command)
}
