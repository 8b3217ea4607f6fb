//! The doubtful drawings of a folder, for the window.

use super::labels::Checked;
use super::listed;
use crate::build::Parts;
use crate::stats::duplicates::{Duplicates, Sample};
use anyhow::{Result, ensure};
use cli::say::{Say, plain};
use nn_data::{LoadOptions, Preprocessing};
use std::path::{Path, PathBuf};

/// A drawing that a person should look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// Its file.
    pub picture: PathBuf,
    /// The reason, as in `read as 1 (99 %)`.
    pub why: String,
}

/// Finds drawings that cannot be read, are blank or stand under two labels, then those whose label is probably wrong.
///
/// # Errors
/// When the folder cannot be read, or nothing can be said, since there are too few drawings.
pub fn doubtful(folder: &Path) -> Result<Vec<Doubt>> {
    let say = Say { quiet: true };
    let options = LoadOptions { skip_bad: true, preprocessing: Preprocessing::ink(28, 28), ..LoadOptions::default() };
    let parts = Parts::load(&[folder.to_owned()], &options, &say)?;
    let doubt = |sample: &Sample, why: String| Some(Doubt { picture: parts.file(sample.part, sample.index)?, why });
    let Duplicates { pairs, blank } = Duplicates::find(&parts);
    let class = |sample: &Sample| &parts.train.classes()[sample.label as usize];
    let bad = parts.skipped.bad.iter().map(|(path, why)| Doubt { picture: path.clone(), why: plain(why) });
    let blank = blank.iter().filter_map(|sample| doubt(sample, "without ink".into()));
    let twice = pairs.iter().filter(|[a, b]| a.label != b.label);
    let twice = twice.filter_map(|[first, second]| doubt(second, format!("and the same under {}", class(first))));
    let mut doubts: Vec<Doubt> = bad.chain(blank).chain(twice).collect();
    let Checked { suspects, unchecked } = Checked::across_folds(&parts.train, &say)?;
    ensure!(
        !doubts.is_empty() || unchecked.len() < parts.train.classes().len(),
        "there are too few drawings to tell: two classes of 8 drawings are needed"
    );
    let read_as = |s: &super::suspects::Suspect| format!("read as {} ({:.0} %)", s.read_as, 100.0 * s.probability);
    for suspect in suspects.iter().take(listed(parts.train.len())) {
        let sample = Sample { part: 0, index: suspect.index, label: parts.train.label(suspect.index) };
        let known = parts.file(0, suspect.index).filter(|file| doubts.iter().all(|doubt| doubt.picture != *file));
        doubts.extend(known.and_then(|_| doubt(&sample, read_as(suspect))));
    }
    Ok(doubts)
}
