//! The description of a dataset: a table of its classes, then everything that may be wrong with it.

pub(crate) mod duplicates;
mod picture_sizes;
pub(crate) mod sheet;

use crate::build::Parts;
use crate::stats::duplicates::{Duplicates, Sample};
use crate::stats::picture_sizes::PictureSizes;
use cli::say::{cell, visible};
use nn_data::Dataset;

/// Examples shown of each kind of defect.
const SHOWN: usize = 5;

/// The description of a dataset: lines, the last one without its end.
pub fn describe(parts: &Parts) -> String {
    let train = &parts.train;
    let mut text = table(parts);
    let mut tell = |name: &str, what: String| text += &format!("\n{name:<11} {what}");
    tell("pictures", train.size().to_string());
    let files =
        parts.named().enumerate().flat_map(|(part, (_, set))| (0..set.len()).filter_map(move |i| parts.file(part, i)));
    if let Some(sizes) = PictureSizes::read(files) {
        tell("files", sizes.to_string());
    }
    tell("imbalance", imbalance(train));

    let name = |sample: &Sample| name(sample, parts);
    let pair = |[first, second]: &[Sample; 2]| format!("{} = {}", name(first), name(second));
    let Duplicates { pairs, blank } = Duplicates::find(parts);
    let (mistaken, pairs): (Vec<_>, Vec<&[Sample; 2]>) = pairs.iter().partition(|[a, b]| a.label != b.label);
    let (across, within): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|[a, b]| a.part != b.part);
    let examples = |pairs: Vec<&[Sample; 2]>, what| listed(&pairs, |a| pair(a), what);
    tell("duplicates", examples(within, "repeats of an earlier picture of their class"));
    tell("two labels", examples(mistaken, "repeats of a picture of another class: one label is wrong"));
    if parts.named().count() > 1 {
        tell("in both", examples(across, "pictures that an earlier part has too"));
    }
    tell("without ink", listed(&blank, name, "of one colour throughout"));
    text
}

