//! Keys that name a class.

use egui::{Event, Ui};

/// The first text that the keyboard has written in this frame, unless it is blank.
pub fn typed_label(ui: &Ui) -> Option<String> {
    ui.input(|input| {
        let text = input.events.iter().find_map(|event| if let Event::Text(text) = event { Some(text) } else { None });
        text.filter(|text| !text.trim().is_empty()).cloned()
    })
}
