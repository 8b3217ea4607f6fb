//! Trains the scorer of candidates on written texts whose cuts are known, and measures it on those to test with.
//!
//! A path through a row gains the scores of its candidates and of the classes for which it takes them; its share among all
//! paths is the exponential of that over the sum for all paths. Training raises the logarithm of the right path's share (a
//! conditional random field, Lafferty, McCallum and Pereira 2001). The derivative with respect to a score is 1 for a
//! candidate of the right path, less the share of all paths that take the candidate, which one pass forward and one back
//! give; that with respect to the score of a class, likewise.
//!
//! `cargo run --release -p nn-lines --example train_scorer -- TEXTS.jsonl… [--numbers DIGITS.jsonl] [--out models/lines.mpk]`

mod measure;
mod numbers;
mod photographed;
mod pictured;
mod rows;

use builtin::Builtin;
use clap::Parser;
use measure::{measure, measure_photographs};
use nn_core::Network;
use nn_data::stroke_file::texts::{self, WrittenText};
use nn_data::{LoadOptions, Preprocessing};
use nn_io::{Model, TrainingNote};
use nn_lines::{CLASSES, FEATURES, LineReader, Scorer};
use rayon::prelude::*;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Times that the digits are put together to numbers.
const ROUNDS: u64 = 2;
/// Of this number of single characters one is learnt from.
const SINGLES: usize = 12;

/// Trains the scorer of candidates.
#[derive(Parser)]
struct Args {
    /// Files of texts with cuts; those that say that they are to test with are measured on
    texts: Vec<PathBuf>,
    /// Files of single characters
    #[arg(long)]
    singles: Vec<PathBuf>,
    /// Files of single digits, to be put together to numbers; the first one's test writers are measured on
    #[arg(long)]
    numbers: Vec<PathBuf>,
    /// A folder of photographed characters with a list `labels.csv` of `file,label`, to be put together to lines and measured on
    #[arg(long)]
    photographs: Option<PathBuf>,
    /// Train, and write the scorer; without it a scorer is measured that exists
    #[arg(long)]
    out: Option<PathBuf>,
    /// The scorer to measure, in place of the one that comes with Barnacle
    #[arg(long, conflicts_with = "out")]
    scorer: Option<PathBuf>,
    /// The model that reads the candidates, in place of the built-in one
    #[arg(long)]
    model: Option<PathBuf>,
    /// Learn from every N-th text only
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Measure on every N-th text only
    #[arg(long, default_value_t = 1)]
    every_test: usize,
    /// Times that each text is learnt from
    #[arg(long, default_value_t = 10)]
    epochs: u64,
    /// Units of the network
    #[arg(long, default_value_t = 64)]
    units: usize,
    /// Leave a quarter of the writers to learn from out, and measure on them in place of those to test with
    #[arg(long)]
    hold_back: bool,
    /// List the texts that were read otherwise
    #[arg(long)]
    mistakes: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let began = std::time::Instant::now();
    let read = |files: &[PathBuf]| read(files, args.hold_back);
    let (with_cuts, others): (Vec<_>, Vec<_>) = read(&args.texts)?.into_iter().partition(|text| !text.cuts.is_empty());
    let singles = read(&args.singles)?.into_iter().map(single).collect::<Vec<_>>();
    let digits: Vec<_> = read(&args.numbers)?.into_iter().map(single).collect();
    let (mut test_digits, digits): (Vec<_>, Vec<_>) = digits.into_iter().partition(|text| text.test);
    if let Some(first) = args.numbers.first() {
        let own = read(std::slice::from_ref(first))?.iter().filter(|text| text.test).count();
        test_digits.truncate(own);
    }
    let model = match &args.model {
        Some(path) => Model::load(path)?,
        None => Builtin::Characters.model()?,
    };
    let reader = if let Some(out) = &args.out {
        let reader = LineReader::with_scorer(model.clone(), Scorer::new(rows::untrained(args.units)?)); // not asked for scores
        let rounds =
            (1..=ROUNDS).flat_map(|seed| numbers::numbers(numbers::shuffled(&digits, seed), numbers::OFTEN, seed));
        let all = with_cuts.iter().filter(|text| !text.test).cloned().chain(rounds);
        let learnt: Vec<_> =
            all.chain(singles.iter().filter(|text| !text.test).step_by(SINGLES).cloned()).step_by(args.every).collect();
        let known = |(i, text): (usize, &WrittenText)| {
            let pictured = rows::of_picture(&reader, text, i as u64);
            rows::of_strokes(&reader, text).into_iter().chain(pictured).collect::<Vec<_>>()
        };
        let rows: Vec<_> = learnt.par_iter().enumerate().flat_map_iter(known).collect();
        println!("{} stretches of rows of {} texts, {:.1?}", rows.len(), learnt.len(), began.elapsed());
        let network = rows::trained(&rows, args.units, args.epochs)?;
        save(network.clone(), &args, rows.len(), out)?;
        LineReader::with_scorer(model, Scorer::new(network))
    } else if let Some(path) = &args.scorer {
        LineReader::with_scorer(model, Scorer::new(Model::load(path)?.network))
    } else {
        LineReader::new(model)?
    };
    let every = |texts: Vec<WrittenText>| {
        texts.into_iter().filter(|text| text.test).step_by(args.every_test).collect::<Vec<_>>()
    };
    let (with_cuts, others) = (every(with_cuts), every(others));
    for pictures in [false, true] {
        measure("texts with known cuts", &reader, &with_cuts, pictures, args.mistakes);
        measure("texts without", &reader, &others, pictures, args.mistakes);
        measure(
            "numbers put together",
            &reader,
            &every(numbers::numbers(test_digits.clone(), numbers::TOUCHING, 2)),
            pictures,
            args.mistakes,
        );
    }
    if let Some(folder) = &args.photographs {
        measure_photographs(&reader, &photographed::lines(folder)?, args.mistakes);
    }
    measure("single characters", &reader, &every(singles), false, args.mistakes);
    Ok(())
}

