//! The pictures that the layers of a network make of the drawing.

use crate::activations::LayerPicture;
use crate::view::moment::{TITLED, titled};
use egui::{Context, TextureHandle, TextureOptions, Ui};
use std::sync::Arc;
use ui::look;
use ui::palette::Palette;

/// The pictures of the layers as textures, made anew where they are others or the theme is another.
#[derive(Default)]
pub struct LayerTextures {
    of: Option<(Arc<Vec<LayerPicture>>, Palette)>,
    each: Vec<TextureHandle>,
}

impl LayerTextures {
    /// Brings them up to date.
    pub fn renew(&mut self, layers: Option<&Arc<Vec<LayerPicture>>>, ctx: &Context) {
        let colours = *look::colours(ctx);
        let Some(layers) = layers else {
            *self = Self::default();
            return;
        };
        if self.of.as_ref().is_some_and(|(of, theme)| Arc::ptr_eq(of, layers) && *theme == colours) {
            return;
        }
        let load =
            |layer: &LayerPicture| ctx.load_texture("layer", layer.tiles.picture(&colours), TextureOptions::NEAREST);
        self.each = layers.iter().map(load).collect();
        self.of = Some((layers.clone(), colours));
    }

    /// Shows them, each under its title.
    pub fn show(&self, ui: &mut Ui) {
        let Some((layers, _)) = self.of.as_ref().filter(|(layers, _)| !layers.is_empty()) else { return };
        ui.label(egui::RichText::new("What the layers make of the drawing").strong());
        let columns = (ui.available_width() / (TITLED + ui.spacing().item_spacing.x)) as usize;
        let shown: Vec<_> = layers.iter().zip(&self.each).collect();
        for row in shown.chunks(columns.max(1)) {
            ui.horizontal_top(|ui| row.iter().for_each(|(layer, texture)| titled(ui, &layer.title, texture)));
        }
    }
}
