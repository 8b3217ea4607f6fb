//! The processes that share the batches of a training, and what they tell each other of shards.

use crate::kernels::share::{Peers, Share};
use crate::network::{Network, Stage};
use crate::trainer::shard::Shard;
use std::sync::Arc;

/// The largest number of samples per shard: as many as a tile of the widest vectors has columns. Smaller shards would read weights more often.
const SHARD: usize = 32;
/// A batch is cut into shards where the network has fewer parameters than this: then every thread reads all of them quickly.
const FEW_PARAMETERS: usize = 100 * 1024;

/// How a training cuts its batches, and the processes that compute the parts.
#[derive(Clone)]
pub struct Sharing {
    pub(super) peers: Option<Arc<dyn Peers>>,
    /// Whether shards of a batch go through the network apart.
    apart: bool,
}

impl Sharing {
    /// The training of a network by this process alone.
    pub(super) fn alone(network: &Network) -> Self {
        Self { peers: None, apart: network.params().len() < FEW_PARAMETERS && !network.mixes_samples() }
    }

    /// Returns the number of shards that a batch is cut into. It is 1 where parameters are many or samples depend on each
    /// other: then each layer divides its own work among the threads.
    pub(super) fn shards(&self, samples: usize) -> usize {
        if self.apart { samples.div_ceil(SHARD) } else { 1 }
    }

    /// Returns the way to the other processes, where there are any.
    pub fn peers(&self) -> Option<&dyn Peers> {
        self.peers.as_deref()
    }

    /// Returns this process's share of a batch: the samples that a step reads.
    pub fn share(&self, samples: usize) -> Share<'_> {
        let peers = self.peers.as_deref();
        match self.shards(samples) {
            0 | 1 => Share::with(samples, peers),
            shards => Share::among(samples, samples.div_ceil(shards), peers),
        }
    }
}

/// Exchanges the shards of a batch `x` with the other processes; each has run its own.
pub(super) fn exchange(shards: &mut [Shard], share: Share<'_>, stages: &[Stage], x: &[f32]) {
    let Some(peers) = share.peers() else { return };
    let mut ends = vec![0];
    for shard in &mut *shards {
        let mut values = 0;
        shard.each(stages, x, &mut |part| values += part.len());
        ends.push(ends[ends.len() - 1] + values);
    }
    let mut message = vec![0.0; ends[shards.len()]];
    let own = share.parts();
    let mut at = ends[own.start];
    for shard in &mut shards[own.clone()] {
        shard.each(stages, x, &mut |part| {
            message[at..][..part.len()].copy_from_slice(part);
            at += part.len();
        });
    }
    let ticket = peers.send(&message[ends[own.start]..ends[own.end]], &|rank| ends[share.bound(rank)]);
    peers.receive(ticket, &mut message);
    for (shard, end) in shards.iter_mut().zip(&ends) {
        let mut at = *end;
        shard.each(stages, x, &mut |part| {
            part.copy_from_slice(&message[at..][..part.len()]);
            at += part.len();
        });
    }
}
