//! The page: three tabs, *Draw*, *Train* and *Try*, above one paper.

mod draw;
mod lessons;
mod opening;
mod pictures;
mod places;
mod reading;
mod train;
mod view;

use crate::collection::Collection;
use crate::errand::Errand;
use crate::message::{Reply, from_bytes};
use egui::{ColorImage, TextureHandle, Ui};
use lessons::Lessons;
use nn_data::Ink;
pub use pictures::DIGITS;
use places::Places;
use reading::{MODELS, ModelReading};
use serde::Serialize;
use ui::keys::Press;
use ui::notice::Notice;
use ui::pad::DrawPad;

/// The tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Tab {
    /// Drawings are made.
    Draw,
    /// A network is trained on them.
    Train,
    /// A model reads.
    #[default]
    Try,
}

/// Everything that the page shows.
pub struct Page {
    tab: Tab,
    pad: DrawPad,
    reading: ModelReading,
    /// The picture that the network saw last.
    seen: Option<TextureHandle>,
    collection: Collection,
    /// The picture of the user that is read, as it is shown: before a frame has shown it, and from then on.
    preview: Option<ColorImage>,
    photo: Option<TextureHandle>,
    /// The class that the user is naming.
    new_class: String,
    lessons: Lessons,
    /// The built-in model that the user waits for, by its name.
    wanted: Option<&'static str>,
    /// Whether the model of each epoch is opened: until the user chooses another.
    follows: bool,
    notice: Notice,
    errands: Vec<Errand>,
    places: Places,
}

/// The state of the page, for tests and for the curious.
#[derive(Serialize)]
pub struct PageState<'a> {
    tab: Tab,
    model: Option<&'a str>,
    own_model: Option<&'a str>,
    classes: &'a [String],
    answer: Option<&'a str>,
    probabilities: &'a [f32],
    verdict: Option<String>,
    /// Whether the answer is that to the drawing as it is now.
    is_read: bool,
    read_seconds: f64,
    ink: &'a Ink,
    pen: f32,
    strokes: usize,
    drawings: Vec<(String, usize)>,
    is_training: bool,
    epoch: f64,
    held_back_accuracy: f64,
    samples_per_second: f64,
    notice: &'a str,
    is_bad: bool,
    places: &'a Places,
}

impl Page {
    /// A page without a model, which it asks for. `session` is a name that no other page has.
    pub fn new(session: String) -> Self {
        Self {
            tab: Tab::default(),
            pad: DrawPad::default(),
            reading: ModelReading::default(),
            seen: None,
            preview: None,
            photo: None,
            collection: Collection::new(session),
            new_class: String::new(),
            lessons: Lessons::default(),
            notice: Notice::default(),
            wanted: Some(MODELS[0].0),
            follows: false,
            errands: vec![Errand::Fetch(MODELS[0].1)],
            places: Places::default(),
        }
    }

    /// Takes the errands that the page has for the browser.
    pub fn take_errands(&mut self) -> Vec<Errand> {
        std::mem::take(&mut self.errands)
    }

    /// Takes in news from a worker.
    pub fn take_in(&mut self, message: &[u8]) {
        match from_bytes(message) {
            Ok(Reply::NotOpened(error)) => {
                self.reading.not_opened();
                self.notice = Notice::error(format!("{error}."));
            }
            Ok(Reply::NotRead(error)) => {
                self.reading.not_read();
                self.notice = Notice::error(format!("{error}."));
            }
            Ok(Reply::Looked { name, size, preview }) => self.show_picture(&name, size, &preview),
            Ok(Reply::NotLooked(error)) => self.notice = Notice::error(format!("{error}.")),
            Ok(Reply::Opened { name, classes, size }) => self.opened(name, classes, size),
            Ok(Reply::Read { version, answer, seen, seconds }) => self.reading.read(version, answer, &seen, seconds),
            Ok(reply) => self.learn(reply),
            Err(error) => self.notice = Notice::error(format!("{error:#}.")),
        }
    }

    /// Takes in the own model that the browser has kept.
    pub fn restore_model(&mut self, name: String, file: Vec<u8>) {
        self.reading.restore(name, file);
    }

    /// Takes in a drawing that the browser has kept.
    pub fn restore(&mut self, id: String, line: &str) {
        if let Err(error) = self.collection.restore(id, line) {
            self.notice = Notice::error(format!("A drawing that was kept cannot be read: {error:#}."));
        }
    }

    /// Tells the user what the browser cannot do.
    pub fn complain(&mut self, text: &str) {
        self.notice = Notice::error(text);
    }

    /// A file that ships with the page cannot be loaded.
    pub fn not_loaded(&mut self, name: &str) {
        self.lessons.not_loaded();
        self.notice = Notice::error(format!("{name} cannot be loaded. Is there a network?"));
    }

    /// The worker that reads has ended by itself, which it should never do.
    pub fn lost_reader(&mut self) {
        let had_read = self.reading.lost();
        if !had_read {
            self.notice = Notice::error("This browser cannot run the networks. Another, or a newer one, can.");
            return;
        }
        self.open_built_in(MODELS[0]);
        self.notice = Notice::error("An internal error; please report it. The built-in digits model is opened again.");
    }

    /// The worker that trains has ended by itself, which it should never do.
    pub fn lost_trainer(&mut self) {
        self.end_training(Notice::error("An internal error; please report it. The training has ended."));
    }

    /// Shows a frame. Strokes and keys are taken in the order in which they came.
    pub fn ui(&mut self, ui: &mut Ui) {
        self.places.clear();
        self.pad.begin_frame(ui);
        self.presses(ui);
        self.show(ui);
        self.pad.end_frame(ui);
        self.presses(ui);
        self.errands.extend(self.reading.ask(&self.pad));
    }

    fn presses(&mut self, ui: &Ui) {
        while let Some(press) = self.pad.next_press(ui) {
            self.press(press);
            ui.ctx().request_repaint();
        }
    }

    fn press(&mut self, press: Press) {
        match press {
            Press::Wipe => {
                self.pad.clear();
                self.reading.forget_picture();
            }
            Press::Undo if self.pad.undo_depth() == 0 && self.tab == Tab::Draw => self.undelete(),
            Press::Undo => self.pad.undo(),
            Press::Redo => self.pad.redo(),
            Press::Label(label) if self.tab == Tab::Draw => self.keep(&label),
            Press::Label(_) | Press::Enter | Press::Escape => {}
        }
    }

    /// The state of the page.
    pub fn state(&self) -> PageState<'_> {
        let answer = self.reading.answer();
        let (is_training, progress) = (self.lessons.is_running(), self.lessons.progress());
        PageState {
            tab: self.tab,
            model: self.reading.model(),
            own_model: self.reading.own().map(|(name, _)| name),
            classes: self.reading.classes(),
            answer: answer.map(|answer| &self.reading.classes()[answer.class][..]),
            probabilities: answer.map_or(&[], |answer| &answer.probabilities),
            verdict: answer.map(|answer| answer.verdict.to_string()),
            is_read: self.reading.is_current(&self.pad),
            read_seconds: self.reading.seconds(),
            ink: self.pad.ink(),
            pen: self.pad.pen,
            strokes: self.pad.ink().strokes.len(),
            drawings: self.collection.classes(),
            is_training,
            epoch: progress.at,
            held_back_accuracy: self.lessons.accuracy(),
            samples_per_second: progress.samples_per_second,
            notice: &self.notice.text,
            is_bad: self.notice.is_bad,
            places: &self.places,
        }
    }
}
