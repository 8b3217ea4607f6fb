//! PyTorch's numbers for single layers (`tests/fixtures/golden/layers.json`).

use crate::init::Init;
use crate::kernels::share::Share;
use crate::layer::Forward;
use crate::layers::build::Kinds;
use crate::layers::checks::harness::{Bench, assert_close};
use crate::shape::Shape;
use crate::spec::{Activation, LayerSpec};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Row-major; pictures are samples x channels x height x width.
#[derive(Deserialize)]
struct Array {
    shape: Vec<usize>,
    data: Vec<f32>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    layer: Value,
    input: Array,
    params: BTreeMap<String, Array>,
    output: Array,
    grad_output: Array,
    grad_input: Array,
    grad_params: BTreeMap<String, Array>,
    running_mean_before: Option<Array>,
    running_var_before: Option<Array>,
    running_mean_after: Option<Array>,
    running_var_after: Option<Array>,
}

impl Array {
    /// Shape of a sample.
    fn sample(&self) -> Shape {
        match self.shape[1..] {
            [channels, height, width] => Shape::new(height, width, channels),
            [n] => Shape::flat(n),
            _ => panic!("{:?}", self.shape),
        }
    }

    /// The values with the second axis last: channels last for pictures; other arrays stay.
    fn ours(&self) -> Vec<f32> {
        let [n, channels, height, width] = self.shape[..] else { return self.data.clone() };
        let at = |s, y, x, c| self.data[((s * channels + c) * height + y) * width + x];
        let pixels = (0..n).flat_map(|s| (0..height).flat_map(move |y| (0..width).map(move |x| (s, y, x))));
        pixels
            .flat_map(|(s, y, x)| (0..channels).map(move |c| (s, y, x, c)))
            .map(|(s, y, x, c)| at(s, y, x, c))
            .collect()
    }

    /// Kernels (outputs x inputs x height x width) in the order row, column, input, output; other arrays stay.
    fn kernels(&self) -> Vec<f32> {
        let [outputs, inputs, height, width] = self.shape[..] else { return self.data.clone() };
        let places = (0..height).flat_map(|i| (0..width).map(move |j| i * width + j));
        let values = places.flat_map(|place| (0..inputs * outputs).map(move |n| (place, n / outputs, n % outputs)));
        values.map(|(place, c, o)| self.data[(o * inputs + c) * height * width + place]).collect()
    }
}

fn in_order(params: &BTreeMap<String, Array>) -> Vec<f32> {
    ["weight", "scale", "bias", "shift"].iter().filter_map(|name| params.get(*name)).flat_map(Array::kernels).collect()
}

fn spec(layer: &Value) -> LayerSpec {
    let number = |name: &str| layer[name].as_u64().unwrap() as usize;
    match layer["type"].as_str().unwrap() {
        "dense" => LayerSpec::dense(number("outputs")),
        "relu" => Activation::Relu.into(),
        "sigmoid" => Activation::Sigmoid.into(),
        "tanh" => Activation::Tanh.into(),
        "softmax" => LayerSpec::Softmax,
        "conv2d" => LayerSpec::Conv2d {
            outputs: number("out_channels"),
            kernel: number("kernel"),
            stride: number("stride"),
            padding: number("padding"),
            init: Init::Auto,
        },
        "maxpool2d" => LayerSpec::MaxPool { size: number("size") },
        "batchnorm" => LayerSpec::BatchNorm,
        other => panic!("{other}"),
    }
}

#[test]
fn layers_agree_with_pytorch() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../tests/fixtures/golden/layers.json")).unwrap();
    assert_eq!(cases.len(), 21);
    for case in &cases {
        let mut bench = Bench::new(&spec(&case.layer), &Kinds::default(), case.input.sample(), case.input.shape[0]);
        (bench.x, bench.params) = (case.input.ours(), in_order(&case.params));
        let running = |mean: &Option<Array>, variance: &Option<Array>| {
            [mean, variance].into_iter().flatten().flat_map(|a| a.data.clone()).collect::<Vec<f32>>()
        };
        bench.stats = running(&case.running_mean_before, &case.running_var_before);
        if case.layer["inference"].as_bool() == Some(true) {
            assert_close(&bench.infer(), &case.output.ours(), 1e-5, &case.name);
            continue;
        }
        assert_close(&bench.forward(), &case.output.ours(), 1e-5, &case.name);
        let (dx, grads) = bench.backward(&case.grad_output.ours());
        assert_close(&dx, &case.grad_input.ours(), 1e-5, &format!("{} dx", case.name));
        assert_close(&grads, &in_order(&case.grad_params), 1e-5, &format!("{} grads", case.name));

        let (mut y, mut cache) = (vec![0.0; case.output.data.len()], bench.cache());
        let (params, stats, x, share) = (&bench.params[..], &bench.stats[..], &bench.x[..], Share::whole(bench.batch));
        bench.layer.forward(Forward { params, stats, x, y: &mut y, cache: &mut cache, seed: 0, share });
        let mut after = bench.stats.clone();
        bench.layer.absorb(&mut after, &cache, 0.1);
        let expected = running(&case.running_mean_after, &case.running_var_after);
        assert_close(&after, &expected, 1e-5, &format!("{} running statistics", case.name));
    }
}
