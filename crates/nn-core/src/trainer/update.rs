//! The second half of a training step: the optimizer changes all parameters, in parallel.
//!
//! The deferred gradients of dense layers, `dW = dZ X^T`, are computed here, one block of rows at a time, and used at once:
//! they stay in the nearest caches and never reach memory. For large layers this halves what a step moves.

use crate::kernels::parallel::join;
use crate::kernels::simd::lines::{aligned, with_room};
use crate::layers::shortcuts::WeightGradient;
use crate::network::Stage;
use crate::optimizer::{Optimizer, Update};
use crate::trainer::blocks::{BLOCK, Block, Deferred, USUAL};
use crate::trainer::shard::Shard;

/// The largest number of blocks that a thread updates one after the other, in the same scratch space.
const TOGETHER: usize = 4;
/// The fewest tasks of a group, where it has the blocks for them: enough to keep all threads busy.
const TASKS: usize = 8;

/// The state that all parts of an optimizer step share.
pub struct OptimizerPass<'a> {
    /// The rule.
    pub optimizer: &'a dyn Optimizer,
    /// The stages of the network.
    pub stages: &'a [Stage],
    /// The batch: inputs x batch.
    pub x: &'a [f32],
    /// The shards of the batch, after their run.
    pub shards: &'a [Shard],
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
            [block] if block.params.len() <= USUAL => self.square_in(&mut [0.0; with_room(USUAL)], block),
            [block] => self.square_in(&mut [0.0; with_room(BLOCK)], block),
            _ => {
                let (left, right) = blocks.split_at(blocks.len() / 2);
                let (mut a, mut b) = (0.0, 0.0);
                join(|| a = self.square(left), || b = self.square(right));
                a + b
            }
        }
    }

    /// The sum of squares of the gradient of a block, with `scratch` for that gradient.
    fn square_in(&self, scratch: &mut [f32], block: &Block) -> f64 {
        self.gradient(block, scratch).iter().map(|g| *g as f64 * *g as f64).sum()
    }

    /// Updates the parameters of a group of blocks.
    pub fn update(&self, blocks: &[Block], parameters: Parameters<'_>) {
        self.update_by(blocks, parameters, (blocks.len() / TASKS).clamp(1, TOGETHER));
    }

    /// Updates the parameters of consecutive blocks, some `together` on one thread.
    fn update_by(&self, blocks: &[Block], parameters: Parameters<'_>, together: usize) {
        if blocks.len() > together {
            let (a, b) = blocks.split_at(blocks.len() / 2);
            let (left, right) = parameters.split_at(b[0].params.start - a[0].params.start);
            return join(|| self.update_by(a, left, together), || self.update_by(b, right, together));
        }
        match blocks.iter().map(|block| block.params.len()).max() {
            Some(..=USUAL) => self.update_in(&mut [0.0; with_room(USUAL)], blocks, parameters),
            _ => self.update_in(&mut [0.0; with_room(BLOCK)], blocks, parameters),
        }
    }

    /// Updates the parameters of blocks one after the other, with `scratch` for a gradient.
    fn update_in(&self, scratch: &mut [f32], blocks: &[Block], mut rest: Parameters<'_>) {
        for block in blocks {
            let (Parameters { values: params, first, second }, after) = rest.split_at(block.params.len());
            let grads = self.gradient(block, scratch);
            let Self { lr, step, .. } = *self;
            self.optimizer.update(Update { params, grads, first, second, lr, step, decay: block.decay });
            rest = after;
        }
    }

    /// Returns the summed and scaled gradient of a block, in `scratch` where it does not stand anywhere yet.
    fn gradient<'g>(&'g self, block: &Block, scratch: &'g mut [f32]) -> &'g [f32] {
        let range = block.params.clone();
        let sum = &mut aligned(scratch)[..range.len()];
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
