//! Work beside the window that must neither be lost nor change its order, such as saving drawings.

use egui::Context;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock, mpsc};
use std::time::{Duration, Instant};

/// Work that takes longer than this is shown.
const SLOW: Duration = Duration::from_millis(400);

type Work = Box<dyn FnOnce() + Send>;
type Outcome = Result<(), String>;

/// A thread that does pieces of work one after the other, in the order in which they came. `D` says what a piece does,
/// and comes back when it is done. When this is dropped, the thread still does all that it was given.
pub struct InOrder<D> {
    work: mpsc::Sender<Work>,
    results: (mpsc::Sender<Outcome>, mpsc::Receiver<Outcome>),
    waiting: VecDeque<(D, Instant)>,
    window: Arc<OnceLock<Context>>,
}

impl<D> Default for InOrder<D> {
    fn default() -> Self {
        let (work, to_do) = mpsc::channel::<Work>();
        std::thread::spawn(move || to_do.into_iter().for_each(|work| work()));
        Self { work, results: mpsc::channel(), waiting: VecDeque::new(), window: Arc::default() }
    }
}

impl<D> InOrder<D> {
    /// Adds a piece of work behind all others. A panic in it becomes an error.
    pub fn add(&mut self, deed: D, work: impl FnOnce() -> anyhow::Result<()> + Send + 'static) {
        self.waiting.push_back((deed, Instant::now()));
        let (sender, window) = (self.results.0.clone(), self.window.clone());
        self.begin(move || {
            let outcome = match catch_unwind(AssertUnwindSafe(work)) {
                Ok(outcome) => outcome.map_err(|error| format!("{error:#}")),
                Err(_) => Err("an internal error; please report it".into()),
            };
            let _ = sender.send(outcome); // the work goes on where nobody listens any more
            if let Some(ctx) = window.get() {
                ctx.request_repaint();
            }
        });
    }

    /// The next piece that has been done, with its outcome; an error is one line. The window is asked for a frame
    /// whenever there is one.
    pub fn next_done(&mut self, ctx: &Context) -> Option<(D, Outcome)> {
        let _ = self.window.set(ctx.clone());
        if let Ok(outcome) = self.results.1.try_recv() {
            return self.waiting.pop_front().map(|(deed, _)| (deed, outcome));
        }
        if let Some((_, since)) = self.waiting.front()
            && !self.is_slow()
        {
            ctx.request_repaint_after(SLOW.saturating_sub(since.elapsed()));
        }
        None
    }

    /// The number of pieces whose outcome has not been taken.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Whether the first of them takes so long that the user should see it.
    pub fn is_slow(&self) -> bool {
        self.waiting.front().is_some_and(|(_, since)| since.elapsed() >= SLOW)
    }

    /// A receiver whose `recv` returns once everything added so far has been done.
    pub fn all_done(&self) -> mpsc::Receiver<()> {
        let (sender, done) = mpsc::channel();
        self.begin(move || drop(sender));
        done
    }

    fn begin(&self, work: impl FnOnce() + Send + 'static) {
        let _ = self.work.send(Box::new(work)); // the thread ends no earlier than this sender
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::Mutex;

    /// Takes outcomes until `n` have come.
    fn outcomes(queue: &mut InOrder<usize>, n: usize) -> Vec<(usize, Outcome)> {
        let (ctx, mut all) = (Context::default(), vec![]);
        while all.len() < n {
            all.extend(queue.next_done(&ctx));
            std::thread::sleep(Duration::from_millis(1));
        }
        all
    }

    #[test]
    fn work_is_done_in_its_order_and_errors_stop_nothing() {
        let done = Arc::new(Mutex::new(vec![]));
        let mut queue = InOrder::default();
        for i in 0..20 {
            let done = done.clone();
            queue.add(i, move || match i {
                3 => anyhow::bail!("no space"),
                5 => panic!("on purpose"),
                i => {
                    done.lock().unwrap().push(i);
                    Ok(())
                }
            });
        }
        assert_eq!(queue.waiting(), 20);
        let outcomes = outcomes(&mut queue, 20);
        assert!(outcomes.iter().map(|(i, _)| *i).eq(0..20) && queue.waiting() == 0);
        let failed: Vec<_> = outcomes.iter().filter(|(_, outcome)| outcome.is_err()).collect();
        assert_eq!(failed.iter().map(|(i, _)| *i).collect::<Vec<_>>(), [3, 5]);
        assert_eq!(failed[0].1, Err("no space".into()));
        assert!(done.lock().unwrap().iter().copied().eq((0..20).filter(|i| ![3, 5].contains(i))));
    }

    #[test]
    fn what_was_begun_is_done_after_the_window_has_gone() {
        let (gate, wait) = mpsc::channel::<()>();
        let mut queue = InOrder::default();
        queue.add(0, move || Ok(wait.recv()?));
        let all_done = queue.all_done();
        assert_eq!(all_done.try_recv(), Err(mpsc::TryRecvError::Empty));
        drop(queue); // it waits for nobody
        gate.send(()).unwrap();
        assert!(all_done.recv().is_err(), "the last sender is gone, as all has been done");
    }
}
