//! The threads that a program computes on.

use crate::say::to_stderr;
use anyhow::{Context, Result};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::thread::available_parallelism;

/// The help text of `--threads`.
pub const THREADS: &str =
    "Threads; the result does not depend on it [default: all cores; at most twice as many, or 16 where that is more]";

/// Does work on `threads` threads, or on as many as the machine has cores. Where the system gives no more threads, the
/// work is done on this one.
///
/// # Errors
/// When there is no pool even on this thread.
pub fn on_threads<R: Send>(threads: Option<usize>, work: impl FnOnce() -> R + Send) -> Result<R> {
    let pool = ThreadPoolBuilder::new().num_threads(count(threads)).build().or_else(|_| alone())?;
    Ok(pool.install(work))
}

/// Lets work that chooses no threads, as that of the windows, run on as many as the machine has cores.
///
/// # Errors
/// As [`on_threads`].
pub fn prepare() -> Result<()> {
    let started = ThreadPoolBuilder::new().num_threads(count(None)).build_global();
    let alone = || ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    started.or_else(|_| alone()).context("cannot start the threads")
}

/// A pool of this thread only.
fn alone() -> Result<ThreadPool> {
    to_stderr("no more threads can be started; going on with one");
    ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().context("cannot start the threads")
}

/// The number of threads that the flag asks for, or `RAYON_NUM_THREADS`, or the cores; within reason.
fn count(threads: Option<usize>) -> usize {
    let cores = available_parallelism().map_or(1, usize::from);
    let environment = std::env::var("RAYON_NUM_THREADS").ok().and_then(|n| n.parse().ok()).filter(|&n| n > 0);
    let (wanted, most) = (threads.or(environment).unwrap_or(cores), 16.max(2 * cores));
    if wanted > most {
        to_stderr(format_args!("{wanted} threads on {cores} cores are no faster; {most} are used"));
    }
    wanted.min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_on_as_many_threads_as_were_asked_for() {
        assert_eq!(on_threads(Some(3), rayon::current_num_threads).ok(), Some(3));
        assert!(on_threads(None, rayon::current_num_threads).is_ok_and(|threads| threads > 0));
    }

    #[test]
    fn threads_without_end_are_not_started() {
        assert!(on_threads(Some(usize::MAX), rayon::current_num_threads).is_ok_and(|threads| threads >= 16));
        assert!(count(Some(100_000)) <= 16.max(2 * available_parallelism().map_or(1, usize::from)));
    }

    #[test]
    fn one_thread_is_enough() {
        let done = std::thread::spawn(|| alone().is_ok_and(|pool| pool.install(|| rayon::join(|| 1, || 2)) == (1, 2)));
        assert!(done.join().is_ok_and(|done| done));
    }
}
