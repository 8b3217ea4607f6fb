//! Asks a worker to read the drawing or the open picture, and holds its newest answer. No frame runs a network.

use super::side::why::explanation::Explanation;
use super::side::why::training_pictures::TrainingPictures;
use egui::Context;
use image::DynamicImage;
use nn_data::{Drawings, Ink, Prepared};
use nn_io::{Examples, Hint, Model, Reader};
use std::sync::Arc;
use std::time::{Duration, Instant};
use train_page::activations::{LayerPicture, layer_pictures};
use ui::worker::Latest;

/// A drawing or a picture to read.
#[derive(Clone)]
pub enum Subject {
    /// Strokes, and the diameter of the pen as a part of the paper's side.
    Drawing(Ink, f32),
    /// The contents of a picture file.
    Picture(Arc<DynamicImage>),
}

/// All that decides how a subject is read.
#[derive(Clone)]
pub struct Knowledge {
    /// The model.
    pub model: Arc<Model>,
    /// The drawings that count beside it.
    pub examples: Arc<Examples>,
    /// The classes that answers may be; all where it is `None`.
    pub hint: Option<Hint>,
    /// Whether the reasons of the answer are to be found, too.
    pub explains: bool,
    /// The pictures that the model learnt from, for these reasons.
    pub training: Option<Arc<TrainingPictures>>,
}

/// The model's answer, and what it saw.
pub struct Recognised {
    /// The class that the model reads, with all probabilities.
    pub answer: nn_io::Answer,
    /// The prepared picture: bytes, row by row, channels last; all black where no ink was found.
    pub seen: Vec<u8>,
    /// The values of the model's layers as pictures.
    pub layers: Vec<LayerPicture>,
    /// The features of what it saw, which make an example of it.
    pub features: Vec<f32>,
    /// The reasons of the answer, where they were wanted.
    pub explanation: Option<Explanation>,
    version: u64,
    asked: Instant,
    work: Duration,
}

struct Question {
    version: u64,
    by: Knowledge,
    subject: Subject,
    asked: Instant,
}

/// The worker that reads, and its newest answer.
#[derive(Default)]
pub struct Recogniser {
    worker: Option<Latest<Question, Recognised>>,
    /// Grows with every question. Answers older than `valid` belong to another model or subject.
    version: u64,
    valid: u64,
    newest: Option<Recognised>,
    took: Duration,
    /// Whether the time of each answer is written to stderr.
    pub tells_times: bool,
}

impl Recogniser {
    /// The newest answer; `None` where there is nothing to read.
    pub fn newest(&self) -> Option<&Recognised> {
        self.newest.as_ref()
    }

    /// The answer to the last question, once it is there.
    pub fn current(&self) -> Option<&Recognised> {
        self.newest.as_ref().filter(|answer| answer.version == self.version)
    }

    /// Asks what the subject is. Until the answer comes, the one before stays.
    pub fn ask(&mut self, by: Knowledge, subject: Subject, ctx: &Context) {
        self.version += 1;
        let worker = self.worker.get_or_insert_with(|| {
            let mut reader = None;
            Latest::new(ctx, move |question| recognise(question, &mut reader))
        });
        worker.ask(Question { version: self.version, by, subject, asked: Instant::now() });
    }

    /// Forgets the answer, and those that are still to come.
    pub fn forget(&mut self) {
        self.newest = None;
        self.version += 1;
        self.valid = self.version;
    }

    /// Takes in what the worker has answered; returns whether there was anything.
    pub fn take_in(&mut self) -> bool {
        let answer = self.worker.as_ref().and_then(Latest::newest);
        self.accept(answer.filter(|answer| answer.version >= self.valid))
    }

    /// Waits for the answer to the last question, and takes it in; returns whether it came within the time.
    pub fn wait(&mut self, time: Duration) -> bool {
        let answers_last = |answer: &Recognised| answer.version == self.version;
        let answer = self.worker.as_ref().and_then(|worker| worker.within(time, answers_last));
        self.accept(answer)
    }

    fn accept(&mut self, answer: Option<Recognised>) -> bool {
        let Some(answer) = answer else { return false };
        self.took = answer.asked.elapsed();
        if self.tells_times {
            let [took, work] = [self.took, answer.work].map(|time| time.as_secs_f64() * 1000.0);
            cli::say::to_stderr(format_args!("answer after {took:.2} ms, work {work:.2} ms"));
        }
        self.newest = Some(answer);
        true
    }

    /// The features of what was asked about last, once its answer is there.
    pub fn features(&self) -> Option<&[f32]> {
        self.current().map(|answer| &answer.features[..])
    }

    /// The time from the last question to its answer, once that is there.
    pub fn latency(&self) -> Option<Duration> {
        self.current().map(|_| self.took)
    }
}

/// Answers a question. The reader of the last question is used again while the model stays the same.
fn recognise(question: Question, kept: &mut Option<Reader>) -> Recognised {
    let Question { version, by, subject, asked } = question;
    let Knowledge { model, examples, hint, explains, training } = by;
    let start = Instant::now();
    let same = kept.take().filter(|reader| Arc::ptr_eq(reader.model(), &model));
    let reader = same.unwrap_or_else(|| Reader::new(model.clone())).examples(examples).hint(hint);
    let reader = kept.insert(reader);
    let Prepared { pixels: seen, doubtful } = match subject {
        Subject::Drawing(ink, pen) => model.preprocessing.prepare(&ink.rasterise(Drawings::SIDE, pen).into()),
        Subject::Picture(picture) => model.preprocessing.prepare(&picture),
    };
    let answer = reader.read_prepared(&seen).unsure_if(doubtful);
    let features = reader.features().to_vec();
    let layers = layer_pictures(&reader.layers(&seen));
    let explanation = explains.then(|| Explanation::new(&model, &seen, &answer, &features, training.as_deref()));
    Recognised { answer, seen, layers, features, explanation, version, asked, work: start.elapsed() }
}
