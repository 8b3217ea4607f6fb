//! How far the collection is: a bar for everything, and a tile for each class.

use super::{Window, classes_of};
use egui::{Align2, DragValue, FontId, Rect, Role, ScrollArea, Sense, TextEdit, Ui, Vec2, WidgetInfo};
use ui::look;

/// The size of a tile.
const TILE: Vec2 = Vec2::new(64.0, 58.0);

/// Shows the plan and how far it is.
pub fn show(window: &mut Window, ui: &mut Ui) {
    plan(window, ui);
    ui.add_space(6.0);
    let target = window.settings.target;
    let wanted = classes_of(&window.settings.classes);
    let have: usize = wanted.iter().map(|class| window.collection.count(class).min(target)).sum();
    let all = (wanted.len() * target).max(1);
    overall(ui, have, all);
    ui.add_space(6.0);
    let others =
        window.collection.classes().iter().map(|(class, _)| class.clone()).filter(|class| !wanted.contains(class));
    let shown: Vec<String> = wanted.iter().cloned().chain(others).collect();
    let asked = window.asked();
    ScrollArea::vertical().id_salt("tiles").auto_shrink(false).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(6.0);
            for class in &shown {
                let goal = wanted.contains(class).then_some(target);
                tile(ui, class, window.collection.count(class), goal, asked.as_ref() == Some(class));
            }
        });
    });
}

/// What is wanted: the classes and how many drawings of each.
fn plan(window: &mut Window, ui: &mut Ui) {
    let settings = &mut window.settings;
    ui.horizontal(|ui| {
        ui.checkbox(&mut settings.guided, "Ask me for what is missing");
        ui.add_space(8.0);
        let label = ui.label(look::caption("drawings of each class"));
        ui.add(DragValue::new(&mut settings.target).range(1..=100_000)).labelled_by(label.id);
    });
    ui.horizontal(|ui| {
        let label = ui.label(look::caption("Classes"));
        let hint = "characters, or words with spaces between";
        let field = TextEdit::singleline(&mut settings.classes).hint_text(hint).desired_width(ui.available_width());
        ui.add(field).labelled_by(label.id);
    });
    ui.horizontal(|ui| {
        let letters = || ('A'..='Z').chain('a'..='z');
        for (name, classes) in [
            ("0-9", ('0'..='9').collect::<String>()),
            ("a-z", ('a'..='z').collect()),
            ("A-Z", ('A'..='Z').collect()),
            ("all 62", ('0'..='9').chain(letters()).collect()),
        ] {
            if ui.selectable_label(settings.classes == classes, name).clicked() {
                settings.classes = classes;
            }
        }
    });
}

fn overall(ui: &mut Ui, have: usize, all: usize) {
    let share = have as f32 / all as f32;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 22.0), Sense::hover());
    let painter = ui.painter();
    painter.rect_filled(rect, 6, look::GROUND);
    painter.rect_filled(part(rect, share), 6, look::ACCENT_PALE);
    let text = format!("{have} of {all}");
    painter.text(rect.center(), Align2::CENTER_CENTER, &text, FontId::proportional(13.0), look::INK);
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, format!("All classes: {text}")));
}

fn tile(ui: &mut Ui, class: &str, count: usize, goal: Option<usize>, asked: bool) {
    let (rect, response) = ui.allocate_exact_size(TILE, Sense::hover());
    let painter = ui.painter_at(rect);
    let full = goal.is_some_and(|goal| count >= goal);
    painter.rect_filled(rect, 6, if asked { look::ACCENT_PALE } else { look::GROUND });
    let size = if class.chars().count() <= 2 { 24.0 } else { 13.0 };
    let colour = if full { look::ACCENT } else { look::INK };
    painter.text(
        rect.center_top() + Vec2::new(0.0, 20.0),
        Align2::CENTER_CENTER,
        class,
        FontId::proportional(size),
        colour,
    );
    let text = match goal {
        Some(goal) => format!("{count}/{goal}"),
        None => count.to_string(),
    };
    painter.text(
        rect.center_bottom() - Vec2::new(0.0, 14.0),
        Align2::CENTER_CENTER,
        &text,
        FontId::proportional(12.0),
        look::FAINT,
    );
    if let Some(goal) = goal {
        let line = Rect::from_min_max(rect.left_bottom() - Vec2::new(0.0, 4.0), rect.right_bottom());
        painter.rect_filled(line, 2, look::LINE);
        painter.rect_filled(part(line, count as f32 / goal as f32), 2, look::ACCENT);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{class}: {text}")));
}

/// The left part of a bar.
fn part(rect: Rect, share: f32) -> Rect {
    rect.with_max_x(rect.left() + rect.width() * share.clamp(0.0, 1.0))
}
