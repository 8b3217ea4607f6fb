//! The second half of a training step: shards' gradients are summed and the optimizer changes all parameters, in parallel.

use crate::math::vectorized;
use crate::optimizer::{Optimizer, Update};
use std::ops::Range;

/// Parameters that one task updates: enough to be worth a task.
const TASK: usize = 16 * 1024;
/// Parameters updated at a time: their summed gradient stays in the nearest cache and never reaches memory.
const BLOCK: usize = 1024;

/// What all parts of an optimizer step share.
pub(crate) struct Step<'a> {
    pub optimizer: &'a dyn Optimizer,
    /// Gradient of the i-th shard, `None` past the last.
    pub shards: &'a (dyn Fn(usize) -> Option<&'a [f32]> + Sync),
    /// Ranges of parameters in order, each with whether weight decay applies.
    pub decays: &'a [(Range<usize>, bool)],
    /// Factor on the summed gradient.
    pub scale: f32,
    pub lr: f32,
    pub number: u64,
}

/// Consecutive parameters, from number `from` on, with their moments.
pub(crate) struct Part<'a> {
    pub params: &'a mut [f32],
    pub first: &'a mut [f32],
    pub second: &'a mut [f32],
    pub from: usize,
}

impl Step<'_> {
    /// Sum of squares of the summed gradient over a range. The tree of sums depends on the range only.
    pub fn square(&self, range: Range<usize>) -> f64 {
        if range.len() <= BLOCK {
            return self
                .gradient(range.start, &mut [0.0; BLOCK][..range.len()])
                .iter()
                .map(|g| *g as f64 * *g as f64)
                .sum();
        }
        let middle = range.start + range.len() / 2;
        let (a, b) = (range.start..middle, middle..range.end);
        if range.len() <= TASK {
            return self.square(a) + self.square(b);
        }
        let (a, b) = rayon::join(|| self.square(a), || self.square(b));
        a + b
    }

    /// Updates a part. Halves of a large one are tasks of their own.
    pub fn update(&self, part: Part<'_>) {
        if part.params.len() > TASK {
            let middle = part.params.len() / 2;
            let (a, b) = part.split_at(middle);
            rayon::join(|| self.update(a), || self.update(b));
            return;
        }
        let mut rest = part;
        for (range, decay) in self.decays {
            while rest.from < range.end && !rest.params.is_empty() {
                let n = BLOCK.min(range.end - rest.from).min(rest.params.len());
                let (Part { params, first, second, from }, after) = rest.split_at(n);
                let grads = &mut [0.0; BLOCK][..n];
                let (grads, lr, step, decay) = (self.gradient(from, grads), self.lr, self.number, *decay);
                self.optimizer.update(Update { params, grads, first, second, lr, step, decay });
                rest = after;
            }
        }
    }

    /// The summed and scaled gradient of the parameters from number `from` on, in `sum`, which starts at zero.
    fn gradient<'s>(&self, from: usize, sum: &'s mut [f32]) -> &'s [f32] {
        vectorized(
            #[inline(always)]
            || {
                for grads in (0..).map_while(self.shards) {
                    sum.iter_mut().zip(&grads[from..]).for_each(|(s, g)| *s += g);
                }
                if self.scale != 1.0 {
                    sum.iter_mut().for_each(|s| *s *= self.scale);
                }
            },
        );
        sum
    }
}

impl Part<'_> {
    fn split_at(self, n: usize) -> (Self, Self) {
        let (params, params_) = self.params.split_at_mut(n);
        let (first, first_) = self.first.split_at_mut(n.min(self.first.len()));
        let (second, second_) = self.second.split_at_mut(n.min(self.second.len()));
        let from = self.from;
        (Self { params, first, second, from }, Self { params: params_, first: first_, second: second_, from: from + n })
    }
}
