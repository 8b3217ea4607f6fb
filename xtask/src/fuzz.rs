//! `cargo xtask fuzz`: looks for inputs on which a reader panics, hangs or takes too much memory.

use crate::cargo::{self, cargo_in};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;

/// Code that tells libFuzzer which of its branches were taken. Stable Rust has all of this.
const INSTRUMENTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

/// A folder in memory, on Linux: there, readers of files read several times as many inputs.
const IN_MEMORY: &str = "/dev/shm";

/// Fuzz all that reads what strangers made: files, pictures, and what people type
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask fuzz                          two minutes for each target, as fuzz/seeds names them
  cargo xtask fuzz csv idx --seconds 1800   half an hour for two of them

An input that fails lies in fuzz/artifacts/TARGET. Once it is mended, move it to fuzz/seeds/TARGET: a test reads all of that.")]
pub struct Fuzz {
    /// Targets to fuzz [default: all]
    targets: Vec<String>,
    /// Seconds for each target
    #[arg(long, value_name = "N", default_value_t = 120)]
    seconds: u32,
}

impl Fuzz {
    /// Builds the fuzzers and runs one after the other. Returns 1 if one found something, else 0.
    pub fn run(self) -> Result<i32> {
        let root = cargo::root().join("fuzz");
        let targets = if self.targets.is_empty() { all(&root)? } else { self.targets };
        let machine = host()?;
        let mut build = cargo_in(&root, &["build", "--release", "--target", &machine]);
        // The flags make all crates others than a usual build does, so they have a folder of their own.
        build.arg("--target-dir").arg(root.join("target")).env("RUSTFLAGS", INSTRUMENTED);
        build.args(targets.iter().flat_map(|target| ["--bin", target]));
        ensure!(cargo::run(&mut build)? == 0, "the fuzzers cannot be built");
        let mut failed = vec![];
        for target in targets {
            let [corpus, artifacts] = ["corpus", "artifacts"].map(|folder| root.join(folder).join(&target));
            for folder in [&corpus, &artifacts] {
                std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
            }
            tell!("\n== {target}");
            let mut fuzzer = Command::new(root.join("target").join(&machine).join("release").join(&target));
            fuzzer.arg(format!("-max_total_time={}", self.seconds));
            if Path::new(IN_MEMORY).is_dir() {
                fuzzer.env("TMPDIR", IN_MEMORY);
            }
            fuzzer.args([
                "-timeout=20",
                "-rss_limit_mb=2048",
                "-max_len=65536",
                "-print_final_stats=1",
                "-verbosity=0",
            ]);
            fuzzer.arg(format!("-artifact_prefix={}/", artifacts.display()));
            if cargo::run(fuzzer.arg(corpus).arg(root.join("seeds").join(&target)))? != 0 {
                failed.push(target);
            }
        }
        ensure!(failed.is_empty(), "inputs that fail were found for {}: see fuzz/artifacts", failed.join(", "));
        Ok(0)
    }
}

/// The names of all targets: each has seeds.
fn all(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("seeds");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// The machine that this runs on, as rustc names it: with it named, build scripts are not instrumented.
fn host() -> Result<String> {
    let version = Command::new("rustc").arg("-vV").output().context("cannot start rustc")?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not name its host")?.to_string())
}
