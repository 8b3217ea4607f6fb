//! Spreading work over the threads of the rayon pool that the caller runs in; outside any pool, the calling thread does it.
//!
//! How work is cut depends on sizes only, never on the number of threads, and partial sums are added in a fixed
//! order, so the same numbers come out on any number of threads. Outside a pool no thread is woken: predicting one sample
//! takes less time than waking a thread.

use rayon::iter::plumbing::{Producer, ProducerCallback};
use rayon::prelude::*;

/// Values in a chunk of element-wise work: enough to be worth a task.
const VALUES: usize = 8192;

/// Chunk size, in samples of `features` values each, for element-wise work.
pub fn samples_per_chunk(features: usize) -> usize {
    (VALUES / features.max(1)).max(1)
}

/// The fewest parts per task, where each has this number of values.
pub fn parts_per_task(values: usize) -> usize {
    (VALUES / values.max(1)).max(1)
}

/// Adds up partial sums, which lie one behind the other.
#[inline(always)]
pub fn add_up(partial_sums: &[f32], sum: &mut [f32]) {
    sum.fill(0.0);
    for partial in partial_sums.chunks_exact(sum.len()) {
        sum.iter_mut().zip(partial).for_each(|(sum, value)| *sum += value);
    }
}

/// Returns whether the caller runs in a pool, so that work is spread over threads.
pub fn in_pool() -> bool {
    rayon::current_thread_index().is_some()
}

/// Runs both functions, at the same time where the caller is in a pool.
pub fn join(a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    if in_pool() {
        rayon::join(a, b);
    } else {
        a();
        b();
    }
}

/// Calls `f` with each item, at the same time where the caller is in a pool and there is more than one item.
pub fn each<I: IndexedParallelIterator>(items: I, f: impl Fn(I::Item) + Send + Sync) {
    /// Calls the function with each item on the calling thread.
    struct OneByOne<F>(F);
    impl<T, F: Fn(T)> ProducerCallback<T> for OneByOne<F> {
        type Output = ();
        fn callback<P: Producer<Item = T>>(self, producer: P) {
            producer.into_iter().for_each(self.0);
        }
    }
    if items.len() > 1 && in_pool() {
        items.for_each(f);
    } else {
        items.with_producer(OneByOne(f));
    }
}
