//! The window: draw, press the key of what it is, and draw the next.

mod collection;
mod commands;
mod copying;
mod disk;
mod doubts;
mod gallery;
mod plan;
mod settings;
mod strip;
mod tile;
mod view;
mod watch;

pub use collection::{Collection, classes_of};
pub use settings::Settings;

use copying::Copying;
use disk::{Deed, Unsaved};
use doubts::Doubts;
use egui::{Context, TextureHandle, Ui, Vec2, ViewportCommand};
use gallery::Gallery;
use nn_data::{Drawings, Error, Ink};
use std::collections::VecDeque;
use std::path::PathBuf;
use ui::in_order::InOrder;
use ui::keys::Press;
use ui::look;
use ui::notice::Notice;
use ui::pad::DrawPad;
use ui::shell::Screen;
use watch::Watch;

/// The window's state. All of it is on the disk or on the way there, except for the drawing on the paper.
pub struct Window {
    /// The paper.
    pub pad: DrawPad,
    /// The settings that the window remembers.
    pub settings: Settings,
    drawings: Drawings,
    collection: Collection,
    gallery: Gallery,
    doubts: Doubts,
    copying: Copying,
    watch: Option<Watch>,
    disk: InOrder<Deed>,
    unsaved: VecDeque<Unsaved>,
    side: Side,
    steps: Vec<Step>,
    saved: usize,
    notice: Notice,
    settings_file: Option<PathBuf>,
    written: Settings,
    /// The pad's version when the window asked whether to end without saving the drawing.
    closing: Option<u64>,
    /// Whether the window is about to close.
    ends: bool,
}

/// The part that stands beside the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// How far the collection is.
    Progress,
    /// The drawings.
    Gallery,
    /// Doubtful drawings.
    Check,
}

/// Something that can be taken back.
enum Done {
    Saved(Saved),
    Deleted(PathBuf),
    Relabelled(PathBuf, String),
    /// A doubtful drawing stays as it is.
    Kept(PathBuf),
}

/// A drawing that was saved in this session.
struct Saved {
    picture: PathBuf,
    label: String,
    /// The class that the window asked for.
    asked: Option<String>,
    ink: Ink,
    /// The diameter of its pen.
    pen: f32,
    texture: Option<TextureHandle>,
}

/// A step that can be taken back, and how many steps of drawing on the present paper came before it.
struct Step {
    done: Done,
    depth: usize,
}

