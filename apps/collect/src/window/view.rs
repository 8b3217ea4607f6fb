//! The places of everything in the window.

use super::gallery::Request;
use super::{Side, Window, plan, strip};
use egui::{Align, Button, CentralPanel, Layout, Rect, RichText, TextEdit, Ui, UiBuilder, Vec2};
use ui::{look, notice};

/// Largest and smallest side of the paper, in points.
const PAPER: (f32, f32) = (200.0, 900.0);
/// The smallest width of the part beside the paper.
const BESIDE: f32 = 440.0;
/// Heights of the row that asks, and of the tools below the paper: in one row or, below a small paper, in two.
const ASKED: f32 = 50.0;
const TOOLS: (f32, f32) = (36.0, 68.0);
/// The width from which the tools fit into one row.
const ONE_ROW: f32 = 430.0;
/// Height of everything below the paper: the last drawings, another label with the notice, and the keys.
const FOOT: f32 = strip::ITEM.y + 30.0 + 20.0 + 2.0 * GAP;
const GAP: f32 = 8.0;

impl Window {
    /// Shows the whole window, in the order in which Tab goes through it.
    pub(super) fn show(&mut self, ui: &mut Ui) {
        let window = self;
        CentralPanel::no_frame().frame(look::window()).show(ui, |ui| {
            let all = ui.available_rect_before_wrap();
            let top = all.with_max_y(all.top() + ASKED);
            let foot = all.with_min_y(all.bottom() - FOOT);
            let middle =
                Rect::from_min_max(top.left_bottom() + Vec2::new(0.0, GAP), foot.right_top() - Vec2::new(0.0, GAP));
            let largest = (middle.height() - TOOLS.0).min(middle.width() - BESIDE - 2.0 * GAP);
            let tools = if largest < ONE_ROW { TOOLS.1 } else { TOOLS.0 };
            let side = largest.min(middle.height() - tools).clamp(PAPER.0, PAPER.1);
            let paper = middle.with_max_x(middle.left() + side);
            let beside = middle.with_min_x(paper.right() + 2.0 * GAP);
            place(ui, top, |ui| asked(window, ui));
            place(ui, paper, |ui| {
                window.pad.ui(ui, side);
                window.pad.tools(ui);
            });
            place(ui, beside.shrink(1.0), |ui| {
                _ = look::card().show(ui, |ui| beside_paper(window, ui, beside.height() - 32.0))
            });
            place(ui, foot, |ui| {
                strip::show(window, ui);
                labels(window, ui);
                keys(ui);
            });
        });
    }
}

/// Shows something in a rectangle, from its top down.
fn place(ui: &mut Ui, rect: Rect, content: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Min)), content);
}

/// The class that is asked for, a button that saves, and who draws.
fn asked(window: &mut Window, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.set_min_height(ASKED);
        let asked = window.asked();
        let is_without_classes = window.settings.classes.trim().is_empty();
        let (before, after) = match &asked {
            Some(_) => ("Draw", "then Enter, or the key of what you drew"),
            None if window.settings.guided && is_without_classes => ("Draw a character,", "then press its key"),
            None if window.settings.guided => ("All classes have enough.", "Draw on as you like"),
            None => ("Draw a character,", "then press its key: Shift for capitals"),
        };
        ui.label(RichText::new(before).size(20.0));
        if let Some(class) = &asked {
            let class = look::readable(ui.ctx(), class);
            let name = ui.label(RichText::new(&class).size(40.0).color(look::ACCENT));
            name.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("Asked for: {class}")));
            if ui.add_enabled(!window.pad.is_empty(), Button::new(format!("Save as {class}"))).clicked() {
                window.save_by_enter();
            }
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

/// The plan or the gallery.
fn beside_paper(window: &mut Window, ui: &mut Ui, height: f32) {
    ui.set_min_size(Vec2::new(ui.available_width(), height));
    ui.set_max_height(height);
    ui.horizontal(|ui| {
        ui.selectable_value(&mut window.side, Side::Progress, "Progress");
        ui.selectable_value(&mut window.side, Side::Gallery, "Gallery");
        let total = cli::say::count(window.collection.total(), "drawing", "drawings");
        let text = look::caption(&format!("{total}, {} of this session", window.saved));
        ui.add(egui::Label::new(text).truncate());
    });
    window.gallery.must_wait = window.disk.waiting() > 0;
    match window.side {
        Side::Progress => plan::show(window, ui),
        Side::Gallery => match window.gallery.show(&window.collection, ui) {
            Some(Request::Delete(picture)) => window.delete(&picture),
            Some(Request::Relabel(picture, label)) => window.relabel(&picture, &label),
            Some(Request::Restore(trashed)) => window.restore(&trashed),
            None => {}
        },
    }
}

/// A field for labels that no key has, and the notice.
fn labels(window: &mut Window, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let label = ui.label(look::caption("Another label"));
        let hint = "any word or sign";
        let field = ui.add(TextEdit::singleline(&mut window.settings.label).hint_text(hint).desired_width(130.0));
        let field = field.labelled_by(label.id);
        let wanted = window.settings.label.trim().to_string();
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let can = !wanted.is_empty() && !window.pad.is_empty();
        let clicked = ui.add_enabled(can, Button::new("Save with it")).clicked();
        if can && (entered || clicked) {
            window.save(&wanted);
        }
        ui.add_space(GAP);
        match window.underway().filter(|_| window.disk.is_slow() && window.closing.is_none()) {
            Some(underway) => _ = ui.label(look::caption(&underway)),
            None => window.notice.show(ui),
        }
    });
}

/// The keys and what they do.
fn keys(ui: &mut Ui) {
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
