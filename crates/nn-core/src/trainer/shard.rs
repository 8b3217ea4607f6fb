//! A part of a batch on its way through the network and back.

use crate::kernels::matrix::{View, add_product_by_rows, product_by_rows};
use crate::loss::{self, Loss, Target};
use crate::metrics::{Score, argmax};
use crate::network::Network;
use crate::network::workspace::Workspace;
use crate::trainer::update::Outer;
use std::ops::Range;

/// The buffers of a part of a batch, and what came out of it.
#[derive(Default)]
pub(crate) struct Shard {
    /// The part of the batch's values that were its input.
    inputs: Range<usize>,
    /// What the passes left behind.
    pub workspace: Workspace,
    /// Its part of the gradient, but for that of outer products.
    pub grads: Vec<f32>,
    /// Loss and hits.
    pub score: Score,
}

impl Shard {
    /// Forward, loss, backward for the samples `part` of the batch `x`, over all of which the loss is a mean.
    pub fn run(&mut self, network: &Network, loss: Loss, x: &[f32], target: Target<'_>, part: Range<usize>, seed: u64) {
        let Self { inputs: range, workspace, grads, score } = self;
        let (inputs, outputs) = (network.inputs(), network.outputs());
        let scale = inputs as f32 / x.len() as f32;
        *range = part.start * inputs..part.end * inputs;
        let (x, target) = (&x[range.clone()], target.part(part.start, part.len(), outputs));
        grads.resize(network.params().len(), 0.0);
        let fused = matches!(loss, Loss::CrossEntropy { .. }); // the loss takes the last softmax over
        network.forward(x, seed, fused, workspace);
        let (y, dy) = workspace.result_and_gradient(fused as usize);
        let loss_sum = match loss {
            Loss::CrossEntropy { label_smoothing } => {
                loss::softmax_cross_entropy(y, target, outputs, label_smoothing, scale, dy)
            }
            Loss::MeanSquaredError => loss::mean_squared_error(y, target, outputs, scale / outputs as f32, dy),
        };
        let truth = |s: usize| match target {
            Target::Labels(labels) => labels[s] as usize,
            Target::Values(values) => argmax(&values[s * outputs..][..outputs]),
        };
        let correct = y.chunks_exact(outputs).enumerate().filter(|(s, y)| argmax(y) == truth(*s)).count();
        *score = Score { loss_sum, correct, samples: part.len() };
        network.backward(x, fused, workspace, grads);
    }

    /// The shard's part of a block of `dW = dZ X^T` (of the batch `x`) in `dw`, or added to it.
    pub fn outer(&self, outer: &Outer, x: &[f32], dw: &mut [f32], add: bool) {
        let (x, dz, batch) = self.workspace.input_and_gradient(outer.stage, &x[self.inputs.clone()]);
        let dz = View::by_columns(dz, dz.len() / batch, batch).rows(outer.rows.clone());
        let x = View::by_columns(x, x.len() / batch, batch).rows(outer.columns.clone());
        let product = if add { add_product_by_rows } else { product_by_rows };
        product(dw, dz, x.t());
    }
}
