//! The window: draw, and the network says what it sees.

mod commands;
mod hint;
mod keep;
mod lesson;
mod line;
mod open;
mod question;
mod recognise;
mod settings;
mod side;
mod train;
mod view;
mod view_lesson;

pub use lesson::corrections::Corrections;
pub use settings::Settings;

use egui::{Context, TextureHandle, Ui, Vec2, ViewportCommand};
use image::DynamicImage;
use keep::{Corrected, Deed, Kept};
use lesson::Teaching;
use lesson::examples::{KeptExample, KeptExamples};
use lesson::new_class::NewClass;
use line::LinePage;
use nn_io::{Hint, Model, Verdict};
use open::Opening;
use question::Question;
use recognise::Recogniser;
use side::Side;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use train::Page;
use train_page::page::TrainPage;
use ui::in_order::InOrder;
use ui::notice::Notice;
use ui::pad::DrawPad;
use ui::palette::{LIGHT, Palette};
use ui::shell::Screen;
use ui::worker::Job;
use ui::{answer, look};

/// Everything the window shows, and the work that goes on beside it.
pub struct Window {
    /// The paper.
    pub pad: DrawPad,
    line: LinePage,
    model: Arc<Model>,
    name: String,
    /// The classes that answers may be; all of the model's where it is `None`.
    hint: Option<Hint>,
    picture: Option<OpenPicture>,
    recogniser: Recogniser,
    /// The pad's version and pen when the drawing was read last.
    read: (u64, f32),
    /// The card beside the answer.
    side: Side,
    /// The colours of its pictures.
    views_colours: Palette,
    /// The path of the file to open, as the user types it.
    path: String,
    opening: Option<Opening>,
    browsing: Option<Job<Option<PathBuf>>>,
    corrections: Corrections,
    /// Drawings that the model can be taught with, once they have been counted.
    kept: Option<usize>,
    counting: Option<Job<(usize, Vec<Arc<KeptExample>>)>>,
    /// Kept drawings as examples for the open model.
    examples: KeptExamples,
    /// The class that is being added.
    new_class: Option<NewClass>,
    /// The corrections of this session, which can be taken back.
    done: Vec<Kept>,
    /// Corrections on their way to the disk, and those that could not be written, with the reason.
    disk: InOrder<Deed>,
    unsaved: VecDeque<(Corrected, String)>,
    lesson: Teaching,
    /// The page that is shown, and the one for training.
    page: Page,
    train: TrainPage,
    question: Option<Question>,
    notice: Notice,
    /// The paper's widget, which has the keys where no other has.
    paper: Option<egui::Id>,
    /// Whether a text field had the keys in the last frame.
    was_typing: bool,
    /// Whether the user has said that the window may end.
    ends: bool,
    /// The settings, as they are in the file, and the file.
    settings: Settings,
    written: Settings,
    settings_file: Option<PathBuf>,
    /// Whether the first frame is still to come.
    is_new: bool,
}

/// A picture in place of the paper.
struct OpenPicture {
    name: String,
    picture: Arc<DynamicImage>,
    view: TextureHandle,
}

impl Window {
    /// A window with a model; `name` says where it came from.
    pub fn new(model: Model, name: String, corrections: Corrections) -> Self {
        let pad = DrawPad::default();
        let model = Arc::new(model);
        Self {
            read: (pad.version(), pad.pen),
            pad,
            line: LinePage::default(),
            examples: KeptExamples::new(model.clone()),
            model,
            name,
            hint: None,
            picture: None,
            recogniser: Recogniser::default(),
            side: Side::default(),
            views_colours: LIGHT,
            path: String::new(),
            opening: None,
            browsing: None,
            page: Page::default(),
            train: train::page(corrections.home.clone(), corrections.drawings.root().to_path_buf()),
            corrections,
            kept: None,
            counting: None,
            new_class: None,
            done: vec![],
            disk: InOrder::default(),
            unsaved: VecDeque::new(),
            lesson: Teaching::default(),
            question: None,
            notice: Notice::default(),
            paper: None,
            was_typing: false,
            ends: false,
            settings: Settings::default(),
            written: Settings::default(),
            settings_file: None,
            is_new: true,
        }
    }

    /// The same window with the settings of this file, where it remembers them.
    pub fn remembering(mut self, file: Option<PathBuf>) -> Self {
        self.settings = file.as_deref().map(Settings::load).unwrap_or_default();
        (self.written, self.settings_file) = (self.settings.clone(), file);
        self.pad.pen = self.settings.pen;
        self.page = if self.settings.line { Page::Line } else { Page::Read };
        self.tell_hint();
        self
    }

