//! Batch normalisation: every channel is brought to mean 0 and variance 1 over the batch (Ioffe and Szegedy 2015).
//!
//! Over the `n` values of a channel, that is all pixels of all samples of a shard:
//!
//! ```text
//! m = mean x,  v = mean (x - m)^2,  r = 1 / sqrt(v + epsilon),  h = (x - m) r,  y = gamma h + beta
//! dbeta = sum dy,  dgamma = sum dy h
//! dx = gamma r (dy - dbeta / n - h dgamma / n)
//! ```
//!
//! The last line follows since a change of one `x` also moves `m` and `v`: dm/dx = 1/n and dv/dx = 2 (x - m) / n.
//! Prediction uses running averages of `m` and of the unbiased variance `v n / (n - 1)` in their place, as PyTorch does.

use crate::layer::{Backward, Cache, Forward, Layer, Room, Slot};
use crate::math::vectorized;
use crate::{Activation, Init, Shape};

/// Keeps the root away from zero.
const EPSILON: f32 = 1e-5;
/// Share of a new batch in the running averages.
const MOMENTUM: f32 = 0.1;

/// `y = f(gamma (x - mean) / deviation + beta)` by channel. Parameters: `gamma`, `beta`; statistics: `mean`, `variance`.
pub struct BatchNorm {
    shape: Shape,
    activation: Option<Activation>,
}

impl BatchNorm {
    /// Normalises the channels of samples of shape `input`; of a flat sample each value is a channel.
    pub fn new(input: Shape) -> Result<Self, String> {
        super::features(input)?;
        Ok(Self { shape: input, activation: None })
    }

    /// One value a channel, which starts as `start`.
    fn slot(&self, name: &'static str, start: f32) -> Slot {
        Slot { name, rows: self.shape.channels, columns: 1, init: Init::Constant(start), decay: false }
    }

    /// `y = f(scale x + shift)` by channel.
    fn scale(&self, x: &[f32], y: &mut [f32], scale: &[f32], shift: &[f32]) {
        let channels = self.shape.channels;
        vectorized(
            #[inline(always)]
            || {
                for (x, y) in x.chunks_exact(channels).zip(y.chunks_exact_mut(channels)) {
                    for ((y, x), scale) in y.iter_mut().zip(x).zip(scale) {
                        *y = x * scale;
                    }
                }
            },
        );
        Activation::add_bias(self.activation, shift, y);
    }
}

/// Sums of each channel of `f(a, b)` over all pixels, in `sums`.
#[inline(always)]
fn sums(a: &[f32], b: &[f32], sums: &mut [f32], f: impl Fn(usize, f32, f32) -> f32) {
    sums.fill(0.0);
    let channels = sums.len();
    for (a, b) in a.chunks_exact(channels).zip(b.chunks_exact(channels)) {
        for (c, ((sum, a), b)) in sums.iter_mut().zip(a).zip(b).enumerate() {
            *sum += f(c, *a, *b);
        }
    }
}

impl Layer for BatchNorm {
    fn output(&self) -> Shape {
        self.shape
    }

    fn params(&self) -> Vec<Slot> {
        vec![self.slot("gamma", 1.0), self.slot("beta", 0.0)]
    }

    fn stats(&self) -> Vec<Slot> {
        vec![self.slot("mean", 0.0), self.slot("variance", 1.0)]
    }

    fn fuse(&mut self, activation: Activation) -> bool {
        let free = self.activation.is_none();
        self.activation.get_or_insert(activation);
        free
    }

    /// Mean, variance, and three rows of scratch; the number of values a channel.
    fn cache(&self, _batch: usize) -> Room {
        Room { values: 5 * self.shape.channels, indices: 1 }
    }

    fn forward(&self, pass: Forward<'_>) {
        let channels = self.shape.channels;
        let n = pass.x.len() / channels;
        pass.cache.indices[0] = n as u32;
        let (mean, rest) = pass.cache.values.split_at_mut(channels);
        let (variance, rest) = rest.split_at_mut(channels);
        let (scale, shift) = rest[..2 * channels].split_at_mut(channels);
        let share = 1.0 / n as f32;
        vectorized(
            #[inline(always)]
            || {
                sums(pass.x, pass.x, mean, |_, x, _| x);
                mean.iter_mut().for_each(|m| *m *= share);
                sums(pass.x, pass.x, variance, |c, x, _| (x - mean[c]) * (x - mean[c]));
                variance.iter_mut().for_each(|v| *v *= share);
            },
        );
        affine(pass.params, mean, variance, scale, shift);
        self.scale(pass.x, pass.y, scale, shift);
    }