/// The texts of some files; with `hold_back`, those to test with are by a quarter of the writers to learn from.
fn read(files: &[PathBuf], hold_back: bool) -> Result<Vec<WrittenText>, nn_data::Error> {
    let texts: Result<Vec<_>, _> = files.iter().map(|file| texts::read(file, &LoadOptions::default())).collect();
    let mut texts: Vec<WrittenText> = texts?.into_iter().flatten().collect();
    if hold_back {
        texts.retain(|text| !text.test);
        texts.iter_mut().for_each(|text| text.test = text.writer.bytes().map(u32::from).sum::<u32>() % 4 == 0);
    }
    Ok(texts)
}

/// A single character: all its strokes belong together.
fn single(text: WrittenText) -> WrittenText {
    WrittenText { cuts: vec![[0, text.strokes.strokes.len()]], ..text }
}

/// Writes the scorer as a model file.
fn save(network: Network, args: &Args, rows: usize, out: &Path) -> Result<(), nn_io::Error> {
    let files = args.texts.iter().chain(&args.singles).chain(&args.numbers);
    let note = TrainingNote {
        data: files.map(|path| path.file_name().unwrap_or_default().to_string_lossy().into()).collect(),
        seed: 1,
        epochs: args.epochs as u32,
        samples: rows as u64,
        command: "cargo run --release -p nn-lines --example train_scorer".into(),
        ..TrainingNote::default()
    };
    let preprocessing = Preprocessing::picture(FEATURES as u32, 1, 1); // of its size; features are given as they are
    let classes = ["score".into()].into_iter().chain(CLASSES.chars().map(String::from)).collect();
    Model { network, classes, preprocessing, calibration: None, note }.save(out)
}
