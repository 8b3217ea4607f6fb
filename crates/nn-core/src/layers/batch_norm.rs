//! Batch normalisation: every channel is brought to mean 0 and variance 1 over the batch (Ioffe and Szegedy 2015).
//!
//! Over the `n` values of a channel, that is all pixels of all samples of a batch:
//!
//! ```text
//! m = mean x,  v = mean (x - m)^2,  r = 1 / sqrt(v + epsilon),  h = (x - m) r,  y = f(gamma h + beta)
//! dbeta = sum dy,  dgamma = sum dy h                  dy: behind f', where an activation runs in the same pass
//! dx = gamma r (dy - dbeta / n - h dgamma / n)
//! ```
//!
//! The last line follows since a change of one `x` also moves `m` and `v`: dm/dx = 1/n and dv/dx = 2 (x - m) / n.
//! Prediction uses running averages of `m` and of the unbiased variance `v n / (n - 1)` in their place, as PyTorch does.
//!
//! ```
//! use nn_core::{Architecture, Network, Shape};
//! let architecture = Architecture::new(Shape::flat(1)).batch_norm();
//! let (gamma_beta, mean_variance) = (vec![2.0, 1.0], vec![3.0, 4.0]);
//! let network = Network::from_parts(architecture, gamma_beta, mean_variance)?;
//! assert!((network.predict(&[5.0])[0] - 3.0).abs() < 1e-4); // 2 (5 - 3) / sqrt(4) + 1
//! # Ok::<(), nn_core::Error>(())
//! ```

use crate::init::Init;
use crate::kernels::share::Share;
use crate::kernels::{normalise, parallel};
use crate::layer::{Backward, Cache, CacheSize, Forward, Layer, Slot};
use crate::layers::shortcuts::{ScaleShift, Shortcuts};
use crate::shape::Shape;
use crate::spec::Activation;

/// Keeps the root away from zero.
const EPSILON: f32 = 1e-5;

/// `y = f(gamma (x - mean) / deviation + beta)` by channel. Parameters: `gamma`, `beta`; statistics: `mean`, `variance`.
pub struct BatchNorm {
    shape: Shape,
    features: usize,
    activation: Option<Activation>,
}

impl BatchNorm {
    /// Normalises the channels of samples of shape `input`; each value of a flat sample is a channel.
    ///
    /// # Errors
    /// Where `input` has no values.
    pub fn new(input: Shape) -> Result<Self, String> {
        Ok(Self { shape: input, features: input.features_within_limit()?, activation: None })
    }

    /// The same layer with the activation behind it, computed in the same pass.
    pub fn with_activation(self, activation: Option<Activation>) -> Self {
        Self { activation, ..self }
    }

    /// Values per chunk of a pass without partial sums.
    fn chunk(&self) -> usize {
        self.features * parallel::samples_per_chunk(self.features)
    }

    /// Splits the cache into mean, variance, three coefficients per channel, and scratch.
    fn split<'c>(&self, values: &'c mut [f32]) -> [&'c mut [f32]; 4] {
        let channels = self.shape.channels;
        let (mean, rest) = values.split_at_mut(channels);
        let (variance, rest) = rest.split_at_mut(channels);
        let (coefficients, scratch) = rest.split_at_mut(3 * channels);
        [mean, variance, coefficients, scratch]
    }

    /// Writes the normalisation as `scale x + shift`: all scales, then all shifts.
    fn scale_shift(&self, params: &[f32], mean: &[f32], variance: &[f32], coefficients: &mut [f32]) {
        let (gamma, beta) = params.split_at(mean.len());
        let (scale, shift) = coefficients.split_at_mut(mean.len());
        for c in 0..mean.len() {
            scale[c] = gamma[c] / (variance[c] + EPSILON).sqrt();
            shift[c] = beta[c] - mean[c] * scale[c];
        }
    }
}

impl Layer for BatchNorm {
    fn output(&self) -> Shape {
        self.shape
    }

    fn params(&self) -> Vec<Slot> {
        let channels = self.shape.channels;
        vec![Slot::vector("gamma", channels, Init::Constant(1.0)), Slot::vector("beta", channels, Init::Constant(0.0))]
    }

    fn stats(&self) -> Vec<Slot> {
        let channels = self.shape.channels;
        vec![
            Slot::vector("mean", channels, Init::Constant(0.0)),
            Slot::vector("variance", channels, Init::Constant(1.0)),
        ]
    }

    /// Mean, variance and three coefficients per channel, and two sums per channel and part; the number of values per
    /// channel.
    fn cache(&self, batch: usize) -> CacheSize {
        CacheSize { values: (5 + 2 * Share::whole(batch).count()) * self.shape.channels, indices: 1 }
    }