    fn infer(&self, pass: Forward<'_>) {
        let channels = self.shape.channels;
        let (mean, variance) = pass.stats.split_at(channels);
        let (scale, shift) = pass.cache.values[2 * channels..4 * channels].split_at_mut(channels);
        affine(pass.params, mean, variance, scale, shift);
        self.scale(pass.x, pass.y, scale, shift);
    }

    fn backward(&self, pass: Backward<'_>) {
        let channels = self.shape.channels;
        let gamma = &pass.params[..channels];
        let (dgamma, dbeta) = pass.grads.split_at_mut(channels);
        Activation::backward_bias(self.activation, pass.y, pass.dy, dbeta);
        let (mean, rest) = pass.cache.values.split_at_mut(channels);
        let (variance, rest) = rest.split_at_mut(channels);
        let (a, rest) = rest.split_at_mut(channels);
        let (b, e) = rest.split_at_mut(channels);
        let n = (pass.x.len() / channels) as f32;
        vectorized(
            #[inline(always)]
            || {
                sums(pass.x, pass.dy, dgamma, |c, x, dy| (x - mean[c]) * dy);
                dgamma.iter_mut().zip(&*variance).for_each(|(d, v)| *d /= (v + EPSILON).sqrt());
            },
        );
        let Some(dx) = pass.dx else { return };
        // dx = a dy + b x + e, with b and e constant over a channel
        for c in 0..channels {
            let r = 1.0 / (variance[c] + EPSILON).sqrt();
            a[c] = gamma[c] * r;
            b[c] = -a[c] * r * dgamma[c] / n;
            e[c] = -a[c] * dbeta[c] / n - b[c] * mean[c];
        }
        vectorized(
            #[inline(always)]
            || {
                let pixels = dx
                    .chunks_exact_mut(channels)
                    .zip(pass.dy.chunks_exact(channels))
                    .zip(pass.x.chunks_exact(channels));
                for ((dx, dy), x) in pixels {
                    for (c, ((dx, dy), x)) in dx.iter_mut().zip(dy).zip(x).enumerate() {
                        *dx = a[c] * dy + b[c] * x + e[c];
                    }
                }
            },
        );
    }

    fn absorb(&self, stats: &mut [f32], cache: &Cache, share: f32) {
        let channels = self.shape.channels;
        let n = cache.indices[0] as f32;
        let unbiased = if n > 1.0 { n / (n - 1.0) } else { 1.0 };
        let (mean, variance) = stats.split_at_mut(channels);
        for c in 0..channels {
            mean[c] += MOMENTUM * share * (cache.values[c] - mean[c]);
            variance[c] += MOMENTUM * share * (cache.values[channels + c] * unbiased - variance[c]);
        }
    }
}

/// The normalisation as `scale x + shift`.
fn affine(params: &[f32], mean: &[f32], variance: &[f32], scale: &mut [f32], shift: &mut [f32]) {
    let (gamma, beta) = params.split_at(mean.len());
    for c in 0..mean.len() {
        scale[c] = gamma[c] / (variance[c] + EPSILON).sqrt();
        shift[c] = beta[c] - mean[c] * scale[c];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LayerSpec;
    use crate::layers::harness::check_training;

    #[test]
    fn keeps_the_contract() {
        check_training(LayerSpec::BatchNorm, Shape::new(2, 3, 4), 3);
        check_training(LayerSpec::BatchNorm, Shape::flat(5), 7);
    }

    #[test]
    fn a_batch_comes_out_normalised_and_prediction_uses_the_running_averages() {
        let layer = BatchNorm::new(Shape::flat(1)).unwrap();
        let (mut y, mut stats) = ([0.0; 4], [0.0, 1.0]);
        let mut cache = Cache { values: vec![0.0; 5], indices: vec![0] };
        let x = [1.0, 2.0, 3.0, 6.0];
        layer.forward(Forward {
            params: &[1.0, 0.0],
            stats: &[],
            x: &x,
            y: &mut y,
            cache: &mut cache,
            seed: 0,
            batch: 4,
        });
        let square = y.iter().map(|y| y * y).sum::<f32>() / 4.0;
        assert!(y.iter().sum::<f32>().abs() < 1e-5 && (square - 1.0).abs() < 1e-4, "{y:?}");
        layer.absorb(&mut stats, &cache, 1.0);
        assert!((stats[0] - 0.3).abs() < 1e-6 && (stats[1] - (0.9 + 0.1 * 14.0 / 3.0)).abs() < 1e-6, "{stats:?}");
        layer.infer(Forward {
            params: &[2.0, 1.0],
            stats: &[3.0, 4.0],
            x: &x,
            y: &mut y,
            cache: &mut cache,
            seed: 0,
            batch: 4,
        });
        assert!((y[0] + 1.0).abs() < 1e-4 && (y[3] - 4.0).abs() < 1e-4, "{y:?}");
    }
}
