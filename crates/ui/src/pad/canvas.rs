//! The picture of the ink on the screen, kept up to date point by point.

use crate::image::WHOLE;
use egui::{Color32, ColorImage, Rect, TextureHandle, TextureOptions, Ui};
use nn_data::{GrowingPicture, Ink, Rectangle};

/// A picture of ink at the resolution of the screen, and its copy in the graphics memory.
pub struct Canvas {
    /// Bright ink on black, as [`Ink::rasterise`] makes it.
    picture: GrowingPicture,
    side: u32,
    pen: f32,
    texture: Option<TextureHandle>,
    changed: Changed,
}

/// The part of the picture that the graphics memory does not know yet.
#[derive(Clone, Copy, PartialEq)]
enum Changed {
    Nothing,
    Part(Rectangle),
    All,
}

impl Default for Canvas {
    fn default() -> Self {
        let picture = GrowingPicture::new(&Ink::default(), 1, 0.0);
        Self { picture, side: 1, pen: 0.0, texture: None, changed: Changed::All }
    }
}

impl Canvas {
    /// Draws everything anew with the next [`Canvas::prepare`].
    pub fn forget(&mut self) {
        self.side = 0;
    }

    /// Draws the last point of the newest stroke.
    pub fn add_point(&mut self, stroke: &[[f32; 2]]) {
        let Some(area) = self.picture.add_point(stroke) else { return };
        self.changed = match self.changed {
            Changed::Nothing => Changed::Part(area),
            Changed::Part(before) => Changed::Part(before.union(area)),
            Changed::All => Changed::All,
        };
    }

    /// Draws the ink with `side` pixels and this pen, unless that is what the picture shows already.
    pub fn prepare(&mut self, ink: &Ink, side: u32, pen: f32) {
        if (self.side, self.pen) != (side, pen) {
            self.side = side;
            self.pen = pen;
            self.picture = GrowingPicture::new(ink, side, pen);
            self.changed = Changed::All;
        }
    }

    /// The picture as it is shown.
    #[cfg(test)]
    pub fn picture(&self) -> &GrowingPicture {
        &self.picture
    }

    /// Paints the picture in a colour; of a place that is wider than high, the upper part.
    pub fn show(&mut self, ui: &Ui, rect: Rect, colour: Color32) {
        let side = self.picture.picture().width() as usize;
        let whole = Rectangle { x: 0, y: 0, width: side, height: side };
        let options = TextureOptions::LINEAR;
        match (&mut self.texture, std::mem::replace(&mut self.changed, Changed::Nothing)) {
            (Some(_), Changed::Nothing) => {}
            (Some(texture), Changed::Part(area)) if texture.size() == [self.side as usize; 2] => {
                texture.set_partial([area.x, area.y], part(&self.picture, area), options);
            }
            (Some(texture), _) => texture.set(part(&self.picture, whole), options),
            (none, _) => *none = Some(ui.ctx().load_texture("ink", part(&self.picture, whole), options)),
        }
        if let Some(texture) = &self.texture {
            let shown = WHOLE.with_max_y(rect.height() / rect.width());
            ui.painter().image(texture.id(), rect, shown, colour);
        }
    }
}

/// Part of the picture in white, with the ink as its opacity.
fn part(picture: &GrowingPicture, area: Rectangle) -> ColorImage {
    let width = picture.picture().width() as usize;
    let row = |y: usize| &picture.picture().as_raw()[y * width + area.x..][..area.width];
    let pixels = (area.y..area.y + area.height).flat_map(row).map(|&ink| Color32::from_white_alpha(ink));
    ColorImage::new([area.width, area.height], pixels.collect())
}
