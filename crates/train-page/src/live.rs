//! The two ends of a training that is watched: orders go to it, and news of it come from it. Nobody waits for the other.

use crate::shelf::{Shelf, remove_abandoned};
use crate::snapshot::Snapshot;
use crate::timeline::Timeline;
use nn_core::metrics::Score;
use nn_io::Model;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The most points of a curve.
const POINTS: usize = 400;

/// A handle on a training, for the window and for the training itself.
#[derive(Clone, Default)]
pub struct Live {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    news: Mutex<News>,
    orders: Mutex<Orders>,
    changed: Condvar,
    shelf: Mutex<Place>,
    /// A flag from outside that ends the training, by Ctrl-C for example.
    stop: Mutex<Arc<AtomicBool>>,
}

/// The place of the files for which memory has no room.
#[derive(Default)]
enum Place {
    /// There is none.
    #[default]
    Nowhere,
    /// The folder of runs, in which it will be.
    In(PathBuf),
    /// It is there.
    Open(Arc<Shelf>),
}

impl Place {
    /// The shelf, which is made when it is needed first.
    fn shelf(&mut self) -> Option<Arc<Shelf>> {
        if let Self::In(runs) = self {
            *self = Shelf::new(runs).map_or(Self::Nowhere, |shelf| Self::Open(Arc::new(shelf)));
        }
        match self {
            Self::Open(shelf) => Some(shelf.clone()),
            _ => None,
        }
    }
}

/// An order to the training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Go {
    /// It goes on.
    #[default]
    On,
    /// It waits between two steps.
    Wait,
    /// It makes one step and waits.
    Step,
    /// It goes on to the end of the epoch and waits.
    Epoch,
    /// It ends, and the best network so far is kept.
    Finish,
    /// It ends, and a checkpoint stays.
    Quit,
}

/// The orders that the training goes by.
#[derive(Clone, Copy)]
pub struct Orders {
    /// Whether it goes on.
    pub go: Go,
    /// The factor of the learning rate.
    pub factor: f32,
}

impl Default for Orders {
    fn default() -> Self {
        Self { go: Go::On, factor: 1.0 }
    }
}

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Epochs done.
    pub at: f64,
    /// Mean loss per sample.
    pub loss: f64,
    /// Share of right answers, 0 to 1.
    pub accuracy: f64,
}

impl Point {
    /// The point of a score; `None` where it holds no sample.
    pub fn of(at: f64, score: Score) -> Option<Self> {
        (score.samples > 0).then(|| Self { at, loss: score.loss(), accuracy: score.accuracy() })
    }
}

/// How far a training is.
#[derive(Clone, Copy, Debug, Default)]
pub struct EpochProgress {
    /// Epochs done, with the part of the one that goes on.
    pub at: f64,
    /// Epochs that it is to do.
    pub epochs: u32,
    /// The learning rate of the last step.
    pub lr: f32,
    /// Training samples per second.
    pub samples_per_second: f64,
    /// The time that is left.
    pub left: Option<Duration>,
    /// Whether it waits.
    pub waits: bool,
}

/// Everything that is known of a training.
#[derive(Clone, Default)]
pub struct News {
    /// How far it is.
    pub progress: EpochProgress,
    /// The scores on the training samples as they went by.
    pub training: Vec<Point>,
    /// The scores on the samples held back, one for each epoch.
    pub validation: Vec<Point>,
    /// The network as it is now, which is renewed more often than there are snapshots.
    pub model: Option<Arc<Model>>,
    /// The networks on the way.
    pub timeline: Timeline,
}

/// A waiting training looks this often whether it is stopped from outside.
const GLANCE: Duration = Duration::from_millis(100);

impl Live {
    /// The same, with room for snapshots in files in the folder of runs, where memory has no room for them. Those that
    /// programs have left there which were ended by force are removed.
    pub fn keeping_in(self, runs: PathBuf) -> Self {
        remove_abandoned(&runs);
        *lock(&self.shared.shelf) = Place::In(runs);
        lock(&self.shared.news).timeline.allow_files();
        self
    }

