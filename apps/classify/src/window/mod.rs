//! The window: draw, and the network says what it sees.

mod activations;
mod answer;
mod commands;
mod corrections;
mod open;
mod recognise;
mod view;

pub use corrections::Corrections;

use corrections::Outcome;
use egui::{Context, TextureHandle, Ui, Vec2, ViewportCommand};
use image::DynamicImage;
use nn_io::{Model, Verdict};
use open::Opened;
use recognise::{Answer, Question, Subject};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use ui::keys::Press;
use ui::notice::Notice;
use ui::pad::DrawPad;
use ui::shell::Screen;
use ui::worker::{Job, Latest};

/// Everything the window shows, and what goes on beside it.
pub struct Window {
    /// The paper.
    pub pad: DrawPad,
    model: Arc<Model>,
    name: String,
    picture: Option<OpenPicture>,
    reader: Option<Latest<Question, Answer>>,
    /// What is to be read has this version; answers to older ones than `valid` belong to another model or subject.
    version: u64,
    valid: u64,
    /// The pad's version and pen when it was read last.
    read: (u64, f32),
    answer: Option<Answer>,
    views: Vec<TextureHandle>,
    path: String,
    opening: Option<(PathBuf, Job<Opened>)>,
    browsing: Option<Job<Option<PathBuf>>>,
    corrections: Corrections,
    kept: usize,
    lesson: Option<Job<Option<Outcome>>>,
    /// Lessons begun so far.
    lessons: u64,
    taught: Option<Taught>,
    notice: Notice,
    closing: bool,
    took: Duration,
    tells_times: bool,
}

/// A picture in place of the paper.
struct OpenPicture {
    name: String,
    picture: Arc<DynamicImage>,
    view: Option<TextureHandle>,
}

/// The model before it was taught.
struct Taught {
    before: Arc<Model>,
    name: String,
    saved: bool,
    path: String,
}

impl Window {
    /// A window with a model; `name` says where it came from.
    pub fn new(model: Model, name: String, corrections: Corrections) -> Self {
        let pad = DrawPad::default();
        let mut window = Self {
            read: (pad.version(), pad.pen),
            pad,
            model: Arc::new(model),
            name,
            picture: None,
            reader: None,
            version: 0,
            valid: 0,
            answer: None,
            views: vec![],
            path: String::new(),
            opening: None,
            browsing: None,
            corrections,
            kept: 0,
            lesson: None,
            lessons: 0,
            taught: None,
            notice: Notice::default(),
            closing: false,
            took: Duration::ZERO,
            tells_times: false,
        };
        window.kept = window.corrections.count(&window.model);
        window
    }

    /// Whether each answer's time is told on stderr.
    pub fn telling_times(self, tells_times: bool) -> Self {
        Self { tells_times, ..self }
    }

    /// How far the shown answer can be relied on; `None` while there is no answer.
    pub fn verdict(&self) -> Option<Verdict> {
        self.answer.as_ref().map(|answer| answer.answer.verdict)
    }

    /// The shown answer.
    fn shown(&self) -> Option<&nn_io::Answer> {
        self.answer.as_ref().map(|answer| &answer.answer)
    }

    /// The window's title, which holds the answer.
    pub fn title(&self) -> String {
        format!("classify: {}", answer::spoken(self.shown(), &self.model.classes))
    }

    /// The time from the last change of the drawing to the frame that shows its answer, once that is there.
    pub fn latency(&self) -> Option<Duration> {
        self.answer.as_ref().filter(|answer| answer.version == self.version).map(|_| self.took)
    }

    /// The line at the bottom.
    pub fn notice(&self) -> &str {
        &self.notice.text
    }

    /// Whether something is going on beside the window.
    pub fn is_busy(&self) -> bool {
        self.lesson.is_some() || self.opening.is_some()
    }

    /// The classes of the open model.
    pub fn classes(&self) -> &[String] {
        &self.model.classes
    }

