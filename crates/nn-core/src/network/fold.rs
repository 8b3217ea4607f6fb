//! A network for prediction: batch normalisation becomes a part of the layer before it.
//!
//! In prediction batch normalisation is `scale y + shift` by channel, which the weights and biases of a dense layer or
//! convolution can do themselves. A max pooling may stand between the two, as a maximum changes places with any factor that
//! is not negative.

use crate::error::Error;
use crate::network::Network;
use crate::spec::LayerSpec;

impl Network {
    /// The same network without the batch normalisations that the layer before them can take over: faster, and equal up to
    /// rounding. It is for prediction; trained further, it would learn otherwise.
    ///
    /// # Errors
    /// None for a network that could be built.
    pub fn folded(&self) -> Result<Self, Error> {
        let mut architecture = self.architecture().clone();
        let specs = std::mem::take(&mut architecture.layers);
        let layers = self.apart()?;
        let (mut params, mut stats) = (vec![], vec![]);
        // The layer that could take a normalisation over, where its parameters begin, and whether a pool follows it.
        let mut taker: Option<(usize, usize, bool)> = None;
        for (i, (spec, stage)) in specs.into_iter().zip(&layers).enumerate() {
            let (own, measured) = (&self.params()[stage.params.clone()], &self.stats()[stage.stats.clone()]);
            if let (Some(affine), Some((before, from, pooled))) = (stage.layer.as_affine(own, measured), taker)
                && !(pooled && affine.scale.iter().any(|scale| *scale < 0.0))
                && layers[before].layer.then_affine(&mut params[from..], &affine)
            {
                taker = None;
                continue;
            }
            taker = match spec {
                LayerSpec::Dense { .. } | LayerSpec::Conv2d { .. } => Some((i, params.len(), false)),
                LayerSpec::MaxPool { .. } => taker.map(|(before, from, _)| (before, from, true)),
                _ => None,
            };
            params.extend(own);
            stats.extend(measured);
            architecture.layers.push(spec);
        }
        Self::from_parts(architecture, params, stats)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::shape::Shape;
    use crate::spec::{Activation, Architecture};

    #[test]
    fn a_folded_network_predicts_the_same() {
        let (relu, pool): (LayerSpec, _) = (Activation::Relu.into(), LayerSpec::MaxPool { size: 2 });
        let norm = LayerSpec::BatchNorm;
        let layers = vec![
            LayerSpec::conv(16, 3),
            pool.clone(),
            norm.clone(),
            relu.clone(),
            LayerSpec::conv(5, 3),
            norm.clone(),
            relu.clone(),
            norm.clone(), // the second stays
            LayerSpec::dense(9),
            norm.clone(),
            Activation::Tanh.into(),
            LayerSpec::dense(4),
            LayerSpec::Softmax,
        ];
        for sign in [1.0, -1.0] {
            let architecture = Architecture { input: Shape::new(8, 8, 1), layers: layers.clone() };
            let mut network = Network::new(architecture, 1).unwrap();
            let mut rng = Rng::new(2);
            network.params_mut().iter_mut().for_each(|p| *p += 0.3 * rng.uniform());
            network.stats_mut().iter_mut().for_each(|s| *s += 0.3 * rng.uniform());
            let gamma = network.apart().unwrap().swap_remove(2).params;
            network.params_mut()[gamma.start] *= sign;
            let folded = network.folded().unwrap();
            let left = folded.architecture().layers.iter().filter(|layer| **layer == norm).count();
            assert_eq!(left, if sign > 0.0 { 1 } else { 2 }, "a pool lets no negative factor through");
            let x: Vec<f32> = (0..64 * 7).map(|_| rng.normal()).collect();
            let (y, expected) = (folded.predict(&x), network.predict(&x));
            assert!(y.iter().zip(&expected).all(|(y, e)| (y - e).abs() < 1e-5), "{y:?} {expected:?}");
        }
    }
}
