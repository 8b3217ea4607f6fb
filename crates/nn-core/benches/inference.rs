//! Time that predictions take on one thread: one image of 28x28, and images in batches of 64.
//!
//! `cargo bench -p nn-core --bench inference`

use nn_core::rng::Rng;
use nn_core::{Activation, Architecture, LayerSpec, Network, Shape, Workspace};
use std::hint::black_box;
use std::time::Instant;

const BATCH: usize = 64;
const RUNS: usize = 9;

fn main() {
    let dense = |n| [LayerSpec::dense(n), Activation::Relu.into()];
    let block = |kernels| [LayerSpec::conv(kernels, 3), Activation::Relu.into(), LayerSpec::MaxPool { size: 2 }];
    let normed = |kernels| {
        let layers = [LayerSpec::conv(kernels, 3), LayerSpec::BatchNorm, Activation::Relu.into()];
        layers.into_iter().chain([LayerSpec::MaxPool { size: 2 }])
    };
    let networks: [(&str, Vec<LayerSpec>); 3] = [
        ("784-512-256-10 relu", [dense(512), dense(256)].concat()),
        ("conv 16, 32, dense 128 relu", [&block(16)[..], &block(32), &dense(128)].concat()),
        ("the same with batch norm", normed(16).chain(normed(32)).chain(dense(128)).collect()),
    ];
    println!("{:<28} {:>12} {:>14} {:>12}", "network", "one image us", "batch of 64 us", "images/s");
    for (name, mut layers) in networks {
        layers.extend([LayerSpec::dense(10), LayerSpec::Softmax]);
        let network = Network::new(Architecture { input: Shape::new(28, 28, 1), layers }, 1).expect("a sound network");
        let (one, batch) = (seconds(&network, 1), seconds(&network, BATCH));
        println!("{name:<28} {:>12.1} {:>14.0} {:>12.0}", one * 1e6, batch * 1e6, BATCH as f64 / batch);
    }
}

/// Median over several runs of the mean time of a prediction.
fn seconds(network: &Network, samples: usize) -> f64 {
    let mut rng = Rng::new(1);
    let x: Vec<f32> = (0..784 * samples).map(|_| rng.uniform()).collect();
    let mut workspace = Workspace::default();
    let repeats = 2000 / samples;
    let mut runs: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            (0..repeats).for_each(|_| {
                black_box(network.infer(black_box(&x), &mut workspace));
            });
            start.elapsed().as_secs_f64() / repeats as f64
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    runs[RUNS / 2]
}
