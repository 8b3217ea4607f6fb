//! `cargo xtask bench peers`: training beside PyTorch and JAX, and predictions beside onnxruntime, in turns.

use super::python;
use crate::cargo::{self, cargo};
use anyhow::{Context, Result, ensure};
use std::process::Command;

/// Turns of each. The machine may be busy in one of them.
const TURNS: usize = 3;

/// Measures all that are installed and returns the exit code.
pub fn run() -> Result<i32> {
    let torch = python::script("train_pytorch.py", "torch").map(|mut script| {
        script.arg("epochs");
        script
    });
    let jax = python::script("train_jax.py", "jax");
    in_turns("training", torch.into_iter().chain(jax).collect())?;
    if let Some(mut onnxruntime) = python::script("predict_onnxruntime.py", "numpy, onnxruntime") {
        let folder = tempfile::tempdir().context("no folder for the models")?;
        let example = ["run", "--release", "--package", "exchange", "--example", "benchmark_networks"];
        ensure!(cargo::run(cargo(&example).arg("--").arg(folder.path()))? == 0, "the networks could not be written");
        let files = std::fs::read_dir(folder.path())?;
        let mut models: Vec<_> = files.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
        models.sort();
        onnxruntime.args(models);
        in_turns("inference", vec![onnxruntime])?;
    }
    Ok(0)
}

/// Runs a benchmark of nn-core and some scripts, one after the other; nothing where there are none.
fn in_turns(benchmark: &str, mut scripts: Vec<Command>) -> Result<()> {
    if scripts.is_empty() {
        return Ok(());
    }
    for _ in 0..TURNS {
        let code = cargo::run(&mut cargo(&["bench", "--quiet", "--package", "nn-core", "--bench", benchmark]))?;
        ensure!(code == 0, "the benchmark ended with code {code}");
        for script in &mut scripts {
            let code = cargo::run(script)?;
            ensure!(code == 0, "the script ended with code {code}");
        }
    }
    Ok(())
}
