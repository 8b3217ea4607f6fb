//! Work on all threads of the pool that the caller belongs to, or on the calling thread where it belongs to none.
//!
//! How work is cut depends on sizes only, never on the number of threads, and every sum over pieces runs in their order:
//! so the same numbers come out on any number of threads. Outside a pool nothing is woken: one sample is predicted
//! faster than a sleeping thread wakes up.

use rayon::iter::plumbing::{Producer, ProducerCallback};
use rayon::prelude::*;

/// Values that a piece of element-wise work has at least.
const VALUES: usize = 8192;
/// Pieces at most where each leaves a sum of its own behind.
const SUMS: usize = 8;

/// Samples in a piece of element-wise work on samples of `features` values.
pub(crate) fn samples_a_piece(features: usize) -> usize {
    (VALUES / features.max(1)).max(1)
}

/// Samples in a piece of work on a batch, of which each piece leaves a sum behind: pieces are few then.
pub(crate) fn samples_a_sum(features: usize, batch: usize) -> usize {
    samples_a_piece(features).max(batch.div_ceil(SUMS))
}

/// Adds up the sums of all pieces, which lie one behind the other.
#[inline(always)]
pub(crate) fn add_up(pieces: &[f32], sum: &mut [f32]) {
    sum.fill(0.0);
    for piece in pieces.chunks_exact(sum.len()) {
        sum.iter_mut().zip(piece).for_each(|(sum, value)| *sum += value);
    }
}

/// Both, side by side where the caller is in a pool.
pub(crate) fn join(a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    if rayon::current_thread_index().is_some() {
        rayon::join(a, b);
    } else {
        a();
        b();
    }
}

/// Each of the items, side by side where the caller is in a pool and there is more than one.
pub(crate) fn each<I: IndexedParallelIterator>(items: I, f: impl Fn(I::Item) + Send + Sync) {
    /// Goes through the items on the calling thread.
    struct OneByOne<F>(F);
    impl<T, F: Fn(T)> ProducerCallback<T> for OneByOne<F> {
        type Output = ();
        fn callback<P: Producer<Item = T>>(self, producer: P) {
            producer.into_iter().for_each(self.0);
        }
    }
    if items.len() > 1 && rayon::current_thread_index().is_some() {
        items.for_each(f);
    } else {
        items.with_producer(OneByOne(f));
    }
}
