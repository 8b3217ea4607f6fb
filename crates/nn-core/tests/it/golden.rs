//! PyTorch's numbers for losses, optimizers and short trainings (`tests/fixtures/golden`).

use crate::assert_close;
use nn_core::loss::{Target, Targets, cross_entropy, mean_squared_error, softmax_cross_entropy};
use nn_core::{
    Activation, Adam, AdamW, Architecture, Init, LayerSpec, Loss, Network, Optimizer, Sgd, Shape, Trainer, Update,
};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Array {
    shape: Vec<usize>,
    data: Vec<f32>,
}

#[derive(Deserialize)]
struct LossCase {
    name: String,
    loss: Value,
    prediction: Array,
    target: Array,
    value: f64,
    grad_prediction: Array,
}

#[test]
fn losses_agree_with_pytorch() {
    let cases: Vec<LossCase> = serde_json::from_str(include_str!("../fixtures/golden/losses.json")).unwrap();
    assert_eq!(cases.len(), 5);
    for case in &cases {
        let (batch, n) = (case.prediction.shape[0], case.prediction.shape[1]);
        let (p, t) = (&case.prediction.data[..], Target::from(&case.target.data));
        let smoothing = case.loss["label_smoothing"].as_f64().unwrap_or(0.0) as f32;
        let scale = 1.0 / batch as f32;
        let targets = Targets { target: t, outputs: n, scale };
        let mut dp = vec![f32::NAN; p.len()];
        let sum = match case.loss["type"].as_str().unwrap() {
            "mse" => mean_squared_error(p, Targets { scale: scale / n as f32, ..targets }, &mut dp),
            "cross_entropy" => cross_entropy(p, targets, 0.0, &mut dp),
            "softmax_cross_entropy" => softmax_cross_entropy(p, targets, smoothing, &mut dp),
            other => panic!("{other}"),
        };
        assert!((sum / batch as f64 - case.value).abs() < 1e-5 * case.value.abs(), "{}: {sum}", case.name);
        assert_close(&dp, &case.grad_prediction.data, 1e-5, &case.name);
    }
}

fn optimizer(config: &Value) -> Box<dyn Optimizer> {
    let number = |name: &str| config[name].as_f64().unwrap_or(0.0) as f32;
    let weight_decay = number("weight_decay");
    let adam = || Adam { beta1: number("beta1"), beta2: number("beta2"), epsilon: number("eps"), weight_decay };
    match config["type"].as_str().unwrap() {
        "sgd" => {
            let nesterov = config["nesterov"].as_bool().unwrap_or(false);
            Box::new(Sgd { momentum: number("momentum"), nesterov, weight_decay })
        }
        "adam" if config["beta1"].is_null() => Box::new(Adam::default()),
        "adam" => Box::new(adam()),
        "adamw" => Box::new(AdamW(adam())),
        other => panic!("{other}"),
    }
}

#[derive(Deserialize)]
struct OptimizerStep {
    grad: Array,
    params_after: Array,
}

#[derive(Deserialize)]
struct OptimizerCase {
    name: String,
    optimizer: Value,
    params: Array,
    steps: Vec<OptimizerStep>,
}

#[test]
fn optimizers_agree_with_pytorch() {
    let cases: Vec<OptimizerCase> = serde_json::from_str(include_str!("../fixtures/golden/optimizers.json")).unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let (rule, mut params) = (optimizer(&case.optimizer), case.params.data);
        let kept = |moment| vec![0.0; if rule.moments() >= moment { params.len() } else { 0 }];
        let (mut first, mut second) = (kept(1), kept(2));
        let lr = case.optimizer["lr"].as_f64().unwrap() as f32;
        for (step, expected) in (1..).zip(&case.steps) {
            let (params, grads) = (&mut params[..], &expected.grad.data[..]);
            rule.update(Update { params, grads, first: &mut first, second: &mut second, lr, step, decay: true });
            assert_close(params, &expected.params_after.data, 1e-5, &format!("{} step {step}", case.name));
        }
    }
}

#[derive(Deserialize)]
struct TrainingStep {
    input: Array,
    labels: Vec<u32>,
    loss: f64,
}

#[derive(Deserialize)]
struct TrainingCase {
    name: String,
    config: Value,
    params_before: BTreeMap<String, Array>,
    steps: Vec<TrainingStep>,
    params_after: BTreeMap<String, Array>,
}