    fn forward(&self, pass: Forward<'_>) {
        let channels = self.shape.channels;
        pass.cache.indices[0] = (pass.share.batch() * self.features / channels) as u32;
        let [mean, variance, coefficients, scratch] = self.split(&mut pass.cache.values);
        normalise::moments(pass.x, mean, variance, scratch, pass.share);
        let coefficients = &mut coefficients[..2 * channels];
        self.scale_shift(pass.params, mean, variance, coefficients);
        normalise::scale_shift(self.activation, pass.x, pass.y, coefficients, self.chunk());
    }

    fn infer(&self, pass: Forward<'_>) {
        let channels = self.shape.channels;
        let (mean, variance) = pass.stats.split_at(channels);
        let coefficients = &mut pass.cache.values[2 * channels..4 * channels];
        self.scale_shift(pass.params, mean, variance, coefficients);
        normalise::scale_shift(self.activation, pass.x, pass.y, coefficients, self.chunk());
    }

    fn backward(&self, pass: Backward<'_>) {
        let (channels, share) = (self.shape.channels, pass.share);
        let (dgamma, dbeta) = pass.grads.split_at_mut(channels);
        let [mean, variance, coefficients, scratch] = self.split(&mut pass.cache.values);
        let mean = &*mean;
        let own = normalise::Normalised { x: pass.x, y: pass.y, mean, activation: self.activation, share };
        own.back(pass.dy, dgamma, dbeta, scratch);
        dgamma.iter_mut().zip(&*variance).for_each(|(d, v)| *d /= (v + EPSILON).sqrt());
        let Some(dx) = pass.dx else { return };
        // dx = a dy + b x + e, where a, b and e are constant over a channel
        let n = (share.batch() * self.features / channels) as f32;
        let (a, rest) = coefficients.split_at_mut(channels);
        let (b, e) = rest.split_at_mut(channels);
        for c in 0..channels {
            let r = 1.0 / (variance[c] + EPSILON).sqrt();
            a[c] = pass.params[c] * r;
            b[c] = -a[c] * r * dgamma[c] / n;
            e[c] = -a[c] * dbeta[c] / n - b[c] * mean[c];
        }
        normalise::combine(dx, pass.dy, pass.x, coefficients, self.chunk());
    }

    fn absorb(&self, stats: &mut [f32], cache: &Cache, share: f32) {
        let channels = self.shape.channels;
        let n = cache.indices[0] as f32;
        let unbiased = if n > 1.0 { n / (n - 1.0) } else { 1.0 };
        let (mean, variance) = stats.split_at_mut(channels);
        for c in 0..channels {
            mean[c] += share * (cache.values[c] - mean[c]);
            variance[c] += share * (cache.values[channels + c] * unbiased - variance[c]);
        }
    }

    fn mixes_samples(&self) -> bool {
        true
    }

    fn shares_batches(&self) -> bool {
        true
    }

    fn shortcuts(&self) -> Option<&dyn Shortcuts> {
        Some(self)
    }
}

impl Shortcuts for BatchNorm {
    fn as_scale_shift(&self, params: &[f32], stats: &[f32]) -> Option<ScaleShift> {
        let (mean, variance) = stats.split_at(self.shape.channels);
        let mut scale = vec![0.0; 2 * self.shape.channels];
        self.scale_shift(params, mean, variance, &mut scale);
        let shift = scale.split_off(self.shape.channels);
        Some(ScaleShift { scale, shift })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::checks::harness::check_training;
    use crate::spec::LayerSpec;

    #[test]
    fn keeps_the_contract() {
        check_training(LayerSpec::BatchNorm, Shape::new(2, 3, 4), 3);
        check_training(LayerSpec::BatchNorm, Shape::flat(5), 7);
    }

    #[test]
    fn a_batch_comes_out_normalised_and_prediction_uses_the_running_averages() {
        let layer = BatchNorm::new(Shape::flat(1)).unwrap();
        let (mut y, mut stats) = ([0.0; 4], [0.0, 1.0]);
        let mut cache = Cache { values: vec![0.0; 13], indices: vec![0] };
        let x = [1.0, 2.0, 3.0, 6.0];
        layer.forward(Forward {
            params: &[1.0, 0.0],
            stats: &[],
            x: &x,
            y: &mut y,
            cache: &mut cache,
            seed: 0,
            share: Share::whole(4),
        });
        let square = y.iter().map(|y| y * y).sum::<f32>() / 4.0;
        assert!(y.iter().sum::<f32>().abs() < 1e-5 && (square - 1.0).abs() < 1e-4, "{y:?}");
        layer.absorb(&mut stats, &cache, 0.1);
        assert!((stats[0] - 0.3).abs() < 1e-6 && (stats[1] - (0.9 + 0.1 * 14.0 / 3.0)).abs() < 1e-6, "{stats:?}");
        layer.infer(Forward {
            params: &[2.0, 1.0],
            stats: &[3.0, 4.0],
            x: &x,
            y: &mut y,
            cache: &mut cache,
            seed: 0,
            share: Share::whole(4),
        });
        assert!((y[0] + 1.0).abs() < 1e-4 && (y[3] - 4.0).abs() < 1e-4, "{y:?}");
    }
}
