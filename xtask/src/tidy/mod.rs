//! `cargo xtask tidy`: the house rules as code, each violation one line `path:line: what`.

mod manifest;
mod source;
mod tree;

use crate::cargo;
use anyhow::{Context, Result};
use std::fmt;
use std::path::Path;

/// The largest file that belongs into the repository, other than the data that ships in `data/mnist`.
const LARGEST: u64 = 8 << 20;

/// A house rule that a file breaks. The path is relative to the root, with `/` between its parts on every system.
#[derive(Debug, PartialEq)]
struct Violation {
    path: String,
    line: usize,
    what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Prints what breaks the rules; returns 1 when anything does.
pub fn run() -> Result<i32> {
    let violations = check(cargo::root())?;
    for violation in &violations {
        println!("{violation}");
    }
    eprintln!("{} violations of the house rules", violations.len());
    Ok(i32::from(!violations.is_empty()))
}

/// Checks every file of the tree against the rules.
fn check(root: &Path) -> Result<Vec<Violation>> {
    let mut violations = Vec::new();
    for path in tree::files(root)? {
        let mut report = |line, what: String| violations.push(Violation { path: path.clone(), line, what });
        let file = root.join(&path);
        let size = file.metadata().with_context(|| format!("cannot read {path}"))?.len();
        if size > LARGEST && !path.starts_with("data/mnist/") {
            report(1, format!("{size} bytes are too large for the repository: at most {LARGEST}"));
        }
        let is_manifest = path.ends_with("/Cargo.toml");
        if is_manifest || path.ends_with(".rs") {
            let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {path}"))?;
            let rules = if is_manifest { manifest::check } else { source::check };
            rules(&path, &text, &mut report);
        }
    }
    Ok(violations)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    fn write(root: &Path, path: &str, text: &str) {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    #[test]
    fn every_kind_of_file_is_checked_and_build_output_is_not() {
        let root = tempfile::tempdir().unwrap();
        let good = "[package]\nname = \"nn-core\"\n[dependencies]\nrayon.workspace = true # shards\n";
        write(root.path(), "Cargo.toml", "[workspace]\n[workspace.dependencies]\nrayon = \"1\"\n");
        write(root.path(), "crates/nn-core/Cargo.toml", good);
        write(root.path(), "crates/nn-core/src/lib.rs", "//! Networks.\n");
        assert_eq!(check(root.path()).unwrap(), []);

        write(root.path(), "crates/nn-core/src/loss.rs", "fn loss() {}\n");
        write(
            root.path(),
            "crates/nn-data/Cargo.toml",
            &good.replace("nn-core", "nn-data").replace("rayon", "nn-core"),
        );
        write(root.path(), "built/CACHEDIR.TAG", "");
        write(root.path(), "built/generated.rs", "fn f() {}\n");
        fs::File::create(root.path().join("huge.bin")).unwrap().set_len(LARGEST + 1).unwrap();
        let found: Vec<_> = check(root.path()).unwrap().iter().map(Violation::to_string).collect();
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].starts_with("crates/nn-core/src/loss.rs:1: "), "{found:#?}");
        assert!(found[1].starts_with("crates/nn-data/Cargo.toml:4: "), "{found:#?}");
        assert!(found[2].starts_with("huge.bin:1: 8388609 bytes"), "{found:#?}");
    }
}
