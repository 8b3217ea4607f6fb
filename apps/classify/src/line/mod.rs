//! `--line`: lines of characters, in pictures and in datasets of texts.

mod boxes;
mod dataset;
mod pictures;

use crate::args::Args;
use anyhow::{Context, Result};
use nn_data::disk;
use nn_io::Model;
use nn_lines::{Help, Line, LineReader};
use std::io::Write;
use std::path::Path;

const WRITING: &str = "cannot write the results";

/// A reader of lines with a model, and with the help that the command line gives.
///
/// # Errors
/// Where the file of words cannot be read.
pub fn reader(args: &Args, model: Model) -> Result<LineReader> {
    let help = match (&args.words, &args.pattern) {
        (Some(path), _) => {
            let words = String::from_utf8(disk::read_small(path)?);
            let words = words.ok().with_context(|| format!("{}: no text in UTF-8", path.display()))?;
            Help::words(words.lines())
        }
        (None, Some(pattern)) => Help::pattern(pattern),
        (None, None) => Help::None,
    };
    Ok(LineReader::new(model)?.help(help))
}

/// Prints what stands in pictures, or how well a dataset of texts is read. Returns how many pictures could not be read.
///
/// # Errors
/// When the dataset or an output is of no use.
pub fn read(args: &Args, reader: &LineReader, out: &mut (dyn Write + Send)) -> Result<usize> {
    match &args.dataset {
        Some(path) => dataset::read(path, args, reader, out),
        None => pictures::read(args, reader, out),
    }
}

/// A sample and the text that was read in it.
struct Reading {
    sample: String,
    /// The true text; empty where it is not known.
    text: String,
    /// The lines that were read, joined by spaces.
    read: String,
    /// The product of their probabilities.
    probability: f32,
}

impl Reading {
    fn new(sample: String, text: String, lines: &[Line]) -> Self {
        let read = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
        let probability = if lines.is_empty() { 0.0 } else { lines.iter().map(|line| line.probability).product() };
        Self { sample, text, read, probability }
    }
}

/// Writes readings as CSV with a header, whole or not at all.
fn write_csv(path: &Path, readings: &[Reading]) -> Result<()> {
    let mut csv = csv::Writer::from_writer(vec![]);
    csv.write_record(["sample", "text", "predicted", "probability"])?;
    for Reading { sample, text, read, probability } in readings {
        csv.write_record([sample, text, read, &format!("{probability:.4}")])?;
    }
    Ok(disk::write(path, &csv.into_inner()?)?)
}
