//! Trains a network on MNIST by hand: a loader from nn-data, a network from nn-core, and the loop between them.
//!
//! `cargo run --release -p nn-train --example mnist`, from the root of the workspace. It reaches 98 % in a few seconds.

use nn_core::metrics::{Score, argmax};
use nn_core::{AdamW, Architecture, Loss, Network, Schedule, Shape, Trainer};
use nn_data::{Augment, Batches, LoadOptions, Preprocessing, load};
use std::ops::ControlFlow;
use std::path::Path;

const EPOCHS: u64 = 6;
const BATCH: usize = 128;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // 60,000 pictures to learn and 10,000 to test, of 28x28 pixels.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/mnist");
    let data = load(&path, &LoadOptions::default())?;
    let test = data.test.ok_or("no test set")?;
    let preprocessing = Preprocessing::mnist();

    // 784 pixels -> 256 values -> 10 probabilities, one for each digit.
    let architecture = Architecture::new(Shape::new(28, 28, 1)).dense(256).relu().dense(10).softmax();
    let network = Network::new(architecture, 1)?;
    println!("{}", network.summary());
    let mut trainer = Trainer::new(network, Loss::cross_entropy(), AdamW::default(), 1)?;

    // While the network learns from a batch, the next one is shuffled, distorted and scaled.
    let mut batches = Batches::of(&data.train, &preprocessing).augment(Augment::light()).size(BATCH).seed(1);
    let steps = EPOCHS * batches.batches_per_epoch() as u64;
    let mut step = 0;
    for epoch in 1..=EPOCHS {
        let mut score = Score::default();
        let _ = batches.epoch(epoch, |batch| {
            let rate = Schedule::Cosine.rate(0.002, step, steps, 0);
            score += trainer.step(&batch.x, &batch.labels, rate);
            step += 1;
            ControlFlow::<()>::Continue(())
        });
        println!("epoch {epoch}: loss {:.3}, accuracy {:.3} while learning", score.loss(), score.accuracy());
    }

    // The network reads pictures that it has never seen.
    let mut x = vec![0.0; test.pixels().len()];
    preprocessing.to_input(test.pixels(), &mut x);
    let answers = trainer.network().predict(&x);
    let right = answers.chunks(10).zip(test.labels()).filter(|(p, label)| argmax(p) == **label as usize).count();
    let accuracy = right as f64 / test.len() as f64;
    println!("test: {right} of {} right, {:.2} %", test.len(), 100.0 * accuracy);
    assert!(accuracy >= 0.975, "it should read at least 97.5 % of the test set");
    Ok(())
}
