//! `cargo xtask bench accuracy`: how well the models that ship read people whom they never saw, what their probabilities are
//! worth, and how much corrections help.

use crate::cargo::{self, cargo};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The writers that the models were not trained on: see models/README.md.
const UJIPENCHARS: [&str; 3] = ["w09", "w10", "w11"];
const OMNIGLOT: [&str; 5] = ["drawer16", "drawer17", "drawer18", "drawer19", "drawer20"];

/// A set of characters, and where it is.
struct Set {
    name: &'static str,
    path: PathBuf,
    /// The classes that `characters.mpk` is told to choose from, where somebody would know; `digits.mpk` has no other.
    hint: Option<&'static str>,
    /// Of these writers alone the models have seen nothing; of all the set where there are none.
    new: &'static [&'static str],
}

/// Prints a table of the accuracy of every model that ships on every set that is at hand: MNIST's test set, and what lies
/// in `shared`. Of sets that the models have learnt from, they read the writers that were held back.
pub fn run(shared: &Path) -> Result<i32> {
    let classify = cargo::build("classify")?;
    let folder = tempfile::tempdir()?;
    let models = cargo::root().join("models");
    say!(
        "{:<12}{:<40}{:>8}  {:>8}  {:>8}  {:>11}  {:>17}",
        "model",
        "set",
        "samples",
        "exact",
        "folded",
        "look-alikes",
        "calibration error"
    );
    let joined = folder.path().join("unipen.jsonl.gz");
    for set in sets(shared, &joined)? {
        for name in ["digits", "characters"] {
            let model = models.join(name).with_extension("mpk");
            if !model.exists() {
                continue;
            }
            let mut command = Command::new(&classify);
            if name == "digits" && set.hint.is_some() {
                continue;
            }
            if !set.new.is_empty() {
                command.args(["--writers", &set.new.join(",")]);
            }
            command.args(set.hint.iter().flat_map(|hint| ["--only", hint]));
            let output = command
                .args(["--quiet", "--known", "-v", "-m"])
                .args([model.as_os_str(), "-d".as_ref(), set.path.as_os_str()])
                .stderr(Stdio::piped())
                .output()
                .with_context(|| format!("cannot start {}", classify.display()))?;
            let problem = String::from_utf8_lossy(&output.stderr).trim().to_string();
            if problem.contains("no sample of a class") {
                continue;
            }
            ensure!(output.status.success(), "classify on {}: {problem}", set.path.display());
            say!("{name:<12}{}", line(&set.title(), &String::from_utf8_lossy(&output.stdout))?);
        }
    }
    let signs = shared.join("strokes").join("unipen-signs.jsonl.gz");
    if joined.exists() && signs.exists() {
        say!("\ncharacters, UNIPEN's new writers, corrections that count at once:");
        example("nn-io", "at_once", &[&models.join("characters.mpk"), &joined, &signs])?;
        say!("\ncharacters, UNIPEN's new writers, a lesson:");
        example("nn-train", "lesson", &[&models.join("characters.mpk"), &joined])?;
    }
    Ok(0)
}

/// Runs an example, which prints what it measures.
fn example(package: &str, name: &str, arguments: &[&Path]) -> Result<()> {
    let run = ["run", "--quiet", "--release", "--package", package, "--example", name];
    let code = cargo::run(cargo(&run).arg("--").args(arguments))?;
    ensure!(code == 0, "the example {name} ended with code {code}");
    Ok(())
}

impl Set {
    fn new(name: &'static str, path: PathBuf, new: &'static [&'static str]) -> Self {
        Self { name, path, hint: None, new }
    }

    /// The same set, read with a hint.
    fn with(&self, hint: &'static str) -> Self {
        Self { path: self.path.clone(), hint: Some(hint), ..*self }
    }

    fn title(&self) -> String {
        self.hint.map_or(self.name.into(), |hint| format!("{}, --only {hint}", self.name))
    }
}

/// The sets there are; the one that is put together is written to `joined`.
fn sets(shared: &Path, joined: &Path) -> Result<Vec<Set>> {
    let strokes = |name| shared.join("strokes").join(name).with_extension("jsonl.gz");
    let mnist = Set::new("MNIST, test", cargo::root().join("data").join("mnist"), &[]);
    let pendigits = Set::new("pendigits, new writers", strokes("pendigits"), &[]);
    let digits = Set::new("UNIPEN, digits", strokes("unipen-digits"), &[]);
    let capitals = Set::new("UNIPEN, capitals", strokes("unipen-capitals"), &[]);
    let small = Set::new("UNIPEN, small letters", strokes("unipen-small"), &[]);
    if [&digits, &capitals, &small].iter().all(|set| set.path.exists()) {
        // Gzipped files that stand one after the other are one gzipped file. Joined, they show the sizes of a writer's characters
        // beside each other.
        let all = [&digits, &capitals, &small].map(|set| std::fs::read(&set.path));
        std::fs::write(joined, all.into_iter().collect::<Result<Vec<_>, _>>()?.concat())?;
    }
    let sets = vec![
        mnist.with("0-9"),
        mnist,
        pendigits.with("0-9"),
        pendigits,
        Set::new("UNIPEN, new writers", joined.into(), &[]),
        digits.with("0-9"),
        digits,
        capitals.with("A-Z"),
        small.with("a-z"),
        Set::new("ujipenchars1, ink", strokes("ujipenchars1"), &UJIPENCHARS),
        Set::new("omniglot-latin, ink", strokes("omniglot-latin"), &OMNIGLOT),
    ];
    let (there, missing): (Vec<Set>, Vec<Set>) = sets.into_iter().partition(|set| set.path.exists());
    for set in missing {
        tell!("not at hand: {} ({})", set.name, set.path.display());
    }
    Ok(there)
}

/// A line of the table, from what `classify -v` prints: `accuracy 0.9955 (219 of 220)`, `expected calibration error 0.0011`,
/// and perhaps `folded accuracy …`.
fn line(name: &str, printed: &str) -> Result<String> {
    let after = |start: &str| printed.lines().find_map(|line| line.strip_prefix(start));
    let unexpected = || format!("classify printed {printed:?}");
    let exact = after("accuracy ").with_context(unexpected)?;
    let (share, rest) = exact.split_once(" (").with_context(unexpected)?;
    let samples = rest.split_once(" of ").and_then(|(_, n)| n.strip_suffix(')')).with_context(unexpected)?;
    let percent = |share: &str| share.parse().map(|share: f64| format!("{:.2} %", 100.0 * share));
    let or_nothing = |start: &str| after(start).and_then(|rest| rest.split(' ').next()).map_or(Ok("".into()), percent);
    let (folded, alike) = (or_nothing("folded accuracy ")?, or_nothing("look-alikes accuracy ")?);
    let error = or_nothing("expected calibration error ")?;
    Ok(format!("{name:<40}{samples:>8}  {:>8}  {folded:>8}  {alike:>11}  {error:>17}", percent(share)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lines_hold_what_classify_prints() {
        let printed = "accuracy 0.8000 (16 of 20)\nfolded accuracy 0.9500 (19 of 20), upper and lower case being the same\n\
                       look-alikes accuracy 1.0000 (20 of 20), characters that look alike being the same, too\n\
                       expected calibration error 0.0123\n";
        let expected = format!("{:<40}{:>8}   80.00 %   95.00 %     100.00 %             1.23 %", "x", 20);
        assert_eq!(line("x", printed).unwrap(), expected);
        assert!(line("x", "accuracy 0.5000 (1 of 2)\n").unwrap().contains("50.00 %"));
        assert!(line("x", "nonsense").is_err());
    }
}
