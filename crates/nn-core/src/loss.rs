//! Losses: how wrong a batch of predictions is, and in which direction.
//!
//! Each function takes predictions `p` (outputs x batch) and targets, overwrites `dp` with the gradient times `scale`, and
//! returns the sum (not the mean) of the loss over the batch, so that shards of a batch can be added up. With
//! `scale = 1 / samples` (divided by the outputs too for the mean squared error) `dp` is the gradient of the mean.

use crate::kernels::math;
use crate::layers::softmax;

/// Which loss a network is trained with.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Loss {
    /// `-sum_i t_i log p_i`: for probabilities, so behind a softmax.
    CrossEntropy {
        /// Share of each target that is spread evenly over all classes (Szegedy et al. 2016); 0 for none.
        label_smoothing: f32,
    },
    /// Mean of `(p_i - t_i)^2` over samples and outputs.
    MeanSquaredError,
}

/// What a batch should have given.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// A class number a sample.
    Labels(&'a [u32]),
    /// All outputs (outputs x batch).
    Values(&'a [f32]),
}

impl<'a> From<&'a [u32]> for Target<'a> {
    fn from(labels: &'a [u32]) -> Self {
        Self::Labels(labels)
    }
}

impl<'a> From<&'a [f32]> for Target<'a> {
    fn from(values: &'a [f32]) -> Self {
        Self::Values(values)
    }
}

impl<'a> Target<'a> {
    /// Number of samples.
    pub fn len(self, outputs: usize) -> usize {
        match self {
            Self::Labels(labels) => labels.len(),
            Self::Values(values) => values.len() / outputs,
        }
    }

    /// The targets of `samples` samples from `first` on.
    pub(crate) fn part(self, first: usize, samples: usize, outputs: usize) -> Self {
        match self {
            Self::Labels(labels) => Self::Labels(&labels[first..][..samples]),
            Self::Values(values) => Self::Values(&values[first * outputs..][..samples * outputs]),
        }
    }

    /// Target of output `i` of sample `s`; a label means 1 for its class and 0 for the others.
    #[inline(always)]
    fn at(self, s: usize, i: usize, outputs: usize) -> f32 {
        match self {
            Self::Labels(labels) => (labels[s] as usize == i) as u32 as f32,
            Self::Values(values) => values[s * outputs + i],
        }
    }
}

/// Cross-entropy of probabilities: loss `-t log p`, gradient `-t / p`. Without a softmax's help: the textbook's form, and
/// the reference for [`softmax_cross_entropy`]. Probabilities count as at least 1e-12.
pub fn cross_entropy(p: &[f32], target: Target<'_>, outputs: usize, smoothing: f32, scale: f32, dp: &mut [f32]) -> f64 {
    each(p, target, outputs, dp, |p, t| {
        let (t, p) = (smooth(t, smoothing, outputs), if p < 1e-12 { 1e-12 } else { p }); // NaN stays NaN
        (if t == 0.0 { 0.0 } else { -t as f64 * (p as f64).ln() }, -t / p * scale)
    })
}

/// Mean squared error: the sum of `(p - t)^2 / outputs`; the gradient `2 (p - t) scale`.
pub fn mean_squared_error(p: &[f32], target: Target<'_>, outputs: usize, scale: f32, dp: &mut [f32]) -> f64 {
    each(p, target, outputs, dp, |p, t| (((p - t) as f64).powi(2) / outputs as f64, 2.0 * (p - t) * scale))
}

/// Softmax and cross-entropy in one, on scores `z` (outputs x batch): loss `log sum_j e^{z_j} - t z`, gradient
/// `softmax(z) - t` (for targets that sum to 1). Needs no logarithm of a probability, so that it is exact where a probability underflows.
pub fn softmax_cross_entropy(
    z: &[f32],
    target: Target<'_>,
    outputs: usize,
    smoothing: f32,
    scale: f32,
    dz: &mut [f32],
) -> f64 {
    dz.copy_from_slice(z);
    let mut loss = 0.0;
    math::vectorized(
        #[inline(always)]
        || {
            for (s, (z, dz)) in z.chunks_exact(outputs).zip(dz.chunks_exact_mut(outputs)).enumerate() {
                let log_sum = softmax(dz);
                for (i, (z, dz)) in z.iter().zip(dz).enumerate() {
                    let t = smooth(target.at(s, i, outputs), smoothing, outputs);
                    if t != 0.0 {
                        loss += (t * (log_sum - z)) as f64;
                    }
                    *dz = (*dz - t) * scale;
                }
            }
        },
    );
    loss
}

#[inline(always)]
fn smooth(t: f32, smoothing: f32, outputs: usize) -> f32 {
    t * (1.0 - smoothing) + smoothing / outputs as f32
}

fn each(p: &[f32], target: Target<'_>, outputs: usize, dp: &mut [f32], f: impl Fn(f32, f32) -> (f64, f32)) -> f64 {
    let mut sum = 0.0;
    for (s, (p, dp)) in p.chunks_exact(outputs).zip(dp.chunks_exact_mut(outputs)).enumerate() {
        for (i, (p, dp)) in p.iter().zip(dp).enumerate() {
            let (loss, gradient) = f(*p, target.at(s, i, outputs));
            sum += loss;
            *dp = gradient;
        }
    }
    sum
}
