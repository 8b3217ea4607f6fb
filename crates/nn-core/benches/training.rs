//! Seconds an epoch of training takes (60,000 samples of 784 values, batches of 128), beside its matrix products alone, by the library.
//!
//! `cargo bench -p nn-core --bench training`, with a part of a network's name behind `--` for that alone.

mod peak;

use nn_core::kernels::matrix::{View, product, product_by_rows};
use nn_core::kernels::parallel;
use nn_core::rng::Rng;
use nn_core::{Activation, Architecture, LayerSpec, Loss, Network, Sgd, Shape, Trainer};
use rayon::prelude::*;
use std::hint::black_box;
use std::time::Instant;

const SAMPLES: usize = 60_000;
const BATCH: usize = 128;
const RUNS: usize = 5;

fn main() {
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    let threads = rayon::current_num_threads();
    let speed = rayon::broadcast(|_| peak::peak()).iter().sum::<f64>();
    println!("{threads} threads; multiplications reach {speed:.0} GFLOP/s together");
    println!("{:<28} {:>9} {:>9} {:>9} {:>12}", "network", "epoch s", "products", "ratio", "share of peak");
    rayon::scope(|_| {
        for (name, layers, sizes) in networks() {
            if !name.contains(&wanted) {
                continue;
            }
            let (mut epochs, mut floors) = (vec![], vec![]);
            let flops = SAMPLES as f64 * flops(&layers);
            let mut run = epoch(layers);
            for _ in 0..RUNS {
                epochs.push(time(&mut run));
                if !sizes.is_empty() {
                    floors.push(time(&mut || floor(&sizes)));
                }
            }
            let epoch = median(epochs).unwrap_or_default();
            let [floor, ratio] = median(floors)
                .map_or([0; 2].map(|_| "-".into()), |floor| [format!("{floor:.3}"), format!("{:.2}", epoch / floor)]);
            let share = flops / epoch / 1e9 / speed * 100.0;
            println!("{name:<28} {epoch:>9.3} {floor:>9} {ratio:>9} {share:>11.0} %");
        }
    });
}

/// The networks: name, hidden layers, and sizes of the products where there are no others.
fn networks() -> [(&'static str, Vec<LayerSpec>, Vec<usize>); 3] {
    let dense = |units: &[usize], activation: Activation| {
        units.iter().flat_map(|&n| [LayerSpec::dense(n), activation.into()]).collect::<Vec<_>>()
    };
    let block = |kernels| [LayerSpec::conv(kernels, 3), Activation::Relu.into(), LayerSpec::MaxPool { size: 2 }];
    let cnn = [block(16), block(32)].into_iter().flatten().chain(dense(&[128], Activation::Relu)).collect();
    [
        ("784-100-50-10 tanh", dense(&[100, 50], Activation::Tanh), vec![784, 100, 50, 10]),
        ("784-512-256-10 relu", dense(&[512, 256], Activation::Relu), vec![784, 512, 256, 10]),
        ("conv 16, 32, dense 128 relu", cnn, vec![]),
    ]
}

/// Floating-point operations of a sample: forward, back to the weights, and back to the inputs of all but the first.
fn flops(layers: &[LayerSpec]) -> f64 {
    let (mut side, mut channels, mut sum) = (28, 1, 0);
    for (i, layer) in layers.iter().chain([&LayerSpec::dense(10)]).enumerate() {
        let products = if i == 0 { 4 } else { 6 };
        match *layer {
            LayerSpec::Conv2d { outputs, kernel, .. } => {
                sum += products * side * side * kernel * kernel * channels * outputs;
                channels = outputs;
            }
            LayerSpec::MaxPool { size } => side /= size,
            LayerSpec::Dense { outputs, .. } => {
                sum += products * side * side * channels * outputs;
                (side, channels) = (1, outputs);
            }
            _ => {}
        }
    }
    sum as f64
}

fn time(f: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    f();
    start.elapsed().as_secs_f64()
}

fn median(mut seconds: Vec<f64>) -> Option<f64> {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied()
}

fn noise(n: usize) -> Vec<f32> {
    let mut rng = Rng::new(1);
    (0..n).map(|_| rng.uniform()).collect()
}

/// One epoch, with the samples gathered in a new order each time, by all threads before each step.
fn epoch(mut layers: Vec<LayerSpec>) -> impl FnMut() {
    layers.extend([LayerSpec::dense(10), LayerSpec::Softmax]);
    let network = Network::new(Architecture { input: Shape::new(28, 28, 1), layers }, 1).expect("a sound network");
    let loss = Loss::cross_entropy();
    let sgd = Sgd { momentum: 0.9, ..Sgd::default() };
    let mut trainer = Trainer::new(network, loss, sgd, 1).expect("a sound recipe");
    let (x, labels) = (noise(SAMPLES * 784), (0..SAMPLES as u32).map(|i| i % 10).collect::<Vec<_>>());
    let mut rng = Rng::new(2);
    let (mut batch, mut truth) = (vec![], vec![]);
    move || {
        let mut order: Vec<usize> = (0..SAMPLES).collect();
        (1..SAMPLES).for_each(|i| order.swap(i, rng.next_u64() as usize % (i + 1)));
        for samples in order.chunks(BATCH) {
            truth.clear();
            truth.extend(samples.iter().map(|&i| labels[i]));
            batch.resize(samples.len() * 784, 0.0);
            // 32: the samples of a shard, so that the thread that learns them tends to have them in its cache.
            let rows = batch.par_chunks_exact_mut(784).zip(samples).with_min_len(32);
            parallel::each(rows, |(row, i)| row.copy_from_slice(&x[i * 784..][..784]));
            trainer.step(&batch, &truth[..], 0.05);
        }
        black_box(trainer.network().params());
    }
}

/// The matrix products of an epoch and nothing else, half of each batch on either side of a join.
fn floor(sizes: &[usize]) {
    let largest = sizes[0] * BATCH;
    let half = || {
        let (x, dy) = (noise(largest), noise(largest));
        let (mut y, mut w) = (vec![0.0; largest], sizes.windows(2).map(|s| noise(s[0] * s[1])).collect::<Vec<_>>());
        let mut dw = w.clone();
        move || {
            let batch = BATCH / 2;
            for (i, s) in sizes.windows(2).enumerate() {
                let (n, m) = (s[0], s[1]);
                product(&mut y[..m * batch], View::by_rows(&w[i], m, n), View::by_columns(&x[..n * batch], n, batch));
                let (x, dy) =
                    (View::by_columns(&x[..n * batch], n, batch), View::by_columns(&dy[..m * batch], m, batch));
                product_by_rows(&mut dw[i], dy, x.t());
                if i > 0 {
                    product(&mut y[..n * batch], View::by_rows(&w[i], m, n).t(), dy);
                }
            }
            black_box((&mut y, &mut w, &mut dw));
        }
    };
    let (mut a, mut b) = (half(), half());
    for _ in 0..SAMPLES.div_ceil(BATCH) {
        rayon::join(&mut a, &mut b);
    }
}
