//! `--dataset`: how well the network reads samples whose classes are known.

use crate::args::Args;
use crate::mistakes;
use crate::predictions_csv::{Prediction, write_csv};
use crate::table;
use crate::unlabelled;
use anyhow::{Context, Result, ensure};
use cli::say::{plain, to_stderr, visible};
use nn_core::Loss;
use nn_core::metrics::Confusion;
use nn_data::{Arrays, Dataset, LoadOptions, Look, load};
use nn_io::{Model, Reader, calibration_error};
use std::collections::BTreeMap;
use std::path::Path;

/// The accuracy and, where wanted, what goes wrong, as text.
pub fn classify(path: &Path, args: &Args, reader: &Reader) -> Result<String> {
    let model = reader.model();
    let data = dataset(path, args, model)?;
    if !data.is_labelled() {
        return unlabelled::predict(&data, args, reader);
    }
    let loss = Loss::CrossEntropy { label_smoothing: 0.0 }; // one must be named; it is not shown
    let evaluation = reader.evaluate(&data, loss);
    if let Some(output) = &args.output {
        let predictions = (0..data.len()).map(|i| {
            let sample = data.sources().get(i).cloned().unwrap_or_else(|| i.to_string());
            let label = &model.classes[data.label(i) as usize];
            Prediction::new(sample, Some(label), evaluation.sample(i), model)
        });
        write_csv(output, &predictions.collect::<Vec<_>>())?;
    }
    let score = evaluation.score;
    let mut text = format!("accuracy {:.4} ({} of {})\n", score.accuracy(), score.correct, score.samples);
    let mut pairs = 0;
    for (name, same, explanation) in [
        ("folded", same_letter as Same, "upper and lower case being the same"),
        ("look-alikes", look_alike, "characters that look alike being the same, too"),
    ] {
        let (right, differing) = right_if(same, &evaluation.confusion, &model.classes);
        if differing > pairs {
            pairs = differing;
            let share = right as f64 / score.samples as f64;
            text += &format!("{name} accuracy {share:.4} ({right} of {}), {explanation}\n", score.samples);
        }
    }
    if args.verbose {
        let (confusion, classes) = (&evaluation.confusion, &model.classes);
        let error = calibration_error(&evaluation.probabilities, data.labels(), classes.len());
        text += &format!("expected calibration error {error:.4}\n");
        text += &mistakes::list(confusion, classes);
        text += &format!("\n{}\n{}", table::classes(confusion, classes), table::confusion(confusion, classes));
    }
    if let Some(path) = &args.worst {
        text += &mistakes::draw(&data, &evaluation, path)?;
    }
    Ok(text)
}

/// Tells whether two classes count as the same.
type Same = fn(&str, &str) -> bool;

