//! Weights that PyTorch trained, as its safetensors files name and order them, give PyTorch's loss here.
#![allow(clippy::unwrap_used)]

use exchange::{from_safetensors, to_safetensors};
use nn_core::{Architecture, Loss, Network, Shape, guide};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, serialize};
use serde_json::Value;
use std::path::Path;

fn floats(value: &Value) -> Vec<f32> {
    value["data"].as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
}

fn sizes(value: &Value) -> Vec<usize> {
    value["shape"].as_array().unwrap().iter().map(|number| number.as_u64().unwrap() as usize).collect()
}

/// A safetensors file of arrays with their names and shapes.
fn file(arrays: &[(String, Vec<usize>, Vec<f32>)]) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> = arrays.iter().map(|(_, _, v)| v.iter().flat_map(|v| v.to_le_bytes()).collect()).collect();
    let views = arrays
        .iter()
        .zip(&bytes)
        .map(|((name, shape, _), bytes)| (name.clone(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    serialize(views, None).unwrap()
}

#[test]
fn weights_of_pytorch_give_its_loss() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../nn-core/tests/fixtures/golden/trainings.json");
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let case = cases.iter().find(|case| case["name"] == "cnn_batchnorm_momentum").unwrap();
    let params = case["params_before"].as_object().unwrap();
    let mut arrays: Vec<_> = params.iter().map(|(name, array)| (name.clone(), sizes(array), floats(array))).collect();
    arrays.push(("1.running_mean".into(), vec![3], vec![0.0; 3]));
    arrays.push(("1.running_var".into(), vec![3], vec![1.0; 3]));

    // conv2d 2->3 k3 pad1, batchnorm, relu, maxpool2d 2, conv2d 3->4 k3 without padding, relu, flatten, dense 16->5
    let mut architecture = Architecture::new(Shape::new(8, 8, 2)).conv(3, 3).batch_norm().relu().max_pool(2).conv(4, 3);
    if let Some(nn_core::LayerSpec::Conv2d { padding, .. }) = architecture.layers.last_mut() {
        *padding = 0;
    }
    let like = Network::new(architecture.relu().dense(5).softmax(), 1).unwrap();
    let network = from_safetensors(&file(&arrays), &like).unwrap();

    let step = &case["steps"][0];
    let (x, n) = (floats(&step["input"]), 6);
    let channels_last: Vec<f32> = (0..n * 128).map(|i| x[i / 128 * 128 + i % 2 * 64 + i % 128 / 2]).collect();
    let labels: Vec<u32> = step["labels"].as_array().unwrap().iter().map(|l| l.as_u64().unwrap() as u32).collect();
    let loss = guide::loss(&network, Loss::cross_entropy(), &channels_last, &labels).unwrap();
    assert!((loss / step["loss"].as_f64().unwrap() - 1.0).abs() < 1e-5, "{loss}");

    // And back: the same names, shapes and values as PyTorch's.
    let bytes = to_safetensors(&network).unwrap();
    let written = SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(written.names().len(), arrays.len());
    for (name, shape, values) in &arrays {
        let tensor = written.tensor(name).unwrap();
        let found = tensor.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
        assert!(tensor.shape() == shape && found.eq(values.iter().copied()), "{name}");
    }
}
