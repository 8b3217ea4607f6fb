//! How much corrections help at once, without training: the share of errors on each writer's other drawings after the first
//! 0, 1, 5 and 15 corrections, and once every drawing before them is known, which is the most that corrections can do; and
//! how well a new class is read after five drawings. `cargo xtask bench accuracy` runs it.
//!
//! ```sh
//! cargo run --release -p nn-io --example at_once -- models/characters.mpk runs/unipen.jsonl.gz ../shared/data/strokes/unipen-signs.jsonl.gz
//! ```
//!
//! The first file holds drawings of the model's classes, the second those of others. Where a file has a test part, its writers
//! are read, else all. A writer's drawings come in a shuffled order: the first half is read one after the other, and a drawing
//! that is read wrongly becomes an example, until there are enough; the second half counts. Each writer goes five ways.

use nn_core::metrics::argmax;
use nn_data::{Dataset, LoadOptions, load, seed_from};
use nn_io::{Examples, Model, Reader};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

/// Corrections per writer; with `None` all drawings of the first half become examples, those that are read rightly, too.
const CORRECTIONS: [Option<usize>; 5] = [Some(0), Some(1), Some(5), Some(15), None];
/// Drawings of a new class.
const FIRST: usize = 5;
/// Shuffled orders of each writer's drawings.
const ORDERS: u64 = 5;
/// A writer with fewer drawings is left out.
const LEAST: usize = 40;

/// A drawing as the network sees it.
struct Sample {
    class: String,
    features: Vec<f32>,
    probabilities: Vec<f32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [model, characters, signs] = &paths[..] else { return Err("name a model and two stroke files".into()) };
    let model = Model::load(Path::new(model))?;
    let classes = model.classes.clone();
    let mut reader = Reader::new(model);
    let writers = samples(&mut reader, Path::new(characters))?;
    let mut first = None;
    println!("{:<14}{:>12}{:>10}{:>10}", "corrections", "mean", "errors", "fewer");
    for wanted in CORRECTIONS {
        let (mut made, mut rounds, mut wrong, mut read) = (0, 0, 0, 0);
        for all in writers.values().filter(|all| all.len() >= LEAST) {
            for order in 0..ORDERS {
                let (learnt, counted) = halves(all, order);
                let examples = corrected(&learnt, &classes, wanted);
                (made, rounds, read) = (made + examples.len(), rounds + 1, read + counted.len());
                wrong += counted.iter().filter(|sample| answer(&examples, sample) != sample.class).count();
            }
        }
        let errors = wrong as f64 / read as f64;
        let fewer = 100.0 * (1.0 - errors / *first.get_or_insert(errors));
        let made = made as f64 / f64::from(rounds);
        let wanted = wanted.map_or("all known".into(), |wanted| wanted.to_string());
        println!("{wanted:<14}{made:>12.1}{:>8.2} %{fewer:>8.1} %", 100.0 * errors);
    }
    new_classes(&classes, &writers, &samples(&mut reader, Path::new(signs))?);
    Ok(())
}

/// Reads the drawings of each writer.
fn samples(reader: &mut Reader, path: &Path) -> Result<BTreeMap<String, Vec<Sample>>, Box<dyn Error>> {
    let options = LoadOptions { preprocessing: reader.model().preprocessing.clone(), ..LoadOptions::default() };
    let loaded = load(path, &options)?;
    let data: Dataset = loaded.test.unwrap_or(loaded.train);
    let mut writers: BTreeMap<String, Vec<Sample>> = BTreeMap::new();
    for i in 0..data.len() {
        let Some(drawing) = data.drawing(i) else { continue };
        let probabilities = reader.read_prepared(data.image(i)).probabilities;
        let class = data.class_of(i).to_string();
        let sample = Sample { class, features: reader.features().to_vec(), probabilities };
        writers.entry(drawing.writer.clone()).or_default().push(sample);
    }
    Ok(writers)
}

/// The two halves of a writer's drawings in a shuffled order.
fn halves(all: &[Sample], order: u64) -> (Vec<&Sample>, Vec<&Sample>) {
    let mut keyed: Vec<_> = all.iter().enumerate().map(|(i, sample)| (seed_from(&[order, i as u64]), sample)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    let mut learnt: Vec<&Sample> = keyed.into_iter().map(|(_, sample)| sample).collect();
    let counted = learnt.split_off(all.len() / 2);
    (learnt, counted)
}

/// The examples that come of reading drawings one after the other and correcting those that are read wrongly, `most` of them;
/// without `most` all drawings become examples.
fn corrected(samples: &[&Sample], classes: &[String], most: Option<usize>) -> Examples {
    let mut examples = Examples::new(classes);
    for sample in samples {
        if most.is_none_or(|most| examples.len() < most && answer(&examples, sample) != sample.class) {
            examples.add(&sample.features, &sample.class);
        }
    }
    examples
}

/// The class of the answer, joined by examples.
fn answer<'e>(examples: &'e Examples, sample: &Sample) -> &'e str {
    let mut probabilities = sample.probabilities.clone();
    examples.join(&sample.features, &mut probabilities);
    &examples.classes()[argmax(&probabilities)]
}

/// Adds a class by a writer's first drawings of each sign, and reads that writer's other drawings of it and of characters.
fn new_classes(classes: &[String], writers: &BTreeMap<String, Vec<Sample>>, signs: &BTreeMap<String, Vec<Sample>>) {
    let (mut added, mut right, mut read, mut taken, mut characters) = (0, 0, 0, 0, 0);
    for (writer, all) in signs {
        let mut by_class: BTreeMap<&str, Vec<&Sample>> = BTreeMap::new();
        all.iter().for_each(|sample| by_class.entry(&sample.class).or_default().push(sample));
        for (class, drawings) in by_class.into_iter().filter(|(_, drawings)| drawings.len() > FIRST) {
            let mut examples = Examples::new(classes);
            drawings[..FIRST].iter().for_each(|sample| examples.add(&sample.features, class));
            let is_new = |sample: &&Sample| answer(&examples, sample) == class;
            added += 1;
            read += drawings.len() - FIRST;
            right += drawings[FIRST..].iter().copied().filter(is_new).count();
            let own = writers.get(writer).map_or(&[][..], |own| own);
            characters += own.len();
            taken += own.iter().filter(is_new).count();
        }
    }
    let percent = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
    println!(
        "\n{added} new classes by {FIRST} drawings each: of {read} other drawings of them {:.1} % are read rightly,",
        percent(right, read)
    );
    println!("of {characters} characters {:.2} % are taken for the new class", percent(taken, characters));
}
