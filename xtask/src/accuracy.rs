//! `cargo xtask bench accuracy`: how well the models that ship read people whom they never saw.

use crate::cargo;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The writers that `characters.mpk` was not trained on: see models/README.md.
const UJIPENCHARS: [&str; 3] = ["w09", "w10", "w11"];
const OMNIGLOT: [&str; 5] = ["drawer16", "drawer17", "drawer18", "drawer19", "drawer20"];

/// A set of characters, and where it is.
struct Set {
    name: &'static str,
    path: PathBuf,
    /// Of these writers alone `characters.mpk` has seen nothing; it has seen all of the set where there is `None`.
    new_to_characters: Option<&'static [&'static str]>,
}

/// Prints a table of the accuracy of every model that ships on every set that is at hand: MNIST's test set, and what lies
/// in `shared`. Of sets that `characters.mpk` has learnt from, it reads the writers that were held back.
pub fn run(shared: &Path) -> Result<i32> {
    let classify = cargo::build("classify")?;
    let unpacked = tempfile::tempdir()?;
    let models = cargo::root().join("models");
    println!("{:<16}{:<36}{:>8}  {:>8}  {:>8}", "model", "set", "samples", "exact", "folded");
    for set in sets(shared, unpacked.path())? {
        for name in ["digits", "characters"] {
            let model = models.join(name).with_extension("mpk");
            if !model.exists() {
                continue;
            }
            let mut command = Command::new(&classify);
            match set.new_to_characters {
                _ if name == "digits" => {}
                None => continue,
                Some([]) => {}
                Some(writers) => {
                    command.args(["--writers", &writers.join(",")]);
                }
            }
            let output = command
                .args(["--quiet", "--known", "-m"])
                .args([model.as_os_str(), "-d".as_ref(), set.path.as_os_str()])
                .stderr(Stdio::piped())
                .output()
                .with_context(|| format!("cannot start {}", classify.display()))?;
            let problem = String::from_utf8_lossy(&output.stderr).trim().to_string();
            if problem.contains("no sample of a class") {
                continue;
            }
            ensure!(output.status.success(), "classify on {}: {problem}", set.path.display());
            println!("{name:<16}{}", line(set.name, &String::from_utf8_lossy(&output.stdout))?);
        }
    }
    Ok(0)
}

/// The sets there are; archives are unpacked into a folder.
fn sets(shared: &Path, unpacked: &Path) -> Result<Vec<Set>> {
    let strokes = |name| shared.join("strokes").join(name).with_extension("jsonl.gz");
    let mnist = cargo::root().join("data").join("mnist");
    let mut sets = vec![
        Set { name: "MNIST, test", path: mnist, new_to_characters: Some(&[]) },
        Set { name: "pendigits, new writers", path: strokes("pendigits"), new_to_characters: Some(&[]) },
        Set { name: "ujipenchars1, ink", path: strokes("ujipenchars1"), new_to_characters: Some(&UJIPENCHARS) },
        Set { name: "omniglot-latin, ink", path: strokes("omniglot-latin"), new_to_characters: Some(&OMNIGLOT) },
    ];
    let archive = shared.join("paper-62.tar.gz");
    if archive.exists() {
        let mut tar = Command::new("tar");
        tar.arg("xzf").arg(&archive).arg("-C").arg(unpacked);
        ensure!(cargo::run(&mut tar)? == 0, "tar could not unpack {}", archive.display());
        sets.push(Set { name: "paper-62, photographs", path: unpacked.join("paper-62"), new_to_characters: None });
    }
    let (there, missing): (Vec<Set>, Vec<Set>) = sets.into_iter().partition(|set| set.path.exists());
    for set in missing {
        eprintln!("not at hand: {} ({})", set.name, set.path.display());
    }
    Ok(there)
}

/// A line of the table, from what `classify` prints: `accuracy 0.9955 (219 of 220)` and perhaps `folded accuracy …`.
fn line(name: &str, printed: &str) -> Result<String> {
    let after = |start: &str| printed.lines().find_map(|line| line.strip_prefix(start));
    let unexpected = || format!("classify printed {printed:?}");
    let exact = after("accuracy ").with_context(unexpected)?;
    let (share, rest) = exact.split_once(" (").with_context(unexpected)?;
    let samples = rest.split_once(" of ").and_then(|(_, n)| n.strip_suffix(')')).with_context(unexpected)?;
    let folded = after("folded accuracy ").and_then(|rest| rest.split(' ').next());
    let percent = |share: &str| share.parse().map(|share: f64| format!("{:.2} %", 100.0 * share));
    let folded = folded.map_or(Ok("".into()), percent)?;
    Ok(format!("{name:<36}{samples:>8}  {:>8}  {folded:>8}", percent(share)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lines_hold_what_classify_prints() {
        let printed =
            "accuracy 0.8000 (16 of 20)\nfolded accuracy 0.9500 (19 of 20), upper and lower case being the same\n";
        let expected = format!("{:<36}{:>8}   80.00 %   95.00 %", "x", 20);
        assert_eq!(line("x", printed).unwrap(), expected);
        assert!(line("x", "accuracy 0.5000 (1 of 2)\n").unwrap().contains("50.00 %"));
        assert!(line("x", "nonsense").is_err());
    }
}
