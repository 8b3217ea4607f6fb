//! The line at the bottom of a window, and the keys that are shown there.

use crate::look;
use egui::{FontId, Label, RichText, Ui};

/// The size of the text.
const SIZE: f32 = 15.0;

/// One line for the user: what was done, or what went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// The line; empty where there is nothing to say.
    pub text: String,
    /// Whether something went wrong.
    pub is_bad: bool,
}

impl Notice {
    /// Tells what was done.
    pub fn hint(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_bad: false }
    }

    /// Tells what went wrong.
    pub fn error(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_bad: true }
    }

    /// Shows the line; a long one goes on in the next. An error has a sign before it.
    pub fn show(&self, ui: &mut Ui) {
        ui.horizontal_top(|ui| {
            let text = RichText::new(look::readable(ui.ctx(), &self.text)).size(SIZE);
            if self.is_bad {
                let colours = look::of(ui);
                let sign = RichText::new(" ! ").strong().color(colours.paper).background_color(colours.warning);
                ui.label(sign.size(SIZE));
                ui.add(Label::new(text.color(colours.warning)).wrap());
            } else {
                ui.add(Label::new(text.weak()).wrap());
            }
        });
    }

    /// The height that [`Notice::show`] needs in this width, in points.
    pub fn height(&self, ui: &Ui, width: f32) -> f32 {
        let sign = if self.is_bad { 30.0 } else { 0.0 };
        let text = look::readable(ui.ctx(), &self.text);
        let (font, colour) = (FontId::proportional(SIZE), look::of(ui).ink);
        ui.painter().layout(text, font, colour, width - sign).size().y
    }
}

/// Shows keys, each with what it does, as many as fit into the row.
pub fn keys(ui: &mut Ui, keys: &[(&str, &str)]) {
    ui.spacing_mut().item_spacing.x = 4.0;
    for (key, action) in keys {
        if ui.available_width() < 20.0 + 6.5 * (key.len() + action.len()) as f32 {
            break;
        }
        ui.label(look::key(key));
        ui.label(look::caption(action));
        ui.add_space(10.0);
    }
}
