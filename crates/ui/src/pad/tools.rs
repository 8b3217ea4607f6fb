//! The row of tools beside a pad.

use super::DrawPad;
use egui::{Slider, Ui, Vec2};

/// The width from which the tools fit into one row, in points.
const ONE_ROW: f32 = 450.0;
/// Diameters of the pen, as parts of the paper's height.
const PENS: std::ops::RangeInclusive<f32> = 0.02..=0.15;

impl DrawPad {
    /// The height of the tools below a pad of this side, in points: one row or, where that is too narrow, two.
    pub fn tools_height(side: f32) -> f32 {
        if side < ONE_ROW { 62.0 } else { 28.0 }
    }

    /// Draw or erase, the thickness of the pen, undo, redo and clear.
    pub fn tools(&mut self, ui: &mut Ui) {
        ui.horizontal_wrapped(|ui| {
            let is_narrow = ui.available_width() < ONE_ROW;
            if is_narrow {
                ui.spacing_mut().item_spacing = Vec2::splat(4.0);
                ui.spacing_mut().button_padding.x = 6.0;
            }
            let gap = if is_narrow { 0.0 } else { 8.0 };
            let hint = "The right mouse button always erases";
            ui.selectable_value(&mut self.erasing, false, "Draw");
            ui.selectable_value(&mut self.erasing, true, "Erase").on_hover_text(hint);
            ui.add_space(gap);
            let label = ui.label("Pen");
            ui.spacing_mut().slider_width = if is_narrow { 54.0 } else { 72.0 };
            let pens = PENS.start() * self.height..=PENS.end() * self.height;
            ui.add(Slider::new(&mut self.pen, pens).show_value(false)).labelled_by(label.id);
            ui.add_space(gap);
            if is_narrow {
                ui.end_row();
            }
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
