//! A picture in the making.

use image::{DynamicImage, RgbImage, codecs::jpeg::JpegEncoder};

use crate::character::Character;
use crate::colour::{Colour, mix};
use crate::dice::Dice;

/// A picture in the making: colours that may still leave the range from 0 to 255.
#[derive(Clone)]
pub struct Scene {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    pixels: Vec<Colour>,
}

impl Scene {
    /// A picture of one colour.
    pub fn new(width: usize, height: usize, colour: Colour) -> Self {
        Self { width, height, pixels: vec![colour; width * height] }
    }

    /// Changes the colour of each pixel (column, row, colour).
    pub fn each(&mut self, mut change: impl FnMut(f32, f32, Colour) -> Colour) {
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            *pixel = change((at % self.width) as f32, (at / self.width) as f32, *pixel);
        }
    }

    /// Adds grain: noise of this deviation, the same in all channels.
    pub fn grain(&mut self, deviation: f32, dice: &mut Dice) {
        self.each(|_, _, colour| {
            let noise = deviation * dice.normal();
            colour.map(|value| value + noise)
        });
    }

    /// Fills a rectangle, given by its left upper corner and its size; what lies outside is left out.
    pub fn fill(&mut self, [x, y]: [f32; 2], [width, height]: [f32; 2], colour: Colour) {
        self.each(|column, row, under| {
            let covered = |at: f32, from: f32, length: f32| (at + 1.0).min(from + length) - at.max(from);
            let share = covered(column, x, width).clamp(0.0, 1.0) * covered(row, y, height).clamp(0.0, 1.0);
            mix(under, colour, share)
        });
    }

    /// Draws the outline of a rectangle, `thick` pixels wide, within its size.
    pub fn outline(&mut self, [x, y]: [f32; 2], [width, height]: [f32; 2], thick: f32, colour: Colour) {
        self.fill([x, y], [width, thick], colour);
        self.fill([x, y + height - thick], [width, thick], colour);
        self.fill([x, y], [thick, height], colour);
        self.fill([x + width - thick, y], [thick, height], colour);
    }

    /// Writes a character whose ink has its middle at a point and is `long` pixels on its longer side.
    pub fn write(&mut self, character: &Character, [x, y]: [f32; 2], long: f32, colour: Colour) {
        let (middle, share) = character.middle();
        let pixel = share.max(1e-3) / long;
        let near = 0.8 * long + 1.0;
        self.each(|column, row, under| {
            let (right, down) = (column + 0.5 - x, row + 0.5 - y);
            if right.abs() > near || down.abs() > near {
                return under;
            }
            mix(under, colour, character.ink([middle[0] + right * pixel, middle[1] + down * pixel], pixel))
        });
    }

    /// Lays a picture on this one, its middle at a point, turned by some degrees, with soft edges. `corner` pixels are cut off
    /// its corners, round.
    pub fn lay(&mut self, sheet: &Self, [x, y]: [f32; 2], degrees: f32, corner: f32) {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let half = [sheet.width as f32 / 2.0, sheet.height as f32 / 2.0];
        self.each(|column, row, under| {
            let (right, down) = (column + 0.5 - x, row + 0.5 - y);
            let at = [cos * right + sin * down, cos * down - sin * right];
            let beyond = [0, 1].map(|i| at[i].abs() - half[i] + corner);
            let outside = beyond[0].max(0.0).hypot(beyond[1].max(0.0)) + beyond[0].max(beyond[1]).min(0.0) - corner;
            let share = (0.5 - outside).clamp(0.0, 1.0);
            if share > 0.0 { mix(under, sheet.at(at[0] + half[0], at[1] + half[1]), share) } else { under }
        });
    }

    /// The colour at a point, between pixels.
    fn at(&self, x: f32, y: f32) -> Colour {
        let place = |at: f32, length: usize| {
            let at = (at - 0.5).clamp(0.0, (length - 1) as f32);
            (at as usize, (at as usize + 1).min(length - 1), at.fract())
        };
        let ((left, right, across), (top, bottom, down)) = (place(x, self.width), place(y, self.height));
        let row = |row: usize| mix(self.pixels[row * self.width + left], self.pixels[row * self.width + right], across);
        mix(row(top), row(bottom), down)
    }

    /// The same picture in another size, each pixel the mean of what it covers.
    pub fn resized(&self, width: usize, height: usize) -> Self {
        let scale = [self.width as f32 / width as f32, self.height as f32 / height as f32];
        let steps = scale.map(|scale| scale.ceil().max(1.0) as usize);
        let mut resized = Self::new(width, height, [0.0; 3]);
        resized.each(|column, row, _| {
            let mut sum = [0.0; 3];
            for step in 0..steps[0] * steps[1] {
                let within = [(step % steps[0], steps[0]), (step / steps[0], steps[1])];
                let [right, down] = within.map(|(step, of)| (step as f32 + 0.5) / of as f32);
                let colour = self.at((column + right) * scale[0], (row + down) * scale[1]);
                (0..3).for_each(|c| sum[c] += colour[c]);
            }
            sum.map(|sum| sum / (steps[0] * steps[1]) as f32)
        });
        resized
    }

    /// The finished picture.
    pub fn picture(&self) -> DynamicImage {
        let bytes = self.pixels.iter().flatten().map(|value| value.round().clamp(0.0, 255.0) as u8).collect();
        RgbImage::from_raw(self.width as u32, self.height as u32, bytes).map(DynamicImage::from).unwrap_or_default()
    }

    /// The finished picture, as a JPEG file of this quality (1 to 100) shows it.
    pub fn as_jpeg(&self, quality: u8) -> DynamicImage {
        let picture = self.picture();
        let mut file = std::io::Cursor::new(vec![]);
        match picture.write_with_encoder(JpegEncoder::new_with_quality(&mut file, quality)) {
            Ok(()) => image::load_from_memory(file.get_ref()).unwrap_or(picture),
            Err(_) => picture,
        }
    }
}
