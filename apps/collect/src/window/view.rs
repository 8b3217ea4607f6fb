//! The places of everything in the window.

use super::gallery::Request;
use super::{Side, Window, plan, strip};
use egui::{Align, Button, CentralPanel, Layout, Rect, RichText, TextEdit, Ui, UiBuilder, Vec2};
use ui::pad::DrawPad;
use ui::{look, notice};

/// Smallest and largest side of the paper, in points.
const PAPER: (f32, f32) = (150.0, 1400.0);
/// The smallest width of the part beside the paper, and of one in which everything fits side by side.
const BESIDE: (f32, f32) = (380.0, 440.0);
/// Height of the row that asks.
const ASKED: f32 = 50.0;
/// Height of the row for another label.
const LABELS: f32 = 30.0;
/// The narrowest window in which the keys stand beside that row; in a narrower one the news take their place.
const WIDE: f32 = 1060.0;
/// The narrowest window in which the row that asks has room for a hint.
const WITH_HINT: f32 = 800.0;
const GAP: f32 = 8.0;

impl Window {
    /// Shows the whole window, in the order in which Tab goes through it.
    pub(super) fn show(&mut self, ui: &mut Ui) {
        let window = self;
        let frame = look::window(ui);
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            let all = ui.available_rect_before_wrap();
            let news = window.notice.height(ui, all.width()).max(20.0);
            let top = all.with_max_y(all.top() + ASKED);
            let foot = all.with_min_y(all.bottom() - strip::ITEM.y - LABELS - news - 2.0 * GAP);
            let middle =
                Rect::from_min_max(top.left_bottom() + Vec2::new(0.0, GAP), foot.right_top() - Vec2::new(0.0, GAP));
            let beside = if all.width() < WITH_HINT { BESIDE.0 } else { BESIDE.1 };
            let widest = middle.width() - beside - 2.0 * GAP;
            let below = |side: f32| (middle.height() - GAP - DrawPad::tools_height(side)).min(widest);
            let side = match window.is_copying() {
                true => widest.min((middle.height() - GAP - DrawPad::tools_height(widest)) / window.pad.height()),
                false => below(below(PAPER.1)),
            };
            let side = side.clamp(PAPER.0, PAPER.1);
            let paper = middle.with_max_x(middle.left() + side);
            let beside = middle.with_min_x(paper.right() + 2.0 * GAP);
            place(ui, top, |ui| asked(window, ui));
            place(ui, paper, |ui| {
                let paper = window.pad.ui(ui, side);
                window.boxes(ui, paper.rect);
                window.pad.tools(ui);
            });
            place(ui, beside.shrink(1.0), |ui| {
                _ = look::card(ui).show(ui, |ui| beside_paper(window, ui, beside.height() - 32.0))
            });
            place(ui, foot, |ui| {
                strip::show(window, ui);
                labels(window, ui);
                news_or_keys(window, ui);
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
        let is_copying = window.is_copying();
        let asked = match is_copying {
            true => Some(window.text_to_copy().to_string()).filter(|text| !text.is_empty()),
            false => window.asked(),
        };
        let is_without_classes = window.settings.classes.trim().is_empty();
        let (before, after) = match &asked {
            Some(_) if is_copying => ("Write", "side by side, then Enter"),
            None if is_copying => ("All characters have enough.", "Name other classes"),
            Some(_) => ("Draw", "then Enter, or the key of what you drew"),
            None if window.settings.guided && is_without_classes => ("Draw a character,", "then press its key"),
            None if window.settings.guided => ("All classes have enough.", "Draw on as you like"),
            None => ("Draw a character,", "then press its key: Shift for capitals"),
        };
        ui.label(RichText::new(before).size(20.0));
        if let Some(class) = &asked {
            let class = look::readable(ui.ctx(), class);
            let name = ui.label(RichText::new(&class).size(40.0).color(look::of(ui).accent));
            name.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("Asked for: {class}")));
            if ui.add_enabled(!window.pad.is_empty(), Button::new(format!("Save as {class}"))).clicked() {
                window.save_by_enter(ui.ctx());
            }
        }
        let is_wide = ui.ctx().content_rect().width() >= WITH_HINT;
        if is_wide || asked.is_none() {
            ui.label(RichText::new(after).size(15.0).weak());
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let width = if is_wide { 140.0 } else { 90.0 };
            let field = TextEdit::singleline(&mut window.settings.writer).hint_text("your name").desired_width(width);
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
        ui.selectable_value(&mut window.side, Side::Check, "Check");
        let total = cli::say::count(window.collection.total(), "drawing", "drawings");
        let text = look::caption(&format!("{total}, {} of this session", window.saved));
        ui.add(egui::Label::new(text).truncate());
    });
    window.gallery.must_wait = window.disk.waiting() > 0;
    match window.side {
        Side::Check => {
            if let Some(wish) = window.doubts.show(&mut window.gallery, ui) {
                window.judge(wish, ui.ctx());
            }
        }
        Side::Progress => plan::show(window, ui),
        Side::Gallery => match window.gallery.show(&window.collection, ui) {
            Some(Request::Delete(picture)) => window.delete(&picture),
            Some(Request::Relabel(picture, label)) => window.relabel(&picture, &label),
            Some(Request::Restore(trashed)) => window.restore(&trashed),
            None => {}
        },
    }
}

/// A field for labels that no key has and, where there is room, the keys; the theme at the right.
fn labels(window: &mut Window, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.set_min_height(LABELS);
        let label = ui.label(look::caption("Another label"));
        let hint = "any word or sign";
        let field = ui.add(TextEdit::singleline(&mut window.settings.label).hint_text(hint).desired_width(130.0));
        let field = field.labelled_by(label.id);
        let wanted = window.settings.label.trim().to_string();
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let can = !wanted.is_empty() && !window.pad.is_empty() && !window.is_copying();
        let clicked = ui.add_enabled(can, Button::new("Save with it")).clicked();
        if can && (entered || clicked) {
            window.save(&wanted);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            look::theme_button(ui);
            if ui.ctx().content_rect().width() >= WIDE {
                let (space, layout) = (ui.available_size(), Layout::left_to_right(Align::Center));
                ui.allocate_ui_with_layout(space, layout, |ui| {
                    ui.add_space(2.0 * GAP);
                    keys(ui, window.is_copying());
                });
            }
        });
    });
}

/// The news or, where there are none and the window is narrow, the keys.
fn news_or_keys(window: &Window, ui: &mut Ui) {
    match window.underway().filter(|_| window.disk.is_slow() && window.closing.is_none()) {
        Some(underway) => _ = ui.label(look::caption(&underway)),
        None if window.notice.text.is_empty() && ui.ctx().content_rect().width() < WIDE => {
            ui.horizontal(|ui| keys(ui, window.is_copying()));
        }
        None => window.notice.show(ui),
    }
}

/// The keys and what they do.
fn keys(ui: &mut Ui, is_copying: bool) {
    let saves = [("a key", "saves as that"), ("Enter", "saves as asked")];
    let saves = if is_copying { &[("Enter", "saves each character")][..] } else { &saves };
    let rest = [("Ctrl+Z", "takes back"), ("Delete", "wipes"), ("right button", "erases"), ("Esc", "ends")];
    notice::keys(ui, &[saves, &rest].concat());
}
