//! Training as a whole: fusion changes nothing, threads change nothing, bad losses change nothing.

use crate::assert_close;
use nn_core::rng::Rng;
use nn_core::{Activation, AdamW, Architecture, Error, LayerSpec, Loss, Network, Sgd, Shape, Trainer, Workspace};

const CROSS_ENTROPY: Loss = Loss::CrossEntropy { label_smoothing: 0.1 };

pub fn architecture() -> Architecture {
    let layers = vec![
        LayerSpec::dense(150),
        Activation::Relu.into(),
        LayerSpec::Dropout { rate: 0.2 },
        LayerSpec::dense(40),
        Activation::LeakyRelu { slope: 0.01 }.into(),
        Activation::Tanh.into(), // cannot be fused too
        LayerSpec::dense(30),
        Activation::Tanh.into(),
        LayerSpec::dense(20),
        Activation::Sigmoid.into(),
        LayerSpec::dense(10),
        LayerSpec::Softmax,
    ];
    Architecture { input: Shape::new(12, 12, 1), layers }
}

/// The same behind a convolution, so that every kind of layer takes part.
pub fn with_convolution() -> Architecture {
    let Architecture { input, layers } = architecture();
    let front = [
        LayerSpec::conv(8, 3),
        LayerSpec::BatchNorm,
        Activation::Relu.into(),
        LayerSpec::MaxPool { size: 2 },
        LayerSpec::conv(8, 3),
        Activation::Relu.into(),
        LayerSpec::AveragePool { size: Some(2) },
    ];
    Architecture { input, layers: front.into_iter().chain(layers).collect() }
}

pub fn batch(samples: usize, seed: u64) -> (Vec<f32>, Vec<u32>) {
    let mut rng = Rng::new(seed);
    let labels: Vec<u32> = (0..samples).map(|_| rng.next_u64() as u32 % 10).collect();
    let x = labels.iter().flat_map(|l| vec![*l; 144]).map(|l| 0.3 * rng.normal() + l as f32 / 10.0).collect();
    (x, labels)
}

fn train(network: Network, steps: u64, clip: Option<f32>) -> Vec<f32> {
    let mut trainer = Trainer::new(network, CROSS_ENTROPY, AdamW::default(), 7).unwrap().clip(clip);
    for step in 0..steps {
        let (x, labels) = batch(100, step);
        trainer.step(&x, &labels, 0.01);
    }
    trainer.into_network().params().to_vec()
}

#[test]
fn grouped_equals_ungrouped() {
    let Architecture { input, layers } = architecture();
    let (pool, relu) = (LayerSpec::MaxPool { size: 2 }, Activation::Relu.into());
    let front = [
        LayerSpec::conv(16, 3),
        relu,
        pool.clone(),
        LayerSpec::conv(6, 3),
        pool,
        Activation::Tanh.into(), // a pool may stand before or behind the activation
    ];
    let mut layers = Architecture { input, layers: front.into_iter().chain(layers).collect() };
    layers.layers.retain(|l| !matches!(l, LayerSpec::Dropout { .. })); // its seed depends on its place
    let (fused, unfused) = (Network::new(layers.clone(), 3).unwrap(), Network::new_ungrouped(layers, 3).unwrap());
    let (x, _) = batch(9, 1);
    assert_close(&fused.predict(&x), &unfused.predict(&x), 1e-6, "predictions");
    let params = |network: Network| {
        let mut trainer = Trainer::new(network, CROSS_ENTROPY, Sgd::default(), 7).unwrap();
        let (x, labels) = batch(100, 1);
        for _ in 0..5 {
            trainer.step(&x, &labels, 0.1);
        }
        trainer.into_network().params().to_vec()
    };
    assert_close(&params(fused), &params(unfused), 1e-5, "parameters");
}

#[test]
fn a_trace_shows_every_stage() {
    let network = Network::new(with_convolution(), 3).unwrap();
    let (x, _) = batch(3, 1);
    let mut workspace = Workspace::default();
    let trace = network.infer_traced(&x, &mut workspace);
    assert!(trace.iter().all(|stage| stage.values.len() == 3 * stage.shape.features().unwrap()));
    assert_eq!(trace[0].shape, Shape::new(12, 12, 8));
    let last = trace.last().unwrap();
    assert_eq!((last.layers, last.values), (&[LayerSpec::Softmax][..], &network.predict(&x)[..]));
}

#[test]
fn same_bits_on_any_number_of_threads() {
    for clip in [None, Some(0.01)] {
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| train(Network::new(with_convolution(), 3).unwrap(), 10, clip))
        };
        let one = on(1);
        assert!(one.iter().all(|p| p.is_finite()));
        assert!([2, 3].into_iter().all(|threads| on(threads) == one), "clip {clip:?}");
    }
}