    /// The same window, which writes the time of each answer to stderr where wanted.
    pub fn telling_times(mut self, tells_times: bool) -> Self {
        self.recogniser.tells_times = tells_times;
        self
    }

    /// How far the shown answer can be relied on; `None` until there is an answer.
    pub fn verdict(&self) -> Option<Verdict> {
        self.shown().map(|answer| answer.verdict)
    }

    /// The shown answer; `None` where there is none about the present classes.
    fn shown(&self) -> Option<&nn_io::Answer> {
        let answer = &self.recogniser.newest()?.answer;
        (answer.probabilities.len() == self.classes().len()).then_some(answer)
    }

    /// The window's title, which holds the answer.
    pub fn title(&self) -> String {
        let says = match self.page {
            Page::Train => self.train.spoken(),
            Page::Line => self.line.spoken(),
            Page::Read => answer::spoken(self.shown(), self.classes()),
        };
        format!("classify: {says}")
    }

    /// The time from the last change of the drawing to the frame that shows its answer, once that is there.
    pub fn latency(&self) -> Option<Duration> {
        self.recogniser.latency()
    }

    /// The line at the bottom.
    pub fn notice(&self) -> &str {
        &self.notice.text
    }

    /// The question that waits for an answer.
    pub fn question(&self) -> Option<&str> {
        self.question.as_ref().map(|question| &question.text[..])
    }

    /// Whether something is going on beside the window.
    pub fn is_busy(&self) -> bool {
        let (lesson, side) = (self.lesson.is_busy(), self.side.compare.is_busy() || self.side.why.is_busy());
        self.opening.is_some() || self.counting.is_some() || lesson || side || self.disk.waiting() > 0
    }

    /// The classes of the open model, and after them the new ones.
    pub fn classes(&self) -> &[String] {
        self.examples.joined().classes()
    }

    /// Shows a frame. Strokes and keys are taken in the order in which they came, before anything is shown; keys after a
    /// press on a button or a field come after it.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        if std::mem::take(&mut self.is_new) {
            look::choose_theme(&ctx, &self.settings.theme);
        }
        self.take_in_news(&ctx);
        self.shown_pad().begin_frame(ui);
        self.presses(ui);
        self.show(ui);
        self.shown_pad().end_frame(ui);
        self.presses(ui);
        self.read_drawing(&ctx);
        self.read_line(&ctx);
        self.was_typing = ctx.text_edit_focused();
        if let Some(paper) = self.paper.filter(|_| ctx.memory(|memory| memory.focused()).is_none()) {
            ctx.memory_mut(|memory| memory.request_focus(paper));
        }
        self.settings.pen = self.pad.pen;
        self.settings.line = self.page == Page::Line;
        self.settings.theme = look::theme(&ctx).into();
        if !self.was_typing && !ctx.input(|input| input.pointer.any_down()) {
            self.remember();
        }
    }

    /// Takes in what workers and the system have brought.
    fn take_in_news(&mut self, ctx: &Context) {
        self.take_in_examples(ctx);
        self.take_in_training_pictures(ctx);
        self.take_in_comparison(ctx);
        let colours = look::colours(ctx);
        if self.recogniser.take_in() || std::mem::replace(&mut self.views_colours, *colours) != *colours {
            self.renew_views(ctx);
        }
        self.renew_comparison();
        self.take_in_deeds(ctx);
        self.take_in_files(ctx);
        self.take_in_lesson();
        self.take_in_training(ctx);
        if ctx.input(|input| input.viewport().close_requested()) && !self.ends && !self.may_end() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
    }

    fn use_model(&mut self, model: Arc<Model>, name: String, ctx: &Context) {
        self.examples = KeptExamples::new(model.clone());
        (self.model, self.name) = (model, name);
        self.tell_hint();
        self.count_corrections(ctx);
        self.read_again(ctx);
    }

    fn say(&mut self, text: impl Into<String>, is_bad: bool) {
        self.notice = Notice { text: text.into(), is_bad };
    }
}

impl Screen for Window {
    const NAME: &'static str = "classify";
    const SMALLEST: Vec2 = Vec2::new(640.0, 480.0);
    const WITHOUT_WINDOW: &'static str = "`classify -i FILE` reads pictures without one";

    fn size(&self) -> Vec2 {
        self.settings.size.into()
    }

    fn title(&self) -> String {
        self.title()
    }

    fn ui(&mut self, ui: &mut Ui) {
        self.ui(ui);
    }

    fn resized(&mut self, size: Vec2) {
        self.settings.size = size.into();
    }

    fn closed(&mut self) {
        self.end_training();
        self.remember();
    }
}
