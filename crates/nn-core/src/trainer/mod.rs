//! One training step: forward, loss, back, then the optimizer.
//!
//! Where weights are few, a batch is cut into shards, and each goes forward and back on a thread of its own; elsewhere the
//! batch stays whole, and each layer divides its own work. Cuts depend on sizes only, never on the number of threads, and
//! sums run in a fixed order, so the same seed gives the same bits on any number of threads. After the first steps a step
//! allocates nothing.

pub(crate) mod shard;
pub(crate) mod update;

use crate::error::Error;
use crate::kernels::parallel;
use crate::loss::{Loss, Target};
use crate::metrics::Score;
use crate::network::Network;
use crate::optimizer::Optimizer;
use crate::rng::mix;
use crate::trainer::shard::Shard;
use crate::trainer::update::{Block, Part, Step};
use rayon::prelude::*;

/// Samples of a shard at most: products slow down below it.
const SHARD: usize = 64;
/// Networks of fewer parameters are quick to read for every thread, so that a batch may be cut.
const FEW_PARAMETERS: usize = 100 * 1024;

/// A network in training: owns the network, the optimizer's state, and the buffers of a step.
pub struct Trainer {
    network: Network,
    loss: Loss,
    optimizer: Box<dyn Optimizer>,
    clip: Option<f32>,
    seed: u64,
    step: u64,
    first: Vec<f32>,
    second: Vec<f32>,
    shards: Vec<Shard>,
    /// Groups of blocks of parameters, which are updated one after the other.
    groups: Vec<Vec<Block>>,
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
        let (groups, clip, shards) = (network.blocks(), None, vec![]);
        Ok(Self { network, loss, optimizer, clip, seed, step: 0, first, second, shards, groups })
    }

    /// Scales a gradient whose Euclidean norm exceeds `norm` down to it (Pascanu et al. 2013). The gradients of dense
    /// layers are computed twice then: for the norm, and for the step.
    pub fn clip(mut self, norm: Option<f32>) -> Self {
        self.clip = norm;
        self
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
    /// Runs on the rayon pool of the calling thread (`ThreadPool::install`); from outside any, every step pays some 20 us
    /// for the way into the global one.
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
        let target = target.into();
        if rayon::current_thread_index().is_none() {
            return rayon::scope(|_| self.step(x, target, lr)); // into the pool
        }
        let score = self.gradient(x, target);
        if score.loss_sum.is_finite() {
            self.step += 1;
            self.apply(x, score.samples, lr);
        }
        score
    }

    /// How many parts a batch is cut into, each of which goes through all layers by itself. Where weights are many, or
    /// samples have to do with each other, one: each layer divides its own work among the threads then.
    fn shards_of(&self, samples: usize) -> usize {
        let apart = self.network.params().len() < FEW_PARAMETERS && !self.network.mixes_samples();
        if apart { samples.div_ceil(SHARD) } else { 1 }
    }

    /// Runs all shards forward and back.
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
        parallel::each(self.shards[..count].par_iter_mut().enumerate().with_max_len(1), |(i, shard)| {
            let part = i * samples / count..(i + 1) * samples / count; // shards differ by one sample at most
            shard.run(network, loss, x, target, part, mix(&[seed, i as u64]));
        });
        let mut score = Score::default();
        self.shards[..count].iter().for_each(|shard| score += shard.score);
        score
    }

    /// Lets the optimizer step by the gradient for the batch `x` of `samples`.
    fn apply(&mut self, x: &[f32], samples: usize, lr: f32) {
        let shards = &self.shards[..self.shards_of(samples)];
        let mut step = Step { optimizer: &*self.optimizer, x, shards, scale: 1.0, lr, number: self.step };
        if let Some(norm) = self.clip {
            let length = self.groups.iter().map(|blocks| step.square(blocks)).sum::<f64>().sqrt() as f32;
            step.scale = if length > norm { norm / length } else { 1.0 };
        }
        let params = &mut self.network.params[..];
        let mut rest = Part { params, first: &mut self.first, second: &mut self.second };
        for blocks in &self.groups {
            let (part, after) = rest.split_at(blocks.iter().map(|block| block.params.len()).sum());
            step.update(blocks, part);
            rest = after;
        }
        self.network.absorb(&shards[0].workspace); // layers that measure anything mix samples, so there is one shard
    }
}
