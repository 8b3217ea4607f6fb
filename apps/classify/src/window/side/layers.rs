//! The picture that the network sees, and the pictures that its layers make of it.

use crate::window::Window;
use egui::{ColorImage, Context, ScrollArea, Sense, TextureHandle, TextureOptions, Ui, Vec2, WidgetInfo};
use ui::image::paint;
use ui::look;

/// The pictures of the network's input and of its layers, as they are shown.
#[derive(Default)]
pub struct LayerViews(Vec<TextureHandle>);

impl Window {
    /// Shows the network's input, and the values of its layers.
    pub(super) fn layers(&self, ui: &mut Ui) {
        let largest = 0.34 * ui.available_height();
        ScrollArea::vertical().id_salt("layers").auto_shrink(false).show(ui, |ui| {
            let size = self.model.preprocessing.size();
            let bar = if self.model.preprocessing.shows_size() { "; the bar is how large you drew" } else { "" };
            ui.label(look::caption(&format!("What the network sees, {}x{}{bar}", size.width, size.height)));
            let width = ui.available_width();
            let shown = self.recogniser.newest().zip(self.side.layers.0.split_first());
            let input = Vec2::new(size.width as f32, size.height as f32);
            let side = width.min(largest.max(112.0));
            enlarged(ui, shown.map(|(_, (seen, _))| seen), input, side, "What the network sees");
            ui.add_space(6.0);
            let Some((newest, (_, layers))) = shown else {
                ui.label(look::caption("Here its layers show what they make of your drawing."));
                return;
            };
            ui.label(look::caption("What its layers make of that"));
            for (texture, layer) in layers.iter().zip(&newest.layers) {
                ui.label(look::caption(&layer.title));
                enlarged(ui, Some(texture), texture.size_vec2(), width, &layer.title);
            }
        });
    }

    /// Brings the pictures of what the network sees, and of its layers, up to date.
    pub(in crate::window) fn renew_layers(&mut self, ctx: &Context) {
        let Some(newest) = self.recogniser.newest() else { return };
        let seen = self.picture_of(&newest.seen);
        let pictures =
            std::iter::once(seen).chain(newest.layers.iter().map(|layer| layer.tiles.picture(look::colours(ctx))));
        let views = &mut self.side.layers.0;
        views.truncate(1 + newest.layers.len());
        for (i, picture) in pictures.enumerate() {
            match views.get_mut(i) {
                Some(view) => view.set(picture, TextureOptions::NEAREST),
                None => views.push(ctx.load_texture(format!("view {i}"), picture, TextureOptions::NEAREST)),
            }
        }
    }

    /// A prepared picture as the network sees it.
    pub(super) fn picture_of(&self, pixels: &[u8]) -> ColorImage {
        let size = self.model.preprocessing.size();
        match size.channels {
            3 => ColorImage::from_rgb([size.width, size.height], pixels),
            _ => ColorImage::from_gray([size.width, size.height], pixels),
        }
    }
}

/// A small picture, enlarged to a width of whole pixels where it can be.
pub(super) fn enlarged(ui: &mut Ui, texture: Option<&TextureHandle>, size: Vec2, width: f32, name: &str) {
    let scale = (width / size.x).min(12.0);
    let scale = if scale > 2.0 { scale.floor() } else { scale };
    let (rect, response) = ui.allocate_exact_size(size * scale, Sense::hover());
    match texture {
        Some(texture) => paint(ui, texture, rect),
        None => _ = ui.painter().rect_filled(rect, 2, look::of(ui).ink),
    }
    ui.painter().rect_stroke(rect, 0, egui::Stroke::new(1.0, look::of(ui).line), egui::StrokeKind::Outside);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, name));
}