    /// The same, which stops waiting when the flag is set.
    pub fn stopped_by(self, stop: Arc<AtomicBool>) -> Self {
        *lock(&self.shared.stop) = stop;
        self
    }

    /// Gives an order.
    pub fn order(&self, go: Go) {
        lock(&self.shared.orders).go = go;
        self.shared.changed.notify_all();
    }

    /// Sets the factor of the learning rate.
    pub fn set_factor(&self, factor: f32) {
        lock(&self.shared.orders).factor = factor;
        self.shared.changed.notify_all();
    }

    /// The orders that hold now.
    pub fn orders(&self) -> Orders {
        *lock(&self.shared.orders)
    }

    /// Takes the order of one step or one epoch as done: the training is to wait now.
    pub(crate) fn done(&self, order: Go) {
        let mut orders = lock(&self.shared.orders);
        if orders.go == order {
            orders.go = Go::Wait;
        }
    }

    /// Waits as long as the orders say so.
    pub(crate) fn wait(&self) {
        let stop = lock(&self.shared.stop).clone();
        let mut orders = lock(&self.shared.orders);
        while orders.go == Go::Wait && !stop.load(Ordering::Relaxed) {
            let woken = self.shared.changed.wait_timeout(orders, GLANCE);
            orders = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The news so far.
    pub fn news(&self) -> News {
        lock(&self.shared.news).clone()
    }

    pub(crate) fn tell(&self, progress: EpochProgress, training: Option<Point>) {
        let mut news = lock(&self.shared.news);
        news.progress = progress;
        news.training.extend(training);
        thin(&mut news.training);
    }

    pub(crate) fn tell_validation(&self, point: Option<Point>) {
        let mut news = lock(&self.shared.news);
        news.validation.extend(point);
        thin(&mut news.validation);
    }

    pub(crate) fn show(&self, snapshot: Snapshot) {
        let to_file = {
            let mut news = lock(&self.shared.news);
            news.model = Some(snapshot.model.clone());
            news.timeline.push(snapshot);
            news.timeline.to_file()
        };
        for snapshot in to_file {
            let shelf = lock(&self.shared.shelf).shelf();
            let filed = shelf.and_then(|shelf| shelf.put(&snapshot.model).ok()); // no frame waits for the disk
            let is_filed = filed.is_some();
            lock(&self.shared.news).timeline.filed(&snapshot, filed);
            if !is_filed {
                break; // the disk is full
            }
        }
    }

    pub(crate) fn show_model(&self, model: Arc<Model>) {
        lock(&self.shared.news).model = Some(model);
    }
}

/// Halves the number of points where they are too many; the first and the last stay.
fn thin(points: &mut Vec<Point>) {
    if points.len() > POINTS {
        let last = points.len() - 1;
        let mut number = 0..;
        points.retain(|_| number.next().is_some_and(|i| i % 2 == 0 || i == last));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn files_that_a_killed_program_has_left_are_removed_before_memory_is_full() {
        let runs = tempfile::tempdir().unwrap();
        let abandoned = runs.path().join("snapshots-1-0");
        std::fs::create_dir(&abandoned).unwrap();
        std::fs::write(abandoned.join("lock"), "").unwrap();
        let _live = Live::default().keeping_in(runs.path().into());
        assert!(!abandoned.exists());
    }

    #[test]
    fn a_training_that_waits_is_stopped_from_outside() {
        let stop = Arc::new(AtomicBool::new(false));
        let live = Live::default().stopped_by(stop.clone());
        live.order(Go::Wait);
        let theirs = live.clone();
        let waits = std::thread::spawn(move || theirs.wait());
        std::thread::sleep(2 * GLANCE);
        assert!(!waits.is_finished(), "it waits for an order");
        stop.store(true, Ordering::Relaxed);
        assert!(waits.join().is_ok(), "or for the flag");
    }
}
