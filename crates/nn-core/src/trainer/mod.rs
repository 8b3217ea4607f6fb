//! One training step: forward, loss, back, then the optimizer.
//!
//! Where weights are few, a batch is cut into shards, and each goes forward and back on a thread of its own; elsewhere the
//! batch stays whole, and each layer divides its own work. Cuts depend on sizes only, never on the number of threads, and
//! sums run in a fixed order, so the same seed gives the same bits on any number of threads. After the first steps a step
//! allocates nothing.
//!
//! Several processes can share the samples of each batch (`sharing.rs`), with the same bits as one: each has the whole
//! network and steps it by the gradient of the whole batch. Inputs and gradients of dense layers go over the wire rather than the
//! gradients of their weights, which are larger and which all processes then compute.

mod blocks;
mod shard;
pub(crate) mod sharing;
mod update;

use self::blocks::Block;
use self::shard::{Pass, Shard};
use self::sharing::{Sharing, exchange};
use self::update::{OptimizerPass, Parameters};
use crate::error::Error;
use crate::kernels::parallel;
use crate::kernels::share::{Peers, Share};
use crate::kernels::simd::lines::Lines;
use crate::loss::{Loss, Target};
use crate::metrics::Score;
use crate::network::Network;
use crate::optimizer::Optimizer;
use crate::rng::mix;
use rayon::prelude::*;
use std::sync::{Arc, Mutex};

/// The share of a new batch in running statistics, as in PyTorch.
const STATISTICS_SHARE: f32 = 0.1;

/// A network in training: owns the network, the optimizer's state, and the buffers of a step.
pub struct Trainer {
    network: Network,
    loss: Loss,
    optimizer: Box<dyn Optimizer>,
    clip: Option<f32>,
    seed: u64,
    sharing: Sharing,
    state: OptimizerState,
    shards: Vec<Shard>,
    /// Groups of blocks of parameters, which are updated one after the other.
    groups: Vec<Vec<Block>>,
    /// The space of each thread for the gradient of a block.
    scratch: Vec<Mutex<Lines>>,
}

/// The optimizer's memory: what a checkpoint needs besides the network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptimizerState {
    /// Number of steps done.
    pub step: u64,
    /// The first moment of each parameter; empty where the optimizer keeps none.
    pub first: Vec<f32>,
    /// The second moment of each parameter; empty where the optimizer keeps none.
    pub second: Vec<f32>,
}

