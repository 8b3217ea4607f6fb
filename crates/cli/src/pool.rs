//! The threads that a program computes on.

use anyhow::{Context, Result};

/// The help text of `--threads`.
pub const THREADS: &str = "Threads; the result does not depend on it [default: all cores]";

/// Does work on `threads` threads, or on as many as the machine has cores.
///
/// # Errors
/// When the threads cannot be started.
pub fn on_threads<R: Send>(threads: Option<usize>, work: impl FnOnce() -> R + Send) -> Result<R> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
    Ok(pool.context("cannot start the threads")?.install(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_on_as_many_threads_as_were_asked_for() {
        assert_eq!(on_threads(Some(3), rayon::current_num_threads).ok(), Some(3));
        assert!(on_threads(None, rayon::current_num_threads).is_ok_and(|threads| threads > 0));
    }
}
