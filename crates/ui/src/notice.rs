//! The line at the bottom of a window, and the keys that are shown there.

use crate::look;
use egui::{Label, RichText, Ui};

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

    /// Shows the line; what does not fit is cut off. An error has a sign before it.
    pub fn show(&self, ui: &mut Ui) {
        let text = look::readable(ui.ctx(), &self.text);
        let mut colour = look::FAINT;
        if self.is_bad {
            colour = look::WARNING;
            ui.label(RichText::new(" ! ").strong().color(look::PAPER).background_color(look::WARNING));
        }
        ui.add(Label::new(RichText::new(text).color(colour)).truncate());
    }
}

/// Shows keys, each with what it does.
pub fn keys(ui: &mut Ui, keys: &[(&str, &str)]) {
    ui.spacing_mut().item_spacing.x = 4.0;
    for (key, action) in keys {
        ui.label(look::key(key));
        ui.label(look::caption(action));
        ui.add_space(10.0);
    }
}
