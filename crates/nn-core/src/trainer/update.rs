//! The second half of a training step: the optimizer changes all parameters, in parallel.
//!
//! Parameters are cut into blocks. The gradient of a dense layer's weights, `dW = dZ X^T`, is multiplied here, a block of
//! rows at a time, and used at once: it stays in the nearest caches and never reaches memory. For large layers this
//! halves what a step moves.

use crate::kernels::parallel::join;
use crate::layer::Slot;
use crate::optimizer::{Optimizer, Update};
use crate::trainer::shard::Shard;
use std::ops::Range;

/// Parameters of a block at most.
const BLOCK: usize = 16 * 1024;
/// Blocks of a group at least, where there are more.
const GROUP: usize = 16;
/// A block has a multiple of so many rows where it can: the width of a product's tiles.
const TILE: usize = 4;

/// Consecutive parameters that are updated together.
pub(crate) struct Block {
    /// Their range.
    pub params: Range<usize>,
    /// Whether weight decay applies.
    pub decay: bool,
    /// Where their gradient is a product.
    pub outer: Option<Outer>,
}

/// A part of a weight matrix whose gradient is `dZ X^T`.
pub(crate) struct Outer {
    /// The layer's number as the network runs it.
    pub stage: usize,
    /// Rows of `dZ`.
    pub rows: Range<usize>,
    /// Rows of `X`.
    pub columns: Range<usize>,
}

impl Block {
    /// Cuts a slot, whose parameters begin at `from`, into blocks; `outer` is the stage where its gradient is a product.
    pub fn cut(from: usize, slot: &Slot, outer: Option<usize>) -> Vec<Self> {
        let (rows, columns, decay) = (slot.rows, slot.columns, slot.decay);
        let block = |params: Range<usize>, outer| Self { params, decay, outer };
        let Some(stage) = outer else {
            let cuts = (0..slot.len()).step_by(BLOCK);
            return cuts.map(|at| block(from + at..from + slot.len().min(at + BLOCK), None)).collect();
        };
        let width = columns.min(BLOCK); // a row that is longer than a block is cut
        let height = if width < columns { 1 } else { (BLOCK / width / TILE * TILE).max(1) };
        let tops = (0..rows).step_by(height);
        let corners = tops.flat_map(|row| (0..columns).step_by(width).map(move |column| (row, column)));
        corners
            .map(|(row, column)| {
                let (rows, columns_) = (row..rows.min(row + height), column..columns.min(column + width));
                let first = from + row * columns + column;
                block(first..first + rows.len() * columns_.len(), Some(Outer { stage, rows, columns: columns_ }))
            })
            .collect()
    }
}

impl Block {
    /// Adds blocks to the last of some groups that are updated one after the other, or to a new one where the last is
    /// large enough to keep all threads busy. So a thread meets the rows of a large layer again that it had before.
    pub fn add(groups: &mut Vec<Vec<Self>>, blocks: Vec<Self>) {
        match groups.last_mut() {
            Some(last) if last.len() < GROUP => last.extend(blocks),
            _ => groups.push(blocks),
        }
    }
}

/// What all parts of an optimizer step share.
pub(crate) struct Step<'a> {
    pub optimizer: &'a dyn Optimizer,
    /// The batch.
    pub x: &'a [f32],
    /// The shards of the batch, after their run.
    pub shards: &'a [Shard],
    /// Factor on the gradient.
    pub scale: f32,
    pub lr: f32,
    pub number: u64,
}

/// The parameters of consecutive blocks, with their moments.
pub(crate) struct Part<'a> {
    pub params: &'a mut [f32],
    pub first: &'a mut [f32],
    pub second: &'a mut [f32],
}

impl Step<'_> {
    /// Sum of squares of the gradient of some blocks. The tree of sums depends on the blocks only.
    pub fn square(&self, blocks: &[Block]) -> f64 {
        match blocks {
            [] => 0.0,
            [block] => self.gradient(block, &mut [0.0; BLOCK]).iter().map(|g| *g as f64 * *g as f64).sum(),
            _ => {
                let (left, right) = blocks.split_at(blocks.len() / 2);
                let (mut a, mut b) = (0.0, 0.0);
                join(|| a = self.square(left), || b = self.square(right));
                a + b
            }
        }
    }

    /// Updates the parameters of consecutive blocks, which `part` holds.
    pub fn update(&self, blocks: &[Block], part: Part<'_>) {
        match blocks {
            [] => {}
            [block] => {
                let Part { params, first, second } = part;
                let room = &mut [0.0; BLOCK];
                let (grads, lr, step, decay) = (self.gradient(block, room), self.lr, self.number, block.decay);
                self.optimizer.update(Update { params, grads, first, second, lr, step, decay });
            }
            _ => {
                let (a, b) = blocks.split_at(blocks.len() / 2);
                let (left, right) = part.split_at(b[0].params.start - a[0].params.start);
                join(|| self.update(a, left), || self.update(b, right));
            }
        }
    }

    /// The summed and scaled gradient of a block, in `room` where it is not as it stands.
    fn gradient<'g>(&'g self, block: &Block, room: &'g mut [f32; BLOCK]) -> &'g [f32] {
        let (range, room) = (block.params.clone(), &mut room[..block.params.len()]);
        for (i, shard) in self.shards.iter().enumerate() {
            match &block.outer {
                Some(outer) => shard.outer(outer, self.x, room, i > 0),
                None if self.scale == 1.0 && self.shards.len() == 1 => return &shard.grads[range],
                None => room.iter_mut().zip(&shard.grads[range.clone()]).for_each(|(sum, g)| *sum += g),
            }
        }
        if self.scale != 1.0 {
            room.iter_mut().for_each(|g| *g *= self.scale);
        }
        room
    }
}

impl Part<'_> {
    /// The first `n` parameters, and the rest.
    pub fn split_at(self, n: usize) -> (Self, Self) {
        let (params, params_) = self.params.split_at_mut(n);
        let (first, first_) = self.first.split_at_mut(n.min(self.first.len()));
        let (second, second_) = self.second.split_at_mut(n.min(self.second.len()));
        (Self { params, first, second }, Self { params: params_, first: first_, second: second_ })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::Init;

    #[test]
    fn blocks_cover_every_parameter_once() {
        for (rows, columns) in [(1, 1), (10, 50), (512, 784), (3, 40_000), (100, 16 * 1024), (9, 4095)] {
            let slot = Slot { name: "weight", rows, columns, init: Init::Auto, decay: true };
            for outer in [None, Some(2)] {
                let mut at = 7;
                for block in Block::cut(7, &slot, outer) {
                    assert!(block.params.start == at && (1..=BLOCK).contains(&block.params.len()));
                    at = block.params.end;
                    if let Some(Outer { rows, columns: c, .. }) = block.outer {
                        assert_eq!(block.params.start, 7 + rows.start * columns + c.start);
                        assert_eq!(block.params.len(), rows.len() * c.len());
                    }
                }
                assert_eq!(at, 7 + rows * columns);
            }
        }
    }
}
