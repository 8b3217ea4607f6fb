//! `--dataset`: how well the network reads samples whose classes are known.

use crate::args::Args;
use crate::mistakes;
use crate::predictions_csv::{Prediction, write_csv};
use crate::table;
use anyhow::{Context, Result, ensure};
use cli::say::to_stderr;
use nn_core::Loss;
use nn_core::metrics::Confusion;
use nn_data::{Dataset, LoadOptions, load};
use nn_io::{Model, Reader, calibration_error};
use std::path::Path;

/// The accuracy and, where wanted, what goes wrong, as text.
pub fn classify(path: &Path, args: &Args, model: Model) -> Result<String> {
    let data = dataset(path, args, &model)?;
    let reader = Reader::new(model);
    let model = reader.model();
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
    if let Some(folded) = folded(&evaluation.confusion, &model.classes) {
        let share = folded as f64 / score.samples as f64;
        text += &format!(
            "folded accuracy {share:.4} ({folded} of {}), upper and lower case being the same\n",
            score.samples
        );
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

/// Samples that are right where case does not count; `None` where no two classes differ by case only.
fn folded(confusion: &Confusion, classes: &[String]) -> Option<usize> {
    let folded: Vec<String> = classes.iter().map(|class| class.to_lowercase()).collect();
    let all = || 0..classes.len();
    let same = |&(t, p): &(usize, usize)| folded[t] == folded[p];
    let pairs: Vec<_> = all().flat_map(|t| all().map(move |p| (t, p))).filter(same).collect();
    (pairs.len() > classes.len()).then(|| pairs.into_iter().map(|(t, p)| confusion.count(t, p)).sum())
}

/// The part of the dataset that is meant, held against the model.
fn dataset(path: &Path, args: &Args, model: &Model) -> Result<Dataset> {
    let preprocessing = model.preprocessing.clone();
    let options =
        LoadOptions { preprocessing, transpose: args.transpose, skip_bad: args.skip_bad, ..LoadOptions::default() };
    let loaded = load(path, &options)?;
    let note = |line: String| {
        if !args.quiet {
            to_stderr(line);
        }
    };
    if loaded.skipped.not_images > 0 {
        note(format!("passed over {} files that are no pictures", loaded.skipped.not_images));
    }
    for (file, reason) in &loaded.skipped.bad {
        note(format!("passed over {}: {reason}", file.display()));
    }
    let mut data = match loaded.test {
        Some(test) if !is_one_part(path) => {
            note(format!("{} has a training and a test part: this is the test part", path.display()));
            test
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
    let remedy = format!("`collect build --size {width}x{height}{color}` brings them to it");
    ensure!(has == wants, "{path}: its pictures are {has}, the model reads {wants}; {remedy}");
    if args.known {
        let known = data.only(&model.classes);
        note(format!("left out {} samples of classes that the model does not have", data.len() - known.len()));
        ensure!(!known.is_empty(), "{path} has no sample of a class of the model");
        return Ok(known);
    }
    data.with_classes(&model.classes).with_context(|| format!("{path} does not go with the model"))
}

/// Whether a path names one part of a dataset, beside which the other was found; a stroke file holds both itself.
fn is_one_part(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    !path.is_dir() && !name.trim_end_matches(".gz").ends_with(".jsonl")
        || path.file_name().is_some_and(|name| name == "train") && path.with_file_name("test").is_dir()
}
