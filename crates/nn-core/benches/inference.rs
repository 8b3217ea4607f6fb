//! Time that predictions take on one thread: one image of 28x28, five views of it, and images in batches of 64. Times are the
//! best of many runs, so that other work on the machine counts little.
//!
//! `cargo bench -p nn-core --bench inference`, with `avx2` or `plain` behind `--` to forbid wider vectors.

use nn_core::kernels::simd::{Limit, limited};
use nn_core::rng::Rng;
use nn_core::{Activation, Architecture, LayerSpec, Network, Shape, Workspace};
use std::hint::black_box;
use std::time::Instant;

const BATCH: usize = 64;
/// Time that a measurement takes.
const SECONDS: f64 = 0.6;
/// The layers of models/characters.mpk, as they are folded for prediction.
const CHARACTERS: &str =
    "conv:20x3, pool:2, relu, conv:40x3, relu, conv:48x3, pool:2, relu, conv:80x3, relu, dense:96, relu";

fn main() {
    let dense = |n| [LayerSpec::dense(n), Activation::Relu.into()];
    let block = |kernels| [LayerSpec::conv(kernels, 3), Activation::Relu.into(), LayerSpec::MaxPool { size: 2 }];
    let characters = nn_core::parse_layers(CHARACTERS).expect("it is sound");
    let networks: [(&str, Vec<LayerSpec>); 4] = [
        ("784-512-256-10 relu", [dense(512), dense(256)].concat()),
        ("the same in bfloat16", [dense(512), dense(256)].concat()),
        ("conv 16, 32, dense 128 relu", [&block(16)[..], &block(32), &dense(128)].concat()),
        ("models/characters.mpk", characters),
    ];
    let has = |word: &str| std::env::args().any(|argument| argument == word);
    let limit = match (has("plain"), has("avx2")) {
        (true, _) => Limit::Plain,
        (_, true) => Limit::Bits256,
        _ => Limit::Widest,
    };
    limited(limit, || measure(networks));
}

fn measure(networks: [(&str, Vec<LayerSpec>); 4]) {
    println!(
        "{:<28} {:>12} {:>13} {:>14} {:>9}",
        "network", "one image us", "five views us", "batch of 64 us", "images/s"
    );
    for (name, mut layers) in networks {
        layers.extend([LayerSpec::dense(10), LayerSpec::Softmax]);
        let short = name.ends_with("bfloat16");
        let network = Network::new(Architecture { input: Shape::new(28, 28, 1), layers }, 1).expect("a sound network");
        let network = if short { network.bfloat16() } else { network };
        let [one, five, batch] = [1, 5, BATCH].map(|samples| seconds(&network, samples));
        let [one_us, five_us, batch_us] = [one, five, batch].map(|seconds| seconds * 1e6);
        println!("{name:<28} {one_us:>12.1} {five_us:>13.1} {batch_us:>14.0} {:>9.0}", BATCH as f64 / batch);
    }
}

/// The shortest time of a prediction.
fn seconds(network: &Network, samples: usize) -> f64 {
    let mut rng = Rng::new(1);
    let x: Vec<f32> = (0..784 * samples).map(|_| rng.uniform()).collect();
    let mut workspace = Workspace::default();
    let (start, mut best) = (Instant::now(), f64::MAX);
    while start.elapsed().as_secs_f64() < SECONDS {
        let start = Instant::now();
        black_box(network.infer(black_box(&x), &mut workspace));
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}
