//! Time of single layers, alone and in a training step, per picture on one thread, beside the time of their multiplications at full speed.
//!
//! `cargo bench -p nn-core --bench layers`, with `avx2` or `plain` behind `--` to forbid wider vectors. Times are the best of many
//! runs, so that other work on the machine counts little.

mod peak;

use nn_core::kernels::simd::{Limit, limited};
use nn_core::rng::Rng;
use nn_core::{Architecture, LayerSpec, Loss, Network, Sgd, Shape, Trainer, Workspace};
use std::hint::black_box;
use std::time::Instant;

/// Pictures that go through together.
const BATCH: usize = 64;
/// Time that a layer is measured.
const SECONDS: f64 = 0.4;
/// Height and width, channels, and layers that run in one pass: of the network `conv 16, 32` of the other benchmarks, and of
/// models/characters.mpk.
const LAYERS: [(usize, usize, &str); 8] = [
    (28, 1, "conv:16x3, relu, pool:2"),
    (14, 16, "conv:32x3, relu, pool:2"),
    (28, 1, "conv:20x3, pool:2, relu"),
    (14, 20, "conv:40x3, relu"),
    (14, 40, "conv:48x3, pool:2, relu"),
    (7, 48, "conv:80x3, relu"),
    (7, 80, "dense:96, relu"),
    (28, 1, "dense:512, relu"),
];

fn main() {
    let has = |word: &str| std::env::args().any(|argument| argument == word);
    let limit = match (has("plain"), has("avx2")) {
        (true, _) => Limit::Plain,
        (_, true) => Limit::Bits256,
        _ => Limit::Widest,
    };
    let speed = limited(limit, peak::peak);
    println!("multiplications reach {speed:.0} GFLOP/s on this thread");
    println!(
        "{:<12} {:<26} {:>9} {:>9} {:>9} {:>10}",
        "picture", "layers", "forward", "at peak", "one alone", "training"
    );
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    for (side, channels, text) in LAYERS {
        let architecture = Architecture::parse(Shape::new(side, side, channels), text).expect("it is sound");
        let floor = flops(&architecture) / speed / 1e3;
        let [forward, alone] = limited(limit, || prediction(architecture.clone()));
        let back = pool.install(|| limited(limit, || training(architecture)));
        let picture = format!("{side}x{side}x{channels}");
        println!("{picture:<12} {text:<26} {forward:>6.1} us {floor:>6.1} us {alone:>6.1} us {back:>7.1} us");
    }
}

/// Random pictures for a network.
fn pictures(architecture: &Architecture) -> Vec<f32> {
    let mut rng = Rng::new(1);
    (0..architecture.input.features().unwrap_or(0) * BATCH).map(|_| rng.uniform()).collect()
}

/// Microseconds per picture in prediction: in a batch, and alone.
fn prediction(architecture: Architecture) -> [f64; 2] {
    let x = pictures(&architecture);
    let network = Network::new(architecture, 1).expect("it is sound");
    let mut workspace = Workspace::default();
    [BATCH, 1].map(|samples| {
        let x = &x[..samples * network.inputs()];
        best(|| {
            black_box(network.infer(black_box(x), &mut workspace));
        }) / samples as f64
    })
}

/// Microseconds per picture in a training step, with a dense layer of ten units behind.
fn training(architecture: Architecture) -> f64 {
    let x = pictures(&architecture);
    let network = Network::new(architecture.dense(10).softmax(), 1).expect("it is sound");
    let mut trainer = Trainer::new(network, Loss::cross_entropy(), Sgd::default(), 1).expect("it is sound");
    let labels = [3; BATCH];
    let step = best(|| {
        black_box(trainer.step(&x, &labels, 1e-3));
    });
    step / BATCH as f64
}

/// The shortest of many runs, in microseconds.
fn best(mut run: impl FnMut()) -> f64 {
    let (start, mut best) = (Instant::now(), f64::MAX);
    while start.elapsed().as_secs_f64() < SECONDS {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best * 1e6
}

/// Floating-point operations of the formula of the first layer.
fn flops(architecture: &Architecture) -> f64 {
    let Shape { height, width, channels } = architecture.input;
    let products = match architecture.layers[0] {
        LayerSpec::Conv2d { outputs, kernel, .. } => height * width * kernel * kernel * channels * outputs,
        LayerSpec::Dense { outputs, .. } => height * width * channels * outputs,
        _ => 0,
    };
    2.0 * products as f64
}
