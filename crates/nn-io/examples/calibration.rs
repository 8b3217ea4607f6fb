//! How far probabilities are from the share of right answers, with and without hints: the expected calibration error in 15
//! bins, on the writers that a training held back.
//!
//! ```sh
//! cargo run --release -p nn-io --example calibration -- models/characters.mpk 0.04 w09,w10,w11,drawer16,… FILE…
//! ```
//!
//! The numbers and files are those of the training: `--validation`, `--without-writers` and the stroke files of `--data`, in
//! their order and as often as there, since these and the model's seed decide who was held back. A drawing counts once; a hint
//! is measured on the drawings of its classes.

use nn_data::{Dataset, LoadOptions, load};
use nn_io::{Hint, Model, Reader, calibration_error};
use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

/// The hints; all classes where there is none.
const HINTS: [Option<&str>; 5] = [None, Some("0-9"), Some("A-Z"), Some("a-z"), Some("A-Za-z")];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, fraction, without, files @ ..] = &arguments[..] else {
        return Err(
            "name a model, the share that was held back, the writers that were left out, and stroke files".into()
        );
    };
    let model = Model::load(Path::new(model))?;
    let options = LoadOptions { preprocessing: model.preprocessing.clone(), ..LoadOptions::default() };
    let parts =
        files.iter().map(|file| Ok(load(Path::new(file), &options)?.train)).collect::<Result<_, nn_data::Error>>()?;
    let without: Vec<String> = without.split(',').map(String::from).collect();
    let all = Dataset::concat(parts)?.with_classes(&model.classes)?.of_writers(&without, false);
    let (_, data) = all.split(fraction.parse()?, model.note.seed);
    let mut seen = BTreeSet::new();
    let data = data.select(&(0..data.len()).filter(|&i| seen.insert(data.image(i).to_vec())).collect::<Vec<_>>());
    let classes = model.classes.clone();
    let mut reader = Reader::new(model);
    println!("{:<10}{:>8}{:>12}{:>20}", "allowed", "samples", "accuracy", "calibration error");
    for text in HINTS {
        let hint = text.map(|text| Hint::parse(text, &classes)).transpose()?;
        let is_meant = |i: &usize| hint.as_ref().is_none_or(|hint| hint.allows(data.label(*i) as usize));
        let meant = data.select(&(0..data.len()).filter(is_meant).collect::<Vec<_>>());
        reader = reader.hint(hint);
        let answers = reader.read_many(meant.pixels());
        let right =
            answers.iter().zip(meant.labels()).filter(|(answer, label)| answer.class == **label as usize).count();
        let probabilities: Vec<f32> = answers.into_iter().flat_map(|answer| answer.probabilities).collect();
        let error = calibration_error(&probabilities, meant.labels(), classes.len());
        let accuracy = 100.0 * right as f64 / meant.len() as f64;
        println!("{:<10}{:>8}{accuracy:>10.2} %{:>18.2} %", text.unwrap_or("all"), meant.len(), 100.0 * error);
    }
    Ok(())
}
