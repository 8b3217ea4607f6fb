//! Rules for a crate's manifest: which of our crates it may use, and a reason beside every dependency.

use crate::tidy::file::File;
use crate::tidy::report::Report;

/// Which of our crates may depend on which. The programs in `apps` and `examples` depend on libraries, not on each other.
const LIBRARIES: [(&str, &[&str]); 16] = [
    ("nn-core", &[]),
    ("nn-data", &[]),
    ("nn-io", &["nn-core", "nn-data"]),
    ("cli", &["nn-data"]),
    ("ui-test", &[]),
    ("browser-test", &[]),
    ("ui", &["nn-data", "nn-io", "ui-test"]),
    ("builtin", &["nn-io"]),
    ("situations", &["nn-data", "nn-io"]),
    ("fuzzed", &["exchange", "nn-core", "nn-data", "nn-embed", "nn-io"]),
    ("nn-lines", &["builtin", "nn-core", "nn-data", "nn-io"]),
    ("nn-train", &["nn-core", "nn-data", "nn-io"]),
    ("report", &["cli", "nn-core", "nn-data", "nn-io", "nn-train"]),
    ("train-page", &["builtin", "cli", "nn-core", "nn-data", "nn-io", "nn-train", "ui", "ui-test"]),
    ("exchange", &["nn-core", "nn-data", "nn-io"]),
    // In tests alone: an embedded network is held against these.
    ("nn-embed", &["exchange", "nn-core", "nn-io"]),
];

/// Reports every line of a crate's manifest that breaks a rule.
///
/// The fuzzers in `fuzz` are a workspace of their own. A manifest is read by line, because a dependency is one line: `name.workspace = true # why`, or the reason above it.
pub fn check(files: &[File], report: &mut Report) {
    for file in files.iter().filter(|file| file.path.ends_with("/Cargo.toml") && !file.path.starts_with("fuzz/")) {
        check_one(&file.path, &file.text, &mut |line, reason| report.add(&file.path, line, reason));
    }
}

fn check_one(path: &str, text: &str, report: &mut dyn FnMut(usize, String)) {
    let krate = path.trim_end_matches("/Cargo.toml").rsplit('/').next().unwrap_or(path);
    if path.starts_with("crates/") && LIBRARIES.iter().all(|(library, _)| *library != krate) {
        report(1, format!("`{krate}` has no place yet in the list of libraries in xtask/src/tidy/manifest.rs"));
    }
    let (mut table, mut above) = ("", "");
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.starts_with('[') {
            table = line.trim_matches(['[', ']']);
            if table.contains("dependencies.") {
                report(number, "a dependency is one line of the table of dependencies".into());
            }
        } else if let Some(name) = dependency(line).filter(|_| table.ends_with("dependencies")) {
            if !may_use(path, krate, table, name) {
                report(number, format!("`{krate}` must not depend on `{name}`"));
            }
            if !line.contains("workspace = true") {
                report(number, format!("`{name}` takes its version from the workspace: `{name}.workspace = true`"));
            }
            if !line.contains("# ") && !above.starts_with("# ") {
                report(number, format!("`{name}` needs a reason: a comment beside it or above it"));
            }
        }
        above = line;
    }
}

/// The name that a line of a table of dependencies opens with, or none in a comment or the rest of a longer entry.
fn dependency(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let name = key.trim().trim_end_matches(".workspace").trim_matches('"');
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    plain.then_some(name)
}

/// Whether the direction of dependency allows it; the tests of the workspace may use everything.
fn may_use(path: &str, krate: &str, table: &str, name: &str) -> bool {
    let ours = LIBRARIES.iter().any(|(library, _)| *library == name)
        || ["train", "classify", "collect", "xtask"].contains(&name);
    let library = LIBRARIES.iter().find(|(library, _)| *library == krate);
    match library {
        _ if !ours => true,
        Some((_, allowed)) => allowed.contains(&name),
        None if path.starts_with("apps/") || path.starts_with("examples/") => {
            LIBRARIES.iter().any(|(library, _)| *library == name)
        }
        None => path.starts_with("tests/") && table == "dev-dependencies",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        check_one(path, text, &mut |line, _| found.push(line));
        found
    }

    fn allows(path: &str, table: &str, name: &str) -> bool {
        lines(path, &format!("[{table}]\n{name}.workspace = true # why\n")).is_empty()
    }

    #[test]
    fn dependencies_point_one_way() {
        let app = "apps/train/Cargo.toml";
        for (path, name, allowed) in [
            ("crates/nn-core/Cargo.toml", "nn-data", false),
            ("crates/nn-core/Cargo.toml", "rayon", true),
            ("crates/nn-data/Cargo.toml", "nn-core", false),
            ("crates/nn-io/Cargo.toml", "nn-data", true),
            ("crates/nn-io/Cargo.toml", "nn-train", false),
            ("crates/ui/Cargo.toml", "nn-core", false),
            (app, "nn-train", true),
            (app, "nn-core", true),
            (app, "collect", false),
            ("xtask/Cargo.toml", "nn-core", false),
            ("xtask/Cargo.toml", "clap", true),
        ] {
            assert_eq!(allows(path, "dependencies", name), allowed, "{path} {name}");
            assert_eq!(allows(path, "dev-dependencies", name), allowed, "{path} {name}");
        }
        assert!(allows("tests/Cargo.toml", "dev-dependencies", "train"));
        assert!(!allows("tests/Cargo.toml", "dependencies", "train"));
        assert!(!allows("crates/nn-core/Cargo.toml", "target.'cfg(unix)'.dependencies", "nn-io"));
    }

    #[test]
    fn a_new_library_must_take_its_place() {
        assert_eq!(lines("crates/nn-new/Cargo.toml", "[package]\n"), [1]);
    }

    #[test]
    fn a_dependency_is_one_line_from_the_workspace_with_a_reason() {
        let good = "[dependencies]\n# why\na.workspace = true\nb = { workspace = true, features = [\"x\"] } # why\n\n\
                    [features]\nf = [\"dep:a\"]\n";
        assert!(lines("apps/train/Cargo.toml", good).is_empty());
        let bad = "[dependencies]\na.workspace = true\nb = \"1\" # why\n[dependencies.c]\nversion = \"1\"\n";
        assert_eq!(lines("apps/train/Cargo.toml", bad), [2, 3, 4]);
    }
}
