//! `cargo xtask bench programs`: time and memory of the programs as a user runs them.

use crate::cargo;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs of a program that answers at once; the fastest counts.
const RUNS: usize = 20;
/// Time between two looks at the memory of a program that runs.
const LOOK: Duration = Duration::from_millis(2);

/// Time and memory of a run.
struct Usage {
    seconds: f64,
    /// The most memory that it had, in MiB; only Linux says it.
    memory: Option<f64>,
}

/// Measures the programs and returns the exit code.
pub fn run() -> Result<i32> {
    let [train, classify] = cargo::build_all(["train", "classify"])?;
    let folder = tempfile::tempdir().context("no folder for the models")?;
    say!("{:<58} {:>9} {:>9}", "what", "seconds", "MiB");
    let seven = "docs/seven.png";
    row("start to the answer to one picture: classify -i", || measure(&classify, &["-i", seven]), RUNS)?;
    let digits = ["-d", "data/mnist"];
    row("10,000 pictures, five views each: classify -d", || measure(&classify, &digits), 1)?;
    let model = folder.path().join("model.mpk");
    let model = model.to_str().context("the folder's name is not UTF-8")?;
    for layers in ["dense:128, relu", "dense:256, relu", "dense:512, relu", "dense:1024, relu"] {
        let flags = ["--data", "data/mnist", "--layers", layers, "--augment", "none", "--epochs", "3", "--out", model];
        row(&format!("parameters: train, {layers}, three epochs"), || measure(&train, &flags), 1)?;
    }
    for epochs in ["1", "2", "4"] {
        let flags = ["--data", "data/mnist", "--epochs", epochs, "--out", model];
        row(&format!("samples: train, preset cnn, epochs: {epochs}"), || measure(&train, &flags), 1)?;
    }
    for threads in ["1", "2"] {
        let flags = ["--data", "data/mnist", "--epochs", "2", "--threads", threads, "--out", model];
        row(&format!("threads: train, preset cnn, two epochs, threads: {threads}"), || measure(&train, &flags), 1)?;
    }
    Ok(0)
}

/// Prints the fastest of some runs.
fn row(what: &str, mut run: impl FnMut() -> Result<Usage>, runs: usize) -> Result<()> {
    let mut best = run()?;
    for _ in 1..runs {
        let next = run()?;
        if next.seconds < best.seconds {
            best = next;
        }
    }
    let memory = best.memory.map_or("-".into(), |memory| format!("{memory:.0}"));
    say!("{what:<58} {:>9.3} {memory:>9}", best.seconds);
    Ok(())
}

/// Runs a program in the repository's root to its end.
fn measure(program: &Path, arguments: &[&str]) -> Result<Usage> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(cargo::root()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
    let mut memory = None;
    let status = loop {
        memory = peak_memory(child.id()).or(memory);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(LOOK);
    };
    let seconds = start.elapsed().as_secs_f64();
    ensure!(status.success(), "{} {} ended with {status}", program.display(), arguments.join(" "));
    Ok(Usage { seconds, memory })
}

/// The most memory that a process has had so far, in MiB, as Linux counts it.
fn peak_memory(process: u32) -> Option<f64> {
    peak_of(&std::fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

fn peak_of(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_status() {
        assert_eq!(peak_of("Name:\ttrain\nVmHWM:\t  107520 kB\nThreads:\t2\n"), Some(105.0));
        assert_eq!(peak_of("Name:\ttrain\n"), None);
    }
}
