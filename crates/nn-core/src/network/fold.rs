//! A network for prediction, in which batch normalisation is a part of the layer before it.
//!
//! In prediction batch normalisation is `scale y + shift` by channel, which the weights and biases of a dense layer or
//! convolution can do themselves. A max pooling may stand between the two, as a maximum changes places with any factor that
//! is not negative.

use crate::error::Error;
use crate::layers::shortcuts::ScaleShift;
use crate::network::{Network, Stage};
use crate::spec::LayerSpec;

/// A layer that could take a normalisation over.
struct Taker {
    /// Its position in the architecture.
    layer: usize,
    /// The beginning of its parameters.
    params: usize,
    /// Whether a max pooling follows it.
    pooled: bool,
}

impl Taker {
    /// Lets the layer do `by` as well; returns `false` if it cannot.
    fn take(&self, by: &ScaleShift, layers: &[Stage], params: &mut [f32]) -> bool {
        let negative = by.scale.iter().any(|scale| *scale < 0.0);
        let shortcuts = layers[self.layer].layer.shortcuts();
        !(self.pooled && negative) && shortcuts.is_some_and(|s| s.apply_scale_shift(&mut params[self.params..], by))
    }
}

impl Network {
    /// Returns the same network without the batch normalisations (and dropouts, which do nothing in prediction) that the layer
    /// before them can do: faster, and equal up to rounding. It is for prediction; trained further, it would learn otherwise.
    ///
    /// # Errors
    /// None for a network that could be built.
    pub fn folded(&self) -> Result<Self, Error> {
        let mut architecture = self.architecture.clone();
        let specs = std::mem::take(&mut architecture.layers);
        let layers = self.stages_one_by_one()?;
        let (mut params, mut stats) = (vec![], vec![]);
        let mut taker: Option<Taker> = None;
        for (i, (spec, stage)) in specs.into_iter().zip(&layers).enumerate() {
            let own = &self.params[stage.params.clone()];
            let measured = &self.stats[stage.stats.clone()];
            let scale_shift = stage.layer.shortcuts().and_then(|s| s.as_scale_shift(own, measured));
            if let (Some(by), Some(before)) = (scale_shift, &taker)
                && before.take(&by, &layers, &mut params)
            {
                taker = None;
                continue;
            }
            taker = match spec {
                LayerSpec::Dense { .. } | LayerSpec::Conv2d { .. } => {
                    Some(Taker { layer: i, params: params.len(), pooled: false })
                }
                LayerSpec::MaxPool { .. } => taker.map(|before| Taker { pooled: true, ..before }),
                _ => None,
            };
            params.extend(own);
            stats.extend(measured);
            architecture.layers.push(spec);
        }
        Self::from_parts_with(architecture, &self.kinds, params, stats)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::shape::Shape;
    use crate::spec::Architecture;

    #[test]
    fn a_folded_network_predicts_the_same() {
        // The second of two normalisations in a row stays.
        let text = "conv:16x3, pool:2, batchnorm, relu, conv:5x3, batchnorm, relu, batchnorm, dense:9, batchnorm, tanh, \
                    dense:4, softmax";
        for sign in [1.0, -1.0] {
            let architecture = Architecture::parse(Shape::new(8, 8, 1), text).unwrap();
            let mut network = Network::new(architecture, 1).unwrap();
            let mut rng = Rng::new(2);
            network.params_mut().iter_mut().for_each(|p| *p += 0.3 * rng.uniform());
            network.stats_mut().iter_mut().for_each(|s| *s += 0.3 * rng.uniform());
            let gamma = network.stages_one_by_one().unwrap().swap_remove(2).params;
            network.params_mut()[gamma.start] *= sign;
            let folded = network.folded().unwrap();
            let left = folded.architecture().layers.iter().filter(|layer| **layer == LayerSpec::BatchNorm).count();
            assert_eq!(left, if sign > 0.0 { 1 } else { 2 }, "a pool lets no negative factor through");
            let x: Vec<f32> = (0..64 * 7).map(|_| rng.normal()).collect();
            let (y, expected) = (folded.predict(&x), network.predict(&x));
            assert!(y.iter().zip(&expected).all(|(y, e)| (y - e).abs() < 1e-5), "{y:?} {expected:?}");
        }
    }
}
