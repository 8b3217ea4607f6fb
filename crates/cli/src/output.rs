//! The files that a program writes: none is one that it reads, and none replaces a file of another kind unasked.

use anyhow::{Context, Result, bail, ensure};
use nn_data::disk;
use same_file::is_same_file;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The help text of `--force`.
pub const FORCE: &str = "Let an output replace a file of another kind, or one that is read";

/// The mark of a kind stands within this many bytes.
const HEAD: u64 = 1024;

/// The comment in the file of a plot by which it is told from other drawings.
pub const PLOT_MARK: &str = "<!-- Barnacle plot -->";

/// A kind of file that the programs write, told by a mark near its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A trained network.
    Model,
    /// A training to be continued.
    Checkpoint,
    /// Results of each epoch.
    Metrics,
    /// A page about a training.
    Report,
    /// Predictions as CSV.
    Predictions,
    /// Lines of characters that were read, as CSV.
    Readings,
    /// A PNG picture with samples in rows.
    Sheet,
    /// Curves as an SVG drawing.
    Plot,
    /// The table of a sweep, as CSV.
    Sweep,
    /// A model for other programs.
    Onnx,
    /// The answers that prove a model for other programs.
    Proof,
    /// Weights for other programs.
    Safetensors,
}

impl Kind {
    /// The name as a message has it, and the mark.
    fn describe(self) -> (&'static str, &'static str) {
        match self {
            Self::Model => ("model", "barnacle-model"),
            Self::Checkpoint => ("checkpoint", "barnacle-checkpoint"),
            Self::Metrics => ("file of metrics", "{\"epoch\":"),
            Self::Report => ("training report", "training report</title>"),
            Self::Predictions => ("file of predictions", "sample,label,predicted,probability"),
            Self::Readings => ("file of lines that were read", "sample,text,predicted,probability"),
            Self::Sheet => ("contact sheet", nn_data::SHEET_MARK),
            Self::Plot => ("plot", PLOT_MARK),
            Self::Sweep => ("table of a sweep", "seed,validation_accuracy,validation_loss,epochs,seconds,"),
            Self::Onnx => ("ONNX model", "\u{12}\u{8}barnacle\u{1a}"),
            Self::Proof => ("proof of a model", "{\"cases\":["),
            Self::Safetensors => ("safetensors file of this program", "{\"__metadata__\":{\"layers\":"),
        }
    }

    /// The endings that files of this kind have, the usual first.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Model => &["mpk"],
            Self::Checkpoint => &["checkpoint", "mpk"],
            Self::Metrics => &["jsonl", "json"],
            Self::Report => &["html", "htm"],
            Self::Predictions | Self::Readings | Self::Sweep => &["csv"],
            Self::Sheet => &["png"],
            Self::Plot => &["svg"],
            Self::Onnx => &["onnx"],
            Self::Proof => &["json"],
            Self::Safetensors => &["safetensors"],
        }
    }

    /// Returns whether the file at `path` is of this kind, or empty.
    fn is_at(self, path: &Path) -> std::io::Result<bool> {
        let mut head = vec![];
        File::open(path)?.take(HEAD).read_to_end(&mut head)?;
        let mark = self.describe().1.as_bytes();
        Ok(head.is_empty() || head.windows(mark.len()).any(|part| part == mark))
    }
}

/// Endings by which people and programs tell what a file holds.
const KNOWN: [&str; 28] = [
    "arff",
    "bmp",
    "csv",
    "gif",
    "gz",
    "h5",
    "htm",
    "html",
    "jpeg",
    "jpg",
    "json",
    "jsonl",
    "keras",
    "mpk",
    "npy",
    "npz",
    "onnx",
    "parquet",
    "pdf",
    "png",
    "pt",
    "pth",
    "safetensors",
    "svg",
    "tar",
    "webp",
    "xlsx",
    "zip",
];

/// A file that a program will write.
#[derive(Clone, Copy, Debug)]
pub struct Output<'a> {
    /// Its place.
    pub path: &'a Path,
    /// Its kind.
    pub kind: Kind,
}

