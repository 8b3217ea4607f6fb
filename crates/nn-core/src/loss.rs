//! Losses: how wrong a batch of predictions is, and the gradient of that.
//!
//! Each function takes predictions `p` (outputs x batch) and targets, overwrites `dp` with the gradient times `scale`, and
//! returns the sum (not the mean) of the loss over the batch, so that shards of a batch can be added up. With
//! `scale = 1 / samples` (divided by the outputs too for the mean squared error) `dp` is the gradient of the mean.

use crate::kernels::simd::vectorized;
use crate::layers::softmax::softmax;

/// The loss that a network is trained with.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Loss {
    /// `-sum_i t_i log p_i`: for probabilities, so behind a softmax.
    CrossEntropy {
        /// Share of each target that is spread uniformly over all classes (Szegedy et al. 2016); 0 for none.
        label_smoothing: f32,
    },
    /// Mean of `(p_i - t_i)^2` over samples and outputs.
    MeanSquaredError,
}

impl Loss {
    /// Cross-entropy without label smoothing.
    pub fn cross_entropy() -> Self {
        Self::CrossEntropy { label_smoothing: 0.0 }
    }
}

/// The outputs that a batch should have given.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// One class number per sample.
    Labels(&'a [u32]),
    /// All outputs (outputs x batch).
    Values(&'a [f32]),
}

macro_rules! from_lists {
    ($($list:ty, $variant:ident $([$n:ident])?;)*) => {$(
        impl<'a $(, const $n: usize)?> From<&'a $list> for Target<'a> {
            fn from(list: &'a $list) -> Self {
                Self::$variant(&list[..])
            }
        }
    )*};
}
from_lists!([u32], Labels; [u32; N], Labels [N]; Vec<u32>, Labels; [f32], Values; [f32; N], Values [N]; Vec<f32>, Values;);

impl<'a> Target<'a> {
    /// Returns the number of samples.
    pub fn len(self, outputs: usize) -> usize {
        match self {
            Self::Labels(labels) => labels.len(),
            Self::Values(values) => values.len() / outputs,
        }
    }

    /// Returns the targets of `samples` samples from `first` on.
    pub(crate) fn part(self, first: usize, samples: usize, outputs: usize) -> Self {
        match self {
            Self::Labels(labels) => Self::Labels(&labels[first..][..samples]),
            Self::Values(values) => Self::Values(&values[first * outputs..][..samples * outputs]),
        }
    }

    /// Returns the target of output `i` of sample `s`; a label means 1 for its class and 0 for the others.
    #[inline(always)]
    fn at(self, s: usize, i: usize, outputs: usize) -> f32 {
        match self {
            Self::Labels(labels) => (labels[s] as usize == i) as u32 as f32,
            Self::Values(values) => values[s * outputs + i],
        }
    }
}

/// The targets of a batch, and the factor on the gradient.
#[derive(Clone, Copy, Debug)]
pub struct Targets<'a> {
    /// The targets.
    pub target: Target<'a>,
    /// Number of outputs per sample.
    pub outputs: usize,
    /// Factor on the gradient.
    pub scale: f32,
}

impl Targets<'_> {
    /// Goes through all predictions: `f` returns the loss and the gradient of a prediction and its target.
    fn each(self, p: &[f32], dp: &mut [f32], f: impl Fn(f32, f32) -> (f64, f32)) -> f64 {
        let mut sum = 0.0;
        for (s, (p, dp)) in p.chunks_exact(self.outputs).zip(dp.chunks_exact_mut(self.outputs)).enumerate() {
            for (i, (p, dp)) in p.iter().zip(dp).enumerate() {
                let (loss, gradient) = f(*p, self.target.at(s, i, self.outputs));
                sum += loss;
                *dp = gradient;
            }
        }
        sum
    }
}

/// Cross-entropy of probabilities: loss `-t log p`, gradient `-t / p`. The textbook's form, and the reference for
/// [`softmax_cross_entropy`]. Probabilities count as at least 1e-12.
pub fn cross_entropy(p: &[f32], targets: Targets<'_>, smoothing: f32, dp: &mut [f32]) -> f64 {
    targets.each(p, dp, |p, t| {
        let t = smooth(t, smoothing, targets.outputs);
        let p = if p < 1e-12 { 1e-12 } else { p }; // NaN stays NaN
        (if t == 0.0 { 0.0 } else { -t as f64 * (p as f64).ln() }, -t / p * targets.scale)
    })
}

/// Mean squared error: the sum of `(p - t)^2 / outputs`; the gradient `2 (p - t) scale`.
pub fn mean_squared_error(p: &[f32], targets: Targets<'_>, dp: &mut [f32]) -> f64 {
    let outputs = targets.outputs as f64;
    targets.each(p, dp, |p, t| (((p - t) as f64).powi(2) / outputs, 2.0 * (p - t) * targets.scale))
}

/// Softmax and cross-entropy in one, on scores `z` (outputs x batch): loss `log sum_j e^{z_j} - t z`, gradient
/// `softmax(z) - t` (for targets that sum to 1). Takes no logarithm of a probability, so it is exact where one underflows.
pub fn softmax_cross_entropy(z: &[f32], targets: Targets<'_>, smoothing: f32, dz: &mut [f32]) -> f64 {
    let Targets { target, outputs, scale } = targets;
    dz.copy_from_slice(z);
    let mut loss = 0.0;
    vectorized(
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
