//! A new class: the user names it and draws it five times. It counts from the first drawing on, without training.

use crate::window::Window;
use crate::window::view_lesson::main_button;
use egui::{Context, RichText, TextEdit, Ui};
use ui::look;

/// Drawings that are asked for.
const ENOUGH: usize = 5;

/// A class that is being added.
#[derive(Default)]
pub struct NewClass {
    /// Its name, as the user types it.
    name: String,
    /// Whether it has been shown; at first its name has the keys.
    is_shown: bool,
}

impl Window {
    /// Keeps the drawing or the open picture as one of the new class.
    pub(in crate::window) fn keep_as_new(&mut self, ctx: &Context) {
        let Some(new) = &self.new_class else { return };
        let name = new.name.trim().to_string();
        if name.is_empty() {
            return self.say("Name the new class first.", false);
        }
        if self.refuses_corrections() {
            return self.say(format!("Draw {name} first, then press Enter."), false);
        }
        if !self.classes().contains(&name) && !self.settings.new_classes.contains(&name) {
            self.settings.new_classes.push(name.clone());
        }
        self.correct(&name, ctx);
        let kept = self.examples.of(&name);
        if kept < ENOUGH {
            return self.say(format!("{kept} of {ENOUGH} are kept as {name}. Draw the next, then press Enter."), false);
        }
        self.new_class = None;
        self.say(format!("{name} is known now: draw one."), false);
    }

    /// The name of the new class, and how many drawings of it there are.
    pub(in crate::window) fn new_class_row(&mut self, ui: &mut Ui) {
        let can_keep = !self.pad.is_empty() || self.picture.is_some();
        let Some(new) = &mut self.new_class else { return };
        let label = ui.label(RichText::new("New class").strong());
        let field = TextEdit::singleline(&mut new.name).hint_text("its name").char_limit(40).desired_width(120.0);
        let field = ui.add(field).labelled_by(label.id);
        let name = new.name.trim();
        if !std::mem::replace(&mut new.is_shown, true) {
            field.request_focus();
        }
        let kept = self.examples.of(name);
        ui.label(look::caption(&format!("Draw it, then press Enter: {} of {ENOUGH}", kept.min(ENOUGH))));
        let keep =
            ui.add_enabled(can_keep && !name.is_empty(), main_button(ui, "Keep")).on_hover_text("Enter").clicked();
        let done = ui.button("Done").on_hover_text("Esc").clicked();
        if keep {
            let ctx = ui.ctx().clone();
            self.keep_as_new(&ctx);
        } else if done {
            self.new_class = None;
        }
    }
}