#[test]
fn a_trainer_may_move_from_pool_to_pool() {
    let new = || Trainer::new(Network::new(architecture(), 3).unwrap(), CROSS_ENTROPY, AdamW::default(), 7).unwrap();
    let (mut moves, mut stays) = (new(), new());
    let (x, labels) = batch(100, 1);
    for threads in [1, 3, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| moves.step(&x, &labels, 0.003));
        moves.step(&x, &labels, 0.003); // outside any pool
        (0..2).for_each(|_| _ = stays.step(&x, &labels, 0.003));
    }
    assert!(moves.network().params() == stays.network().params());
}

#[test]
fn it_learns() {
    let network = Network::new(architecture(), 3).unwrap();
    let mut trainer = Trainer::new(network, CROSS_ENTROPY, AdamW::default(), 7).unwrap();
    let (x, labels) = batch(200, 1);
    let first = trainer.step(&x, &labels, 0.003);
    let last = (0..150).map(|_| trainer.step(&x, &labels, 0.003)).last().unwrap();
    assert!(last.loss() < first.loss() / 2.0 && last.accuracy() > 0.9, "{first:?} {last:?}");
}

#[test]
fn clipping_bounds_the_step() {
    let network = Network::new(architecture(), 3).unwrap();
    let before = network.params().to_vec();
    let mut trainer = Trainer::new(network, CROSS_ENTROPY, Sgd::default(), 7).unwrap().clip(Some(1e-3));
    let (x, labels) = batch(100, 1);
    trainer.step(&x, &labels, 1.0);
    let moved = trainer.network().params().iter().zip(&before).map(|(a, b)| ((a - b) as f64).powi(2)).sum::<f64>();
    assert!((moved.sqrt() - 1e-3).abs() < 1e-5, "{}", moved.sqrt());
}

#[test]
fn a_loss_that_is_not_finite_changes_nothing() {
    let network = Network::new(architecture(), 3).unwrap();
    let before = network.params().to_vec();
    let mut trainer = Trainer::new(network, CROSS_ENTROPY, Sgd::default(), 7).unwrap();
    let (mut x, labels) = batch(100, 1);
    x[5] = f32::NAN;
    assert!(trainer.step(&x, &labels, 1.0).loss().is_nan());
    assert_eq!((trainer.network().params(), trainer.state().step), (&before[..], 0));
}

#[test]
fn errors_name_the_layer() {
    let network = |layers| Network::new(Architecture { input: Shape::flat(4), layers }, 1);
    let error = network(vec![LayerSpec::dense(3), LayerSpec::Dropout { rate: 1.5 }]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "layer 2 (dropout:1.5): the rate must be at least 0 and below 1, not 1.5 (its input is 3)"
    );
    let error = network(vec![LayerSpec::dense(3), Activation::LeakyRelu { slope: -1.0 }.into()]).unwrap_err();
    assert!(error.to_string().starts_with("layer 2 (leaky-relu:-1): the slope must be"), "{error}");
    assert!(matches!(network(vec![]), Err(Error::Architecture(_))));
    let giant = vec![LayerSpec::dense(1 << 40), LayerSpec::dense(1 << 40)];
    assert!(matches!(network(giant.clone()), Err(Error::Layer { index: 2, .. })));
    let architecture = Architecture { input: Shape::flat(4), layers: giant[..1].to_vec() };
    assert!(matches!(Network::from_parts(architecture, vec![0.0; 3], vec![]), Err(Error::Count { found: 3, .. })));
    let scores = network(vec![LayerSpec::dense(3)]).unwrap();
    assert!(matches!(Trainer::new(scores, CROSS_ENTROPY, Sgd::default(), 1), Err(Error::Loss(_))));
}

#[test]
fn a_restored_trainer_goes_on_as_if_never_stopped() {
    let start = || Trainer::new(Network::new(architecture(), 3).unwrap(), CROSS_ENTROPY, AdamW::default(), 7).unwrap();
    let run = |trainer: &mut Trainer, steps: std::ops::Range<u64>| {
        for step in steps {
            let (x, labels) = batch(100, step);
            trainer.step(&x, &labels, 0.01);
        }
    };
    let (mut whole, mut head, mut tail) = (start(), start(), start());
    run(&mut whole, 0..6);
    run(&mut head, 0..3);
    tail.restore(head.state().clone()).unwrap();
    tail.network_mut().params_mut().copy_from_slice(head.network().params());
    run(&mut tail, 3..6);
    assert!(whole.network().params() == tail.network().params());
    assert!(tail.restore(Default::default()).is_err());
}
