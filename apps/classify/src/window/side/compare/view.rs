//! Where the answers of two models stand on the card.

use crate::window::Window;
use builtin::Builtin;
use egui::{Button, Key, ProgressBar, RichText, Role, ScrollArea, TextEdit, Ui, Vec2, WidgetInfo};
use ui::answer::percent;
use ui::look;

/// The height of a bar, in points.
const BAR: f32 = 16.0;
/// Classes that have bars, at most.
const CLASSES: usize = 10;

impl Window {
    /// Shows both answers, or the choice of another model.
    pub(in crate::window::side) fn compare(&mut self, ui: &mut Ui) {
        ScrollArea::vertical().id_salt("compare").auto_shrink(false).show(ui, |ui| match self.side.compare.other {
            Some(_) => self.both_answers(ui),
            None => self.other_model(ui),
        });
    }

    /// The choice of another model.
    fn other_model(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        ui.label(look::caption("Another model reads the same drawing, and both answers stand beside each other."));
        if ui.button("Compare with…").on_hover_text("Choose the file of a model").clicked() {
            self.browse_for_other(&ctx);
        }
        let field = TextEdit::singleline(&mut self.side.compare.path).hint_text("the file of a model");
        let field = ui.add(field.desired_width(ui.available_width() - 12.0));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Other model"));
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let is_typed = !self.side.compare.path.trim().is_empty();
        if ui.add_enabled(is_typed, Button::new("Compare with it")).clicked() || entered {
            self.compare_with_typed(&ctx);
        }
        ui.label(look::caption("Or with a built-in one:"));
        ui.horizontal_wrapped(|ui| {
            for builtin in Builtin::ALL {
                if ui.button(builtin.name()).clicked() {
                    self.compare_with_builtin(builtin, &ctx);
                }
            }
        });
    }

    /// Both answers, a pair of bars for each class.
    fn both_answers(&mut self, ui: &mut Ui) {
        let Some(other) = &self.side.compare.other else { return };
        let colours = look::of(ui);
        let fills = [colours.accent_deep, colours.warning.lerp_to_gamma(colours.paper, 0.45)];
        for (name, fill) in [&self.name, &other.name].into_iter().zip(fills) {
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(Vec2::splat(12.0), egui::Sense::hover());
                ui.painter().rect_filled(rect, 2, fill);
                ui.add(egui::Label::new(RichText::new(look::readable(ui.ctx(), name)).strong()).truncate());
            });
        }
        let closes = ui.small_button("Close the comparison").clicked();
        match &self.side.compare.found {
            None => _ = ui.label(look::caption("Draw something: both models read it.")),
            Some(found) => {
                ui.label(look::readable(ui.ctx(), &found.words));
                for (name, p) in found.most_probable(CLASSES) {
                    pair(ui, &look::readable(ui.ctx(), name), *p, fills);
                }
                if !self.examples.joined().is_empty() {
                    ui.label(look::caption("Kept drawings count for the first model alone."));
                }
            }
        }
        if closes {
            self.side.compare.other = None;
        }
    }
}

/// The bars of one class, one above the other.
fn pair(ui: &mut Ui, name: &str, p: [f32; 2], fills: [egui::Color32; 2]) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing = Vec2::new(6.0, 1.0);
        ui.add_sized(Vec2::new(22.0, 2.0 * BAR), egui::Label::new(RichText::new(name).strong()).truncate());
        ui.vertical(|ui| {
            for (p, fill) in p.into_iter().zip(fills) {
                let text = RichText::new(percent(p)).size(12.0).color(look::of(ui).ink);
                let bar = ProgressBar::new(p)
                    .desired_height(BAR)
                    .desired_width(ui.available_width() - 8.0)
                    .fill(fill)
                    .corner_radius(1);
                let words = format!("{name}: {}", percent(p));
                ui.add(bar.text(text)).widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &words));
            }
        });
    });
}
