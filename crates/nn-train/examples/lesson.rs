//! How much a lesson of ten corrections helps the person who wrote them, and what it costs others.
//!
//! ```sh
//! cargo run --release -p nn-train --example lesson -- models/characters.mpk runs/unipen.jsonl.gz
//! ```
//!
//! The file holds drawings of the model's classes by several writers; where it has a test part, those are read. A writer's
//! drawings come in a shuffled order: the first ten of the first half that are read wrongly are taught, and the second half
//! counts. `cargo xtask bench accuracy` runs it.

use nn_core::metrics::argmax;
use nn_core::{Loss, Network};
use nn_data::{Dataset, LoadOptions, load, seed_from};
use nn_io::{Model, evaluate};
use nn_train::{Lesson, teach};
use std::collections::BTreeMap;
use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;

/// Corrections in a lesson.
const CORRECTIONS: usize = 10;
/// One of this many drawings of the other writers is read before and after a lesson.
const OTHERS: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [model, file] = &paths[..] else { return Err("name a model and a stroke file".into()) };
    let model = Model::load(Path::new(model))?;
    let options = LoadOptions { preprocessing: model.preprocessing.clone(), ..LoadOptions::default() };
    let loaded = load(Path::new(file), &options)?;
    let data = loaded.test.unwrap_or(loaded.train).with_classes(&model.classes)?;
    let writer = |i: usize| data.drawing(i).map_or("", |drawing| drawing.writer.as_str());
    let mut writers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    (0..data.len()).for_each(|i| writers.entry(writer(i)).or_default().push(i));
    let right = is_right(&model, &model.network, &data);
    let [mut own, mut others] = [[0; 3]; 2]; // read, wrong before, wrong after
    let (mut taught, mut better, mut worse) = (0, 0, 0);
    for (name, mut learnt) in writers {
        learnt.sort_by_key(|&i| seed_from(&[i as u64]));
        let counted = learnt.split_off(learnt.len() / 2);
        let corrections: Vec<usize> = learnt.into_iter().filter(|&i| !right[i]).take(CORRECTIONS).collect();
        if corrections.len() < CORRECTIONS {
            continue;
        }
        let lesson = Lesson { model: &model, drawings: &data.select(&corrections), seed: 0 };
        let Some(result) = teach(&lesson, &mut |_| ControlFlow::Continue(()))? else { continue };
        let count = |read: &[usize]| {
            let before = read.iter().filter(|&&i| !right[i]).count();
            let after = is_right(&model, &result.network, &data.select(read));
            [read.len(), before, after.iter().filter(|right| !**right).count()]
        };
        let rest: Vec<usize> = (0..data.len()).step_by(OTHERS).filter(|&i| writer(i) != name).collect();
        let [_, before, after] = add(&mut own, count(&counted));
        add(&mut others, count(&rest));
        taught += 1;
        better += usize::from(after < before);
        worse += usize::from(after > before);
    }
    println!(
        "{taught} writers, {CORRECTIONS} corrections each: {better} are then read with fewer errors, {worse} with more"
    );
    for (whose, [read, before, after]) in [("their", own), ("others'", others)] {
        let percent = |wrong: usize| 100.0 * wrong as f64 / read.max(1) as f64;
        println!(
            "errors on {whose} other drawings: {:.2} %, after the lesson {:.2} %",
            percent(before),
            percent(after)
        );
    }
    Ok(())
}

/// Adds counts to their sums, and returns them.
fn add(sums: &mut [usize; 3], counts: [usize; 3]) -> [usize; 3] {
    sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    counts
}

/// Returns for each drawing whether the network reads it rightly.
fn is_right(model: &Model, network: &Network, data: &Dataset) -> Vec<bool> {
    let evaluation = evaluate(network, data, &model.preprocessing, Loss::cross_entropy());
    (0..data.len()).map(|i| argmax(evaluation.sample(i)) == data.label(i) as usize).collect()
}
