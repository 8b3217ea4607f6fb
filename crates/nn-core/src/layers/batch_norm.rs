//! Batch normalisation: every channel is brought to mean 0 and variance 1 over the batch (Ioffe and Szegedy 2015).
//!
//! Over the `n` values of a channel, that is all pixels of all samples of a batch:
//!
//! ```text
//! m = mean x,  v = mean (x - m)^2,  r = 1 / sqrt(v + epsilon),  h = (x - m) r,  y = gamma h + beta
//! dbeta = sum dy,  dgamma = sum dy h
//! dx = gamma r (dy - dbeta / n - h dgamma / n)
//! ```
//!
//! The last line follows since a change of one `x` also moves `m` and `v`: dm/dx = 1/n and dv/dx = 2 (x - m) / n.
//! Prediction uses running averages of `m` and of the unbiased variance `v n / (n - 1)` in their place, as PyTorch does.

use crate::init::Init;
use crate::kernels::channels::{self, WIDE};
use crate::kernels::math::vectorized;
use crate::kernels::parallel;
use crate::layer::{Affine, Backward, Cache, Forward, Layer, Room, Slot};
use crate::shape::Shape;
use crate::spec::{Activation, LayerSpec};
use rayon::prelude::*;

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
        input.features_within_limit()?;
        Ok(Self { shape: input, activation: None })
    }

    /// One value a channel, which starts as `start`.
    fn slot(&self, name: &'static str, start: f32) -> Slot {
        Slot { name, rows: self.shape.channels, columns: 1, init: Init::Constant(start), decay: false }
    }

    /// `y = f(scale x + shift)` by channel, with both in `coefficients`.
    fn scale(&self, x: &[f32], y: &mut [f32], coefficients: &[f32]) {
        let (scale, shift) = coefficients.split_at(self.shape.channels);
        let size = self.features() * parallel::samples_a_piece(self.features());
        parallel::each(x.par_chunks(size).zip(y.par_chunks_mut(size)), |(x, y)| {
            let room = &mut [0.0; WIDE];
            let scale = channels::repeat(scale, room);
            vectorized(
                #[inline(always)]
                || {
                    for (x, y) in x.chunks(scale.len()).zip(y.chunks_mut(scale.len())) {
                        y.iter_mut().zip(x).zip(scale).for_each(|((y, x), scale)| *y = x * scale);
                    }
                },
            );
            Activation::add_bias(self.activation, shift, y);
        });
    }

    fn features(&self) -> usize {
        self.shape.features().unwrap_or(1)
    }

    /// Values in a piece of a pass that leaves sums behind, and the number of pieces.
    fn pieces(&self, batch: usize) -> (usize, usize) {
        let samples = parallel::samples_a_sum(self.features(), batch);
        (samples * self.features(), batch.div_ceil(samples))
    }
}

/// Sums of each channel of `f(a, b, mean)`.
#[inline(always)]
fn sums(a: &[f32], b: &[f32], mean: &[f32], sums: &mut [f32], f: impl Fn(f32, f32, f32) -> f32) {
    let room = &mut [0.0; WIDE];
    let mean = channels::repeat(mean, room);
    channels::sums(
        sums,
        #[inline(always)]
        |sums| {
            for (a, b) in a.chunks(mean.len()).zip(b.chunks(mean.len())) {
                sums.iter_mut().zip(mean).zip(a.iter().zip(b)).for_each(|((s, m), (a, b))| *s += f(*a, *b, *m));
            }
        },
    );
}

