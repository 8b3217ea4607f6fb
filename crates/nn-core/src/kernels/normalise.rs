//! The loops of batch normalisation: moments and sums by channel, and passes that scale each channel.
//!
//! Sums are those of the parts of a batch, added in their order; passes without sums go through chunks of `size` values.

use crate::kernels::channels::{self, WIDE};
use crate::kernels::share::Share;
use crate::kernels::simd::vectorized;
use crate::kernels::{epilogue, parallel};
use crate::spec::Activation;
use rayon::prelude::*;
use std::ops::Range;

/// Mean and biased variance of each channel over a whole batch; `x` holds the samples of `share`. `scratch` holds two values
/// per channel and part.
pub fn moments(x: &[f32], mean: &mut [f32], variance: &mut [f32], scratch: &mut [f32], share: Share<'_>) {
    let (channels, features) = (mean.len(), x.len() / share.samples().len());
    let (size, parts) = (features * share.size(), share.parts());
    let scratch = &mut scratch[..2 * channels * share.count()];
    let own = &mut scratch[2 * channels * parts.start..2 * channels * parts.end];
    let work = x.par_chunks(size).zip(own.par_chunks_exact_mut(2 * channels));
    parallel::each(work.with_min_len(parallel::parts_per_task(size)), |(x, part)| {
        let (mean, squares) = part.split_at_mut(channels);
        moments_of_part(x, mean, squares);
    });
    share.complete_parts(scratch);
    mean.fill(0.0);
    variance.fill(0.0);
    let per_sample = (features / channels) as f32;
    for (n, part) in scratch.chunks_exact(2 * channels).enumerate() {
        let Range { start, end } = share.part(n);
        let (before, weight) = (start as f32 * per_sample, (end - start) as f32 / end as f32);
        for c in 0..channels {
            let step = part[c] - mean[c];
            mean[c] += step * weight;
            variance[c] += part[channels + c] + step * step * weight * before;
        }
    }
    let n = share.batch() as f32 * per_sample;
    variance.iter_mut().for_each(|v| *v /= n);
}

/// Mean and sum of squared deviations of each channel.
fn moments_of_part(x: &[f32], mean: &mut [f32], squares: &mut [f32]) {
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
    /// The samples of the batch that these are.
    pub share: Share<'a>,
}

impl Normalised<'_> {
    /// `dy = dy * f'`; then by channel, over the whole batch, `sum dy (x - mean)` in `products` and `sum dy` in `totals`.
    /// `scratch` holds two values per channel and part.
    pub fn back(&self, dy: &mut [f32], products: &mut [f32], totals: &mut [f32], scratch: &mut [f32]) {
        let (channels, parts) = (totals.len(), self.share.parts());
        let size = self.x.len() / self.share.samples().len() * self.share.size();
        let scratch = &mut scratch[..2 * channels * self.share.count()];
        let own = &mut scratch[2 * channels * parts.start..2 * channels * parts.end];
        let work = self.x.par_chunks(size).zip(self.y.par_chunks(size)).zip(dy.par_chunks_mut(size));
        let work = work.zip(own.par_chunks_exact_mut(2 * channels));
        parallel::each(work.with_min_len(parallel::parts_per_task(size)), |(((x, y), dy), part)| {
            let (products, totals) = part.split_at_mut(channels);
            epilogue::back(self.activation, y, dy, totals);
            vectorized(
                #[inline(always)]
                || sums(x, dy, self.mean, products, |x, dy, m| (x - m) * dy),
            );
        });
        self.share.complete_parts(scratch);
        products.fill(0.0);
        totals.fill(0.0);
        for part in scratch.chunks_exact(2 * channels) {
            let (part_products, part_totals) = part.split_at(channels);
            products.iter_mut().zip(part_products).for_each(|(sum, d)| *sum += d);
            totals.iter_mut().zip(part_totals).for_each(|(sum, d)| *sum += d);
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
