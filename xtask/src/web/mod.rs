//! `cargo xtask web`: builds Barnacle as a page, a folder that any server of files can publish.

mod folder;

use crate::cargo::{self, cargo};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The target of browsers.
const TARGET: &str = "wasm32-unknown-unknown";
/// The most bytes that a visitor loads before the page answers, as servers send them (gzip).
const MOST: u64 = 4_000_000;

/// Build the page: draw, train and try in a browser
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask web --serve               builds the page and serves it to this machine's browsers
  cargo xtask web --out page            builds it into the folder `page`, which any server of files can publish")]
pub struct Web {
    /// Folder of the page [default: target/page in the repository]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Serve it afterwards, until Ctrl-C
    #[arg(long)]
    serve: bool,
    /// Port of the server
    #[arg(long, value_name = "N", default_value_t = 8000, requires = "serve")]
    port: u16,
}

impl Web {
    /// The page in its usual folder, for the tests.
    pub fn usual() -> Self {
        Self { out: None, serve: false, port: 0 }
    }

    /// Builds the page and returns the exit code.
    pub fn run(self) -> Result<i32> {
        ensure!(has_target()?, "{TARGET} is not installed: `rustup target add {TARGET}` brings it");
        let out = self.out.unwrap_or_else(|| cargo::root().join("target").join("page"));
        let module = compile()?;
        folder::make(&out, |out| bind(&module, out))?;
        let sizes = folder::sizes(&out)?;
        say!("{}", folder::table(&sizes).trim_end());
        let first = folder::first_visit(&sizes);
        let limit = folder::megabytes(MOST);
        ensure!(first <= MOST, "a first visit loads {}, more than {limit}", folder::megabytes(first));
        say!("{}: a first visit loads {} of at most {limit}", out.display(), folder::megabytes(first));
        if !self.serve {
            return Ok(0);
        }
        let server = cargo::build("web")?;
        cargo::run(Command::new(server).arg(out).arg(self.port.to_string()))
    }
}

/// Whether the target of browsers is installed.
pub fn has_target() -> Result<bool> {
    let library = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output()?;
    Ok(Path::new(String::from_utf8_lossy(&library.stdout).trim()).is_dir())
}

/// Compiles the module and returns its path.
fn compile() -> Result<PathBuf> {
    let build = ["build", "--package", "web", "--bin", "web", "--target", TARGET, "--profile", "web"];
    let mut command = cargo(&build);
    command.args(["--message-format", "json-render-diagnostics"]);
    let output = command.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo could not build the page");
    let said = String::from_utf8_lossy(&output.stdout);
    cargo::executable(&said, "web").context("cargo built the page and did not say where")
}

/// Writes the module and the JavaScript that calls it into a folder.
fn bind(module: &Path, out: &Path) -> Result<()> {
    let mut command = cargo(&["run", "--quiet", "--package", "xtask", "--features", "bindgen", "--bin", "bindgen"]);
    let code = cargo::run(command.arg("--").arg(module).arg(out))?;
    ensure!(code == 0, "the functions between JavaScript and WebAssembly could not be made");
    Ok(())
}
