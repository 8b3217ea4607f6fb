//! Data without labels: the class that the network sees in each sample, and how often each class.

use crate::args::Args;
use crate::predictions_csv::{Prediction, write_csv};
use anyhow::{Result, ensure};
use nn_data::Dataset;
use nn_io::Reader;

/// Reads all samples and counts the answers, as text: a line for each class that occurs and, with `--verbose`, first one
/// for each sample.
///
/// # Errors
/// When a flag asks for what only labels can tell, or the file of predictions cannot be written.
pub fn predict(data: &Dataset, args: &Args, reader: &Reader) -> Result<String> {
    for (given, flag) in [(args.worst.is_some(), "--worst"), (args.known, "--known")] {
        ensure!(!given, "{flag} needs labels, and the dataset has none");
    }
    let model = reader.model();
    let name = |i: usize| data.sources().get(i).cloned().unwrap_or_else(|| i.to_string());
    let answers = reader.read_many(data.pixels());
    let each = answers.iter().enumerate();
    let predictions: Vec<_> =
        each.map(|(i, answer)| Prediction::new(name(i), None, &answer.probabilities, model)).collect();
    if let Some(output) = &args.output {
        write_csv(output, &predictions)?;
    }
    let mut text = String::new();
    if args.verbose {
        for p in &predictions {
            text += &format!("{}\t{}\t{:.4}\n", p.sample, p.class, p.probability);
        }
    }
    text += &format!("no labels, so no accuracy; {} samples were read as\n", data.len());
    for class in &model.classes {
        let count = predictions.iter().filter(|p| p.class == class).count();
        if count > 0 {
            text += &format!("{class}\t{count}\n");
        }
    }
    Ok(text)
}
