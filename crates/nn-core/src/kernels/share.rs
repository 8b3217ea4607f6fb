//! The parts of a batch, and the processes that may share them.
//!
//! A batch is cut into equal parts, whose sums are added in their order. How it is cut depends on its size only; so it is
//! the same whether one process computes all parts or several a few each, and so are the bits of every sum.

use std::ops::Range;

/// The largest number of parts of a batch, and so of processes that can share it.
pub(crate) const PARTS: usize = 8;
/// Samples per process at least. With fewer in a batch each process computes all of it, which is faster then.
const SAMPLES: usize = 8;

/// Several processes that learn every batch together. Each has the same network; what one computes, all come to know.
pub trait Peers: Send + Sync {
    /// The number of this process, from 0.
    fn rank(&self) -> usize;

    /// The number of processes.
    fn ranks(&self) -> usize;

    /// Sends `own`, the values that this process has computed, to all others. Process `r` has those from `bounds(r)` to
    /// `bounds(r + 1)`. Returns a ticket for [`Peers::receive`], which may come later. All processes send the same messages
    /// in the same order.
    fn send(&self, own: &[f32], bounds: &dyn Fn(usize) -> usize) -> u64;

    /// Waits for the message with this ticket and writes the values of all processes.
    fn receive(&self, ticket: u64, values: &mut [f32]);
}

impl dyn Peers + '_ {
    /// Returns whether any process says yes. All processes ask.
    pub fn any(&self, yes: bool) -> bool {
        let mut all = vec![0.0; self.ranks()];
        self.receive(self.send(&[f32::from(u8::from(yes))], &|rank| rank), &mut all);
        all.contains(&1.0)
    }
}

/// The samples of a batch that this process computes.
#[derive(Clone, Copy)]
pub struct Share<'a> {
    batch: usize,
    size: usize,
    peers: Option<&'a dyn Peers>,
}

impl<'a> Share<'a> {
    /// All samples of a batch.
    pub fn whole(batch: usize) -> Self {
        Self::among(batch, batch.div_ceil(PARTS), None)
    }

    /// A process's share of a batch that is cut into parts of `size` samples (the last may have fewer). Where some process
    /// would have too few samples, each has all of them.
    pub(crate) fn among(batch: usize, size: usize, peers: Option<&'a dyn Peers>) -> Self {
        let share = Self { batch, size: size.max(1), peers };
        let enough = |peers: &dyn Peers| (0..peers.ranks()).all(|rank| share.samples_of(rank).len() >= SAMPLES);
        Self { peers: peers.filter(|peers| enough(*peers)), ..share }
    }

    /// [`Share::whole`], shared with `peers`.
    pub(crate) fn with(batch: usize, peers: Option<&'a dyn Peers>) -> Self {
        Self::among(batch, batch.div_ceil(PARTS), peers)
    }

    /// Returns the number of samples of the whole batch.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// Returns the samples of this process.
    pub fn samples(&self) -> Range<usize> {
        self.peers.map_or(0..self.batch, |peers| self.samples_of(peers.rank()))
    }

    /// Returns the parts of this process.
    pub fn parts(&self) -> Range<usize> {
        self.peers.map_or(0..self.count(), |peers| self.bound(peers.rank())..self.bound(peers.rank() + 1))
    }

    /// Returns the number of parts of the whole batch.
    pub fn count(&self) -> usize {
        self.batch.div_ceil(self.size)
    }

    /// Returns the samples of a part.
    pub fn part(&self, part: usize) -> Range<usize> {
        self.start(part)..self.start(part + 1)
    }

    /// Returns the number of samples per part, which the last may not reach.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Returns this process's share of values that belong to all samples, equally many to each.
    pub fn of<'v>(&self, values: &'v [f32]) -> &'v [f32] {
        &values[self.range_in(values.len())]
    }

    /// [`Share::of`], to be changed.
    pub fn of_mut<'v>(&self, values: &'v mut [f32]) -> &'v mut [f32] {
        let own = self.range_in(values.len());
        &mut values[own]
    }

    /// Completes values that belong to parts, equally many to each: those of the other processes' parts come from there.
    pub fn complete_parts(&self, values: &mut [f32]) {
        let Some(peers) = self.peers else { return };
        let each = values.len() / self.count();
        let bounds = |rank| self.bound(rank) * each;
        let ticket = peers.send(&values[bounds(peers.rank())..bounds(peers.rank() + 1)], &bounds);
        peers.receive(ticket, values);
    }

    /// The processes that share the batch; `None` where this one computes all of it.
    pub(crate) fn peers(&self) -> Option<&'a dyn Peers> {
        self.peers
    }

    /// Sends the values of this process's samples, which [`Peers::receive`] completes later.
    pub(crate) fn send_samples(&self, peers: &dyn Peers, own: &[f32]) -> u64 {
        let each = own.len() / self.samples().len();
        peers.send(own, &|rank| self.start(self.bound(rank)) * each)
    }

    fn range_in(&self, values: usize) -> Range<usize> {
        let (each, own) = (values / self.batch.max(1), self.samples());
        own.start * each..own.end * each
    }

    fn samples_of(&self, rank: usize) -> Range<usize> {
        self.start(self.bound(rank))..self.start(self.bound(rank + 1))
    }

    /// The first part of a process; each has as many as the others, or one more.
    pub(crate) fn bound(&self, rank: usize) -> usize {
        self.peers.map_or(0, |peers| rank * self.count() / peers.ranks())
    }

    /// The first sample of a part.
    fn start(&self, part: usize) -> usize {
        self.batch.min(part * self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Rank(usize, usize);

    impl Peers for Rank {
        fn rank(&self) -> usize {
            self.0
        }

        fn ranks(&self) -> usize {
            self.1
        }

        fn send(&self, _: &[f32], _: &dyn Fn(usize) -> usize) -> u64 {
            0
        }

        fn receive(&self, _: u64, _: &mut [f32]) {}
    }

    #[test]
    fn every_sample_belongs_to_one_process_and_to_one_part() {
        for (batch, ranks) in [(128, 1), (128, 3), (96, 2), (61, 3), (100, 8), (8, 1)] {
            let shares = (0..ranks).map(|rank| Rank(rank, ranks)).collect::<Vec<_>>();
            let mut at = 0;
            for peers in &shares {
                let share = Share::with(batch, Some(peers));
                for part in share.parts() {
                    assert_eq!(share.part(part).start, at, "{batch} of {ranks}");
                    at = share.part(part).end;
                }
                assert_eq!(share.samples().end, at);
                assert!(share.count() <= PARTS && (share.samples().len() >= SAMPLES));
            }
            assert_eq!(at, batch);
        }
    }

    #[test]
    fn of_few_samples_each_process_computes_all() {
        for (batch, ranks) in [(1, 2), (15, 2), (128, 9), (23, 3)] {
            let peers = Rank(0, ranks);
            let share = Share::with(batch, Some(&peers));
            assert!(share.peers().is_none() && share.samples() == (0..batch) && share.parts() == (0..share.count()));
        }
    }
}
