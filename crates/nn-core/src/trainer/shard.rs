//! A part of a batch on its way through the network and back.

use crate::loss::{self, Loss, Target, Targets};
use crate::metrics::{Score, argmax};
use crate::network::Network;
use crate::network::workspace::Workspace;
use std::ops::Range;

/// Everything that the shards of a batch share.
pub struct Pass<'a> {
    /// The network.
    pub network: &'a Network,
    /// The loss.
    pub loss: Loss,
    /// The whole batch: inputs x batch.
    pub x: &'a [f32],
    /// The targets of the whole batch.
    pub target: Target<'a>,
}

/// The buffers of a part of a batch, and what came out of it.
#[derive(Default)]
pub struct Shard {
    /// The part of the batch's values that were its input.
    inputs: Range<usize>,
    /// The buffers of its passes.
    pub workspace: Workspace,
    /// Its part of the gradient, except deferred ones.
    pub grads: Vec<f32>,
    /// Loss and number of right answers.
    pub score: Score,
}

impl Shard {
    /// Runs the samples `part` of the batch forward and back. The loss is a mean over the whole batch.
    pub fn run(&mut self, pass: &Pass<'_>, part: Range<usize>, seed: u64) {
        let Pass { network, loss, x, target } = *pass;
        let (inputs, outputs) = (network.inputs(), network.outputs());
        let scale = inputs as f32 / x.len() as f32;
        self.inputs = part.start * inputs..part.end * inputs;
        self.grads.resize(network.params().len(), 0.0);
        let (x, target) = (&x[self.inputs.clone()], target.part(part.start, part.len(), outputs));
        let to_scores = matches!(loss, Loss::CrossEntropy { .. }); // the loss computes the last softmax itself
        network.forward(x, seed, to_scores, &mut self.workspace);
        let (y, dy) = self.workspace.result_and_gradient(to_scores as usize);
        let loss_sum = match loss {
            Loss::CrossEntropy { label_smoothing } => {
                loss::softmax_cross_entropy(y, Targets { target, outputs, scale }, label_smoothing, dy)
            }
            Loss::MeanSquaredError => {
                loss::mean_squared_error(y, Targets { target, outputs, scale: scale / outputs as f32 }, dy)
            }
        };
        let truth = |s: usize| match target {
            Target::Labels(labels) => labels[s] as usize,
            Target::Values(values) => argmax(&values[s * outputs..][..outputs]),
        };
        let correct = y.chunks_exact(outputs).enumerate().filter(|(s, y)| argmax(y) == truth(*s)).count();
        self.score = Score { loss_sum, correct, samples: part.len() };
        network.backward(x, to_scores, &mut self.workspace, &mut self.grads);
    }

    /// Returns the input of a stage and the gradient that its `backward` left in `dy`, with the number of samples. `x` is
    /// the whole batch.
    pub fn input_and_gradient<'a>(&'a self, stage: usize, x: &'a [f32]) -> (&'a [f32], &'a [f32], usize) {
        let (x, dz) = self.workspace.input_and_gradient(stage, &x[self.inputs.clone()]);
        (x, dz, self.workspace.batch)
    }
}
