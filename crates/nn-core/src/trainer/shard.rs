//! A part of a batch on its way through the network and back.

use crate::kernels::share::{PARTS, Share};
use crate::kernels::simd::lines::Lines;
use crate::layer::Slot;
use crate::loss::{self, Loss, Target, Targets};
use crate::metrics::{Score, argmax};
use crate::network::passes::BatchShare;
use crate::network::workspace::Workspace;
use crate::network::{Network, Stage};
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
    /// The inputs of stages that defer their gradients, as these want them laid out.
    arranged: Vec<Lines>,
    /// Loss and number of right answers.
    pub score: Score,
}

impl Shard {
    /// Runs the samples `part` of the batch forward and back, or this process's share of them. The loss is a mean over the
    /// whole batch.
    pub fn run(&mut self, pass: &Pass<'_>, part: Range<usize>, share: Share<'_>, seed: u64) {
        let Pass { network, loss, x, target } = *pass;
        let (inputs, outputs) = (network.inputs(), network.outputs());
        let scale = inputs as f32 / x.len() as f32;
        self.inputs = part.start * inputs..part.end * inputs;
        self.grads.resize(network.params().len(), 0.0);
        let to_scores = usize::from(matches!(loss, Loss::CrossEntropy { .. })); // the loss computes the last softmax itself
        let batch = BatchShare { x: &x[self.inputs.clone()], share, stages: network.stages.len() - to_scores };
        network.forward(batch, seed, &mut self.workspace);
        let (y, dy) = self.workspace.result_and_gradient(to_scores);
        let mut scores = [0.0; 2 * PARTS];
        let scores = &mut scores[..2 * share.count()];
        for n in share.parts() {
            let Range { start, end } = share.part(n);
            let target = target.part(part.start + start, end - start, outputs);
            let (y, dy) = (&y[start * outputs..end * outputs], &mut dy[start * outputs..end * outputs]);
            scores[2 * n] = loss_of(loss, y, Targets { target, outputs, scale }, dy) as f32;
            scores[2 * n + 1] = correct(y, target, outputs) as f32;
        }
        share.complete_parts(scores);
        let sum = |of: usize| scores.iter().skip(of).step_by(2).map(|value| f64::from(*value)).sum::<f64>();
        self.score = Score { loss_sum: (sum(0) as f32).into(), correct: sum(1) as usize, samples: part.len() };
        network.backward(batch, &mut self.workspace, &mut self.grads);
    }

    /// Makes room for what another process computes of the samples `part`.
    pub fn expect(&mut self, network: &Network, part: Range<usize>) {
        let inputs = network.inputs();
        self.inputs = part.start * inputs..part.end * inputs;
        self.grads.resize(network.params().len(), 0.0);
        self.workspace.resize(network.stages.iter().map(|stage| &*stage.layer), part.len());
        self.workspace.result_and_gradient(0);
        self.score.samples = part.len();
    }

    /// Shows `f` all that the optimizer needs of a shard: its score, its gradient, and the inputs and gradients of stages that
    /// defer theirs. `x` is the whole batch.
    pub fn each(&mut self, stages: &[Stage], x: &[f32], f: &mut dyn FnMut(&mut [f32])) {
        let score = &mut [self.score.loss_sum as f32, self.score.correct as f32];
        f(score);
        (self.score.loss_sum, self.score.correct) = (score[0].into(), score[1] as usize);
        for (i, stage) in stages.iter().enumerate() {
            let mut grads = stage.params.clone();
            if stage.defers_weight_gradient() {
                let weights = stage.layer.params().first().map_or(0, Slot::len);
                grads.start += weights;
                let Workspace { input, outputs, deltas, .. } = &mut self.workspace;
                if i == 0 && input.is_empty() {
                    input.extend_from_slice(&x[self.inputs.clone()]);
                }
                f(if i == 0 { input } else { &mut outputs[i - 1] });
                f(&mut deltas[i]);
            }
            f(&mut self.grads[grads]);
        }
    }

    /// Lays out the inputs of stages that defer their gradients, where they ask for it. `x` is the whole batch.
    pub fn arrange(&mut self, stages: &[Stage], x: &[f32]) {
        self.arranged.resize_with(stages.len(), Lines::default);
        for (i, (stage, arranged)) in stages.iter().zip(&mut self.arranged).enumerate() {
            if let Some(shortcuts) = stage.layer.shortcuts().filter(|shortcuts| shortcuts.defers_weight_gradient()) {
                arranged.resize(shortcuts.arranged_input(self.workspace.batch));
                if !arranged.is_empty() {
                    shortcuts.arrange_input(self.workspace.input_and_gradient(i, &x[self.inputs.clone()]).0, arranged);
                }
            }
        }
    }

    /// Returns the input of a stage, laid out as it asks for, and the gradient that its `backward` left in `dy`, with the number of
    /// samples. `x` is the whole batch.
    pub fn input_and_gradient<'a>(&'a self, stage: usize, x: &'a [f32]) -> (&'a [f32], &'a [f32], usize) {
        let (x, dz) = self.workspace.input_and_gradient(stage, &x[self.inputs.clone()]);
        let arranged = &self.arranged[stage];
        (if arranged.is_empty() { x } else { arranged }, dz, self.workspace.batch)
    }
}

/// The loss of some samples, and its gradient in `dy`.
fn loss_of(loss: Loss, y: &[f32], targets: Targets<'_>, dy: &mut [f32]) -> f64 {
    let Targets { outputs, scale, .. } = targets;
    match loss {
        Loss::CrossEntropy { label_smoothing } => loss::softmax_cross_entropy(y, targets, label_smoothing, dy),
        Loss::MeanSquaredError => loss::mean_squared_error(y, Targets { scale: scale / outputs as f32, ..targets }, dy),
    }
}

/// The number of samples whose largest output is their class.
fn correct(y: &[f32], target: Target<'_>, outputs: usize) -> usize {
    let truth = |s: usize| match target {
        Target::Labels(labels) => labels[s] as usize,
        Target::Values(values) => argmax(&values[s * outputs..][..outputs]),
    };
    y.chunks_exact(outputs).enumerate().filter(|(s, y)| argmax(y) == truth(*s)).count()
}
