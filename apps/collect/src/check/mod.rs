//! The data doctor: what is probably wrong with a dataset, as a table and as a sheet of pictures.

mod doubtful;
mod folds;
mod labels;
mod suspects;
mod turned;

use crate::args::Check;
use crate::build::Parts;
use crate::stats::duplicates::{Duplicates, Sample};
use crate::stats::name;
use anyhow::Result;
use builtin::Builtin;
use cli::say::{Say, count, plain};
pub use doubtful::{Doubt, doubtful};
use labels::{Checked, fitting};
use nn_data::{Dataset, LoadOptions, disk, sheet};
use nn_io::Reader;
use std::collections::BTreeSet;
use suspects::Suspect;

/// Examples shown of each kind but the mislabelled.
const SHOWN: usize = 5;
/// The fewest probably mislabelled samples that are listed, and the share of all that is.
const LISTED: (usize, f64) = (20, 0.02);
/// Samples in a row of the sheet, and the most rows.
const SHEET: (usize, usize) = (20, 10);
/// A class with fewer samples, or fewer than this part of the median, has few.
const FEW: (usize, usize) = (10, 10);

/// The findings, a paragraph for each kind.
#[derive(Default)]
struct Report {
    text: String,
    findings: usize,
}

impl Report {
    /// Adds a kind of finding with its number and examples.
    fn tell(&mut self, kind: &str, found: usize, what: &str, examples: Vec<String>) {
        if found == 0 {
            self.text += &format!("{kind:<12} none\n");
            return;
        }
        self.findings += 1;
        self.text += &format!("{kind:<12} {found}: {what}\n");
        examples.iter().for_each(|example| self.text += &format!("               {example}\n"));
        if found > examples.len() && !examples.is_empty() {
            self.text += "               ...\n";
        }
    }

    /// Adds a line about the whole dataset.
    fn note(&mut self, kind: &str, what: &str, is_finding: bool) {
        self.findings += usize::from(is_finding);
        self.text += &format!("{kind:<12} {what}\n");
    }
}

/// Looks for everything that is probably wrong, and returns the table.
///
/// # Errors
/// When the dataset or the model cannot be read, or the sheet cannot be written.
pub fn check(flags: &Check, say: &Say) -> Result<String> {
    let model = flags.model.as_ref().map(|path| builtin::open(path)).transpose()?;
    let mut options = LoadOptions { skip_bad: true, ..flags.reading.options() };
    if let Some(model) = &model {
        options.preprocessing = model.preprocessing.clone();
    }
    let parts = Parts::load(std::slice::from_ref(&flags.path), &options, say)?;
    let all = Dataset::concat(parts.named().map(|(_, part)| part.clone()).collect())?;
    let samples: Vec<Sample> = samples(&parts);
    let names = |indices: &[usize]| indices.iter().map(|&i| name(&samples[i], &parts)).collect::<Vec<_>>();

    let mut report = Report::default();
    let reader = model.map(Reader::new);
    how_they_lie(&mut report, &all, reader.as_ref())?;
    let Checked { suspects, unchecked } = match &reader {
        Some(reader) => Checked::by_model(&all, reader)?,
        None => Checked::across_folds(&all, say)?,
    };
    let line = |suspect: &Suspect| {
        let (label, percent) = (all.class_of(suspect.index), 100.0 * suspect.probability);
        format!("{}: {label}, read as {} ({percent:.0} %)", name(&samples[suspect.index], &parts), suspect.read_as)
    };
    let what = "read as another class than the label says, the most doubtful first; look at these";
    report.tell("mislabelled", suspects.len(), what, suspects.iter().take(listed(all.len())).map(line).collect());
    if !unchecked.is_empty() {
        let why = format!("not checked of {}: fewer than {} samples, or one class", unchecked.join(" "), folds::FEWEST);
        report.note("labels", &why, false);
    }
    repeated(&mut report, &parts);
    classes(&mut report, &parts.train);
    let bright: Vec<usize> = (0..all.len()).filter(|&i| is_bright_around(&all, i)).collect();
    report.tell(
        "polarity",
        bright.len(),
        "bright at the edge, where a picture has no ink",
        names(&bright[..bright.len().min(SHOWN)]),
    );
    let broken = parts.skipped.lines();
    report.tell(
        "broken",
        broken.len(),
        "reasons for files that are not read",
        broken.iter().map(|line| plain(line)).collect(),
    );
    if let Some(path) = &flags.sheet {
        let rows: Vec<Vec<usize>> =
            suspects.chunks(SHEET.0).take(SHEET.1).map(|row| row.iter().map(|s| s.index).collect()).collect();
        disk::write(path, &sheet(&all, &rows, SHEET.0)?)?;
        let shown = suspects.len().min(SHEET.0 * SHEET.1);
        report.text +=
            &format!("sheet        {} shows the first {shown} of the mislabelled, in their order\n", path.display());
    }
    let kinds = count(report.findings, "kind of problem", "kinds of problems");
    Ok(format!(
        "{} of {} classes: {kinds}\n{}",
        count(all.len(), "sample", "samples"),
        all.classes().len(),
        report.text.trim_end()
    ))
}

