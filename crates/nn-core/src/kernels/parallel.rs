//! Spreading work over the threads of the rayon pool that the caller runs in; outside any pool, the calling thread does it.
//!
//! How work is cut depends on sizes only, never on the number of threads, and partial sums are added in a fixed
//! order, so the same numbers come out on any number of threads. Outside a pool no thread is woken: predicting one sample
//! takes less time than waking a thread.

use rayon::iter::plumbing::{Producer, ProducerCallback};
use rayon::prelude::*;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Values in a chunk of element-wise work: enough to be worth a task.
const VALUES: usize = 8192;

/// How long a thread that finds no work goes on looking before it sleeps. Waking it would take some 50 us, and most waits in a
/// training step are shorter.
const PATIENCE: Duration = Duration::from_micros(200);

thread_local! {
    /// Whether this thread waits for the other half of a [`join`].
    static WAITS: Cell<bool> = const { Cell::new(false) };
}

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

/// Returns the number of the calling thread in its pool; 0 outside any.
pub(crate) fn thread_index() -> usize {
    rayon::current_thread_index().unwrap_or_default()
}

/// Runs both functions, at the same time where the caller is in a pool.
pub fn join(a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    /// Restores the mark of a thread that waits, also where a function panics.
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            WAITS.set(self.0);
        }
    }
    if !in_pool() {
        a();
        return b();
    }
    let done = AtomicBool::new(false);
    let _before = Before(WAITS.get());
    rayon::join(
        || {
            a();
            WAITS.set(true);
            work_until(&done);
        },
        || {
            b();
            done.store(true, Ordering::Relaxed);
        },
    );
}

/// Does what there is to do in the pool until `done` is set, or until there was nothing for too long.
fn work_until(done: &AtomicBool) {
    let mut idle = None;
    while !done.load(Ordering::Relaxed) {
        if rayon::yield_now() == Some(rayon::Yield::Executed) {
            idle = None;
        } else if idle.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
            return;
        } else {
            thread::yield_now(); // to other programs
        }
    }
}

/// Runs `f`, while another thread of the caller's pool looks for work that it hands out and does not sleep between its pieces.
pub fn awake(f: impl FnOnce() + Send) {
    if !in_pool() || rayon::current_num_threads() == 1 {
        return f();
    }
    let done = AtomicBool::new(false);
    rayon::join(
        || {
            f();
            done.store(true, Ordering::Relaxed);
        },
        || {
            // A thread that waits for the other half of a join would let whoever waits for its own half wait as well.
            if !WAITS.get() {
                work_until(&done);
            }
        },
    );
}

/// Calls `f` with each item, at the same time where the caller is in a pool and there is more than one item. Items are halved
/// until their [`with_min_len`](IndexedParallelIterator::with_min_len) is reached.
pub fn each<I: IndexedParallelIterator>(items: I, f: impl Fn(I::Item) + Send + Sync) {
    /// The function, and the number of items.
    struct Halves<F>(F, usize);
    impl<T, F: Fn(T) + Sync> ProducerCallback<T> for Halves<F> {
        type Output = ();
        fn callback<P: Producer<Item = T>>(self, items: P) {
            if in_pool() { halves(items, self.1, &self.0) } else { items.into_iter().for_each(self.0) }
        }
    }
    let len = items.len();
    items.with_producer(Halves(f, len));
}

/// Calls `f` with each of `len` items, half of them on either side of a [`join`].
fn halves<P: Producer>(items: P, len: usize, f: &(impl Fn(P::Item) + Sync)) {
    if len < 2 * items.min_len() {
        return items.into_iter().for_each(f);
    }
    let (a, b) = items.split_at(len / 2);
    join(|| halves(a, len / 2, f), || halves(b, len - len / 2, f));
}

#[cfg(not(target_arch = "wasm32"))] // there are no threads
#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    /// Runs `f` in a pool of that many threads.
    fn with_threads<R: Send>(threads: usize, f: impl FnOnce() -> R + Send) -> R {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(f)
    }

    #[test]
    fn each_item_is_seen_once() {
        for (threads, items, least) in [(1, 5, 1), (2, 1, 1), (3, 100, 1), (4, 33, 4), (2, 0, 1)] {
            let seen: Vec<AtomicUsize> = (0..items).map(|_| AtomicUsize::new(0)).collect();
            let count = || each(seen.par_iter().with_min_len(least), |n| _ = n.fetch_add(1, Ordering::Relaxed));
            with_threads(threads, count);
            count(); // outside any pool
            assert!(seen.iter().all(|n| n.load(Ordering::Relaxed) == 2));
        }
    }

    #[test]
    fn work_of_several_callers_ends() {
        let sum = AtomicUsize::new(0);
        let add = |depth: usize| {
            /// Adds one at each leaf of a tree of joins.
            fn tree(depth: usize, sum: &AtomicUsize) {
                match depth {
                    0 => _ = sum.fetch_add(1, Ordering::Relaxed),
                    _ => join(|| tree(depth - 1, sum), || tree(depth - 1, sum)),
                }
            }
            awake(|| tree(depth, &sum));
        };
        with_threads(4, || (0..20usize).into_par_iter().for_each(|_| (0..10).for_each(|_| add(6))));
        assert_eq!(sum.into_inner(), 20 * 10 * 64);
    }

    #[cfg(panic = "unwind")] // it catches a panic
    #[test]
    fn a_panic_reaches_the_caller() {
        for side in 0..2 {
            let part = move |n: usize| assert!(n != side, "on purpose");
            let run = || with_threads(2, || awake(|| join(|| part(0), || part(1))));
            assert!(std::panic::catch_unwind(run).is_err());
        }
    }
}
