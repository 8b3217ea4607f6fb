//! The text of a line as it is shown: a button for each character, coloured by certainty.

use super::LinePage;
use crate::window::answer::percent;
use egui::{Button, Color32, RichText, Role, ScrollArea, Ui, WidgetInfo};
use nn_lines::ReadCharacter;
use ui::look;

/// Characters below this probability have the colour of a warning.
const SURE: f32 = 0.8;
/// The size of the text, in points.
const SIZE: f32 = 28.0;
/// The gap between words, in points.
const SPACE: f32 = 14.0;

/// The colour of a character: of the accent where the user has told it or it is sure, of a warning where it is not.
pub fn colour(ui: &Ui, told: bool, probability: f32) -> Color32 {
    if told || probability >= SURE { look::of(ui).accent } else { look::of(ui).warning }
}

/// Shows the characters of all lines; returns the place of the one that was clicked.
pub fn show(ui: &mut Ui, line: &LinePage) -> Option<usize> {
    if line.lines().is_empty() {
        ui.label(look::caption(if line.pad.is_empty() { "Write a line: words or numbers" } else { "…" }));
        return None;
    }
    let mut first = 0;
    let rows = |ui: &mut Ui| {
        let mut clicked = None;
        for row in line.lines() {
            let hit = ui.horizontal_wrapped(|ui| characters(ui, line, &row.characters, first)).inner;
            clicked = clicked.or(hit);
            first += row.characters.len();
        }
        clicked
    };
    ScrollArea::vertical().auto_shrink([false, true]).show(ui, rows).inner
}

/// Shows the characters of a row, counted from `first` on.
fn characters(ui: &mut Ui, line: &LinePage, row: &[ReadCharacter], first: usize) -> Option<usize> {
    ui.spacing_mut().item_spacing.x = 2.0;
    ui.spacing_mut().button_padding.x = 3.0;
    let chosen = line.chosen_at();
    let mut clicked = None;
    for (at, character) in (first..).zip(row) {
        if character.space {
            ui.add_space(SPACE);
        }
        let text = look::readable(ui.ctx(), line.text_of(character));
        let told = line.told(character).is_some();
        let sure = if told { "told".into() } else { percent(character.probability) };
        let shown = RichText::new(&text).size(SIZE).color(colour(ui, told, character.probability));
        let button = ui.add(Button::selectable(chosen == Some(at), shown));
        let words = format!("Character {}: {text}, {sure}", at + 1);
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
        if button.on_hover_text(sure).clicked() {
            clicked = Some(at);
        }
    }
    clicked
}
