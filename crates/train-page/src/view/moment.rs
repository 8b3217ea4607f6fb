//! A moment of the training: mistakes, weights, the classes one by one, and the confusion matrix.

use crate::snapshot::{Mistake, Snapshot};
use crate::view::pictures::SnapshotPictures;
use egui::{Align2, FontId, Rect, Role, Sense, TextureHandle, Ui, Vec2, WidgetInfo};
use ui::image::paint;
use ui::look;

/// The side of a mistake's picture, in points.
const MISTAKE: f32 = 44.0;
/// The largest side of the maps of weights and of the confusion matrix, in points.
const MAPS: f32 = 230.0;

/// The width of a picture with its title, in points.
pub(super) const TITLED: f32 = MAPS + 20.0;

/// The most classes whose names stand beside the confusion matrix.
const NAMED: usize = 20;

/// Shows a snapshot.
pub fn show(ui: &mut Ui, snapshot: &Snapshot, pictures: &SnapshotPictures) {
    let classes = &snapshot.model.classes;
    let score = snapshot.measured.score;
    let samples =
        if snapshot.measured.is_held_back { "samples that it does not learn" } else { "of the samples that it learns" };
    let right = format!("{} of {} {samples} are read rightly", score.correct, score.samples);
    ui.label(egui::RichText::new(right).strong());
    ui.add_space(4.0);
    mistakes(ui, snapshot, pictures);
    ui.add_space(8.0);
    ui.horizontal_wrapped(|ui| {
        if let Some(weights) = &pictures.weights {
            titled(ui, "Weights of the first layer", weights);
        }
        confusion(ui, &pictures.confusion, classes);
    });
    ui.add_space(8.0);
    ui.label(look::caption("Read rightly, of each class"));
    ui.horizontal_wrapped(|ui| {
        for (class, name) in classes.iter().enumerate() {
            let of = snapshot.measured.confusion.class(class);
            if of.samples > 0 {
                ui.label(look::readable(ui.ctx(), name));
                ui.label(look::caption(&format!("{:.0} %", 100.0 * of.recall)));
                ui.add_space(8.0);
            }
        }
    });
}

fn mistakes(ui: &mut Ui, snapshot: &Snapshot, pictures: &SnapshotPictures) {
    ui.label(look::caption(match snapshot.measured.mistakes.is_empty() {
        true => "No mistakes among them",
        false => "The worst mistakes",
    }));
    let columns = (ui.available_width() / (2.0 * MISTAKE + ui.spacing().item_spacing.x)) as usize;
    let shown: Vec<_> = snapshot.measured.mistakes.iter().zip(&pictures.mistakes).collect();
    let classes = &snapshot.model.classes;
    for row in shown.chunks(columns.max(1)) {
        ui.horizontal(|ui| row.iter().for_each(|(mistake, picture)| one_mistake(ui, mistake, picture, classes)));
    }
}

/// The picture of a mistake, with what it is and what it was taken for.
fn one_mistake(ui: &mut Ui, mistake: &Mistake, picture: &TextureHandle, classes: &[String]) {
    let [truth, answer] = [mistake.label, mistake.answer.0].map(|class| look::readable(ui.ctx(), &classes[class]));
    let (percent, words) = (100.0 * mistake.answer.1, format!("{truth} read as {answer}"));
    ui.vertical(|ui| {
        ui.set_width(2.0 * MISTAKE);
        place(ui, picture, Vec2::splat(MISTAKE), &words).on_hover_text(format!("{percent:.0} % sure"));
        ui.label(look::caption(&words));
    });
}

/// A picture under its title.
pub(super) fn titled(ui: &mut Ui, title: &str, picture: &TextureHandle) {
    ui.vertical(|ui| {
        ui.set_width(TITLED);
        ui.label(look::caption(title));
        let size = picture.size_vec2();
        let scale = MAPS / size.max_elem();
        place(ui, picture, size * if scale > 2.0 { scale.floor() } else { scale }, title);
    });
}

/// The confusion matrix, with the names of the classes beside it where they are short and few.
fn confusion(ui: &mut Ui, picture: &TextureHandle, classes: &[String]) {
    let title = "Each class (rows) and what it was taken for (columns)";
    let is_named = classes.len() <= NAMED && classes.iter().all(|name| name.chars().count() <= 2);
    let cell = (MAPS / classes.len() as f32).floor().max(1.0);
    let (margin, side) = (if is_named { 16.0 } else { 0.0 }, cell * classes.len() as f32);
    ui.vertical(|ui| {
        ui.set_width(MAPS + 130.0);
        ui.label(look::caption(title));
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(margin + side), Sense::hover());
        let inner = Rect::from_min_size(rect.min + Vec2::splat(margin), Vec2::splat(side));
        paint(ui, picture, inner);
        for (i, name) in classes.iter().enumerate().filter(|_| is_named) {
            let (middle, edge) = ((i as f32 + 0.5) * cell + margin, margin / 2.0);
            for at in [Vec2::new(edge, middle), Vec2::new(middle, edge)] {
                let name = look::readable(ui.ctx(), name);
                let font = FontId::proportional(12.0);
                ui.painter().text(rect.min + at, Align2::CENTER_CENTER, name, font, look::of(ui).faint);
            }
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, title));
    });
}

fn place(ui: &mut Ui, picture: &TextureHandle, size: Vec2, name: &str) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    paint(ui, picture, rect);
    ui.painter().rect_stroke(rect, 0, egui::Stroke::new(1.0, look::of(ui).line), egui::StrokeKind::Outside);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    response
}
