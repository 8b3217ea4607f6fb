//! The row of tools beside a pad.

use super::DrawPad;
use egui::{Slider, Ui};

/// Diameters of the pen, as parts of the side.
const PENS: std::ops::RangeInclusive<f32> = 0.02..=0.15;

impl DrawPad {
    /// Draw or erase, the thickness of the pen, undo, redo and clear.
    pub fn tools(&mut self, ui: &mut Ui) {
        ui.horizontal_wrapped(|ui| {
            let hint = "The right mouse button always erases";
            ui.selectable_value(&mut self.erasing, false, "Draw");
            ui.selectable_value(&mut self.erasing, true, "Erase").on_hover_text(hint);
            ui.add_space(8.0);
            let label = ui.label("Pen");
            ui.spacing_mut().slider_width = 72.0;
            ui.add(Slider::new(&mut self.pen, PENS).show_value(false)).labelled_by(label.id);
            ui.add_space(8.0);
            if ui.add_enabled(self.history.can_undo(), egui::Button::new("Undo")).on_hover_text("Ctrl+Z").clicked() {
                self.undo();
            }
            let redo = ui.add_enabled(self.history.can_redo(), egui::Button::new("Redo"));
            if redo.on_hover_text("Ctrl+Shift+Z").clicked() {
                self.redo();
            }
            if ui.add_enabled(!self.is_empty(), egui::Button::new("Clear")).clicked() {
                self.clear();
            }
        });
    }
}
