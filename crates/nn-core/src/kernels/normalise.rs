//! The loops of batch normalisation: moments and sums by channel, and passes that scale each channel.
//!
//! A batch is cut into chunks of `size` values, always whole samples. Partial sums of the chunks are added in their order.

use crate::kernels::channels::{self, WIDE};
use crate::kernels::simd::vectorized;
use crate::kernels::{epilogue, parallel};
use crate::spec::Activation;
use rayon::prelude::*;

/// Mean and biased variance of each channel of `x`. `scratch` holds two values per channel and chunk.
pub fn moments(x: &[f32], mean: &mut [f32], variance: &mut [f32], scratch: &mut [f32], size: usize) {
    let channels = mean.len();
    parallel::each(x.par_chunks(size).zip(scratch.par_chunks_exact_mut(2 * channels)), |(x, chunk)| {
        let (mean, squares) = chunk.split_at_mut(channels);
        moments_of_chunk(x, mean, squares);
    });
    mean.fill(0.0);
    variance.fill(0.0);
    let mut seen = 0;
    for (x, chunk) in x.chunks(size).zip(scratch.chunks_exact(2 * channels)) {
        let before = seen as f32 / channels as f32;
        seen += x.len();
        let share = x.len() as f32 / seen as f32;
        for c in 0..channels {
            let step = chunk[c] - mean[c];
            mean[c] += step * share;
            variance[c] += chunk[channels + c] + step * step * share * before;
        }
    }
    let n = x.len() / channels;
    variance.iter_mut().for_each(|v| *v /= n as f32);
}

/// Mean and sum of squared deviations of each channel.
fn moments_of_chunk(x: &[f32], mean: &mut [f32], squares: &mut [f32]) {
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

/// The sum of `f(a, b, mean)` over each channel.
#[inline(always)]
fn sums(a: &[f32], b: &[f32], mean: &[f32], sums: &mut [f32], f: impl Fn(f32, f32, f32) -> f32) {
    let scratch = &mut [0.0; WIDE];
    let mean = channels::repeat(mean, scratch);
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

/// `y = f(scale x + shift)` by channel; `coefficients` holds all scales, then all shifts.
pub fn scale_shift(activation: Option<Activation>, x: &[f32], y: &mut [f32], coefficients: &[f32], size: usize) {
    let (scale, shift) = coefficients.split_at(coefficients.len() / 2);
    parallel::each(x.par_chunks(size).zip(y.par_chunks_mut(size)), |(x, y)| {
        let scratch = &mut [0.0; WIDE];
        let scale = channels::repeat(scale, scratch);
        vectorized(
            #[inline(always)]
            || {
                for (x, y) in x.chunks(scale.len()).zip(y.chunks_mut(scale.len())) {
                    y.iter_mut().zip(x).zip(scale).for_each(|((y, x), scale)| *y = x * scale);
                }
            },
        );
        epilogue::add_bias(activation, shift, y);
    });
}

/// A batch that went forward, for [`Normalised::back`].
pub struct Normalised<'a> {
    /// Input.
    pub x: &'a [f32],
    /// Output, behind the activation.
    pub y: &'a [f32],
    /// Mean of each channel of `x`.
    pub mean: &'a [f32],
    /// The activation behind the normalisation.
    pub activation: Option<Activation>,
    /// Values per chunk.
    pub size: usize,
}

impl Normalised<'_> {
    /// `dy = dy * f'`; then by channel `sum dy (x - mean)` in `products` and `sum dy` in `totals`. `scratch` holds two
    /// values per channel and chunk.
    pub fn back(&self, dy: &mut [f32], products: &mut [f32], totals: &mut [f32], scratch: &mut [f32]) {
        let channels = totals.len();
        let chunks = self.x.par_chunks(self.size).zip(self.y.par_chunks(self.size)).zip(dy.par_chunks_mut(self.size));
        parallel::each(chunks.zip(scratch.par_chunks_exact_mut(2 * channels)), |(((x, y), dy), chunk)| {
            let (products, totals) = chunk.split_at_mut(channels);
            epilogue::back(self.activation, y, dy, totals);
            vectorized(
                #[inline(always)]
                || sums(x, dy, self.mean, products, |x, dy, m| (x - m) * dy),
            );
        });
        products.fill(0.0);
        totals.fill(0.0);
        for chunk in scratch.chunks_exact(2 * channels) {
            let (chunk_products, chunk_totals) = chunk.split_at(channels);
            products.iter_mut().zip(chunk_products).for_each(|(sum, d)| *sum += d);
            totals.iter_mut().zip(chunk_totals).for_each(|(sum, d)| *sum += d);
        }
    }
}

/// `dx = a dy + b x + c` by channel; `coefficients` holds all `a`, then all `b`, then all `c`.
pub fn combine(dx: &mut [f32], dy: &[f32], x: &[f32], coefficients: &[f32], size: usize) {
    let channels = coefficients.len() / 3;
    let chunks = dx.par_chunks_mut(size).zip(dy.par_chunks(size)).zip(x.par_chunks(size));
    parallel::each(chunks, |((dx, dy), x)| {
        let [scratch_a, scratch_b, scratch_c] = &mut [[0.0; WIDE]; 3];
        let a = channels::repeat(&coefficients[..channels], scratch_a);
        let b = channels::repeat(&coefficients[channels..2 * channels], scratch_b);
        let c = channels::repeat(&coefficients[2 * channels..], scratch_c);
        vectorized(
            #[inline(always)]
            || {
                let columns = dx.chunks_mut(a.len()).zip(dy.chunks(a.len())).zip(x.chunks(a.len()));
                for ((dx, dy), x) in columns {
                    let (dy, x) = (&dy[..dx.len()], &x[..dx.len()]);
                    let (a, b, c) = (&a[..dx.len()], &b[..dx.len()], &c[..dx.len()]);
                    for i in 0..dx.len() {
                        dx[i] = a[i] * dy[i] + b[i] * x[i] + c[i];
                    }
                }
            },
        );
    });
}
