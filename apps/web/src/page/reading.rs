//! The open model, and its answer to the drawing on the paper. One question at a time is on its way to the worker.

use crate::errand::Errand;
use crate::message::Request;
use egui::ColorImage;
use nn_io::Answer;
use std::collections::VecDeque;
use ui::pad::DrawPad;

/// The model files that ship with the page, each with the name that is shown.
pub const MODELS: [(&str, &str); 2] = [("digits", "models/digits.mpk"), ("characters", "models/characters.mpk")];

/// The source of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It ships with the page.
    BuiltIn,
    /// It was trained here, or the user chose its file.
    Own,
    /// An epoch of a training that goes on.
    Epoch,
}

/// The model and its newest answer.
#[derive(Default)]
pub struct ModelReading {
    model: Option<OpenModel>,
    /// The name and the file of the newest [`Origin::Own`].
    own: Option<(String, Vec<u8>)>,
    /// The files that are on their way to the worker, in their order.
    opening: VecDeque<(Origin, Vec<u8>)>,
    /// The number of the user's picture, which is read while the paper is empty.
    picture: Option<u64>,
    /// The number of pictures so far.
    pictures: u64,
    /// The question on its way, with its number.
    waiting: Option<(u64, Question)>,
    /// The number of questions so far.
    questions: u64,
    /// The question that is answered.
    answered: Option<Question>,
    answer: Option<Answer>,
    seen: Option<ColorImage>,
    seconds: f64,
    /// Whether this worker has ever read a drawing.
    has_read: bool,
}

/// Something to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Question {
    /// The drawing at this version of the pad, drawn by this pen.
    Drawing { version: u64, pen: f32 },
    /// The picture of this number.
    Picture(u64),
}

struct OpenModel {
    origin: Origin,
    name: String,
    file: Vec<u8>,
    classes: Vec<String>,
    size: [usize; 2],
}

impl ModelReading {
    /// The name of the open model.
    pub fn model(&self) -> Option<&str> {
        Some(&self.model.as_ref()?.name)
    }

    /// Its source and its name.
    pub fn origin(&self) -> Option<(Origin, &str)> {
        self.model.as_ref().map(|model| (model.origin, &model.name[..]))
    }

    /// The content of its file.
    pub fn file(&self) -> Option<&[u8]> {
        Some(&self.model.as_ref()?.file)
    }

    /// Its classes.
    pub fn classes(&self) -> &[String] {
        self.model.as_ref().map_or(&[], |model| &model.classes)
    }

    /// The name and the file of the user's own model: trained here, or chosen.
    pub fn own(&self) -> Option<(&str, &[u8])> {
        self.own.as_ref().map(|(name, file)| (&name[..], &file[..]))
    }

    /// Takes in the own model of an earlier visit.
    pub fn restore(&mut self, name: String, file: Vec<u8>) {
        self.own.get_or_insert((name, file));
    }

    /// The newest answer.
    pub fn answer(&self) -> Option<&Answer> {
        self.answer.as_ref()
    }

    /// The picture that the network saw, where it is a new one.
    pub fn take_seen(&mut self) -> Option<ColorImage> {
        self.seen.take()
    }

    /// The time that the newest answer took, in seconds.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Whether the newest answer is that to the drawing as it is now, or to the picture.
    pub fn is_current(&self, pad: &DrawPad) -> bool {
        self.question(pad).is_some_and(|question| self.answered == Some(question))
    }

    /// Finds out what is to be read now, if anything.
    fn question(&self, pad: &DrawPad) -> Option<Question> {
        if !pad.is_empty() {
            return Some(Question::Drawing { version: pad.version(), pen: pad.pen });
        }
        self.picture.map(Question::Picture)
    }

    /// Reads a picture from now on, until something is drawn.
    pub fn show_picture(&mut self) {
        self.pictures += 1;
        self.picture = Some(self.pictures);
        (self.answer, self.seen, self.answered) = (None, None, None);
    }

    /// Reads the picture no longer.
    pub fn forget_picture(&mut self) {
        self.picture = None;
    }

    /// Whether it is a picture that is read.
    pub fn shows_picture(&self) -> bool {
        self.picture.is_some()
    }

    /// Opens a model.
    pub fn open(&mut self, origin: Origin, name: String, file: Vec<u8>) -> Errand {
        self.opening.push_back((origin, file.clone()));
        Errand::Read(Request::Open { name, file })
    }

    /// The worker has opened a model; what was read by another is forgotten. Returns the source of the model.
    pub fn opened(&mut self, name: String, classes: Vec<String>, size: [usize; 2]) -> Option<Origin> {
        let (origin, file) = self.opening.pop_front()?;
        let is_alike = self.model.as_ref().is_some_and(|model| model.classes == classes);
        if origin == Origin::Own {
            self.own = Some((name.clone(), file.clone()));
        }
        self.model = Some(OpenModel { origin, name, file, classes, size });
        (self.waiting, self.answered) = (None, None);
        if !is_alike {
            self.answer = None;
        }
        Some(origin)
    }

    /// The worker has read a drawing.
    pub fn read(&mut self, version: u64, answer: Answer, seen: &[u8], seconds: f64) {
        let Some((_, question)) = self.waiting.take_if(|(number, _)| *number == version) else { return };
        let Some(model) = self.model.as_ref().filter(|model| model.classes.len() == answer.probabilities.len()) else {
            return;
        };
        self.has_read = true;
        if let Question::Picture(number) = question
            && self.picture != Some(number)
        {
            return; // it has gone meanwhile
        }
        let [height, width] = model.size;
        self.seen = (seen.len() == width * height).then(|| ColorImage::from_gray([width, height], seen));
        (self.answer, self.answered, self.seconds) = (Some(answer), Some(question), seconds);
    }

    /// Whether a file is on its way to the worker.
    pub fn is_opening(&self) -> bool {
        !self.opening.is_empty()
    }

    /// The worker could not open a file; the model before stays open.
    pub fn not_opened(&mut self) {
        self.opening.pop_front();
    }

    /// The worker could not read the drawing, and is not asked again before there is another.
    pub fn not_read(&mut self) {
        self.answered = self.waiting.take().map(|(_, question)| question);
        self.answer = None;
    }

    /// The worker is gone, and the open model with it. Returns whether it had read a drawing, or
    /// was to read a picture that was too large for it, so that another may be of use.
    pub fn lost(&mut self) -> bool {
        let had_read = self.has_read || matches!(self.waiting, Some((_, Question::Picture(_))));
        *self = Self { own: self.own.take(), questions: self.questions, ..Self::default() };
        had_read
    }

    /// Asks what the drawing or the picture is, where it has changed and no other question is on its way.
    pub fn ask(&mut self, pad: &DrawPad) -> Option<Errand> {
        if !pad.is_empty() {
            self.forget_picture();
        }
        let Some(question) = self.question(pad) else {
            (self.answer, self.seen, self.answered) = (None, None, None);
            return None;
        };
        if self.model.is_none() || self.waiting.is_some() || self.is_current(pad) {
            return None;
        }
        self.questions += 1;
        self.waiting = Some((self.questions, question));
        let version = self.questions;
        Some(Errand::Read(match question {
            Question::Picture(_) => Request::ReadPicture { version },
            Question::Drawing { .. } => Request::Read { version, ink: pad.ink().clone(), pen: pad.pen },
        }))
    }
}