impl Trainer {
    /// Puts `network` into training. `seed` is for everything random in a step (dropout).
    ///
    /// # Errors
    /// Where the network has no parameters, or the loss does not suit its last layer.
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
        let state = OptimizerState { step: 0, first: vec![0.0; kept(1)], second: vec![0.0; kept(2)] };
        let groups = blocks::groups(&network);
        let sharing = Sharing::alone(&network);
        Ok(Self { network, loss, optimizer, clip: None, seed, sharing, state, shards: vec![], groups, scratch: vec![] })
    }

    /// Shares every batch with other processes. All have the same network, state, loss, optimizer, seed and kind of processor,
    /// make the same steps, and come to the same bits as one process alone.
    ///
    /// # Errors
    /// Where a layer of your own has parameters or mixes samples, and does not say that it can
    /// ([`Layer::shares_batches`](crate::layer::Layer::shares_batches)).
    pub fn share_with(&mut self, peers: Arc<dyn Peers>) -> Result<(), Error> {
        if let Some(n) = self.network.stages.iter().position(|stage| !stage.layer.shares_batches()) {
            return Err(Error::Architecture(format!("stage {} cannot share a batch with other processes", n + 1)));
        }
        self.sharing.peers = Some(peers);
        Ok(())
    }

    /// How batches are cut, and with whom they are shared.
    pub fn sharing(&self) -> &Sharing {
        &self.sharing
    }

    /// Returns whether any of the processes that share the batches says yes; all of them ask.
    pub fn any(&self, yes: bool) -> bool {
        self.sharing.peers.as_deref().map_or(yes, |peers| peers.any(yes))
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

    /// Returns the optimizer's memory.
    pub fn state(&self) -> &OptimizerState {
        &self.state
    }

    /// Goes on from a checkpoint's [`Trainer::state`].
    ///
    /// # Errors
    /// [`Error::Moments`] where the state is that of another optimizer or network.
    pub fn restore(&mut self, state: OptimizerState) -> Result<(), Error> {
        let expected = [self.state.first.len(), self.state.second.len()];
        for (expected, found) in expected.into_iter().zip([state.first.len(), state.second.len()]) {
            if expected != found {
                return Err(Error::Moments { expected, found });
            }
        }
        self.state = state;
        Ok(())
    }

    /// Learns from one batch `x` (inputs x batch) and returns its score before the step. The target is a slice, an array or a
    /// vector: `u32` class numbers, one per sample, or `f32` values, one per output. Where the loss is not finite the step
    /// changes nothing, so that the last good parameters are kept. Where processes share the batch, only this one's samples
    /// ([`Sharing::share`]) are read.
    ///
    /// Runs on the rayon pool of the calling thread (`ThreadPool::install`); from outside any, every step takes some
    /// 20 us more to enter the global one. Threads that wait for each other do other work of that pool meanwhile.
    ///
    /// ```
    /// # use nn_core::*;
    /// # let network = Network::new(Architecture::new(Shape::flat(2)).dense(2).softmax(), 1)?;
    /// let mut trainer = Trainer::new(network, Loss::cross_entropy(), Sgd::default(), 1)?;
    /// let (x, labels) = ([0.0, 1.0, 1.0, 0.0], [0, 1]); // two samples of two values
    /// let before = trainer.step(&x, &labels, 0.1).loss();
    /// assert!(trainer.step(&x, &labels, 0.1).loss() < before);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Panics
    /// Where `x` is empty or no whole number of samples, `target` has another number, or a label is not below the number of outputs.
    pub fn step<'t>(&mut self, x: &[f32], target: impl Into<Target<'t>>, lr: f32) -> Score {
        let target = target.into();
        if rayon::current_thread_index().is_none() {
            return rayon::scope(|_| self.step(x, target, lr)); // into the pool
        }
        let mut score = Score::default();
        parallel::awake(|| {
            score = self.gradient(x, target);
            if score.loss_sum.is_finite() {
                self.state.step += 1;
                self.apply(x, score.samples, lr);
            }
        });
        score
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
        let (count, share) = (self.sharing.shards(samples), self.sharing.share(samples));
        if self.shards.len() < count {
            self.shards.resize_with(count, Shard::default);
        }
        let pass = Pass { network: &self.network, loss: self.loss, x, target };
        let seed = mix(&[self.seed, self.state.step]);
        if count == 1 {
            self.shards[0].run(&pass, 0..samples, share, mix(&[seed, 0]));
            return self.shards[0].score;
        }
        parallel::each(self.shards[..count].par_iter_mut().enumerate(), |(i, shard)| {
            let part = share.part(i);
            match share.parts().contains(&i) {
                true => shard.run(&pass, part.clone(), Share::whole(part.len()), mix(&[seed, i as u64])),
                false => shard.expect(pass.network, part),
            }
        });
        exchange(&mut self.shards[..count], share, &self.network.stages, x);
        let mut score = Score::default();
        self.shards[..count].iter().for_each(|shard| score += shard.score);
        score
    }

    /// Lets the optimizer step by the gradient for the batch `x` of `samples`.
    fn apply(&mut self, x: &[f32], samples: usize, lr: f32) {
        self.network.drop_short();
        let shards = &mut self.shards[..self.sharing.shards(samples)];
        parallel::each(shards.par_iter_mut(), |shard| shard.arrange(&self.network.stages, x));
        let shards = &*shards;
        if self.scratch.len() < rayon::current_num_threads() {
            let largest = self.groups.iter().flatten().map(|block| block.params.len()).max().unwrap_or_default();
            self.scratch.resize_with(rayon::current_num_threads(), || {
                let mut lines = Lines::default();
                lines.resize(largest); // now, as a thread may get its first block in a late step, which is to allocate nothing
                Mutex::new(lines)
            });
        }
        let OptimizerState { step, first, second } = &mut self.state;
        let (optimizer, stages) = (&*self.optimizer, &self.network.stages[..]);
        let mut pass = OptimizerPass {
            optimizer,
            stages,
            x,
            samples,
            shards,
            scratch: &self.scratch,
            scale: 1.0,
            lr,
            step: *step,
        };
        if let Some(norm) = self.clip {
            let length = self.groups.iter().map(|blocks| pass.square(blocks)).sum::<f64>().sqrt() as f32;
            pass.scale = if length > norm { norm / length } else { 1.0 };
        }
        let mut rest = Parameters { values: &mut self.network.params, first, second };
        for blocks in &self.groups {
            let (group, after) = rest.split_at(blocks.iter().map(|block| block.params.len()).sum());
            pass.update(blocks, group);
            rest = after;
        }
        // Layers that have statistics mix samples, so the batch was one shard.
        self.network.absorb(&shards[0].workspace, STATISTICS_SHARE);
    }
}