/// The samples of all parts, in the order of [`Parts::named`].
fn samples(parts: &Parts) -> Vec<Sample> {
    let of_part = |(part, (_, set)): (usize, (&str, &Dataset))| {
        let labels = set.labels().to_vec();
        labels.into_iter().enumerate().map(move |(index, label)| Sample { part, index, label })
    };
    parts.named().enumerate().flat_map(of_part).collect()
}

/// The number of doubtful labels that are listed.
fn listed(samples: usize) -> usize {
    LISTED.0.max((LISTED.1 * samples as f64).ceil() as usize)
}

/// Reports how the pictures lie, by the model or, if they are digits, by the one that ships.
fn how_they_lie(report: &mut Report, all: &Dataset, reader: Option<&Reader>) -> Result<()> {
    let digits = Reader::new(Builtin::Digits.model()?);
    let reader = reader.unwrap_or(&digits);
    match fitting(all, reader.model()).map(|data| turned::find(&data, reader)) {
        Err(_) => report.note("turned", "not known: --model FILE of these classes tells", false),
        Ok(None) => report.note("turned", "no: pictures lie as a model knows them", false),
        Ok(Some((what, before, after))) => {
            let gain =
                format!("a model reads {:.1} % of them so, and {:.1} % as they are", 100.0 * after, 100.0 * before);
            report.note("turned", &format!("pictures seem {what}: {gain}"), true);
        }
    }
    Ok(())
}

/// Reports duplicates and blank pictures.
fn repeated(report: &mut Report, parts: &Parts) {
    let Duplicates { pairs, blank } = Duplicates::find(parts);
    let pair = |[first, second]: &&[Sample; 2]| format!("{} = {}", name(first, parts), name(second, parts));
    let (mistaken, pairs): (Vec<_>, Vec<&[Sample; 2]>) = pairs.iter().partition(|[a, b]| a.label != b.label);
    let (across, within): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|[a, b]| a.part != b.part);
    for (kind, found, what) in [
        ("two labels", mistaken, "the same as a picture of another class, so one of the labels is wrong"),
        ("duplicates", within, "the same as an earlier picture of the class"),
        ("in both", across, "the same as a picture of another part, so what was learned is tested"),
    ] {
        report.tell(kind, found.len(), what, found.iter().take(SHOWN).map(pair).collect());
    }
    let blank_names = blank.iter().take(SHOWN).map(|sample| name(sample, parts)).collect();
    report.tell("blank", blank.len(), "of one colour throughout", blank_names);
}

/// Reports classes with few samples, and drawings that are all by one person.
fn classes(report: &mut Report, train: &Dataset) {
    let counts = train.counts();
    let mut sorted = counts.clone();
    sorted.sort_unstable();
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0);
    let few = counts.iter().zip(train.classes()).filter(|&(&count, _)| count < FEW.0 || count * FEW.1 < median);
    let few: Vec<String> = few.map(|(count, class)| format!("{class} has {count}")).collect();
    let what = format!("classes with few samples; the median is {median}");
    report.tell("few samples", few.len(), &what, few.iter().take(SHOWN).cloned().collect());
    let writers: BTreeSet<&str> = (0..train.len()).filter_map(|i| Some(train.drawing(i)?.writer.as_str())).collect();
    match writers.len() {
        0 => report.note("writers", "not known", false),
        1 => report.note("writers", "one only: a network learns this one hand", true),
        n => report.note("writers", &n.to_string(), false),
    }
}

/// True for a grey picture most of whose outermost pixels are bright.
fn is_bright_around(data: &Dataset, i: usize) -> bool {
    let nn_data::Size { height, width, channels } = data.size();
    if channels != 1 || height < 3 || width < 3 {
        return false;
    }
    let at_edge = |place: usize| {
        place < width || place >= width * (height - 1) || place.is_multiple_of(width) || place % width == width - 1
    };
    let edge: Vec<u8> =
        data.image(i).iter().enumerate().filter(|&(place, _)| at_edge(place)).map(|(_, &value)| value).collect();
    2 * edge.iter().filter(|&&value| value > 127).count() > edge.len()
}