/// A row for each class: samples of each part, share of the training part, mean ink of all its pictures.
fn table(parts: &Parts) -> String {
    let train = &parts.train;
    let counts: Vec<Vec<usize>> = parts.named().map(|(_, part)| part.counts()).collect();
    let mut ink = vec![0u64; train.classes().len()];
    for (_, part) in parts.named() {
        for (image, &label) in part.pixels().chunks_exact(part.features()).zip(part.labels()) {
            ink[label as usize] += image.iter().map(|&p| u64::from(p)).sum::<u64>();
        }
    }
    let names: Vec<String> = train.classes().iter().map(|name| cell(name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(5);
    let row = |name: &str, samples: &[usize], ink: u64| {
        let cells: String = samples.iter().map(|n| format!("{n:>9}")).collect();
        let pixels = samples.iter().sum::<usize>() * train.features() * 255;
        let [share, ink] = [(samples[0], train.len()), (ink as usize, pixels)].map(|(part, all)| percent(part, all));
        format!("{name:<width$}{cells}{share:>10}{ink:>10}\n")
    };
    let heads: String = parts.named().map(|(name, _)| format!("{name:>9}")).collect();
    let mut text = format!("{:<width$}{heads}{:>10}{:>10}\n", "class", "share", "ink");
    for (class, name) in names.iter().enumerate() {
        let samples: Vec<usize> = counts.iter().map(|counts| counts[class]).collect();
        text += &row(name, &samples, ink[class]);
    }
    let all: Vec<usize> = parts.named().map(|(_, part)| part.len()).collect();
    text + &row("all", &all, ink.iter().sum())
}

fn percent(part: usize, all: usize) -> String {
    if all == 0 { "-".into() } else { format!("{:.1} %", 100.0 * part as f64 / all as f64) }
}

/// How many times as large as the smallest class the largest one is.
fn imbalance(train: &Dataset) -> String {
    let counts = || train.counts().into_iter().zip(train.classes().iter().map(|name| cell(name)));
    let (Some((most, largest)), Some((least, smallest))) = (counts().max_by_key(|c| c.0), counts().min_by_key(|c| c.0))
    else {
        return "no class".into();
    };
    match least {
        0 => format!("class {smallest} has no sample, class {largest} {most}"),
        _ if least == most => format!("1.00 ({most} samples a class)"),
        _ => format!("{:.2} (class {largest} has {most}, class {smallest} {least})", most as f64 / least as f64),
    }
}

/// How many there are, and the first of them.
fn listed<T>(all: &[T], name: impl Fn(&T) -> String, what: &str) -> String {
    if all.is_empty() {
        return "none".into();
    }
    let mut text = format!("{} ({what})", all.len());
    all.iter().take(SHOWN).for_each(|one| text += &format!("\n              {}", name(one)));
    if all.len() > SHOWN {
        text += "\n              ...";
    }
    text
}

/// The file of a sample, or its number in its part from 1, and its class where the file does not tell it.
pub(crate) fn name(sample: &Sample, parts: &Parts) -> String {
    let Some((part, dataset)) = parts.named().nth(sample.part) else { return String::new() };
    match parts.file(sample.part, sample.index) {
        Some(file) => visible(&file.display().to_string()).into_owned(),
        None => format!("{part} {} ({})", sample.index + 1, cell(&dataset.classes()[sample.label as usize])),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use nn_data::Size;
    use std::path::Path;

    fn of(pixels: &[u8], names: &[&str]) -> Dataset {
        Dataset::from_names(Size::new(1, 2, 1), pixels.to_vec(), names, vec![]).unwrap()
    }

    #[test]
    fn a_description_names_every_defect() {
        let train = of(&[0, 255, 51, 0, 0, 255, 0, 0, 0, 255], &["a", "a", "a", "long name", "long name"]);
        let test = of(&[51, 0], &["a"]).with_classes(train.classes()).unwrap();
        let text = describe(&Parts::of(train, Some(test)));
        let expected = "\
class        train     test     share       ink
a                3        1    60.0 %    30.0 %
long name        2        0    40.0 %    25.0 %
all              5        1   100.0 %    28.3 %

pictures    2x1 grey
imbalance   1.50 (class a has 3, class long name 2)
duplicates  1 (repeats of an earlier picture of their class)
              train 1 (a) = train 3 (a)
two labels  1 (repeats of a picture of another class: one label is wrong)
              train 1 (a) = train 5 (long name)
in both     1 (pictures that an earlier part has too)
              train 2 (a) = test 1 (a)
without ink 1 (of one colour throughout)
              train 4 (long name)";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_good_dataset_has_no_defect_and_many_are_cut() {
        let text = describe(&Parts::of(of(&[1, 2, 3, 4], &["a", "b"]), None));
        assert_eq!(text.matches(" none").count(), 3, "{text}");
        assert!(!text.contains("test") && !text.contains("in both"), "{text}");
        let text = describe(&Parts::of(of(&[9; 16], &["a"; 8]), None));
        assert!(text.ends_with("train 5 (a)\n              ..."), "{text}");
        let one = of(&[1, 2], &["b"]).with_classes(&["a".into(), "b".into()]).unwrap();
        assert_eq!(imbalance(&one), "class a has no sample, class b 1");
    }

    #[test]
    fn files_are_named_by_their_path() {
        let place = tempfile::tempdir().unwrap();
        let set = place.path().join("set");
        for part in ["train", "test"] {
            nn_data::class_folders::write(&of(&[1, 2, 1, 2], &["a", "b"]), &set.join(part)).unwrap();
        }
        let preprocessing = nn_data::Preprocessing::picture(2, 1, 1);
        let options = nn_data::LoadOptions { preprocessing, ..Default::default() };
        for path in [set.clone(), set.join("train"), set.join("test")] {
            let parts = Parts::load(&[path], &options, &cli::say::Say { quiet: true }).unwrap();
            let text = describe(&parts);
            assert!(text.contains("files       all 2x1"), "{text}");
            let files = text.split_whitespace().filter(|word| word.ends_with(".png"));
            assert!(files.clone().count() >= 2 && files.clone().all(|file| Path::new(file).is_file()), "{text}");
        }
    }
}
