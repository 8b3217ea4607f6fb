//! `cargo xtask bench peers`: predictions beside those of onnxruntime, in turns.

use crate::cargo::{self, cargo};
use anyhow::{Context, Result, ensure};
use std::process::{Command, Stdio};

/// Turns of each. The machine may be busy in one of them.
const TURNS: usize = 3;

/// Measures both and returns the exit code.
pub fn run() -> Result<i32> {
    let asked = Command::new("python3").args(["-c", "import numpy, onnxruntime"]).stderr(Stdio::null()).status();
    if !asked.is_ok_and(|status| status.success()) {
        say!("skipped: there is no python3 with onnxruntime; `pip install onnxruntime` brings it");
        return Ok(0);
    }
    let folder = tempfile::tempdir().context("no folder for the models")?;
    let example = ["run", "--release", "--package", "exchange", "--example", "benchmark_networks"];
    ensure!(cargo::run(cargo(&example).arg("--").arg(folder.path()))? == 0, "the networks could not be written");
    let mut models: Vec<_> = std::fs::read_dir(folder.path())?.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    models.sort();
    for _ in 0..TURNS {
        let code = cargo::run(&mut cargo(&["bench", "--quiet", "--package", "nn-core", "--bench", "inference"]))?;
        ensure!(code == 0, "the benchmark ended with code {code}");
        let script = cargo::root().join("bench").join("predict_onnxruntime.py");
        let code = cargo::run(Command::new("python3").arg(script).args(&models))?;
        ensure!(code == 0, "the script ended with code {code}");
    }
    Ok(0)
}