impl Window {
    /// A window on a folder of drawings; settings are remembered in the file.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn new(drawings: Drawings, settings_file: Option<PathBuf>) -> Result<Self, Error> {
        let settings = settings_file.as_deref().map(Settings::load).unwrap_or_default();
        Ok(Self {
            pad: DrawPad::with_pen(settings.pen),
            collection: Collection::load(&drawings)?,
            drawings,
            gallery: Gallery::default(),
            doubts: Doubts::default(),
            copying: Copying::default(),
            watch: None,
            disk: InOrder::default(),
            unsaved: VecDeque::new(),
            side: Side::Progress,
            steps: vec![],
            closing: None,
            ends: false,
            saved: 0,
            notice: Notice::default(),
            written: settings.clone(),
            settings,
            settings_file,
        })
    }

    /// The drawings that have been collected so far.
    pub fn collection(&self) -> &Collection {
        &self.collection
    }

    /// The line at the bottom.
    pub fn notice(&self) -> &str {
        &self.notice.text
    }

    /// Whether the gallery waits for pictures, a drawing is on its way to the disk, or characters are being told apart.
    pub fn is_busy(&self) -> bool {
        self.gallery.is_busy() || self.doubts.is_busy() || self.disk.waiting() > 0 || self.is_telling_apart()
    }

    /// The window's title.
    pub fn title(&self) -> String {
        let folder = self.drawings.root().display();
        match self.collection.total() {
            1 => format!("collect: 1 drawing in {folder}"),
            n => format!("collect: {n} drawings in {folder}"),
        }
    }

    /// The class that the window asks for, in guided mode.
    pub fn asked(&self) -> Option<String> {
        let wanted = classes_of(&self.settings.classes);
        self.collection.next(&wanted, self.settings.target).filter(|_| self.settings.guided).map(String::from)
    }

    /// Shows a frame. Strokes and keys are taken in the order in which they came, before anything is shown; keys after a
    /// press on a button or a field come after it.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        if ctx.input(|input| input.viewport().close_requested()) && !self.ends && self.must_ask() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
        self.watch.get_or_insert_with(|| {
            look::choose_theme(&ctx, &self.settings.theme); // this is the first frame
            Watch::new(self.drawings.clone(), self.collection.clone(), &ctx)
        });
        self.take_in_deeds(&ctx);
        if let Some(watch) = self.watch.as_ref().filter(|_| self.disk.waiting() == 0)
            && let Some(collection) = watch.newest()
        {
            self.collection = collection;
        }
        self.choose_paper();
        self.pad.begin_frame(ui);
        self.presses(ui);
        self.find_characters(&ctx);
        self.show(ui);
        self.pad.end_frame(ui);
        self.presses(ui);
        self.settings.pen = self.pad.pen / self.pad.height();
        self.settings.theme = look::theme(&ctx).into();
        let at_rest = !ctx.text_edit_focused() && !ctx.input(|input| input.pointer.any_down());
        if at_rest && self.settings != self.written {
            self.remember();
        }
    }

    /// Writes the settings.
    pub fn remember(&mut self) {
        if let Some(path) = &self.settings_file {
            ui::settings::save(&self.settings, path);
        }
        self.written = self.settings.clone();
    }

    fn presses(&mut self, ui: &Ui) {
        while let Some(press) = self.pad.next_press(ui) {
            self.press(press, ui.ctx());
            ui.ctx().request_repaint();
        }
    }

    /// Does what a key says. Enter and Esc answer the question whether to end, if it was asked.
    fn press(&mut self, press: Press, ctx: &Context) {
        let was_asked = self.closing.take() == Some(self.pad.version());
        if !was_asked && self.judged_by(&press) {
            return;
        }
        match press {
            Press::Enter if was_asked => self.close(ctx),
            Press::Escape if was_asked => self.say("The window stays.", false),
            Press::Escape if !self.must_ask() => self.close(ctx),
            Press::Escape => {}
            Press::Enter => self.save_by_enter(ctx),
            Press::Wipe => self.wipe(),
            Press::Undo => self.undo(),
            Press::Redo => self.pad.redo(),
            Press::Label(label) => self.save(&label),
        }
    }

    /// Asks whether to end where a drawing would be lost: one on the paper, or one that is not on the disk yet; for the
    /// latter the window ends as soon as it is. Returns whether it asked.
    fn must_ask(&mut self) -> bool {
        let question = match self.underway() {
            _ if self.closing == Some(self.pad.version()) => return false,
            _ if !self.pad.is_empty() => "The drawing is not saved. Enter ends without it, Esc goes back.".into(),
            Some(underway) => format!("{underway} The window waits for it. Enter ends at once, Esc goes back."),
            None if !self.unsaved.is_empty() => {
                "A drawing could not be saved. Enter ends without it, Esc goes back.".into()
            }
            None => return false,
        };
        self.closing = Some(self.pad.version());
        self.say(question, true);
        true
    }

    fn close(&mut self, ctx: &Context) {
        self.ends = true;
        self.remember();
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }

    fn say(&mut self, text: impl Into<String>, is_bad: bool) {
        self.notice = Notice { text: text.into(), is_bad };
    }
}

impl Screen for Window {
    const NAME: &'static str = "collect";
    const SMALLEST: Vec2 = Vec2::new(640.0, 480.0);
    const WITHOUT_WINDOW: &'static str = "`collect --help` shows what works without one";

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
        self.remember();
    }
}
