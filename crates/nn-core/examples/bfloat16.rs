//! Weights of 16 bits: a network of dense layers reads one digit in about half of the time, and what that costs in accuracy.
//!
//! `cargo run --release -p nn-core --example bfloat16`

use nn_core::metrics::argmax;
use nn_core::rng::Rng;
use nn_core::{Architecture, Loss, Network, Schedule, Sgd, Shape, Trainer, Workspace};
use std::io::Read;
use std::time::{Duration, Instant};

const PIXELS: usize = 28 * 28;
const BATCH: usize = 128;
const EPOCHS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (x, labels) = digits("train")?;
    let architecture = Architecture::new(Shape::flat(PIXELS)).dense(512).relu().dense(256).relu().dense(10).softmax();
    let sgd = Sgd { momentum: 0.9, ..Sgd::default() };
    let mut trainer = Trainer::new(Network::new(architecture, 1)?, Loss::cross_entropy(), sgd, 1)?;
    let steps = EPOCHS * labels.len() / BATCH;
    let mut rng = Rng::new(1);
    for step in 0..steps {
        let chosen: Vec<usize> = (0..BATCH).map(|_| rng.next_u64() as usize % labels.len()).collect();
        let pictures: Vec<f32> = chosen.iter().flat_map(|&i| &x[i * PIXELS..][..PIXELS]).copied().collect();
        let answers: Vec<u32> = chosen.iter().map(|&i| labels[i]).collect();
        trainer.step(&pictures, &answers, Schedule::OneCycle.rate(0.1, step as u64, steps as u64, 0));
    }
    let network = trainer.into_network();
    let short = network.bfloat16();

    let (x, labels) = digits("t10k")?;
    let [before, after] = [&network, &short].map(|network| answers(network, &x));
    let right =
        |(answers, _): &(Vec<usize>, _)| answers.iter().zip(&labels).filter(|(a, b)| **a == **b as usize).count();
    let other = before.0.iter().zip(&after.0).filter(|(a, b)| a != b).count();
    println!("weights of 32 bits: {} of {} right, {:.1} us each", right(&before), labels.len(), before.1);
    println!("weights of 16 bits: {} of {} right, {:.1} us each", right(&after), labels.len(), after.1);
    println!("{other} answers differ");
    assert!(right(&before) > 9800 && other < 20, "rounding should not matter");
    Ok(())
}

/// Reads each digit by itself. Returns the answers, and the microseconds that the fastest thousand took, each.
fn answers(network: &Network, x: &[f32]) -> (Vec<usize>, f64) {
    let (mut workspace, mut answers, mut best) = (Workspace::default(), vec![], Duration::MAX);
    for thousand in x.chunks(1000 * PIXELS) {
        let start = Instant::now();
        answers.extend(thousand.chunks(PIXELS).map(|digit| argmax(network.infer(digit, &mut workspace))));
        best = best.min(start.elapsed());
    }
    (answers, best.as_secs_f64() * 1e3)
}

/// The pictures (values 0 to 1) and labels of one part of `data/mnist`.
fn digits(part: &str) -> std::io::Result<(Vec<f32>, Vec<u32>)> {
    let read = |file: &str, header| {
        let path = format!("{}/../../data/mnist/{part}-{file}-ubyte.gz", env!("CARGO_MANIFEST_DIR"));
        let mut bytes = vec![];
        flate2::read::GzDecoder::new(std::fs::File::open(path)?).read_to_end(&mut bytes)?;
        std::io::Result::Ok(bytes.split_off(header))
    };
    let pixels = read("images-idx3", 16)?.into_iter().map(|pixel| f32::from(pixel) / 255.0).collect();
    Ok((pixels, read("labels-idx1", 8)?.into_iter().map(u32::from).collect()))
}
