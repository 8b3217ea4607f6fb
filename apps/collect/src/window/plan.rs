//! The plan of the collection: the classes, how many drawings of each are wanted, and how many there are.

use super::Window;
use super::collection::classes_of;
use super::tile::{self, Tile};
use egui::{DragValue, Role, ScrollArea, Sense, TextEdit, Ui, Vec2, WidgetInfo};
use ui::look;

/// Shows the plan and how far it is. A click on a tile saves the drawing under its class.
pub fn show(window: &mut Window, ui: &mut Ui) {
    plan(window, ui);
    let target = window.settings.target;
    let wanted = classes_of(&window.settings.classes);
    let have: usize = wanted.iter().map(|class| window.collection.count(class).min(target)).sum();
    overall(ui, have, wanted.len() * target);
    let others = window.collection.classes().iter().map(|(class, _)| class.clone());
    let shown: Vec<String> = wanted.iter().cloned().chain(others.filter(|class| !wanted.contains(class))).collect();
    let (asked, copies) = (window.asked(), window.is_copying());
    let area = ui.available_size() - Vec2::new(12.0, 0.0);
    let size = tile::fitting(shown.iter().map(String::as_str), area);
    let mut clicked = None;
    tile::wrapped(ScrollArea::vertical().id_salt("tiles").auto_shrink(false), ui, |ui| {
        for class in &shown {
            let goal = wanted.contains(class).then_some(target);
            let is_marked = asked.as_ref() == Some(class) && !copies;
            let count = window.collection.count(class);
            let hint = match copies {
                true => "Enter saves all characters of the text.",
                false => "A click saves the drawing on the paper as this.",
            };
            if (Tile { class, count, goal, is_marked, hint }).show(ui, size).clicked() {
                clicked = Some(class);
            }
        }
    });
    if let Some(class) = clicked {
        window.save(class);
    }
}

/// The fields for the classes and the number of drawings of each.
fn plan(window: &mut Window, ui: &mut Ui) {
    let settings = &mut window.settings;
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(&mut settings.guided, "Ask me for what is missing");
        ui.add_space(8.0);
        let label = ui.label(look::caption("drawings of each class"));
        ui.add(DragValue::new(&mut settings.target).range(1..=100_000)).labelled_by(label.id);
        let copies = ui.checkbox(&mut settings.copies, "Several at a time");
        copies.on_hover_text("Copy the text that is shown; each of its characters becomes a drawing");
    });
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(look::caption("Classes"));
        let hint = "characters, or words with spaces between";
        let width = (ui.available_width() - 270.0).clamp(100.0, 420.0);
        ui.add(TextEdit::singleline(&mut settings.classes).hint_text(hint).desired_width(width)).labelled_by(label.id);
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

/// A bar for all classes together.
fn overall(ui: &mut Ui, have: usize, all: usize) {
    let text = format!("{have} of {all}");
    ui.horizontal(|ui| {
        ui.label(look::caption(&text));
        let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 12.0), Sense::hover());
        tile::bar(ui, rect, have as f32 / all.max(1) as f32);
        response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, format!("All classes: {text}")));
    });
}
