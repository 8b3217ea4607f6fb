//! Work beside the window: a reader that always takes the newest question, and jobs that can be stopped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// A worker that answers the newest question. One that comes while it works replaces the one that waits, so that no
/// queue of old questions builds up.
pub struct Latest<Q, A> {
    shared: Arc<Shared<Q>>,
    answers: mpsc::Receiver<A>,
}

struct Shared<Q> {
    slot: Mutex<Slot<Q>>,
    news: Condvar,
}

struct Slot<Q> {
    question: Option<Q>,
    closed: bool,
}

impl<Q> Shared<Q> {
    fn slot(&self) -> MutexGuard<'_, Slot<Q>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Q: Send + 'static, A: Send + 'static> Latest<Q, A> {
    /// Starts the worker. After each answer it asks the window for a frame.
    pub fn new(ctx: &egui::Context, mut answer: impl FnMut(Q) -> A + Send + 'static) -> Self {
        let shared =
            Arc::new(Shared { slot: Mutex::new(Slot { question: None, closed: false }), news: Condvar::new() });
        let (sender, answers) = mpsc::channel();
        let (ctx, theirs) = (ctx.clone(), shared.clone());
        std::thread::spawn(move || {
            loop {
                let mut slot = theirs.slot();
                while slot.question.is_none() && !slot.closed {
                    slot = theirs.news.wait(slot).unwrap_or_else(PoisonError::into_inner);
                }
                let Some(question) = slot.question.take().filter(|_| !slot.closed) else { return };
                drop(slot);
                if sender.send(answer(question)).is_err() {
                    return;
                }
                ctx.request_repaint();
            }
        });
        Self { shared, answers }
    }

    /// Asks; a question that still waits is forgotten.
    pub fn ask(&self, question: Q) {
        self.shared.slot().question = Some(question);
        self.shared.news.notify_one();
    }

    /// The first answer that is good, where one comes within the time; others that come before it are passed over.
    pub fn within(&self, time: Duration, is_good: impl Fn(&A) -> bool) -> Option<A> {
        let start = Instant::now();
        loop {
            let answer = self.answers.recv_timeout(time.saturating_sub(start.elapsed())).ok()?;
            if is_good(&answer) {
                return Some(answer);
            }
        }
    }

    /// The newest answer since the last call.
    pub fn newest(&self) -> Option<A> {
        self.answers.try_iter().last()
    }
}

impl<Q, A> Drop for Latest<Q, A> {
    fn drop(&mut self) {
        self.shared.slot().closed = true;
        self.shared.news.notify_one();
    }
}

/// Work on a thread of its own, with a result and news on the way. Dropping it asks it to stop and waits for nothing: a
/// disk that does not answer must not hold up the window.
pub struct Job<T> {
    news: mpsc::Receiver<f32>,
    done: f32,
    stop: Arc<AtomicBool>,
    result: mpsc::Receiver<Result<T, String>>,
}

/// A job's way to the window.
pub struct Progress {
    sender: mpsc::Sender<f32>,
    stop: Arc<AtomicBool>,
    ctx: egui::Context,
}

impl Progress {
    /// Tells how much is done, 0 to 1; `false` where the work is to stop.
    pub fn tell(&self, done: f32) -> bool {
        let listens = self.sender.send(done).is_ok();
        self.ctx.request_repaint();
        listens && !self.stop.load(Ordering::Relaxed)
    }
}

impl<T: Send + 'static> Job<T> {
    /// Starts the work. A panic in it becomes an error.
    pub fn new(ctx: &egui::Context, work: impl FnOnce(&Progress) -> anyhow::Result<T> + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, news) = mpsc::channel();
        let progress = Progress { sender, stop: stop.clone(), ctx: ctx.clone() };
        let (end, result) = mpsc::channel();
        std::thread::spawn(move || {
            let outcome = match catch_unwind(AssertUnwindSafe(|| work(&progress))) {
                Ok(outcome) => outcome.map_err(|error| format!("{error:#}")),
                Err(_) => Err("an internal error; please report it".into()),
            };
            if end.send(outcome).is_ok() {
                progress.ctx.request_repaint();
            }
        });
        Self { news, done: 0.0, stop, result }
    }

    /// How much is done, 0 to 1.
    pub fn done(&mut self) -> f32 {
        self.done = self.news.try_iter().last().unwrap_or(self.done);
        self.done
    }

    /// Asks it to stop; it then ends soon.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// The result, once, when the work has ended; an error is one line.
    pub fn result(&mut self) -> Option<Result<T, String>> {
        self.result.try_recv().ok()
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn soon<T>(mut get: impl FnMut() -> Option<T>) -> T {
        for _ in 0..2000 {
            if let Some(got) = get() {
                return got;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        panic!("nothing came");
    }

    #[test]
    fn the_newest_question_wins() {
        let (gate, wait) = mpsc::channel::<()>();
        let latest = Latest::new(&egui::Context::default(), move |n: u32| {
            wait.recv().unwrap();
            n
        });
        for n in 0..100 {
            latest.ask(n);
        }
        let mut answers = vec![];
        while answers.last() != Some(&99) {
            gate.send(()).unwrap();
            answers.push(soon(|| latest.newest()));
        }
        assert!(answers.len() <= 2, "{answers:?}");
        drop(gate);
    }

    #[test]
    fn a_job_tells_stops_and_survives_a_panic() {
        let ctx = egui::Context::default();
        let mut job = Job::new(&ctx, |progress| {
            while progress.tell(0.5) {
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok("stopped")
        });
        soon(|| (job.done() == 0.5).then_some(()));
        assert!(job.result().is_none());
        job.stop();
        assert_eq!(soon(|| job.result()), Ok("stopped"));
        let mut job = Job::<()>::new(&ctx, |_| panic!("on purpose"));
        assert!(soon(|| job.result()).unwrap_err().contains("internal error"));
    }

    #[test]
    fn work_that_never_ends_holds_nobody_up() {
        let (gate, wait) = mpsc::channel::<()>();
        let wait = Arc::new(Mutex::new(wait));
        let ctx = egui::Context::default();
        let blocked = |wait: &Arc<Mutex<mpsc::Receiver<()>>>| wait.lock().unwrap().recv().is_ok();
        let theirs = wait.clone();
        drop(Job::new(&ctx, move |_| Ok(blocked(&theirs))));
        let latest = Latest::new(&ctx, move |_: u32| blocked(&wait));
        latest.ask(1);
        drop(latest);
        drop(gate); // it was still there: dropping the workers has waited for nobody
    }
}
