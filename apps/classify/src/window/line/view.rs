//! The page *Line*: the paper with a box around each character, the text, and what can be done with a character.

use super::HEIGHT;
use super::characters;
use crate::window::Window;
use egui::{Align, Button, Layout, Rect, Stroke, TextEdit, Ui, WidgetInfo, vec2};
use ui::look;
use ui::pad::DrawPad;

/// The least and the largest height of the text, in points.
const TEXT: [f32; 2] = [48.0, 160.0];
/// The height of all else below the tools: the border of a card, a row of buttons, and gaps.
const REST: f32 = 96.0;

impl Window {
    /// Shows the page.
    pub(in crate::window) fn line_page(&mut self, ui: &mut Ui) {
        let space = ui.available_size();
        let side = space.x.min((space.y - TEXT[0] - REST - DrawPad::tools_height(space.x)) / HEIGHT).max(HEIGHT);
        let pad = self.line.pad.ui(ui, side);
        self.paper = Some(pad.id);
        self.boxes(ui, pad.rect);
        self.line.pad.tools(ui);
        self.read_line(&ui.ctx().clone());
        self.text_row(ui);
        if self.line.chosen_at().is_some() {
            self.character_row(ui);
        } else {
            self.hint_row(ui);
        }
    }

    /// Draws a box around each character on the paper; that of the chosen one is thicker.
    fn boxes(&self, ui: &Ui, paper: Rect) {
        let chosen = self.line.chosen_at();
        for (at, character) in self.line.characters().enumerate() {
            let colour = characters::colour(ui, self.line.told(character).is_some(), character.probability);
            let width = if chosen == Some(at) { 3.0 } else { 1.0 };
            let corners = [character.bounds.low, character.bounds.high];
            self.line.pad.draw_box(ui, paper, corners, Stroke::new(width, colour));
        }
    }

    /// The text, and a button that copies it.
    fn text_row(&mut self, ui: &mut Ui) {
        let right_to_left = Layout::right_to_left(Align::Center);
        let height = (ui.available_height() - REST).clamp(TEXT[0], TEXT[1]);
        look::card(ui).show(ui, |ui| {
            let size = vec2(ui.available_width(), height);
            ui.allocate_ui_with_layout(size, right_to_left, |ui| self.text_and_copy(ui));
        });
    }

    fn text_and_copy(&mut self, ui: &mut Ui) {
        let copy = ui.add_enabled(!self.line.lines().is_empty(), Button::new("Copy"));
        if copy.on_hover_text("Copies the text").clicked() {
            ui.ctx().copy_text(self.line.text());
            self.say("The text is copied.", false);
        }
        let text = ui.with_layout(Layout::top_down(Align::Min), |ui| characters::show(ui, &self.line));
        if let Some(at) = text.inner {
            let strokes = self.line.characters().nth(at).map(|character| self.line.strokes_of(character));
            self.line.chosen = strokes.filter(|_| self.line.chosen_at() != Some(at));
        }
    }

    /// The characters that the chosen one may be instead, and the ways to cut it otherwise.
    fn character_row(&mut self, ui: &mut Ui) {
        let Some(at) = self.line.chosen_at() else { return };
        let is_last = at + 1 == self.line.characters().count();
        let Some(character) = self.line.characters().nth(at) else { return };
        let (others, several) = (character.others.clone(), character.parts.len() > 1);
        ui.horizontal_wrapped(|ui| {
            if let Some(label) = self.choice(ui, &others) {
                self.correct_character(&label);
            }
            ui.separator();
            if ui.add_enabled(!is_last, Button::new("Join with next")).clicked() {
                self.join_with_next();
            }
            let split = ui.add_enabled(several, Button::new("Split"));
            if split.on_disabled_hover_text("It is one stroke").clicked() {
                self.split();
            }
        });
    }

    /// Buttons of other characters, and a field for any; returns what the user has chosen.
    fn choice(&mut self, ui: &mut Ui, others: &[String]) -> Option<String> {
        ui.label(look::caption("It is"));
        let mut chosen = None;
        for other in others {
            let button = ui.button(look::readable(ui.ctx(), other));
            if button.on_hover_text(format!("It is {other}: keep it as a correction")).clicked() {
                chosen = Some(other.clone());
            }
        }
        let field = ui.add(TextEdit::singleline(&mut self.line.typed).hint_text("another").desired_width(64.0));
        field.widget_info(|| WidgetInfo::labeled(egui::Role::TextInput, true, "Another character"));
        if field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
            chosen = Some(std::mem::take(&mut self.line.typed).trim().to_string());
        }
        chosen.filter(|chosen| !chosen.is_empty())
    }
}
