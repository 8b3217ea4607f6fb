//! The head of a network: its last dense layer and the activation behind it. The layers before it are the body, whose
//! outputs are the features that the head reads.

use crate::error::Error;
use nn_core::{Activation, Architecture, LayerSpec, Network, Shape};

/// Pictures that go through the body together.
const TOGETHER: usize = 256;

/// Cuts layers into those of the body and the activation of the head, a softmax where it is `None`.
///
/// # Errors
/// When the layers do not end in a dense layer and its activation.
pub fn cut(layers: &[LayerSpec]) -> Result<(&[LayerSpec], Option<Activation>), Error> {
    match layers.split_at_checked(layers.len().saturating_sub(2)) {
        Some((body, [LayerSpec::Dense { .. }, LayerSpec::Softmax])) => Ok((body, None)),
        Some((body, [LayerSpec::Dense { .. }, LayerSpec::Activation(activation)])) => Ok((body, Some(*activation))),
        _ => Err(Error::Setting("the model does not end in a dense layer and its activation".into())),
    }
}

/// A network cut in two, each a network of its own.
pub struct Halves {
    /// The body; `None` where the head reads the pictures themselves.
    body: Option<Network>,
    /// The head.
    pub head: Network,
}

impl Halves {
    /// Cuts a network before its last dense layer.
    ///
    /// # Errors
    /// As [`cut`].
    pub fn of(network: &Network) -> Result<Self, Error> {
        let Architecture { input, layers } = network.architecture();
        let (hidden, _) = cut(layers)?;
        let tensors = network.tensors();
        let of_head: usize = tensors[tensors.len() - 2..].iter().map(|tensor| tensor.values.len()).sum(); // weights, biases
        let (body, head) = network.params().split_at(network.params().len() - of_head);
        let features = Shape::flat(of_head / network.outputs() - 1);
        let architecture = Architecture { input: features, layers: layers[hidden.len()..].to_vec() };
        let head = Network::from_parts(architecture, head.to_vec(), vec![])?;
        if hidden.is_empty() {
            return Ok(Self { body: None, head });
        }
        let architecture = Architecture { input: *input, layers: hidden.to_vec() };
        let body = Network::from_parts(architecture, body.to_vec(), network.stats().to_vec())?;
        Ok(Self { body: Some(body), head })
    }

    /// The features (features x samples) of pictures (inputs x samples).
    pub fn features(&self, x: &[f32]) -> Vec<f32> {
        let Some(body) = &self.body else { return x.to_vec() };
        x.chunks(TOGETHER * body.inputs()).flat_map(|x| body.predict(x)).collect()
    }
}

/// The same network with another head.
pub fn with_head(network: &Network, head: &Network) -> Network {
    let mut network = network.clone();
    let at = network.params().len() - head.params().len();
    network.params_mut()[at..].copy_from_slice(head.params());
    network
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn network(architecture: Architecture) -> Network {
        Network::new(architecture, 7).unwrap()
    }

    #[test]
    fn the_halves_one_after_the_other_are_the_network() {
        let x: Vec<f32> = (0..32).map(|i| (i % 7) as f32 / 7.0).collect();
        let input = Shape::new(4, 4, 1);
        let deep = Architecture::new(input).dense(6).batch_norm().relu().dense(3).softmax();
        for architecture in [deep, Architecture::new(input).dense(3).softmax()] {
            let network = network(architecture);
            let halves = Halves::of(&network).unwrap();
            assert_eq!(halves.head.predict(&halves.features(&x)), network.predict(&x));
            let mut head = halves.head;
            head.params_mut().fill(0.5);
            let other = with_head(&network, &head);
            let of_head = head.params().len();
            let same = network.params().len() - of_head;
            assert_eq!(other.params()[..same], network.params()[..same]);
            assert_eq!(other.params()[same..], vec![0.5; of_head]);
        }
    }

    #[test]
    fn networks_that_end_otherwise_are_refused() {
        let error = Halves::of(&network(Architecture::new(Shape::flat(4)).dense(3))).err().unwrap();
        assert!(error.to_string().contains("does not end in a dense layer"), "{error}");
    }
}
