//! The second half of a training step: the optimizer changes all parameters, on several threads where that pays.
//!
//! The deferred gradients of dense layers, `dW = dZ X^T`, are computed here, one block of rows at a time, and used at once:
//! they stay in the nearest caches and never reach memory. For large layers this halves what a step moves.

use crate::kernels::parallel::{self, join};
use crate::kernels::simd::lines::Lines;
use crate::layers::shortcuts::WeightGradient;
use crate::network::Stage;
use crate::optimizer::{Optimizer, Update};
use crate::trainer::blocks::{Block, Deferred};
use crate::trainer::shard::Shard;
use std::sync::{Mutex, PoisonError};

/// The multiplications, some 10 us of them, beyond which blocks are halved and each half may go to another thread.
const WORK: usize = 1 << 20;
/// Changing a parameter takes as long as this number of multiplications for its gradient.
const UPDATE: usize = 8;

/// The state that all parts of an optimizer step share.
pub struct OptimizerPass<'a> {
    /// The rule.
    pub optimizer: &'a dyn Optimizer,
    /// The stages of the network.
    pub stages: &'a [Stage],
    /// The batch: inputs x batch.
    pub x: &'a [f32],
    /// The number of samples in the batch.
    pub samples: usize,
    /// The shards of the batch, after their run.
    pub shards: &'a [Shard],
    /// The space of each thread of the pool for the gradient of a block.
    pub scratch: &'a [Mutex<Lines>],
    /// Factor on the gradient.
    pub scale: f32,
    /// Learning rate.
    pub lr: f32,
    /// Number of the step, from 1.
    pub step: u64,
}

/// The parameters of consecutive blocks, with their moments.
pub struct Parameters<'a> {
    /// The parameters.
    pub values: &'a mut [f32],
    /// Their first moments; empty where they are not kept.
    pub first: &'a mut [f32],
    /// Their second moments; empty where they are not kept.
    pub second: &'a mut [f32],
}

impl OptimizerPass<'_> {
    /// Returns the sum of squares of the gradient of some blocks. The tree of sums depends on the blocks only.
    pub fn square(&self, blocks: &[Block]) -> f64 {
        match blocks {
            [] => 0.0,
            [block] => {
                let sum = |gradient: &[f32]| gradient.iter().map(|g| *g as f64 * *g as f64).sum();
                self.with_scratch(|scratch| sum(self.gradient(block, scratch)))
            }
            _ => {
                let (left, right) = blocks.split_at(blocks.len() / 2);
                if !self.pays(blocks.iter().map(|block| block.params.len()).sum()) {
                    return self.square(left) + self.square(right);
                }
                let (mut a, mut b) = (0.0, 0.0);
                join(|| a = self.square(left), || b = self.square(right));
                a + b
            }
        }
    }

    /// Updates the parameters of consecutive blocks, by halves that are about equally long, on all threads where it pays.
    pub fn update(&self, blocks: &[Block], parameters: Parameters<'_>) {
        if let [first, _, ..] = blocks
            && self.pays(parameters.values.len())
        {
            let middle = first.params.start + parameters.values.len() / 2;
            let half = blocks.partition_point(|block| (block.params.start + block.params.end) / 2 < middle);
            let (a, b) = blocks.split_at(half.clamp(1, blocks.len() - 1));
            let (left, right) = parameters.split_at(b[0].params.start - first.params.start);
            return join(|| self.update(a, left), || self.update(b, right));
        }
        self.with_scratch(|scratch| self.update_in(scratch, blocks, parameters));
    }

    /// Returns whether this number of parameters is worth another thread.
    fn pays(&self, params: usize) -> bool {
        params.saturating_mul(self.samples + UPDATE) > WORK
    }

    /// Updates the parameters of blocks one after the other, with `scratch` for a gradient.
    fn update_in(&self, scratch: &mut Lines, blocks: &[Block], mut rest: Parameters<'_>) {
        for block in blocks {
            let (Parameters { values: params, first, second }, after) = rest.split_at(block.params.len());
            let grads = self.gradient(block, scratch);
            let Self { lr, step, .. } = *self;
            self.optimizer.update(Update { params, grads, first, second, lr, step, decay: block.decay });
            rest = after;
        }
    }

    /// Calls `f` with the space of this thread, which is taken meanwhile: where an optimizer or a layer of one's own waits for rayon, the
    /// thread may come back for another block, which then makes its own.
    fn with_scratch<R>(&self, f: impl FnOnce(&mut Lines) -> R) -> R {
        let place = &self.scratch[parallel::thread_index()];
        let lock = || place.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scratch = std::mem::take(&mut *lock());
        let result = f(&mut scratch);
        *lock() = scratch;
        result
    }

    /// Returns the summed and scaled gradient of a block, in `scratch` where it does not stand anywhere yet.
    fn gradient<'g>(&'g self, block: &Block, scratch: &'g mut Lines) -> &'g [f32] {
        let range = block.params.clone();
        scratch.resize(range.len());
        let sum = &mut scratch[..];
        for (i, shard) in self.shards.iter().enumerate() {
            match &block.deferred {
                Some(Deferred { stage, block }) => {
                    let (x, dz, batch) = shard.input_and_gradient(*stage, self.x);
                    let pass = WeightGradient { x, dz, batch, dw: &mut *sum, add: i > 0 };
                    if let Some(shortcuts) = self.stages[*stage].layer.shortcuts() {
                        shortcuts.weight_gradient(block, pass);
                    }
                }
                None if self.scale == 1.0 && self.shards.len() == 1 => return &shard.grads[range],
                None if i == 0 => sum.copy_from_slice(&shard.grads[range.clone()]),
                None => sum.iter_mut().zip(&shard.grads[range.clone()]).for_each(|(sum, g)| *sum += g),
            }
        }
        if self.scale != 1.0 {
            sum.iter_mut().for_each(|g| *g *= self.scale);
        }
        sum
    }
}

impl Parameters<'_> {
    /// Splits off the first `n` parameters.
    pub fn split_at(self, n: usize) -> (Self, Self) {
        let (values, values_after) = self.values.split_at_mut(n);
        let (first, first_after) = self.first.split_at_mut(n.min(self.first.len()));
        let (second, second_after) = self.second.split_at_mut(n.min(self.second.len()));
        (Self { values, first, second }, Self { values: values_after, first: first_after, second: second_after })
    }
}
