//! Starting cargo and the programs it builds.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

/// The repository's root folder.
pub fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// `cargo <subcommand> <arguments>` on this workspace. It runs in the user's own folder, so that a relative
/// `CARGO_TARGET_DIR` means the same as it did for `cargo xtask` itself.
pub fn cargo(arguments: &[&str]) -> Command {
    cargo_in(root(), arguments)
}

/// The same on the workspace in another folder.
pub fn cargo_in(workspace: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).arg("--manifest-path").arg(workspace.join("Cargo.toml"));
    command
}

/// Returns whether the standard library for a target is installed.
pub fn has_target(target: &str) -> Result<bool> {
    let library = Command::new("rustc").args(["--print", "target-libdir", "--target", target]).output()?;
    Ok(Path::new(String::from_utf8_lossy(&library.stdout).trim()).is_dir())
}

/// Builds one program for release and returns the path of its executable, as cargo reports it.
pub fn build(package: &str) -> Result<PathBuf> {
    let [program] = build_all([package])?;
    Ok(program)
}

/// [`build`] with a feature that is not on by default, as `train/mpi`.
pub fn build_with(package: &str, feature: &str) -> Result<PathBuf> {
    let [program] = built([package], &["--features", feature])?;
    Ok(program)
}

/// Builds several programs at once, so that what they share is built once.
pub fn build_all<const N: usize>(packages: [&str; N]) -> Result<[PathBuf; N]> {
    built(packages, &[])
}

fn built<const N: usize>(packages: [&str; N], features: &[&str]) -> Result<[PathBuf; N]> {
    let mut command = cargo(&["build", "--release", "--message-format", "json-render-diagnostics"]);
    command.args(features);
    packages.iter().for_each(|package| _ = command.args(["--package", package]));
    let output = command.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo could not build {}", packages.join(", "));
    let messages = String::from_utf8_lossy(&output.stdout);
    let mut programs = packages.map(|_| PathBuf::new());
    for (package, program) in packages.iter().zip(&mut programs) {
        let said = || format!("cargo built `{package}` and did not say where");
        *program = executable(&messages, package).with_context(said)?;
    }
    Ok(programs)
}

/// Runs a command to its end and returns its exit code. A command that a signal ended is an error.
pub fn run(command: &mut Command) -> Result<i32> {
    let program = Path::new(command.get_program()).display().to_string();
    let status = command.status().with_context(|| format!("cannot start {program}"))?;
    status.code().with_context(|| format!("{program} was ended by {status}"))
}

/// From here on the first Ctrl-C only reaches the program that runs, so that it can save what it has.
pub fn leave_ctrl_c_to_children() -> Result<()> {
    let seen = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if seen.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Finds the executable of `target` in cargo's JSON messages.
pub fn executable(messages: &str, target: &str) -> Option<PathBuf> {
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    artifacts
        .filter(|message| message["target"]["name"] == target)
        .find_map(|m| m["executable"].as_str().map(Into::into))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executable_is_found_among_cargos_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"nn_core"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"train"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"train"},"executable":"/t/release/train"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(executable(messages, "train"), Some("/t/release/train".into()));
        assert_eq!(executable(messages, "classify"), None);
    }

    #[test]
    fn root_is_the_workspace() {
        assert!(root().join("xtask").join("Cargo.toml").is_file());
    }
}
