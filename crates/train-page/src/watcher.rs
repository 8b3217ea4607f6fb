//! The watcher: listens to a training on its thread, obeys the orders, and tells the window what there is to see.
//!
//! A look at the network costs time that the training would have: the next may come as soon as all of them together have
//! taken no more than a hundredth of the training's time, and a moment beside that.

use crate::live::{EpochProgress, Go, Live, Point};
use crate::snapshot::Probe;
use nn_core::metrics::Score;
use nn_train::{Data, Event, Recipe, Run};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// News come at least this far apart.
const INTERVAL: Duration = Duration::from_millis(250);
/// The share of the training's time that looks may take.
const SHARE: f64 = 0.01;
/// Seconds that looks may take beside that: for trainings that are short.
const FREE: f64 = 0.15;

/// Watches one training.
pub struct Watcher<'a> {
    live: Live,
    /// Tells the window that there are news.
    notify: Box<dyn Fn() + Send + 'a>,
    data: &'a Data<'a>,
    probe: Probe,
    epochs: u32,
    /// The end of the last event.
    since: Instant,
    /// The time of the training itself, and of all looks.
    trained: Duration,
    looked: Duration,
    /// The training's time when news were told last.
    told: Duration,
    /// The part of this epoch's scores that has been told.
    told_score: Score,
    /// Steps made since the watcher began.
    steps: u64,
    progress: EpochProgress,
    /// Where the newest snapshot stands, and where the last order was given, in epochs.
    shown_at: f64,
    ordered_at: f64,
}

impl<'a> Watcher<'a> {
    /// Begins to watch a run, and shows its network as it is before the first step.
    pub fn new(live: Live, notify: impl Fn() + Send + 'a, recipe: &Recipe, data: &'a Data<'a>, run: &Run) -> Self {
        let progress = EpochProgress { at: run.epoch.into(), epochs: recipe.epochs, ..EpochProgress::default() };
        let mut watcher = Self {
            live,
            notify: Box::new(notify),
            data,
            probe: Probe::new(data, recipe),
            epochs: recipe.epochs,
            since: Instant::now(),
            trained: Duration::ZERO,
            looked: Duration::ZERO,
            told: Duration::ZERO,
            told_score: Score::default(),
            steps: 0,
            progress,
            shown_at: -1.0,
            ordered_at: -1.0,
        };
        watcher.live.tell(progress, None);
        watcher.look(run);
        watcher.looked = Duration::ZERO; // nothing has been trained yet that this could be held against
        watcher
    }

    /// Takes in an event; the answer says whether training goes on.
    pub fn event(&mut self, event: Event<'_>) -> ControlFlow<()> {
        self.trained += self.since.elapsed();
        let (run, factor, order) = match event {
            Event::Step { epoch, step, steps, score, lr, run, factor } => {
                self.step(f64::from(epoch - 1) + step as f64 / steps as f64, steps, lr);
                if self.is_due() {
                    self.tell(score, run);
                }
                (run, factor, Go::Step)
            }
            Event::Epoch { report, run, factor } => {
                let point = report.validation.and_then(|score| Point::of(report.epoch.into(), score));
                self.live.tell_validation(point);
                if self.told_score.samples == 0 {
                    self.live.tell(self.progress, Point::of(report.epoch.into(), report.train)); // a short epoch
                }
                self.told_score = Score::default();
                (run, factor, Go::Epoch)
            }
        };
        if self.progress.at > self.ordered_at {
            self.live.done(order);
        }
        self.progress.waits = self.live.orders().go == Go::Wait;
        let ends = self.live.orders().go == Go::Finish || self.progress.at >= f64::from(self.epochs);
        let is_time = self.told == self.trained || order == Go::Epoch;
        if self.progress.waits || ends || (is_time && self.may_look()) {
            self.look(run);
        }
        if ends {
            self.show_best(run);
            self.tell_progress();
        }
        if self.progress.waits {
            self.tell_progress();
            self.live.wait();
            (self.progress.waits, self.ordered_at) = (false, self.progress.at);
            self.tell_progress();
        }
        let orders = self.live.orders();
        *factor = orders.factor;
        self.since = Instant::now();
        match orders.go {
            Go::Finish | Go::Quit => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }

    /// Whether news are to be told now: they are few while training runs, and come with each step that is made by hand.
    fn is_due(&self) -> bool {
        let by_hand = matches!(self.live.orders().go, Go::Wait | Go::Step);
        by_hand || self.trained - self.told >= INTERVAL
    }

    fn may_look(&self) -> bool {
        self.looked.as_secs_f64() <= FREE + SHARE * self.trained.as_secs_f64()
    }

    /// A step was made: `at` epochs are done.
    fn step(&mut self, at: f64, steps_per_epoch: usize, lr: f32) {
        self.steps += 1;
        let steps_per_second = self.steps as f64 / self.trained.as_secs_f64();
        let left = (f64::from(self.epochs) - at) * steps_per_epoch as f64 / steps_per_second;
        self.progress = EpochProgress {
            at,
            lr,
            samples_per_second: steps_per_second * self.data.train.len() as f64 / steps_per_epoch as f64,
            left: Some(Duration::from_secs_f64(left.clamp(0.0, 1e9))),
            ..self.progress
        };
    }

    /// Tells how far training is, and the scores since the last time; `score` is that of the epoch so far.
    fn tell(&mut self, score: Score, run: &Run) {
        let new = Score {
            loss_sum: score.loss_sum - self.told_score.loss_sum,
            correct: score.correct - self.told_score.correct,
            samples: score.samples - self.told_score.samples,
        };
        (self.told, self.told_score) = (self.trained, score);
        self.live.tell(self.progress, Point::of(self.progress.at, new));
        self.live.show_model(self.probe.as_model(run.trainer.network().clone()));
        (self.notify)();
    }

    /// From now on the drawing is answered by the network that is kept.
    fn show_best(&self, run: &Run) {
        if let Some(best) = &run.best {
            let mut network = run.trainer.network().clone();
            network.params_mut().copy_from_slice(&best.params);
            network.stats_mut().copy_from_slice(&best.stats);
            self.live.show_model(self.probe.as_model(network));
        }
    }

    fn tell_progress(&self) {
        self.live.tell(self.progress, None);
        (self.notify)();
    }

    /// Shows the network, unless it has been shown since the last step.
    fn look(&mut self, run: &Run) {
        if self.progress.at == self.shown_at {
            return;
        }
        let start = Instant::now();
        let network = run.network(self.data.train, self.data.preprocessing).into_owned();
        self.live.show(self.probe.look(network, self.progress.at));
        self.shown_at = self.progress.at;
        self.looked += start.elapsed();
        (self.notify)();
    }
}
