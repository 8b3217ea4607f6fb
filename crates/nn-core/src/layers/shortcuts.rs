//! Shortcuts: nothing here is needed to compute the right numbers, only to compute them faster.

use std::ops::Range;

/// The faster ways that a layer may offer.
pub trait Shortcuts {
    /// Returns `true` for layers whose first slot is a matrix with the gradient dW = dZ Xᵀ, and whose `backward` stops
    /// after dZ, which it leaves in `dy`. The trainer asks for dW later by [`Shortcuts::weight_gradient`], one block at a
    /// time, and gives each block straight to the optimizer, so the full gradient is never stored.
    fn defers_weight_gradient(&self) -> bool {
        false
    }

    /// Returns the number of values that [`Shortcuts::arrange_input`] writes for a batch of `batch` samples, or 0 where the input serves
    /// as it is.
    fn arranged_input(&self, _batch: usize) -> usize {
        0
    }

    /// Lays out the input `x` of a batch in `to`, so that gradients are computed faster from it than from `x`.
    fn arrange_input(&self, _x: &[f32], _to: &mut [f32]) {}

    /// Computes a block of the deferred gradient: dW\[rows, columns\] = dZ\[rows\] X\[columns\]ᵀ.
    fn weight_gradient(&self, _block: &WeightBlock, _pass: WeightGradient<'_>) {}

    /// Rounds the weights to bfloat16 and returns them in words of two, for [`Shortcuts::infer_short`]; nothing where that cannot be.
    fn shorten(&self, _params: &mut [f32]) -> Vec<u32> {
        vec![]
    }

    /// Predicts `y` of some samples `x` with weights from [`Shortcuts::shorten`] and the rest of the parameters. Returns `false`, and
    /// leaves `y` as it is, where `Layer::infer` is as fast.
    fn infer_short(&self, _weights: &[u32], _params: &[f32], _x: &[f32], _y: &mut [f32]) -> bool {
        false
    }

    /// Returns the layer in prediction as one multiplication and one addition per channel, if that is all it does.
    fn as_scale_shift(&self, _params: &[f32], _stats: &[f32]) -> Option<ScaleShift> {
        None
    }

    /// Changes the parameters so that `y` becomes `scale y + shift`, channel by channel. Returns `false` if the layer cannot.
    /// Only called for layers that run by themselves, not merged with the layers behind them.
    fn apply_scale_shift(&self, _params: &mut [f32], _by: &ScaleShift) -> bool {
        false
    }
}

/// A block of a weight matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightBlock {
    /// Rows of `W`, which are rows of `dZ`: units.
    pub rows: Range<usize>,
    /// Columns of `W`, which are rows of `X`: inputs.
    pub columns: Range<usize>,
}

/// The arguments of [`Shortcuts::weight_gradient`].
pub struct WeightGradient<'a> {
    /// Input of the forward pass: inputs x batch, or as [`Shortcuts::arrange_input`] lays it out where it does.
    pub x: &'a [f32],
    /// The `dZ` that `backward` left: outputs x batch.
    pub dz: &'a [f32],
    /// Number of samples.
    pub batch: usize,
    /// The block of dL/dW to write, row after row.
    pub dw: &'a mut [f32],
    /// Whether to add to `dw` instead of overwriting it.
    pub add: bool,
}

/// `scale x + shift`, with one of each per channel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScaleShift {
    /// Factor of each channel.
    pub scale: Vec<f32>,
    /// The number added to each channel afterwards.
    pub shift: Vec<f32>,
}
