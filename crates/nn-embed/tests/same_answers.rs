//! Networks that nn-core made, stored and read here: the same answers, and no panic whatever is read.
#![allow(clippy::unwrap_used)]

use exchange::to_safetensors;
use nn_core::rng::Rng;
use nn_core::{Architecture, Network, Shape};
use std::path::Path;

/// A network whose biases and statistics are not those of the beginning.
fn network(input: Shape, layers: &str) -> Network {
    let mut network = Network::new(Architecture::parse(input, layers).unwrap(), 5).unwrap();
    let mut rng = Rng::new(3);
    network.params_mut().iter_mut().for_each(|p| *p += 0.1 * rng.uniform());
    network.stats_mut().iter_mut().for_each(|s| *s += 0.3 * rng.uniform());
    network
}

/// The largest difference between the answers of both to five samples.
fn difference(network: &Network) -> f32 {
    let embedded = nn_embed::EmbeddedNetwork::from_safetensors(&to_safetensors(network).unwrap()).unwrap();
    assert_eq!((embedded.inputs(), embedded.outputs()), (network.inputs(), network.outputs()));
    let (mut rng, mut largest) = (Rng::new(9), 0.0f32);
    for _ in 0..5 {
        let x: Vec<f32> = (0..network.inputs()).map(|_| rng.normal()).collect();
        let (here, there) = (embedded.predict(&x).unwrap(), network.predict(&x));
        assert!(here.len() == there.len() && here.iter().all(|y| y.is_finite()));
        largest = here.iter().zip(&there).fold(largest, |most, (a, b)| most.max((a - b).abs()));
    }
    largest
}

#[test]
fn every_layer_answers_as_in_nn_core() {
    for (input, layers) in [
        (
            Shape::new(11, 9, 3),
            "conv:6x3, pool:2, batchnorm, leaky-relu:0.1, conv:5x4s2p1, sigmoid, dropout:0.2, dense:7, batchnorm, tanh, dense:4, softmax",
        ),
        (Shape::new(8, 8, 2), "conv:4x5p0, relu, average-pool:2, conv:3x3, average-pool, dense:3"),
        (Shape::new(5, 4, 3), "dense:6, relu, dense:2, softmax"),
        (Shape::flat(12), "dense:6, batchnorm, relu, dense:2, softmax"),
        (Shape::new(1, 1, 4), "conv:3x1, relu, dense:2"),
        (Shape::new(6, 6, 2), "conv:3x3s2, tanh, pool:2"),
    ] {
        let largest = difference(&network(input, layers));
        assert!(largest < 1e-5, "{layers}: {largest}");
    }
}

#[test]
fn the_model_that_ships_answers_as_in_nn_core() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/digits.mpk");
    assert!(difference(&nn_io::Model::load(&path).unwrap().network) < 1e-5);
}

#[test]
fn damaged_files_are_refused_or_answer() {
    let bytes = to_safetensors(&network(Shape::new(6, 6, 1), "conv:2x3, pool:2, dense:3, softmax")).unwrap();
    for length in 0..bytes.len() {
        assert!(nn_embed::EmbeddedNetwork::from_safetensors(&bytes[..length]).is_err(), "{length}");
    }
    let head = bytes.windows(4).position(|part| part == b"conv").unwrap() - 40..400.min(bytes.len());
    for at in head {
        for to in [b'0', b'9', b'x', b'p', b's', b',', b' ', 0xff] {
            let mut changed = bytes.clone();
            changed[at] = to;
            if let Ok(network) = nn_embed::EmbeddedNetwork::from_safetensors(&changed)
                && network.inputs() < 1 << 20
            {
                assert!(network.predict(&vec![0.5; network.inputs()]).is_ok());
            }
        }
    }
}

#[test]
fn padding_beyond_the_kernel_is_refused() {
    let bytes = to_safetensors(&network(Shape::new(6, 6, 1), "conv:2x3p2, dense:2")).unwrap();
    assert!(nn_embed::EmbeddedNetwork::from_safetensors(&bytes).is_ok());
    for padding in ["3", "4", "9"] {
        let mut changed = bytes.clone();
        let at = bytes.windows(4).position(|part| part == b"2x3p").unwrap() + 4;
        changed[at] = padding.as_bytes()[0];
        let error = nn_embed::EmbeddedNetwork::from_safetensors(&changed).unwrap_err();
        assert_eq!(error.to_string(), "layer 1 cannot be read", "{padding}");
    }
}

#[test]
fn a_sample_of_another_size_is_refused() {
    let bytes = to_safetensors(&network(Shape::flat(12), "dense:2")).unwrap();
    let network = nn_embed::EmbeddedNetwork::from_safetensors(&bytes).unwrap();
    assert_eq!(network.predict(&[0.0; 11]).unwrap_err().to_string(), "the network takes 12 values, not 11");
}
