//! Where everything stands in the window.

use super::gallery::Wish;
use super::{Side, Window, plan};
use egui::{Align, CentralPanel, Layout, Panel, RichText, TextEdit, Ui, Vec2};
use ui::{look, notice};

/// Largest and smallest side of the paper.
const PAPER: (f32, f32) = (200.0, 560.0);
/// The smallest width of the part beside the paper.
const BESIDE: f32 = 440.0;

/// Shows the whole window.
pub fn show(window: &mut Window, ui: &mut Ui) {
    let frame = look::window();
    Panel::top("asked").frame(frame).show_separator_line(false).show(ui, |ui| asked(window, ui));
    Panel::bottom("foot").frame(frame).show_separator_line(false).show(ui, |ui| {
        labels(window, ui);
        foot(ui);
    });
    let mut inner = frame;
    (inner.inner_margin.top, inner.inner_margin.bottom) = (2, 2); // the borders of cards
    CentralPanel::no_frame().frame(inner).show(ui, |ui| {
        let height = ui.available_height();
        let side = (height - 44.0).min(ui.available_width() - BESIDE - 16.0).clamp(PAPER.0, PAPER.1);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            ui.allocate_ui(Vec2::new(side, height), |ui| {
                ui.set_width(side);
                ui.vertical(|ui| {
                    window.pad.ui(ui, side);
                    window.pad.tools(ui);
                });
            });
            ui.allocate_ui(Vec2::new(ui.available_width(), height), |ui| {
                ui.vertical(|ui| look::card().show(ui, |ui| beside(window, ui, height - 30.0)));
            });
        });
    });
}

/// What to draw now.
fn asked(window: &mut Window, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.set_min_height(56.0);
        let (before, class, after) = match window.asked() {
            Some(class) => ("Draw", class, "then Enter, or the key of what you drew"),
            None if window.settings.guided => ("All classes have enough.", String::new(), "Draw on as you like"),
            None => ("Draw a character,", String::new(), "then press its key: Shift for capitals"),
        };
        ui.label(RichText::new(before).size(20.0));
        if !class.is_empty() {
            let name = ui.label(RichText::new(&class).size(46.0).color(look::ACCENT));
            name.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("Asked for: {class}")));
        }
        ui.label(RichText::new(after).size(15.0).color(look::FAINT));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let field = TextEdit::singleline(&mut window.settings.writer).hint_text("your name").desired_width(140.0);
            let field = ui.add(field);
            let label = ui.label(look::caption("Writer"));
            field.labelled_by(label.id);
        });
    });
}

fn beside(window: &mut Window, ui: &mut Ui, height: f32) {
    ui.set_min_size(Vec2::new(ui.available_width(), height));
    ui.set_max_height(height);
    let before = window.side;
    ui.horizontal(|ui| {
        ui.selectable_value(&mut window.side, Side::Progress, "Progress");
        ui.selectable_value(&mut window.side, Side::Gallery, "Gallery");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let total = window.collection.total();
            ui.label(look::caption(&format!("{total} drawings, {} of them in this session", window.saved)));
        });
    });
    if window.side != before {
        window.refresh();
    }
    ui.add_space(4.0);
    match window.side {
        Side::Progress => plan::show(window, ui),
        Side::Gallery => match window.gallery.show(&window.collection, ui) {
            Some(Wish::Delete(picture)) => window.delete(&picture),
            Some(Wish::Relabel(picture, label)) => window.relabel(&picture, &label),
            None => {}
        },
    }
}

/// Labels that no key has.
fn labels(window: &mut Window, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let label = ui.label(look::caption("Another label"));
        let hint = "any word or sign";
        let field = ui.add(TextEdit::singleline(&mut window.settings.label).hint_text(hint).desired_width(160.0));
        let field = field.labelled_by(label.id);
        let wanted = window.settings.label.trim().to_string();
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let can = !wanted.is_empty() && !window.pad.is_empty();
        let clicked = ui.add_enabled(can, egui::Button::new("Save with it")).clicked();
        if can && (entered || clicked) {
            window.save(&wanted);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            window.notice.show(ui);
        });
    });
}

fn foot(ui: &mut Ui) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let keys = [
            ("a key", "saves as that"),
            ("Enter", "saves as asked"),
            ("Ctrl+Z", "takes back"),
            ("Delete", "wipes, or deletes in the gallery"),
            ("right button", "erases"),
            ("Esc", "ends"),
        ];
        notice::keys(ui, &keys);
    });
}
