//! `cargo xtask tidy`: the house rules as code, each violation one line `path:line: reason`.

mod documents;
mod file;
mod folders;
mod imports;
mod manifest;
mod names;
mod report;
mod source;
mod tree;
mod types;
mod words;

use crate::cargo;
use anyhow::Result;
use file::File;
use report::{Report, Violation};
use std::path::Path;

/// A rule looks at all files of the project and reports each place that breaks it.
type Rule = fn(&[File], &mut Report);

/// All rules, by subject. Each says in its own file which promise it keeps.
const RULES: [Rule; 8] = [
    manifest::check,
    source::check,
    words::check,
    folders::check,
    imports::check,
    names::check,
    types::check,
    documents::check,
];

/// Prints every violation; returns the exit code 1 when there are any.
pub fn run() -> Result<i32> {
    let violations = check(cargo::root())?;
    for violation in &violations {
        say!("{violation}");
    }
    tell!("{} violations of the house rules", violations.len());
    Ok(i32::from(!violations.is_empty()))
}

/// Checks every file of the tree against the rules.
fn check(root: &Path) -> Result<Vec<Violation>> {
    let read = tree::files(root)?.into_iter().map(|path| File::read(root, path));
    let mut files = read.collect::<Result<Vec<_>>>()?;
    file::mark_tests(&mut files);
    let mut report = Report::default();
    for rule in RULES {
        rule(&files, &mut report);
    }
    report.0.sort();
    report.0.dedup();
    Ok(report.0)
}

/// The places `path:line` that a rule reports in made-up files, given as path and text.
#[cfg(test)]
fn places(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
    let mut report = Report::default();
    rule(&files, &mut report);
    report.0.sort();
    report.0.iter().map(|violation| format!("{}:{}", violation.path, violation.line)).collect()
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
        let upward = good.replace("nn-core", "nn-data").replace("rayon", "nn-core");
        write(root.path(), "crates/nn-data/Cargo.toml", &upward);
        write(root.path(), "built/CACHEDIR.TAG", "");
        write(root.path(), "built/generated.rs", "fn f() {}\n");
        fs::File::create(root.path().join("huge.bin")).unwrap().set_len(folders::LARGEST + 1).unwrap();
        let found: Vec<_> = check(root.path()).unwrap().iter().map(Violation::to_string).collect();
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].starts_with("crates/nn-core/src/loss.rs:1: "), "{found:#?}");
        assert!(found[1].starts_with("crates/nn-data/Cargo.toml:4: "), "{found:#?}");
        assert!(found[2].starts_with("huge.bin:1: 8388609 bytes"), "{found:#?}");
    }
}
