//! The window: draw, press the key of what it is, and draw the next.

mod collection;
mod commands;
mod gallery;
mod plan;
mod settings;
mod view;

pub use collection::{Collection, classes_of};
pub use settings::Settings;

use egui::{Key, Modifiers, Ui, Vec2, ViewportCommand};
use gallery::Gallery;
use nn_data::{Drawings, Error, Ink};
use std::path::PathBuf;
use ui::keys::typed_label;
use ui::notice::Notice;
use ui::pad::DrawPad;
use ui::shell::Screen;

/// Everything the window shows. Nothing in it is unsaved but the drawing on the paper.
pub struct Window {
    /// The paper.
    pub pad: DrawPad,
    /// What the window remembers.
    pub settings: Settings,
    drawings: Drawings,
    collection: Collection,
    gallery: Gallery,
    side: Side,
    done: Vec<Done>,
    saved: usize,
    notice: Notice,
    settings_file: Option<PathBuf>,
    written: Settings,
}

/// What stands beside the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// How far the collection is.
    Progress,
    /// The drawings.
    Gallery,
}

/// Something that can be taken back.
enum Done {
    Saved(PathBuf, Ink),
    Deleted(PathBuf),
    Relabelled(PathBuf, String),
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
            side: Side::Progress,
            done: vec![],
            saved: 0,
            notice: Notice::default(),
            written: settings.clone(),
            settings,
            settings_file,
        })
    }

    /// What has been collected so far.
    pub fn collection(&self) -> &Collection {
        &self.collection
    }

    /// The line at the bottom.
    pub fn notice(&self) -> &str {
        &self.notice.text
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

    /// A frame: everything that is shown, and then the keys, for a key comes after the stroke that it names.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let is_typing = ctx.egui_wants_keyboard_input(); // a text field has the keys
        view::show(self, ui);
        if !is_typing && self.keys(ui) {
            ctx.request_repaint();
        }
        self.settings.pen = self.pad.pen;
        let at_rest = !is_typing && !ctx.input(|input| input.pointer.any_down());
        if at_rest && self.settings != self.written {
            self.remember();
        }
    }

    /// Writes the settings.
    pub fn remember(&mut self) {
        if let Some(path) = &self.settings_file {
            self.settings.save(path);
        }
        self.written = self.settings.clone();
    }

    /// Does what the keys say; returns whether there were any.
    fn keys(&mut self, ui: &Ui) -> bool {
        let version = self.pad.version();
        self.pad.shortcuts(ui);
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if pressed(Modifiers::NONE, Key::Escape) {
            self.remember();
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        } else if pressed(Modifiers::COMMAND, Key::Z) {
            self.take_back();
        } else if pressed(Modifiers::NONE, Key::Enter) {
            self.save_by_enter();
        } else if pressed(Modifiers::NONE, Key::Delete) || pressed(Modifiers::NONE, Key::Backspace) {
            match self.gallery.selected() {
                Some(picture) if self.side == Side::Gallery => self.delete(&picture),
                _ => self.pad.clear(),
            }
        } else if let Some(label) = typed_label(ui) {
            self.save(&label);
        } else {
            return self.pad.version() != version;
        }
        true
    }

    fn say(&mut self, text: impl Into<String>, is_bad: bool) {
        self.notice = Notice { text: text.into(), is_bad };
    }
}

impl Screen for Window {
    const NAME: &'static str = "collect";
    const SMALLEST: Vec2 = Vec2::new(900.0, 600.0);
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
