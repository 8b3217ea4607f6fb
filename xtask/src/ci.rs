//! `cargo xtask ci`: every check there is, one after the other, up to the first that fails.

use crate::cargo::{self, cargo, has_target};
use crate::pipeline::Pipeline;
use crate::tidy;
use crate::web::{self, Web};
use anyhow::Result;
use std::process::{Command, Stdio};
use std::time::Instant;

type Step = fn() -> Result<i32>;

/// The steps in order: cheap ones first, the tests last, so that their summary closes the log.
const STEPS: [(&str, Step); 15] = [
    ("tidy", tidy::run),
    ("fmt", || cargo::run(&mut cargo(&["fmt", "--all", "--check"]))),
    ("clippy", || {
        cargo::run(
            cargo(&["clippy", "--workspace", "--all-targets", "--features", "train/watch"])
                .args(["--", "--deny", "warnings"]),
        )
    }),
    ("docs", || cargo::run(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings"))),
    ("dependencies", dependencies),
    ("nn-core", || cargo::run(&mut cargo(&["check", "--package", "nn-core", "--no-default-features"]))),
    ("nn-embed", embedded),
    ("neon", neon),
    ("packages", packages),
    ("pipeline", || {
        let out = tempfile::tempdir()?;
        Pipeline::quick(out.path()).run()
    }),
    ("page", page),
    ("examples", examples),
    ("doc tests", || cargo::run(&mut cargo(&["test", "--workspace", "--doc"]))),
    ("mpi", processes),
    ("tests", || cargo::run(&mut tests())),
];

/// Runs all steps and prints how long each took; returns 0, or the exit code of the first that failed.
pub fn run() -> Result<i32> {
    let (start, mut table) = (Instant::now(), String::new());
    for (name, step) in STEPS {
        tell!("\n== {name}");
        let begin = Instant::now();
        let code = step()?;
        table += &format!("{name:<12}{:>7.1} s\n", begin.elapsed().as_secs_f64());
        if code != 0 {
            tell!("\n{table}error: the step `{name}` failed");
            return Ok(code);
        }
    }
    say!("\n{table}{:<12}{:>7.1} s", "all passed", start.elapsed().as_secs_f64());
    Ok(0)
}

/// Licences and advisories of the dependencies, as deny.toml has them, where cargo-deny is installed.
fn dependencies() -> Result<i32> {
    let version = Command::new("cargo-deny").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !version.is_ok_and(|status| status.success()) {
        tell!("not checked: cargo-deny is not installed (`cargo install --locked cargo-deny` brings it)");
        return Ok(0);
    }
    cargo::run(cargo(&["deny"]).arg("check"))
}

/// nn-embed builds for a processor without an operating system where the target is installed; else alone, with no feature
/// that another crate asks for.
fn embedded() -> Result<i32> {
    const TARGET: &str = "thumbv7em-none-eabihf";
    let mut check = cargo(&["check", "--package", "nn-embed"]);
    if has_target(TARGET)? {
        check.args(["--target", TARGET]);
    } else {
        tell!("not checked on {TARGET}: it is not installed (`rustup target add {TARGET}` brings it)");
    }
    cargo::run(&mut check)
}

/// nn-core's kernels with the vectors of 64-bit ARM, where its compiler and an emulator are installed.
fn neon() -> Result<i32> {
    const TARGET: &str = "aarch64-unknown-linux-gnu";
    const LINKER: &str = "aarch64-linux-gnu-gcc";
    let starts = |name| {
        let status = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    if cfg!(target_arch = "aarch64") || !has_target(TARGET)? || !starts(LINKER) || !starts("qemu-aarch64") {
        let needed = "qemu-user, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross bring what it needs on Debian";
        tell!("not checked: {needed}, with `rustup target add {TARGET}`");
        return Ok(0);
    }
    let mut test = cargo(&["test", "--package", "nn-core", "--target", TARGET, "--lib"]);
    test.args(["--", "kernels::", "--skip", "errors_are_within_the_stated_bounds"]); // which takes minutes in an emulator
    test.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", LINKER);
    test.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", "qemu-aarch64 -L /usr/aarch64-linux-gnu");
    cargo::run(&mut test)
}

/// The crates that others may depend on can be packaged. Nothing is compiled once more: the other steps do that.
fn packages() -> Result<i32> {
    let mut package = cargo(&["package", "--no-verify", "--allow-dirty", "--quiet"]);
    for name in ["nn-core", "nn-data", "nn-io", "nn-train"] {
        package.args(["--package", name]);
    }
    cargo::run(&mut package)
}

/// The page for browsers, which the tests then open, where its target is installed.
fn page() -> Result<i32> {
    if has_target(web::TARGET)? {
        return Web::usual().run();
    }
    tell!("not built: `rustup target add wasm32-unknown-unknown` brings what it needs");
    Ok(0)
}

/// Every example of nn-core, and the snake; each asserts what it promises.
fn examples() -> Result<i32> {
    for entry in std::fs::read_dir(cargo::root().join("crates/nn-core/examples"))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        // Without `--package`, so that features are those of the workspace and little is compiled anew.
        let code = cargo::run(&mut cargo(&["run", "--release", "--example", &name]))?;
        if code != 0 {
            return Ok(code);
        }
    }
    cargo::run(&mut cargo(&["run", "--release", "--bin", "snake"]))
}

/// The tests of several processes that train one network, where MPI is installed. They are built with the features of the other
/// tests, so that little is compiled anew.
fn processes() -> Result<i32> {
    let compiler = Command::new("mpicc").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !compiler.is_ok_and(|status| status.success()) {
        let needed = "libopenmpi-dev, openmpi-bin and libclang-dev bring it on Debian";
        anyhow::ensure!(std::env::var_os("BARNACLE_SKIPS_NOTHING").is_none(), "MPI is not installed; {needed}");
        tell!("not checked: MPI is not installed; {needed}");
        return Ok(0);
    }
    let mut clippy = cargo(&["clippy", "--workspace", "--features", "train/mpi", "--test", "mpi"]);
    let code = cargo::run(clippy.args(["--", "--deny", "warnings"]))?;
    if code != 0 {
        return Ok(code);
    }
    cargo::run(&mut cargo(&["test", "--workspace", "--features", "train/mpi", "--test", "mpi"]))
}

/// All tests but those in the documentation: by cargo-nextest where it is installed, else by `cargo test`.
fn tests() -> Command {
    let nextest = Command::new("cargo-nextest").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if nextest.is_ok_and(|status| status.success()) {
        cargo(&["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        cargo(&["test", "--workspace", "--tests", "--no-fail-fast"])
    }
}
