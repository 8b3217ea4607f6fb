//! The two ends of a training that is watched: orders go to it, and news of it come from it. Nobody waits for the other.

use crate::snapshot::Snapshot;
use crate::timeline::Timeline;
use nn_core::metrics::Score;
use nn_io::Model;
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

impl Live {
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
        let orders = lock(&self.shared.orders);
        let woken = self.shared.changed.wait_while(orders, |orders| orders.go == Go::Wait);
        drop(woken.unwrap_or_else(PoisonError::into_inner));
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
        let mut news = lock(&self.shared.news);
        news.model = Some(snapshot.model.clone());
        news.timeline.push(snapshot);
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
