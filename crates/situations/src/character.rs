//! A character's ink: how much of each point of a square it covers.

use image::{GrayImage, imageops};

/// Pixels of the finest mask, on each side.
const FINE: usize = 224;

/// The ink of a character within a square.
#[derive(Clone)]
pub struct Character {
    /// Ink at each pixel of a square of [`FINE`] pixels, 0 to 1.
    mask: Vec<f32>,
    /// The box around the ink, in shares of the square: left, top, right, bottom.
    bounds: [f32; 4],
}

impl Character {
    /// Makes a pen's strokes of a bright character on black of any square size, as MNIST has them: enlarged eight times, with
    /// sharp edges. `pen` is 0 for the strokes as they are, positive for thicker and negative for thinner ones, -1 to 1.
    pub fn new(picture: &GrayImage, pen: f32) -> Self {
        let large = imageops::resize(picture, FINE as u32, FINE as u32, imageops::FilterType::CatmullRom);
        let soft = imageops::blur(&large, 2.0);
        let edge = 0.45 - 0.27 * pen;
        let mask: Vec<f32> =
            soft.pixels().map(|p| ((f32::from(p[0]) / 255.0 - edge) / 0.2 + 0.5).clamp(0.0, 1.0)).collect();
        let mut bounds = [1.0f32, 1.0, 0.0, 0.0];
        for (at, _) in mask.iter().enumerate().filter(|(_, ink)| **ink > 0.5) {
            let [x, y] = [at % FINE, at / FINE].map(|pixel| pixel as f32 / FINE as f32);
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        }
        Self { mask, bounds }
    }

    /// The middle of the ink, and its longer side, in shares of the square.
    pub(crate) fn middle(&self) -> ([f32; 2], f32) {
        let [left, top, right, bottom] = self.bounds;
        ([(left + right) / 2.0, (top + bottom) / 2.0], (right - left).max(bottom - top))
    }

    /// Width and height of the ink; the longer one is 1.
    pub(crate) fn size(&self) -> [f32; 2] {
        let [left, top, right, bottom] = self.bounds;
        let long = (right - left).max(bottom - top).max(1e-3);
        [(right - left) / long, (bottom - top) / long]
    }

    /// The ink in the rectangle of the square around a point that is `size` wide: the mean over as many pixels as it covers.
    pub(crate) fn ink(&self, [x, y]: [f32; 2], size: f32) -> f32 {
        let reach = (size * FINE as f32 / 2.0).max(0.5);
        let range = |at: f32| {
            let (from, to) = (at * FINE as f32 - reach, at * FINE as f32 + reach);
            (from.max(0.0) as usize, (to.max(0.0) as usize).min(FINE))
        };
        let ((left, right), (top, bottom)) = (range(x), range(y));
        let rows = (top..bottom).filter_map(|row| self.mask.get(row * FINE + left..row * FINE + right.max(left)));
        let (sum, n) = rows.flatten().fold((0.0, 0.0), |(sum, n), ink| (sum + ink, n + 1.0f32));
        sum / n.max(1.0)
    }
}