fn same_letter(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Characters that many people write alike, so that only their neighbours tell them apart.
const LOOK_ALIKES: [&str; 7] = ["0Oo", "1Il", "2Zz", "5Ss", "6b", "8B", "9gq"];

fn look_alike(a: &str, b: &str) -> bool {
    let are_in = |group: &&str| [a, b].iter().all(|class| class.chars().count() == 1 && group.contains(class));
    same_letter(a, b) || LOOK_ALIKES.iter().any(are_in)
}

/// A name that two classes share wherever they count as the same by [`same_letter`] or [`look_alike`].
fn kin(class: &str) -> String {
    let lower = class.to_lowercase();
    let group = |group: &&str| group.to_lowercase().contains(&lower);
    let is_one = lower.chars().count() == 1; // `b` is in two groups, which therefore share their last letter
    LOOK_ALIKES
        .iter()
        .find(|of| is_one && group(of))
        .map_or(lower, |group| group.chars().last().map(|last| last.to_lowercase().to_string()).unwrap_or_default())
}

/// The samples that are right if some classes count as the same, and the number of pairs of different classes that do.
fn right_if(same: Same, confusion: &Confusion, classes: &[String]) -> (usize, usize) {
    let mut kins: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (k, class) in classes.iter().enumerate() {
        kins.entry(kin(class)).or_default().push(k);
    }
    let pairs: Vec<_> = kins
        .values()
        .flat_map(|kin| kin.iter().flat_map(move |&t| kin.iter().map(move |&p| (t, p))))
        .filter(|&(t, p)| same(&classes[t], &classes[p]))
        .collect();
    let right = pairs.iter().map(|&(t, p)| confusion.count(t, p)).sum();
    (right, pairs.len() - classes.len())
}

/// The part of the dataset that is meant, held against the model.
fn dataset(path: &Path, args: &Args, model: &Model) -> Result<Dataset> {
    let preprocessing = model.preprocessing.clone();
    let options = LoadOptions {
        preprocessing,
        arrays: if args.centre { Arrays::Preprocess } else { Arrays::AsTheyAre },
        transpose: args.transpose,
        skip_bad: args.skip_bad,
        classes: args.classes.clone(),
        y_up: args.y_up,
        memory: cli::memory::limit(args.memory),
        tiny: args.tiny,
        unlabelled: true,
        ..LoadOptions::default()
    };
    let loaded = load(path, &options)?;
    let note = |line: String| {
        if !args.quiet {
            to_stderr(visible(&line));
        }
    };
    loaded.notes.iter().for_each(|line| note(line.clone()));
    loaded.skipped.lines().iter().for_each(|line| note(plain(line)));
    let one_part = is_one_part(path, &loaded.folders[2]);
    let mut data = match (loaded.test, loaded.validation) {
        (Some(test), _) if !one_part => {
            note(format!("{} has a training and a test part: this is the test part", path.display()));
            test
        }
        (None, Some(validation)) if loaded.folders[1].starts_with(path) => {
            note(format!("{} has no test part: this is the part to validate on", path.display()));
            validation
        }
        _ => loaded.train,
    };
    if !args.writers.is_empty() {
        data = data.of_writers(&args.writers, true);
        ensure!(!data.is_empty(), "{} has no sample of {}", path.display(), args.writers.join(", "));
    }
    let (has, wants) = (data.size(), model.preprocessing.size());
    let path = path.display();
    let (width, height, color) = (wants.width, wants.height, if wants.channels == 3 { " --color" } else { "" });
    let remedy = format!("--centre brings them to it, and so does `collect build --size {width}x{height}{color}`");
    ensure!(has == wants, "{path}: its pictures are {has}, the model reads {wants}; {remedy}");
    let look = Look::of(&data).zip(model.look());
    if let Some(line) = look.and_then(|(look, learnt)| look.unlike(&learnt)) {
        note(format!("{path} {line}"));
    }
    if !data.is_labelled() {
        return Ok(data);
    }
    if args.known {
        let known = data.only(&model.classes);
        note(format!("left out {} samples of classes that the model does not have", data.len() - known.len()));
        ensure!(!known.is_empty(), "{path} has no sample of a class of the model");
        return Ok(known);
    }
    data.with_classes(&model.classes).with_context(|| format!("{path} does not go with the model"))
}

/// Whether a path names one part of a dataset, beside which the other (in the folder `test`, if folders they are) was found;
/// a stroke file holds both itself.
fn is_one_part(path: &Path, test: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    let holds_both = [".jsonl", ".npz", ".zip"].iter().any(|ending| name.trim_end_matches(".gz").ends_with(ending));
    let is_file = !path.is_dir() && !holds_both;
    is_file || !test.as_os_str().is_empty() && !test.starts_with(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_that_look_alike_are_kin() {
        let classes: Vec<String> = "0Oo1IlLi2Zz5Ss6bB89gqGQaA".chars().map(String::from).collect();
        for (a, b) in classes.iter().flat_map(|a| classes.iter().map(move |b| (a, b))) {
            assert!(!look_alike(a, b) || kin(a) == kin(b), "{a} {b}");
        }
        assert!(look_alike("9", "g") && look_alike("q", "Q") && !look_alike("6", "8") && !look_alike("Oo", "O"));
    }
}
