//! PyTorch's numbers for single layers (`tests/fixtures/golden/layers.json`).

use crate::layers::harness::{Bench, assert_close};
use crate::{Activation, LayerSpec, Shape};
use serde::Deserialize;

#[derive(Deserialize)]
struct Array {
    shape: Vec<usize>,
    data: Vec<f32>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    layer: serde_json::Value,
    input: Array,
    params: std::collections::BTreeMap<String, Array>,
    output: Array,
    grad_output: Array,
    grad_input: Array,
    grad_params: std::collections::BTreeMap<String, Array>,
}

/// The layer as this library describes it; `None` for kinds that it does not have.
fn spec(layer: &serde_json::Value) -> Option<LayerSpec> {
    Some(match layer["type"].as_str()? {
        "dense" => LayerSpec::dense(layer["outputs"].as_u64()? as usize),
        "relu" => Activation::Relu.into(),
        "sigmoid" => Activation::Sigmoid.into(),
        "tanh" => Activation::Tanh.into(),
        "softmax" => LayerSpec::Softmax,
        _ => return None,
    })
}

#[test]
fn layers_agree_with_pytorch() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/fixtures/golden/layers.json")).unwrap();
    let mut checked = 0;
    for case in &cases {
        let Some(spec) = spec(&case.layer) else { continue };
        let (batch, input) = (case.input.shape[0], Shape::flat(case.input.shape[1..].iter().product()));
        let mut bench = Bench::new(&spec, input, batch);
        bench.x = case.input.data.clone();
        let order = |map: &std::collections::BTreeMap<String, Array>| -> Vec<f32> {
            ["weight", "bias"].iter().filter_map(|name| map.get(*name)).flat_map(|a| a.data.clone()).collect()
        };
        bench.params = order(&case.params);
        assert_close(&bench.forward(), &case.output.data, 1e-5, &case.name);
        let (dx, grads) = bench.backward(&case.grad_output.data);
        assert_close(&dx, &case.grad_input.data, 1e-5, &format!("{} dx", case.name));
        assert_close(&grads, &order(&case.grad_params), 1e-5, &format!("{} grads", case.name));
        checked += 1;
    }
    assert_eq!(checked, 11, "cases that apply");
}
