//! The last drawings that were saved, each with its label and each to be taken back.

use super::{Done, Saved, Step, Window};
use egui::{
    Align2, Color32, ColorImage, FontId, Role, Sense, Stroke, StrokeKind, TextureOptions, Ui, Vec2, WidgetInfo,
};
use std::path::Path;
use ui::image::paint;
use ui::look;

/// The size of an item, and the side of its picture, in points.
pub const ITEM: Vec2 = Vec2::new(96.0, 50.0);
const PICTURE: f32 = 44.0;

/// Shows the last drawings, the newest first, as many as fit; a click takes one back.
pub fn show(window: &mut Window, ui: &mut Ui) {
    let mut clicked = None;
    ui.horizontal(|ui| {
        ui.set_min_height(ITEM.y);
        ui.label(look::caption("Last saved"));
        let is_there = |saved: &Saved| window.collection.pictures(&saved.label).contains(&saved.picture);
        let mut is_empty = true;
        for step in window.steps.iter_mut().rev() {
            let Done::Saved(saved) = &mut step.done else { continue };
            if ui.available_width() < ITEM.x {
                break;
            }
            if is_there(saved) {
                is_empty = false;
                if item(saved, ui) {
                    clicked = Some(saved.picture.clone());
                }
            }
        }
        let hint = if is_empty { "Your last drawings appear here." } else { "Click one to take it back." };
        if ui.available_width() > 200.0 {
            ui.label(look::caption(hint));
        }
    });
    if let Some(picture) = clicked {
        window.take_back_saved(&picture);
    }
}

/// One drawing; returns whether it was clicked.
fn item(saved: &mut Saved, ui: &mut Ui) -> bool {
    let (rect, response) = ui.allocate_exact_size(ITEM, Sense::click());
    let is_other = saved.asked.as_ref().is_some_and(|asked| *asked != saved.label);
    let border = match () {
        () if response.hovered() || response.has_focus() => Stroke::new(2.0, look::of(ui).accent),
        () if is_other => Stroke::new(2.0, look::of(ui).warning),
        () => Stroke::new(1.0, look::of(ui).line),
    };
    ui.painter().rect_filled(rect, 4, look::of(ui).paper);
    let texture = saved.texture.get_or_insert_with(|| {
        let side = (PICTURE * ui.ctx().pixels_per_point()).round().max(1.0) as u32;
        let picture = saved.ink.rasterise(side, saved.pen);
        let pixels = picture.iter().map(|ink| Color32::from_gray(255 - ink)).collect();
        let image = ColorImage::new([side as usize; 2], pixels);
        ui.ctx().load_texture("saved", image, TextureOptions::LINEAR)
    });
    let place = egui::Rect::from_min_size(rect.min + Vec2::splat(3.0), Vec2::splat(PICTURE));
    paint(ui, texture, place);
    let painter = ui.painter_at(rect);
    painter.rect_stroke(rect, 4, border, StrokeKind::Inside);
    let label = look::readable(ui.ctx(), &saved.label);
    let size = if label.chars().count() <= 2 { 20.0 } else { 12.0 };
    let middle = egui::pos2(rect.left() + PICTURE + 26.0, rect.center().y);
    let name = match &saved.asked {
        Some(asked) if is_other => {
            let asked = look::readable(ui.ctx(), asked);
            let text = format!("not {asked}");
            painter.text(
                middle + Vec2::new(0.0, 14.0),
                Align2::CENTER_CENTER,
                text,
                FontId::proportional(12.0),
                look::of(ui).warning,
            );
            format!("Take back {label}, {asked} was asked")
        }
        _ => format!("Take back {label}"),
    };
    let up = if is_other { 8.0 } else { 0.0 };
    painter.text(
        middle - Vec2::new(0.0, up),
        Align2::CENTER_CENTER,
        &label,
        FontId::proportional(size),
        look::of(ui).ink,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response.on_hover_text(name).clicked()
}

/// The place of a saved drawing among the steps.
pub fn position(steps: &[Step], picture: &Path) -> Option<usize> {
    steps.iter().position(|step| matches!(&step.done, Done::Saved(saved) if saved.picture == picture))
}
