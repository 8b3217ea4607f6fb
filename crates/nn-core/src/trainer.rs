//! One training step: the batch in shards, their gradients summed in a fixed order, then the optimizer.
//!
//! Shards run in parallel on the rayon pool, each in its own workspace with sequential products inside. How a batch is cut
//! depends on its size only, never on the number of threads, and sums run in shard order, so the same seed gives the same
//! bits on any number of threads. Call [`Trainer::step`] from inside the pool (`ThreadPool::install`): from outside, every
//! step pays for waking it. After the first steps a step allocates nothing.

use crate::Error;
use crate::loss::{self, Loss, Target};
use crate::metrics::{Score, argmax};
use crate::network::Network;
use crate::optimizer::Optimizer;
use crate::rng::mix;
use crate::update::{Part, Step};
use crate::workspace::Workspace;
use rayon::prelude::*;
use std::ops::Range;

/// A batch of no more samples is not cut: products slow down below it.
const SMALL_SHARD: usize = 64;
/// Samples a shard at most: products gain little above it, and more shards keep more cores busy.
const LARGE_SHARD: usize = 128;

/// A network in training: owns the network, the optimizer's state, and the buffers of a step.
pub struct Trainer {
    network: Network,
    loss: Loss,
    optimizer: Box<dyn Optimizer>,
    clip: Option<f32>,
    shard_size: Option<usize>,
    seed: u64,
    step: u64,
    first: Vec<f32>,
    second: Vec<f32>,
    shards: Vec<Shard>,
    decays: Vec<(Range<usize>, bool)>,
}

/// A part of a batch on its way through the network.
#[derive(Default)]
struct Shard {
    workspace: Workspace,
    grads: Vec<f32>,
    score: Score,
}

impl Trainer {
    /// Puts `network` into training; `seed` is for what is random in a step (dropout).
    pub fn new(network: Network, loss: Loss, optimizer: impl Optimizer + 'static, seed: u64) -> Result<Self, Error> {
        if network.params().is_empty() {
            return Err(Error::Architecture("the network has no parameters to learn".into()));
        }
        let optimizer: Box<dyn Optimizer> = Box::new(optimizer);
        if let Loss::CrossEntropy { label_smoothing } = loss {
            if !(0.0..1.0).contains(&label_smoothing) {
                return Err(Error::Loss(format!(
                    "label smoothing must be at least 0 and below 1, not {label_smoothing}"
                )));
            }
            if !network.ends_in_softmax() {
                return Err(Error::Loss("cross-entropy needs probabilities: let the last layer be a softmax".into()));
            }
        }
        let kept = |moment| if optimizer.moments() >= moment { network.params().len() } else { 0 };
        let (first, second) = (vec![0.0; kept(1)], vec![0.0; kept(2)]);
        let decays = network.decays();
        let (clip, shard_size, shards) = (None, None, vec![]);
        Ok(Self { network, loss, optimizer, clip, shard_size, seed, step: 0, first, second, shards, decays })
    }

    /// Scales a gradient whose Euclidean norm exceeds `norm` down to it (Pascanu et al. 2013).
    pub fn clip(mut self, norm: Option<f32>) -> Self {
        self.clip = norm;
        self
    }

    /// Samples a shard at most; half a batch, but between 64 and 128, where nobody says. Another size gives other last bits.
    pub fn shard_size(mut self, samples: usize) -> Self {
        self.shard_size = Some(samples.max(1));
        self
    }

