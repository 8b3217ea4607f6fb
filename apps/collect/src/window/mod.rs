//! The window: draw, press the key of what it is, and draw the next.

mod actions;
mod gallery;
mod layout;
mod progress;
mod settings;
mod shell;
mod stock;

pub use settings::Settings;
pub use shell::run;
pub use stock::{Stock, classes_of};

use draw_pad::DrawPad;
use egui::{Event, Key, Modifiers, Ui, ViewportCommand};
use gallery::Gallery;
use nn_data::{Drawings, Error, Ink};
use std::path::PathBuf;

/// Everything the window shows. Nothing in it is unsaved but the drawing on the paper.
pub struct Window {
    /// The paper.
    pub pad: DrawPad,
    /// What the window remembers.
    pub settings: Settings,
    drawings: Drawings,
    stock: Stock,
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

/// The line at the bottom.
#[derive(Default)]
struct Notice {
    text: String,
    is_bad: bool,
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
            stock: Stock::load(&drawings)?,
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
    pub fn stock(&self) -> &Stock {
        &self.stock
    }

    /// The line at the bottom.
    pub fn notice(&self) -> &str {
        &self.notice.text
    }

    /// The window's title.
    pub fn title(&self) -> String {
        let folder = self.drawings.root().display();
        match self.stock.total() {
            1 => format!("collect: 1 drawing in {folder}"),
            n => format!("collect: {n} drawings in {folder}"),
        }
    }

    /// The class that the window asks for, in guided mode.
    pub fn asked(&self) -> Option<String> {
        let wanted = classes_of(&self.settings.classes);
        self.stock.next(&wanted, self.settings.target).filter(|_| self.settings.guided).map(String::from)
    }

    /// A frame: everything that is shown, and then the keys, for a key comes after the stroke that it names.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let is_typing = ctx.egui_wants_keyboard_input(); // a text field has the keys
        layout::show(self, ui);
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
        let typed = ui.input(|input| {
            input.events.iter().find_map(|event| if let Event::Text(text) = event { Some(text.clone()) } else { None })
        });
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
        } else if let Some(label) = typed.filter(|text| !text.trim().is_empty()) {
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
