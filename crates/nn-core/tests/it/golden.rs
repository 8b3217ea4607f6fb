//! PyTorch's numbers for losses, optimizers and short trainings (`tests/fixtures/golden`).

use crate::assert_close;
use nn_core::loss::{cross_entropy, mean_squared_error, softmax_cross_entropy};
use nn_core::{
    Activation, Adam, AdamW, Architecture, LayerSpec, Loss, Network, Optimizer, Sgd, Shape, Trainer, Update,
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
        let (p, t) = (&case.prediction.data[..], case.target.data[..].into());
        let smoothing = case.loss["label_smoothing"].as_f64().unwrap_or(0.0) as f32;
        let (scale, mut dp) = (1.0 / batch as f32, vec![f32::NAN; p.len()]);
        let sum = match case.loss["type"].as_str().unwrap() {
            "mse" => mean_squared_error(p, t, n, scale / n as f32, &mut dp),
            "cross_entropy" => cross_entropy(p, t, n, 0.0, scale, &mut dp),
            "softmax_cross_entropy" => softmax_cross_entropy(p, t, n, smoothing, scale, &mut dp),
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

/// `None` for layers that this library does not have.
fn layer(text: &str) -> Option<LayerSpec> {
    Some(match text {
        "tanh" => Activation::Tanh.into(),
        "relu" => Activation::Relu.into(),
        _ => LayerSpec::dense(text.strip_prefix("dense ")?.split_once("->")?.1.parse().ok()?),
    })
}

/// Parameters of all layers in order: each layer's weight, then its bias.
fn flat(params: &BTreeMap<String, Array>) -> Vec<f32> {
    let layers = params.keys().filter_map(|name| name.strip_suffix(".weight"));
    layers.flat_map(|l| ["weight", "bias"].map(|p| params[&format!("{l}.{p}")].data.clone())).flatten().collect()
}

#[test]
fn trainings_agree_with_pytorch() {
    let cases: Vec<TrainingCase> = serde_json::from_str(include_str!("../fixtures/golden/trainings.json")).unwrap();
    let mut checked = 0;
    for case in cases {
        let texts = case.config["layers"].as_array().unwrap().iter().map(|l| l.as_str().unwrap());
        let Some(mut layers) = texts.map(layer).collect::<Option<Vec<_>>>() else { continue };
        let loss = match case.config["loss"].as_str().unwrap() {
            "mse" => Loss::MeanSquaredError,
            _ => Loss::CrossEntropy { label_smoothing: 0.0 },
        };
        if loss != Loss::MeanSquaredError {
            layers.push(LayerSpec::Softmax);
        }
        let input = Shape::flat(case.steps[0].input.shape[1]);
        let network = Network::from_parts(Architecture { input, layers }, flat(&case.params_before), vec![]).unwrap();
        let config = &case.config["optimizer"];
        let mut trainer = Trainer::new(network, loss, optimizer(config), 1).unwrap().shard_size(4);
        for (i, step) in case.steps.iter().enumerate() {
            let score = trainer.step(&step.input.data, &step.labels[..], config["lr"].as_f64().unwrap() as f32);
            assert!((score.loss() / step.loss - 1.0).abs() < 1e-5, "{} step {i}: {score:?}", case.name);
        }
        assert_close(trainer.network().params(), &flat(&case.params_after), 1e-5, &case.name);
        checked += 1;
    }
    assert_eq!(checked, 3, "trainings that apply");
}