    /// Number of shards of a batch: it depends on the batch only, never on the threads.
    fn shards_of(&self, samples: usize) -> usize {
        samples.div_ceil(self.shard_size.unwrap_or(samples.div_ceil(2).clamp(SMALL_SHARD, LARGE_SHARD)))
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The network, to be changed between steps.
    pub fn network_mut(&mut self) -> &mut Network {
        &mut self.network
    }

    /// The network, trained.
    pub fn into_network(self) -> Network {
        self.network
    }

    /// What a checkpoint needs beside the network: the number of steps done, and both moments (empty if not kept).
    pub fn state(&self) -> (u64, &[f32], &[f32]) {
        (self.step, &self.first, &self.second)
    }

    /// Goes on from a checkpoint's [`Trainer::state`].
    pub fn restore(&mut self, step: u64, first: Vec<f32>, second: Vec<f32>) -> Result<(), Error> {
        for (expected, found) in [(self.first.len(), first.len()), (self.second.len(), second.len())] {
            if expected != found {
                return Err(Error::Moments { expected, found });
            }
        }
        (self.step, self.first, self.second) = (step, first, second);
        Ok(())
    }

    /// Learns from one batch `x` (inputs x batch) and returns its score before the step. Where the loss is not finite the
    /// step changes nothing, so that the last good parameters are kept.
    ///
    /// ```
    /// # use nn_core::*;
    /// # let architecture = Architecture { input: Shape::flat(2), layers: vec![LayerSpec::dense(2), LayerSpec::Softmax] };
    /// # let network = Network::new(architecture, 1)?;
    /// let mut trainer = Trainer::new(network, Loss::CrossEntropy { label_smoothing: 0.0 }, Sgd::default(), 1)?;
    /// let (x, labels) = ([0.0, 1.0, 1.0, 0.0], [0, 1]); // two samples of two values
    /// let before = trainer.step(&x, &labels[..], 0.1).loss();
    /// assert!(trainer.step(&x, &labels[..], 0.1).loss() < before);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Panics
    /// Where `x` is empty or no whole number of samples, `target` has another number, or a label is no class.
    pub fn step<'t>(&mut self, x: &[f32], target: impl Into<Target<'t>>, lr: f32) -> Score {
        let score = self.gradient(x, target.into());
        if score.loss_sum.is_finite() {
            self.step += 1;
            self.apply(lr, self.shards_of(score.samples));
        }
        score
    }

    /// Runs all shards forward and back; leaves their gradients in `shards`.
    fn gradient(&mut self, x: &[f32], target: Target<'_>) -> Score {
        let (inputs, outputs) = (self.network.inputs(), self.network.outputs());
        let samples = x.len() / inputs;
        assert!(samples > 0 && x.len() == samples * inputs, "a batch is a whole number of samples of {inputs}");
        assert_eq!(target.len(outputs), samples, "as many targets as samples");
        if let Target::Labels(labels) = target {
            assert!(labels.iter().all(|&label| (label as usize) < outputs), "labels are below {outputs}");
        }
        let count = self.shards_of(samples);
        if self.shards.len() < count {
            self.shards.resize_with(count, Shard::default);
        }
        let (network, loss, seed) = (&self.network, self.loss, mix(&[self.seed, self.step]));
        self.shards[..count].par_iter_mut().enumerate().with_max_len(1).for_each(|(i, shard)| {
            let (from, to) = (i * samples / count, (i + 1) * samples / count); // shards differ by one sample at most
            let target = target.part(from, to - from, outputs);
            shard.run(network, loss, &x[from * inputs..to * inputs], target, samples, mix(&[seed, i as u64]));
        });
        let mut score = Score::default();
        self.shards[..count].iter().for_each(|shard| score += shard.score);
        score
    }

    /// Sums the gradients of `count` shards and lets the optimizer step.
    fn apply(&mut self, lr: f32, count: usize) {
        let shards = &self.shards[..count];
        let gradient = |i: usize| shards.get(i).map(|shard| &shard.grads[..]);
        let (optimizer, decays, number) = (&*self.optimizer, &self.decays[..], self.step);
        let mut step = Step { optimizer, shards: &gradient, decays, scale: 1.0, lr, number };
        if let Some(norm) = self.clip {
            let length = step.square(0..self.network.params().len()).sqrt() as f32;
            step.scale = if length > norm { norm / length } else { 1.0 };
        }
        let params = &mut self.network.params[..];
        step.update(Part { params, first: &mut self.first, second: &mut self.second, from: 0 });
        shards.iter().for_each(|shard| self.network.absorb(&shard.workspace, 1.0 / count as f32));
    }
}

impl Shard {
    /// Forward, loss, backward; `samples` is the size of the whole batch, over which the loss is a mean.
    fn run(&mut self, network: &Network, loss: Loss, x: &[f32], target: Target<'_>, samples: usize, seed: u64) {
        self.grads.resize(network.params().len(), 0.0);
        let outputs = network.outputs();
        let scale = 1.0 / samples as f32;
        let fused = matches!(loss, Loss::CrossEntropy { .. }); // the loss takes the last softmax over
        network.forward(x, seed, fused, &mut self.workspace);
        let (y, dy) = self.workspace.output_and_gradient(fused as usize);
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
        self.score = Score { loss_sum, correct, samples: x.len() / network.inputs() };
        network.backward(x, fused, &mut self.workspace, &mut self.grads);
    }
}
