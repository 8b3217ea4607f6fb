//! The picture of the ink on the screen, kept up to date line by line.

use crate::image::WHOLE;
use egui::{Color32, ColorImage, Rect, TextureHandle, TextureOptions, Ui};
use nn_data::{Area, Ink, Picture, draw_line};

/// A picture of ink at the resolution of the screen, and its copy in the graphics memory.
pub struct Canvas {
    /// Bright ink on black, as [`Ink::rasterise`] makes it.
    picture: Picture,
    side: u32,
    pen: f32,
    texture: Option<TextureHandle>,
    changed: Changed,
}

/// What the graphics memory does not know yet.
#[derive(Clone, Copy, PartialEq)]
enum Changed {
    Nothing,
    Part(Area),
    All,
}

impl Default for Canvas {
    fn default() -> Self {
        Self { picture: Picture::new(1, 1), side: 1, pen: 0.0, texture: None, changed: Changed::All }
    }
}

impl Canvas {
    /// Draws everything anew with the next [`Canvas::show`].
    pub fn forget(&mut self) {
        self.side = 0;
    }

    /// Adds a line to the picture.
    pub fn line(&mut self, from: [f32; 2], to: [f32; 2]) {
        let Some(area) = draw_line(&mut self.picture, from, to, self.pen) else { return };
        self.changed = match self.changed {
            Changed::Nothing => Changed::Part(area),
            Changed::Part(before) => Changed::Part(before.union(area)),
            Changed::All => Changed::All,
        };
    }

    /// Makes the picture one of `side` pixels by such a pen, if it is none yet.
    pub fn prepare(&mut self, ink: &Ink, side: u32, pen: f32) {
        if (self.side, self.pen) != (side, pen) {
            (self.side, self.pen) = (side, pen);
            self.picture = ink.rasterise(side, pen);
            self.changed = Changed::All;
        }
    }

    /// The picture as it is shown.
    #[cfg(test)]
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Paints the picture in a colour.
    pub fn show(&mut self, ui: &Ui, rect: Rect, colour: Color32) {
        let whole = Area { x: 0, y: 0, width: self.picture.width(), height: self.picture.height() };
        let options = TextureOptions::LINEAR;
        match (&mut self.texture, std::mem::replace(&mut self.changed, Changed::Nothing)) {
            (Some(_), Changed::Nothing) => {}
            (Some(texture), Changed::Part(area)) if texture.size() == [self.side as usize; 2] => {
                texture.set_partial([area.x as usize, area.y as usize], part(&self.picture, area), options);
            }
            (Some(texture), _) => texture.set(part(&self.picture, whole), options),
            (none, _) => *none = Some(ui.ctx().load_texture("ink", part(&self.picture, whole), options)),
        }
        if let Some(texture) = &self.texture {
            ui.painter().image(texture.id(), rect, WHOLE, colour);
        }
    }
}

/// Part of the picture as white of which the ink is the opacity.
fn part(picture: &Picture, area: Area) -> ColorImage {
    let row = |y: u32| (area.x..area.x + area.width).map(move |x| picture.get_pixel(x, y)[0]);
    let pixels = (area.y..area.y + area.height).flat_map(row).map(Color32::from_white_alpha);
    ColorImage::new([area.width as usize, area.height as usize], pixels.collect())
}
