//! The choices of a training, and how far it is.

use super::pictures::PictureSet;
use crate::collection::Collection;
use crate::errand::Errand;
use crate::message::{Request, TrainingNews, TrainingOrder};
use train_page::live::{EpochProgress, News, Point};

/// The choices, and the training that goes on.
pub struct Lessons {
    /// Whether the pictures are learnt, and whether the drawings are.
    pub learns: [bool; 2],
    /// The pictures.
    pub pictures: PictureSet,
    /// The choices.
    pub order: TrainingOrder,
    /// The curves.
    pub news: News,
    state: State,
    has_begun: bool,
    /// The best model so far, with its accuracy on samples held back.
    best: Option<(f64, Vec<u8>)>,
    newest: TrainingNews,
    /// The report of the training that came to its end.
    report: Option<String>,
}

/// How far a training is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// None goes on.
    Idle,
    /// It begins when the digits are loaded.
    Loads,
    /// It goes on.
    Runs,
}

impl Default for Lessons {
    fn default() -> Self {
        Self {
            learns: [true, false],
            pictures: PictureSet::default(),
            order: TrainingOrder::default(),
            news: News::default(),
            state: State::Idle,
            has_begun: false,
            best: None,
            newest: TrainingNews::default(),
            report: None,
        }
    }
}

impl Lessons {
    /// Whether a training goes on, or is about to.
    pub fn is_running(&self) -> bool {
        self.state != State::Idle
    }

    /// How far it is.
    pub fn progress(&self) -> TrainingNews {
        self.newest
    }

    /// The best accuracy so far on the samples held back, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        self.best.as_ref().map_or(0.0, |(accuracy, _)| *accuracy)
    }

    /// Begins a training; what is not loaded yet is loaded first. `pen` draws the drawings, and `open_model` is the file of
    /// the open model.
    pub fn start(&mut self, collection: &Collection, pen: f32, open_model: Option<&[u8]>) -> Vec<Errand> {
        (self.best, self.newest, self.state) = (None, TrainingNews::default(), State::Loads);
        (self.news, self.has_begun, self.report) = (News::default(), true, None);
        self.order.pen = pen;
        self.order.open_model = open_model.unwrap_or_default().to_vec();
        let missing = if self.learns[0] { self.pictures.missing() } else { vec![] };
        let errands: Vec<Errand> = missing.into_iter().map(Errand::Fetch).collect();
        if errands.is_empty() { self.begin(collection).into_iter().collect() } else { errands }
    }

    /// Takes in a file of the digits; a training that waits for it begins.
    pub fn loaded(&mut self, number: usize, content: Vec<u8>, collection: &Collection) -> Option<Errand> {
        self.pictures.loaded(number, content);
        self.begin(collection)
    }

    fn begin(&mut self, collection: &Collection) -> Option<Errand> {
        let [learns_pictures, learns_drawings] = self.learns;
        if self.state != State::Loads || (learns_pictures && !self.pictures.missing().is_empty()) {
            return None;
        }
        self.state = State::Runs;
        let files = if learns_pictures { self.pictures.files() } else { vec![] };
        let drawings = if learns_drawings { collection.samples() } else { vec![] };
        let order = TrainingOrder { files, drawings, ..self.order.clone() };
        Some(Errand::Train(Request::Train(Box::new(order))))
    }

    /// The training goes on: a point of the curve.
    pub fn went_on(&mut self, progress: TrainingNews) {
        self.tell(progress);
        self.news.training.push(point(progress));
    }

    /// An epoch is done, and this is its model.
    pub fn epoch_done(&mut self, progress: TrainingNews, model: &[u8]) {
        self.tell(progress);
        self.news.validation.push(point(progress));
        if self.best.as_ref().is_none_or(|(accuracy, _)| progress.accuracy > *accuracy) {
            self.best = Some((progress.accuracy, model.to_vec()));
        }
    }

    fn tell(&mut self, progress: TrainingNews) {
        self.newest = progress;
        let TrainingNews { at, epochs, samples_per_second, .. } = progress;
        self.news.progress = EpochProgress { at, epochs, samples_per_second, ..EpochProgress::default() };
    }

    /// Ends the training; returns the best model so far.
    pub fn stop(&mut self) -> Option<Vec<u8>> {
        self.state = State::Idle;
        self.best.clone().map(|(_, model)| model)
    }

    /// The training has come to its end with this model, the best, calibrated, and this report, if it could be drawn.
    pub fn trained(&mut self, model: Vec<u8>, report: Option<String>) {
        (self.best, self.report) = (Some((self.accuracy(), model)), report);
    }

    /// The report of the training, where it came to its end.
    pub fn report(&self) -> Option<&str> {
        self.report.as_deref()
    }

    /// Whether a training has begun, so that curves can be shown.
    pub fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// The digits cannot be loaded, so a training that waits for them ends.
    pub fn not_loaded(&mut self) {
        if self.state == State::Loads {
            self.state = State::Idle;
        }
    }
}

fn point(progress: TrainingNews) -> Point {
    Point { at: progress.at, loss: progress.loss, accuracy: progress.accuracy }
}