/// Mean and sum of squared deviations of each channel.
fn moments(x: &[f32], mean: &mut [f32], squares: &mut [f32]) {
    let share = mean.len() as f32 / x.len() as f32;
    vectorized(
        #[inline(always)]
        || {
            squares.fill(0.0);
            sums(x, x, squares, mean, |x, _, _| x);
            mean.iter_mut().for_each(|m| *m *= share);
            sums(x, x, mean, squares, |x, _, m| (x - m) * (x - m));
        },
    );
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

    fn fuse(&mut self, next: &LayerSpec) -> bool {
        Activation::fuse(&mut self.activation, next)
    }

    /// Mean, variance, three rows of coefficients, two rows of sums for each piece; the number of values a channel.
    fn cache(&self, batch: usize) -> Room {
        Room { values: (5 + 2 * self.pieces(batch).1) * self.shape.channels, indices: 1 }
    }

    fn forward(&self, pass: Forward<'_>) {
        let channels = self.shape.channels;
        let n = pass.x.len() / channels;
        pass.cache.indices[0] = n as u32;
        let (results, pieces) = pass.cache.values.split_at_mut(5 * channels);
        let (mean, rest) = results.split_at_mut(channels);
        let (variance, coefficients) = rest.split_at_mut(channels);
        let size = self.pieces(pass.batch).0;
        parallel::each(pass.x.par_chunks(size).zip(pieces.par_chunks_exact_mut(2 * channels)), |(x, piece)| {
            let (mean, squares) = piece.split_at_mut(channels);
            moments(x, mean, squares);
        });
        mean.fill(0.0);
        variance.fill(0.0);
        let mut seen = 0;
        for (x, piece) in pass.x.chunks(size).zip(pieces.chunks_exact(2 * channels)) {
            seen += x.len();
            let (share, before) = (x.len() as f32 / seen as f32, (seen - x.len()) as f32 / channels as f32);
            for c in 0..channels {
                let step = piece[c] - mean[c];
                mean[c] += step * share;
                variance[c] += piece[channels + c] + step * step * share * before;
            }
        }
        variance.iter_mut().for_each(|v| *v /= n as f32);
        affine(pass.params, mean, variance, coefficients);
        self.scale(pass.x, pass.y, &coefficients[..2 * channels]);
    }

    fn infer(&self, pass: Forward<'_>) {
        let channels = self.shape.channels;
        let (mean, variance) = pass.stats.split_at(channels);
        let coefficients = &mut pass.cache.values[2 * channels..4 * channels];
        affine(pass.params, mean, variance, coefficients);
        self.scale(pass.x, pass.y, coefficients);
    }

    fn backward(&self, pass: Backward<'_>) {
        let channels = self.shape.channels;
        let (dgamma, dbeta) = pass.grads.split_at_mut(channels);
        let (results, pieces) = pass.cache.values.split_at_mut(5 * channels);
        let (mean, rest) = results.split_at_mut(channels);
        let (variance, coefficients) = rest.split_at_mut(channels);
        let size = self.pieces(pass.batch).0;
        let batch = pass.x.par_chunks(size).zip(pass.y.par_chunks(size)).zip(pass.dy.par_chunks_mut(size));
        parallel::each(batch.zip(pieces.par_chunks_exact_mut(2 * channels)), |(((x, y), dy), piece)| {
            let (dgamma, dbeta) = piece.split_at_mut(channels);
            Activation::backward_bias(self.activation, y, dy, dbeta);
            vectorized(
                #[inline(always)]
                || sums(x, dy, mean, dgamma, |x, dy, m| (x - m) * dy),
            );
        });
        dgamma.fill(0.0);
        dbeta.fill(0.0);
        for piece in pieces.chunks_exact(2 * channels) {
            let (dgamma_, dbeta_) = piece.split_at(channels);
            dgamma.iter_mut().zip(dgamma_).for_each(|(sum, d)| *sum += d);
            dbeta.iter_mut().zip(dbeta_).for_each(|(sum, d)| *sum += d);
        }
        dgamma.iter_mut().zip(&*variance).for_each(|(d, v)| *d /= (v + EPSILON).sqrt());
        let Some(dx) = pass.dx else { return };
        // dx = a dy + b x + e, with b and e constant over a channel
        let n = (pass.x.len() / channels) as f32;
        let (a, rest) = coefficients.split_at_mut(channels);
        let (b, e) = rest.split_at_mut(channels);
        for c in 0..channels {
            let r = 1.0 / (variance[c] + EPSILON).sqrt();
            a[c] = pass.params[c] * r;
            b[c] = -a[c] * r * dgamma[c] / n;
            e[c] = -a[c] * dbeta[c] / n - b[c] * mean[c];
        }
        let batch = dx.par_chunks_mut(size).zip(pass.dy.par_chunks(size)).zip(pass.x.par_chunks(size));
        parallel::each(batch, |((dx, dy), x)| {
            let rooms = &mut [[0.0; WIDE]; 3];
            let [ra, rb, re] = rooms;
            let (a, b, e) = (channels::repeat(a, ra), channels::repeat(b, rb), channels::repeat(e, re));
            vectorized(
                #[inline(always)]
                || {
                    let columns = dx.chunks_mut(a.len()).zip(dy.chunks(a.len())).zip(x.chunks(a.len()));
                    for ((dx, dy), x) in columns {
                        for ((((dx, dy), x), (a, b)), e) in dx.iter_mut().zip(dy).zip(x).zip(a.iter().zip(b)).zip(e) {
                            *dx = a * dy + b * x + e;
                        }
                    }
                },
            );
        });
    }

    fn as_affine(&self, params: &[f32], stats: &[f32]) -> Option<Affine> {
        let (mean, variance) = stats.split_at(self.shape.channels);
        let mut coefficients = vec![0.0; 2 * self.shape.channels];
        affine(params, mean, variance, &mut coefficients);
        let shift = coefficients.split_off(self.shape.channels);
        Some(Affine { scale: coefficients, shift })
    }

    fn mixes_samples(&self) -> bool {
        true
    }

    fn absorb(&self, stats: &mut [f32], cache: &Cache) {
        let channels = self.shape.channels;
        let n = cache.indices[0] as f32;
        let unbiased = if n > 1.0 { n / (n - 1.0) } else { 1.0 };
        let (mean, variance) = stats.split_at_mut(channels);
        for c in 0..channels {
            mean[c] += MOMENTUM * (cache.values[c] - mean[c]);
            variance[c] += MOMENTUM * (cache.values[channels + c] * unbiased - variance[c]);
        }
    }
}

/// The normalisation as `scale x + shift`: all scales, then all shifts.
fn affine(params: &[f32], mean: &[f32], variance: &[f32], coefficients: &mut [f32]) {
    let (gamma, beta) = params.split_at(mean.len());
    let (scale, shift) = coefficients.split_at_mut(mean.len());
    for c in 0..mean.len() {
        scale[c] = gamma[c] / (variance[c] + EPSILON).sqrt();
        shift[c] = beta[c] - mean[c] * scale[c];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::checks::harness::check_training;

    #[test]
    fn keeps_the_contract() {
        check_training(LayerSpec::BatchNorm, Shape::new(2, 3, 4), 3);
        check_training(LayerSpec::BatchNorm, Shape::flat(5), 7);
    }

    #[test]
    fn a_batch_comes_out_normalised_and_prediction_uses_the_running_averages() {
        let layer = BatchNorm::new(Shape::flat(1)).unwrap();
        let (mut y, mut stats) = ([0.0; 4], [0.0, 1.0]);
        let mut cache = Cache { values: vec![0.0; 7], indices: vec![0] };
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
        layer.absorb(&mut stats, &cache);
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
