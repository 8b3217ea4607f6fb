//! `cargo xtask web`: builds Barnacle as a page, a folder that any server of files can publish.

mod folder;

use crate::cargo::{self, cargo, has_target};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The target of browsers.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// The most bytes that a visitor loads before the page answers, as servers send them (gzip).
const MOST: u64 = 3_500_000;

/// Build the page: draw, train and try in a browser
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask web --serve               builds the page and serves it to this machine's browsers
  cargo xtask web --out page            builds it into the folder `page`, which any server of files can publish")]
pub struct Web {
    /// Folder of the page [default: target/page in the repository]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Also compile the tests of nn-core into target/page-tests, where a test of the page finds them and lets a worker run them
    #[arg(long)]
    tests: bool,
    /// Serve it afterwards, until Ctrl-C
    #[arg(long)]
    serve: bool,
    /// Port of the server
    #[arg(long, value_name = "N", default_value_t = 8000, requires = "serve")]
    port: u16,
}

impl Web {
    /// The page in its usual folder, with all that the tests need.
    pub fn usual() -> Self {
        Self { out: None, tests: true, serve: false, port: 0 }
    }

    /// Builds the page and returns the exit code.
    pub fn run(self) -> Result<i32> {
        ensure!(has_target(TARGET)?, "{TARGET} is not installed: `rustup target add {TARGET}` brings it");
        let out = self.out.unwrap_or_else(|| cargo::root().join("target").join("page"));
        let [module] = compile(["web"], &["build", "--package", "web", "--bin", "web"])?;
        folder::make(&out, |out| bind(&module, out))?;
        let sizes = folder::sizes(&out)?;
        say!("{}", folder::table(&sizes).trim_end());
        let first = folder::first_visit(&sizes);
        let limit = folder::megabytes(MOST);
        ensure!(first <= MOST, "a first visit loads {}, more than {limit}", folder::megabytes(first));
        say!("{}: a first visit loads {} of at most {limit}", out.display(), folder::megabytes(first));
        if self.tests {
            tests(&cargo::root().join("target").join("page-tests"))?;
        }
        if !self.serve {
            return Ok(0);
        }
        let server = cargo::build("web")?;
        cargo::run(Command::new(server).arg(out).arg(self.port.to_string()))
    }
}

/// Compiles modules and returns their paths.
fn compile<const N: usize>(names: [&str; N], arguments: &[&str]) -> Result<[PathBuf; N]> {
    let mut command = cargo(arguments);
    command.args(["--target", TARGET, "--profile", "web", "--message-format", "json-render-diagnostics"]);
    let output = command.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo could not build {}", names.join(", "));
    let said = String::from_utf8_lossy(&output.stdout);
    let mut modules = names.map(|_| PathBuf::new());
    for (name, module) in names.iter().zip(&mut modules) {
        let missing = || format!("cargo built `{name}` and did not say where");
        *module = cargo::executable(&said, name).with_context(missing)?;
    }
    Ok(modules)
}

/// Compiles the tests of nn-core, PyTorch's numbers among them, into a folder.
fn tests(out: &Path) -> Result<()> {
    let names = ["nn_core", "it"];
    let modules = compile(names, &["test", "--package", "nn-core", "--lib", "--test", "it", "--no-run"])?;
    fs::create_dir_all(out)?;
    for (name, module) in names.iter().zip(&modules) {
        fs::copy(module, out.join(name).with_extension("wasm")).with_context(|| out.display().to_string())?;
    }
    Ok(())
}

/// Writes the module and the JavaScript that calls it into a folder.
fn bind(module: &Path, out: &Path) -> Result<()> {
    let mut command = cargo(&["run", "--quiet", "--package", "xtask", "--features", "bindgen", "--bin", "bindgen"]);
    let code = cargo::run(command.arg("--").arg(module).arg(out))?;
    ensure!(code == 0, "the functions between JavaScript and WebAssembly could not be made");
    Ok(())
}
