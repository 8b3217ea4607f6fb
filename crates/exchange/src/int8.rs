//! Weights in eight bits. The weights of each output are whole multiples of a step of their own, from -127 to 127 times it:
//!
//! ```text
//! step = largest |w| / 127        w8 = round(w / step)        w ~ w8 * step
//! ```
//!
//! Biases, normalisation and everything that is computed stay 32-bit floats.

use crate::torch::{as_torch, input_shapes};
use nn_core::Network;
use nn_io::Model;

/// The numbers that hold the weights of dense layers and convolutions in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// 32-bit floats.
    Float,
    /// 8-bit integers, and a step for each output: a quarter of the size. They are multiplied when the file is opened;
    /// everything is computed in floats.
    Int8,
}

/// The largest whole number of a weight.
const LARGEST: f32 = 127.0;

/// Returns whether the tensor of this name holds weights that may take eight bits: of a dense layer or a convolution.
pub fn is_weight(name: &str) -> bool {
    name.ends_with(".weight")
}

/// Returns the step of the weights of one output; 1 where all are 0.
pub fn step(weights: &[f32]) -> f32 {
    let largest = weights.iter().fold(0.0f32, |most, w| most.max(w.abs()));
    if largest > 0.0 { largest / LARGEST } else { 1.0 }
}

/// Returns a weight in steps.
pub fn in_steps(weight: f32, step: f32) -> i8 {
    (weight / step).round().clamp(-LARGEST, LARGEST) as i8
}

/// Returns a model whose weights are what eight bits can hold, so that it answers as its export in eight bits does.
pub fn with_int8_weights(model: Model) -> Model {
    Model { network: rounded(&model.network), ..model }
}

fn rounded(network: &Network) -> Network {
    let (mut changed, shapes) = (network.clone(), input_shapes(network));
    for tensor in network.tensors().iter().filter(|tensor| is_weight(&tensor.name)) {
        let Some(values) = changed.tensor_mut(&tensor.name) else { continue };
        let torch = as_torch(network, &shapes, tensor);
        for places in torch.from.chunks_exact(torch.from.len() / torch.shape[0]) {
            let weights: Vec<f32> = places.iter().map(|place| tensor.values[*place]).collect();
            let one = step(&weights);
            for (place, weight) in places.iter().zip(weights) {
                values[*place] = f32::from(in_steps(weight, one)) * one;
            }
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use nn_core::{Architecture, LayerSpec, Shape};

    #[test]
    fn a_rounded_weight_is_half_a_step_off_at_most_and_stays_where_it_is_rounded_again() {
        let conv = LayerSpec::Conv2d { outputs: 4, kernel: 3, stride: 1, padding: 1, init: nn_core::Init::Auto };
        let layers = vec![conv, LayerSpec::dense(5)];
        let network = Network::new(Architecture { input: Shape::new(6, 5, 2), layers }, 1).expect("it is sound");
        let once = rounded(&network);
        let (twice, shapes) = (rounded(&once), input_shapes(&network));
        for ((before, after), again) in network.tensors().iter().zip(once.tensors()).zip(twice.tensors()) {
            if !is_weight(&before.name) {
                assert_eq!(before.values, after.values);
                continue;
            }
            assert_ne!(before.values, after.values, "{}", before.name);
            let from = as_torch(&network, &shapes, before);
            for row in from.from.chunks_exact(from.from.len() / from.shape[0]) {
                let one = step(&row.iter().map(|i| before.values[*i]).collect::<Vec<_>>());
                for i in row.iter().copied() {
                    assert!((before.values[i] - after.values[i]).abs() <= 0.5001 * one);
                    assert!((again.values[i] - after.values[i]).abs() <= 1e-3 * one);
                }
            }
        }
        assert_eq!(step(&[0.0, 0.0]), 1.0);
    }
}
