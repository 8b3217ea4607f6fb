//! Handwritten digits in 50 lines, files and all: 98 % of the test digits after a few seconds.
//!
//! `cargo run --release -p nn-core --example mnist_in_50_lines`

use nn_core::metrics::argmax;
use nn_core::rng::Rng;
use nn_core::{Adam, Architecture, Loss, Network, Schedule, Shape, Trainer};
use std::io::Read;

const PIXELS: usize = 28 * 28;
const BATCH: usize = 100;
const EPOCHS: u64 = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (x, labels) = digits("train")?;
    let architecture = Architecture::new(Shape::flat(PIXELS)).dense(128).relu().dense(10).softmax();
    let mut trainer = Trainer::new(Network::new(architecture, 1)?, Loss::cross_entropy(), Adam::default(), 1)?;
    let (mut order, mut rng): (Vec<usize>, Rng) = ((0..labels.len()).collect(), Rng::new(1));
    let steps = EPOCHS * (labels.len() / BATCH) as u64;
    for step in 0..steps {
        let at = step as usize * BATCH % labels.len();
        if at == 0 {
            order.sort_by_cached_key(|_| rng.next_u64()); // every epoch sees the digits in another order
        }
        let batch = &order[at..at + BATCH];
        let pictures: Vec<f32> = batch.iter().flat_map(|&i| &x[i * PIXELS..][..PIXELS]).copied().collect();
        let answers: Vec<u32> = batch.iter().map(|&i| labels[i]).collect();
        let score = trainer.step(&pictures, &answers, Schedule::OneCycle.rate(0.005, step, steps, 0));
        if step % 500 == 0 {
            println!("step {step:4} of {steps}  loss {:.3}  accuracy {:.2}", score.loss(), score.accuracy());
        }
    }
    let (x, labels) = digits("t10k")?;
    let p = trainer.network().predict(&x); // ten probabilities per digit
    let right = p.chunks(10).zip(&labels).filter(|(p, label)| argmax(p) == **label as usize).count();
    println!("{right} of {} test digits are read rightly", labels.len());
    assert!(right > 9750, "it should have learnt this");
    Ok(())
}

/// The pictures (values 0 to 1) and labels of one part of `data/mnist`.
fn digits(part: &str) -> std::io::Result<(Vec<f32>, Vec<u32>)> {
    let read = |file: &str, header| {
        let path = format!("{}/../../data/mnist/{part}-{file}-ubyte.gz", env!("CARGO_MANIFEST_DIR"));
        let mut bytes = vec![];
        flate2::read::GzDecoder::new(std::fs::File::open(path)?).read_to_end(&mut bytes)?;
        std::io::Result::Ok(bytes.split_off(header))
    };
    let pixels = read("images-idx3", 16)?.into_iter().map(|pixel| pixel as f32 / 255.0).collect();
    Ok((pixels, read("labels-idx1", 8)?.into_iter().map(u32::from).collect()))
}