/// Settles before any work that every output can be written, and that none takes the place of another output, of an
/// input, or of a file of another kind. `force` allows the last two.
///
/// # Errors
/// Which output is refused, and why.
pub fn check(outputs: &[Output<'_>], inputs: &[&Path], force: bool) -> Result<()> {
    for (i, Output { path, kind }) in outputs.iter().enumerate() {
        let shown = path.display();
        ensure!(
            path.as_os_str() != "-",
            "- is no name of a file; /dev/stdout stands for standard output where there is one"
        );
        let twice = outputs[..i].iter().any(|other| is_same_place(path, other.path));
        ensure!(!twice, "{shown} is wanted for two things; give each file its own name");
        if !force && path.is_file() {
            ensure!(
                !is_one_of(path, inputs),
                "{shown} is read by this command; give the output another name, or --force to replace it"
            );
            let (name, _) = kind.describe();
            if !kind.is_at(path).with_context(|| format!("cannot read {shown}"))? {
                bail!("{shown} is no {name}; give the {name} another name, or --force to replace what is there");
            }
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if !force && KNOWN.contains(&ending.as_str()) && !kind.endings().contains(&ending.as_str()) {
            let ((name, _), usual) = (kind.describe(), kind.endings().first().unwrap_or(&""));
            bail!(
                "{shown} will be a {name}, whose name ends in .{usual}; give it such a name, or --force to keep this one"
            );
        }
        disk::check_writable(path)?;
    }
    Ok(())
}

/// Returns whether `path` is one of the inputs, by whatever name: another spelling, a link of either kind.
pub fn is_one_of(path: &Path, inputs: &[impl AsRef<Path>]) -> bool {
    // Only files are opened to be compared: a pipe would wait for somebody who writes.
    let mut files = inputs.iter().filter(|input| input.as_ref().is_file());
    path.is_file() && files.any(|input| is_same_file(path, input).unwrap_or(false))
}

/// Returns whether `path`, which need not be there yet, lies in a folder or in one within it.
pub fn is_within(path: &Path, folder: &Path) -> bool {
    let (path, folder) = (place(path), place(folder));
    folder.is_dir() && path != folder && path.starts_with(folder)
}

/// Returns whether two paths lead to one file, which need not be there yet.
fn is_same_place(a: &Path, b: &Path) -> bool {
    if a.is_file() && b.is_file() { is_same_file(a, b).unwrap_or(false) } else { place(a) == place(b) }
}

/// The path from the root, by way of the folders that are there already.
fn place(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.into());
    let there = path.ancestors().find_map(|folder| Some((folder.canonicalize().ok()?, folder)));
    match there {
        Some((found, folder)) => path.strip_prefix(folder).map_or(path.clone(), |rest| found.join(rest)),
        None => path,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    fn refusal(outputs: &[(&Path, Kind)], inputs: &[&Path], force: bool) -> String {
        let outputs: Vec<_> = outputs.iter().map(|&(path, kind)| Output { path, kind }).collect();
        check(&outputs, inputs, force).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn files_of_the_own_kind_are_replaced_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let results = [Kind::Model, Kind::Checkpoint, Kind::Metrics, Kind::Report, Kind::Predictions, Kind::Sheet];
        let kinds: Vec<Kind> = results
            .into_iter()
            .chain([Kind::Readings, Kind::Plot, Kind::Onnx, Kind::Proof, Kind::Safetensors])
            .collect();
        for kind in kinds.iter().copied() {
            fs::write(&path, format!("\u{86}format: {} and more", kind.describe().1)).unwrap();
            for other in kinds.iter().copied() {
                assert_eq!(refusal(&[(&path, other)], &[], false).is_empty(), other == kind, "{kind:?} {other:?}");
                assert_eq!(refusal(&[(&path, other)], &[], true), "");
            }
        }
        fs::write(&path, "").unwrap();
        assert_eq!(refusal(&[(&path, Kind::Model)], &[], false), "", "an empty file is nobody's");
        fs::write(&path, "dear diary").unwrap();
        let said = refusal(&[(&path, Kind::Report)], &[], false);
        assert!(
            said.ends_with(
                "is no training report; give the training report another name, or --force to replace what is there"
            ),
            "{said}"
        );
    }

    #[test]
    fn names_do_not_promise_another_kind() {
        let folder = tempfile::tempdir().unwrap();
        let said = |name: &str, kind, force| refusal(&[(&folder.path().join(name), kind)], &[], force);
        for (name, kind) in
            [("a", Kind::Model), ("v1.2", Kind::Model), ("a.HTM", Kind::Report), ("a.txt", Kind::Predictions)]
        {
            assert_eq!(said(name, kind, false), "", "{name}");
        }
        assert!(said("a.onnx", Kind::Model, false).contains("will be a model, whose name ends in .mpk"));
        assert!(said("a.csv.gz", Kind::Predictions, false).contains("ends in .csv"));
        assert_eq!(said("a.jpg", Kind::Sheet, true), "");
        assert!(refusal(&[(Path::new("-"), Kind::Predictions)], &[], true).contains("/dev/stdout"));
    }

    #[test]
    fn an_input_is_no_output_by_any_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("model"), "barnacle-model").unwrap();
        fs::hard_link(at("model"), at("hard")).unwrap();
        let mut names = vec!["model", "sub/../model", "./model", "hard"];
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../model", at("sub/link")).unwrap();
            names.push("sub/link");
        }
        for name in names {
            let said = refusal(&[(&at(name), Kind::Model)], &[&at("model")], false);
            assert!(said.contains("is read by this command"), "{name}: {said}");
        }
        assert_eq!(refusal(&[(&at("hard"), Kind::Model)], &[&at("model")], true), "");
    }

    #[test]
    fn two_outputs_are_two_files_by_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("sub")).unwrap();
        for (a, b, same) in [("a", "a", true), ("a", "sub/../a", true), ("new/a", "./new/a", true), ("a", "b", false)] {
            let said = refusal(&[(&at(a), Kind::Model), (&at(b), Kind::Report)], &[], true);
            assert_eq!(said.contains("is wanted for two things"), same, "{a} {b}: {said}");
        }
    }
}