    /// Shows a frame. Strokes and keys are taken in the order in which they came, before anything is shown; keys after a
    /// press on a button or a field come after it.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.take_news(&ctx);
        self.pad.begin_frame(ui);
        self.presses(ui);
        view::show(self, ui);
        self.pad.end_frame(ui);
        self.presses(ui);
        if self.read != (self.pad.version(), self.pad.pen) {
            self.read_drawing(&ctx);
        }
    }

    fn presses(&mut self, ui: &Ui) {
        while let Some(press) = self.pad.next_press(ui) {
            self.press(press, ui.ctx());
            ui.ctx().request_repaint();
        }
    }

    /// Takes in what workers and the system have brought.
    fn take_news(&mut self, ctx: &Context) {
        if let Some(answer) =
            self.reader.as_ref().and_then(Latest::newest).filter(|answer| answer.version >= self.valid)
            && (self.picture.is_some() || !self.pad.is_empty())
        {
            self.accept(answer, ctx);
        }
        let dropped = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_path_buf()));
        if let Some(path) = dropped {
            self.open(path, ctx);
        }
        if let Some(result) = self.browsing.as_mut().and_then(Job::result) {
            self.browsing = None;
            match result {
                Ok(Some(path)) => self.open(path, ctx),
                _ => self.say("No file was chosen. A path can be typed too, or a file dropped here.", false),
            }
        }
        if let Some((path, job)) = &mut self.opening
            && let Some(result) = job.result()
        {
            let path = std::mem::take(path);
            self.opening = None;
            match result {
                Ok(opened) => self.show_opened(path, opened, ctx),
                Err(error) => self.say(format!("{error}. All stays as it was."), true),
            }
        }
        if let Some(result) = self.lesson.as_mut().and_then(Job::result) {
            self.lesson = None;
            self.end_lesson(result, ctx);
        }
    }

    /// Does what a key says.
    fn press(&mut self, press: Press, ctx: &Context) {
        match press {
            Press::Escape => {
                let unsaved = self.taught.as_ref().is_some_and(|taught| !taught.saved);
                if unsaved && !std::mem::replace(&mut self.closing, true) {
                    self.say("What the model has learnt is not saved. Esc again ends without it.", true);
                } else {
                    ctx.send_viewport_cmd(ViewportCommand::Close);
                }
            }
            Press::Enter => self.clear(ctx),
            Press::Undo if self.picture.is_none() => self.pad.undo(),
            Press::Redo if self.picture.is_none() => self.pad.redo(),
            Press::Label(label) => self.correct(&label),
            _ => {}
        }
    }

    /// Closes the picture or, where none is open, wipes the paper.
    pub fn clear(&mut self, ctx: &Context) {
        self.notice = Notice::default();
        match self.picture.take() {
            Some(_) => self.read_again(ctx),
            None => self.pad.clear(),
        }
    }

    fn forget_answer(&mut self) {
        self.answer = None;
        self.version += 1;
        self.valid = self.version;
    }

    /// Asks what the drawing is.
    fn read_drawing(&mut self, ctx: &Context) {
        self.read = (self.pad.version(), self.pad.pen);
        if self.picture.is_some() {
            return; // it stands in place of the paper
        }
        self.version += 1;
        if self.pad.is_empty() {
            self.forget_answer();
            return;
        }
        let subject = Subject::Drawing(self.pad.ink().clone(), self.pad.pen);
        self.ask(subject, ctx);
    }

    fn ask(&mut self, subject: Subject, ctx: &Context) {
        let reader = self.reader.get_or_insert_with(|| {
            let mut kept = None;
            Latest::new(ctx, move |question| recognise::answer(question, &mut kept))
        });
        reader.ask(Question { version: self.version, model: self.model.clone(), subject, asked: Instant::now() });
    }

    /// Reads again what is there, by another model.
    fn read_again(&mut self, ctx: &Context) {
        self.forget_answer();
        match &self.picture {
            Some(open) => self.ask(Subject::Picture(open.picture.clone()), ctx),
            None if self.pad.is_empty() => {}
            None => self.ask(Subject::Drawing(self.pad.ink().clone(), self.pad.pen), ctx),
        }
    }

    fn say(&mut self, text: impl Into<String>, is_bad: bool) {
        self.notice = Notice { text: text.into(), is_bad };
    }
}

impl Screen for Window {
    const NAME: &'static str = "classify";
    const SMALLEST: Vec2 = Vec2::new(860.0, 560.0);
    const WITHOUT_WINDOW: &'static str = "`classify -i FILE` reads pictures without one";

    fn size(&self) -> Vec2 {
        Vec2::new(1120.0, 760.0)
    }

    fn title(&self) -> String {
        self.title()
    }

    fn ui(&mut self, ui: &mut Ui) {
        self.ui(ui);
    }
}
