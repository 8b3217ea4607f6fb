//! Measures the page in a browser, beside the same work on one thread without it: `cargo bench -p web`, after
//! `cargo xtask web`.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../tests/browser/session.rs"]
#[allow(dead_code)]
mod session;

use session::{SEVEN, draw, line, page, press, until, wipe};
use std::path::Path;
use std::time::Instant;
use web::message::{NamedFile, Reply, TrainingOrder};
use web::training::train;

/// Samples that a network learns in an epoch: 6,000 digits but for those held back.
const SAMPLES: f64 = 5000.0;

fn main() {
    let Some((mut browser, _server)) = page(1200) else { return };
    let start = browser.value("performance.now()").as_f64().unwrap();
    println!("{:<44}{:>10.0} ms", "page start until the model is open", start);
    let first = browser.value("performance.now()").as_f64().unwrap();
    let mut times = vec![];
    for _ in 0..10 {
        times.push(draw(&mut browser, &line(&SEVEN))["read_seconds"].as_f64().unwrap());
        if times.len() == 1 {
            let now = browser.value("performance.now()").as_f64().unwrap();
            println!("{:<44}{:>10.0} ms", "first drawing and its answer", now - first);
        }
        wipe(&mut browser);
    }
    times.sort_by(f64::total_cmp);
    println!("{:<44}{:>10.2} ms{:>10.2} ms without a browser", "one answer", 1e3 * times[5], 1e3 * one_answer());
    press(&mut browser, "Train");
    for (name, preset) in [("an epoch of 784-100-50-10", None), ("an epoch of the recipe cnn", Some("cnn"))] {
        let mut order = TrainingOrder { epochs: 2, ..TrainingOrder::default() };
        if let Some(preset) = preset {
            press(&mut browser, "Recipe");
            press(&mut browser, preset);
            order.preset = preset.into();
        }
        press(&mut browser, "Start");
        let is_done = |state: &serde_json::Value| {
            state["epoch"].as_f64() >= Some(1.0) && state["samples_per_second"].as_f64() > Some(0.0)
        };
        let state = until(&mut browser, "an epoch is done", is_done);
        let here = SAMPLES / state["samples_per_second"].as_f64().unwrap();
        println!("{name:<44}{here:>10.2} s {:>10.2} s  without a browser, on one thread", epoch(order));
        press(&mut browser, "Stop");
        until(&mut browser, "it has ended", |state| state["is_training"] == false);
    }
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/page").join(name)).unwrap()
}

/// Seconds of one answer without a browser.
fn one_answer() -> f64 {
    let mut reader = nn_io::Reader::new(nn_io::Model::from_bytes(&file("models/digits.mpk")).unwrap());
    let strokes = vec![line(&SEVEN).iter().map(|point| point.map(|v| v as f32)).collect()];
    let ink = nn_data::Ink { strokes };
    let mut times: Vec<f64> = (0..10)
        .map(|_| {
            let start = Instant::now();
            reader.read(&ink.rasterise(nn_data::Drawings::SIDE, 0.06).into());
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[5]
}

/// Seconds of an epoch on one thread without a browser.
fn epoch(order: TrainingOrder) -> f64 {
    let files = web::page::DIGITS.map(|name| NamedFile { name: name.into(), content: file(name) }).into();
    let order = TrainingOrder { files, ..order };
    let mut seconds = 0.0;
    let mut tell = |reply: Reply| {
        if let Reply::Epoch { progress, .. } = reply {
            seconds = SAMPLES / progress.samples_per_second;
        }
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| train(&order, &mut tell)).unwrap();
    seconds
}