/// A layer as the fixtures write it; `None` for "flatten", which is nothing here.
fn layer(text: &str) -> Option<LayerSpec> {
    let after_arrow = || text.split_once("->").unwrap().1;
    let number = |text: &str| text.split(' ').next().unwrap().parse::<usize>().unwrap();
    let option = |name: &str| text.split_once(name).map_or(0, |(_, rest)| number(rest));
    Some(match text.split(' ').next().unwrap() {
        "tanh" => Activation::Tanh.into(),
        "relu" => Activation::Relu.into(),
        "dense" => LayerSpec::dense(number(after_arrow())),
        "conv2d" => LayerSpec::Conv2d {
            outputs: number(after_arrow()),
            kernel: option(" k"),
            stride: 1,
            padding: option(" pad"),
            init: Init::Auto,
        },
        "batchnorm" => LayerSpec::BatchNorm,
        "maxpool2d" => LayerSpec::MaxPool { size: 2 },
        "flatten" => return None,
        other => panic!("{other}"),
    })
}

/// An array with its axes in another order: `axes[i]` is the old place of the new axis `i`.
fn permuted(shape: &[usize], data: &[f32], axes: &[usize]) -> Vec<f32> {
    let stride = |axis: usize| shape[axis + 1..].iter().product::<usize>();
    let all: usize = shape.iter().product();
    let old = |mut i: usize| {
        axes.iter().rev().fold(0, |at, &axis| {
            let place = i % shape[axis];
            i /= shape[axis];
            at + place * stride(axis)
        })
    };
    (0..all).map(|i| data[old(i)]).collect()
}

/// Parameters of all layers in this library's order. `flat` is the channels, height and width of what is flattened.
fn flat(params: &BTreeMap<String, Array>, flattened: Option<[usize; 3]>) -> Vec<f32> {
    let layers = params.keys().filter_map(|name| name.strip_suffix(".weight"));
    let ours = |a: &Array| match (&a.shape[..], flattened) {
        (&[_, _, _, _], _) => permuted(&a.shape, &a.data, &[2, 3, 1, 0]),
        (&[outputs, inputs], Some([c, h, w])) if inputs == c * h * w => {
            permuted(&[outputs, c, h, w], &a.data, &[0, 2, 3, 1])
        }
        _ => a.data.clone(),
    };
    layers.flat_map(|l| ["weight", "bias"].map(|p| ours(&params[&format!("{l}.{p}")]))).flatten().collect()
}

#[test]
fn trainings_agree_with_pytorch() {
    let cases: Vec<TrainingCase> = serde_json::from_str(include_str!("../fixtures/golden/trainings.json")).unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let texts = case.config["layers"].as_array().unwrap().iter().map(|l| l.as_str().unwrap());
        let mut layers: Vec<LayerSpec> = texts.filter_map(layer).collect();
        let loss = match case.config["loss"].as_str().unwrap() {
            "mse" => Loss::MeanSquaredError,
            _ => Loss::cross_entropy(),
        };
        if loss != Loss::MeanSquaredError {
            layers.push(LayerSpec::Softmax);
        }
        let picture = case.steps[0].input.shape.len() == 4;
        let (input, flattened) = match case.steps[0].input.shape[1..] {
            [c, h, w] => (Shape::new(h, w, c), Some([4, 2, 2])),
            _ => (Shape::flat(case.steps[0].input.shape[1]), None),
        };
        let architecture = Architecture { input, layers };
        let mut network = Network::new(architecture, 1).unwrap();
        network.params_mut().copy_from_slice(&flat(&case.params_before, flattened));
        let config = &case.config["optimizer"];
        let mut trainer = Trainer::new(network, loss, optimizer(config), 1).unwrap();
        for (i, step) in case.steps.iter().enumerate() {
            let shape = &step.input.shape;
            let x = if picture { permuted(shape, &step.input.data, &[0, 2, 3, 1]) } else { step.input.data.clone() };
            let score = trainer.step(&x, &step.labels[..], config["lr"].as_f64().unwrap() as f32);
            assert!(
                (score.loss() / step.loss - 1.0).abs() < 1e-5,
                "{} step {i}: {score:?} not {}",
                case.name,
                step.loss
            );
        }
        assert_close(trainer.network().params(), &flat(&case.params_after, flattened), 1e-5, &case.name);
    }
}
