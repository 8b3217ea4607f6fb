//! Building the programs, running them, and judging how they ended.

use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The executable of a program. Cargo brings it up to date first, for a test does not depend on a program.
fn executable(program: &str) -> &'static Path {
    static BUILT: OnceLock<HashMap<String, PathBuf>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // The whole workspace with a test binary, as `cargo test --workspace` and cargo-nextest see it: for programs alone
        // or without the features that tests ask for, cargo would build egui and others a second time.
        cargo.args(["build", "--workspace", "--bins", "--test", "it", "--message-format=json-render-diagnostics"]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "the programs could not be built");
        let messages = String::from_utf8(output.stdout).unwrap();
        let artifacts = messages.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let programs = artifacts.filter_map(|message| {
            Some((message["target"]["name"].as_str()?.to_string(), message["executable"].as_str()?.into()))
        });
        programs.collect()
    });
    &built[program]
}

/// A command line such as `train --data x.csv`, to be run in a folder. No word of it has a space within.
pub fn command(line: &str, folder: &Path) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(executable(words.next().unwrap()));
    // A backtrace must not show up even where the user has asked for some.
    command.args(words).current_dir(folder).env("RUST_BACKTRACE", "1").stdin(Stdio::null());
    command
}

/// How a program ended, and what it said.
pub struct Outcome {
    line: String,
    code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub fn new(line: &str, output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { line: line.into(), code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// It succeeded: what it printed on stdout.
    #[track_caller]
    pub fn success(self) -> String {
        assert_eq!(self.code, Some(0), "{}\n{}", self.line, self.stderr);
        self.stdout
    }

    /// It failed, and said why in one line that opens with `error: ` and ends everything: what follows there.
    #[track_caller]
    pub fn error(self) -> String {
        let Self { line, code, stderr, .. } = self;
        assert_eq!(code, Some(1), "{line}\n{stderr}");
        let errors: Vec<&str> = stderr.lines().filter_map(|line| line.strip_prefix("error: ")).collect();
        assert_eq!(errors.len(), 1, "one error\n{line}\n{stderr}");
        assert!(stderr.ends_with(&format!("error: {}\n", errors[0])), "nothing follows the error\n{line}\n{stderr}");
        assert!(!stderr.contains("panicked") && !stderr.contains("backtrace"), "{line}\n{stderr}");
        errors[0].into()
    }

    /// It failed with an error that contains all of these.
    #[track_caller]
    pub fn error_with(self, parts: &[&str]) {
        let line = self.line.clone();
        let error = self.error();
        assert!(parts.iter().all(|part| error.contains(part)), "{line}\nerror: {error}\nlacks one of {parts:?}");
    }

    /// It was called wrongly: what it said.
    #[track_caller]
    pub fn usage(self) -> String {
        assert_eq!(self.code, Some(2), "{}\n{}", self.line, self.stderr);
        assert_eq!(self.stdout, "");
        self.stderr
    }
}
