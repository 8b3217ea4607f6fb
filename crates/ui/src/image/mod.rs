//! Pictures in a window.

pub mod tiles;

use egui::{Color32, Pos2, Rect, TextureHandle, Ui, pos2};

/// All of a texture, for [`egui::Painter::image`].
pub const WHOLE: Rect = Rect { min: Pos2::ZERO, max: pos2(1.0, 1.0) };

/// Paints a texture into a rectangle.
pub fn paint(ui: &Ui, texture: &TextureHandle, rect: Rect) {
    ui.painter().image(texture.id(), rect, WHOLE, Color32::WHITE);
}
