//! Written texts as pictures, in which it is known to which character each pixel belongs.

use image::{DynamicImage, GrayImage};
use nn_data::Ink;
use nn_data::stroke_file::texts::WrittenText;
use nn_lines::InkPage;

/// The height of letters and the width of the pen, in pixels.
const HEIGHT: f32 = 36.0;
const PEN: f32 = 4.0;
/// The margin around the ink, in pixels.
const MARGIN: f32 = 12.0;
/// The longest side of a picture.
const LONGEST: f32 = 1200.0;
/// A group of patches is a character if they share at least this part of their ink.
const SAME: f32 = 0.85;

/// A written text as a picture.
pub struct Pictured {
    /// The picture: bright ink on black.
    pub picture: DynamicImage,
    /// Each character alone.
    characters: Vec<GrayImage>,
}

impl Pictured {
    /// Draws a text; `None` without ink.
    pub fn new(text: &WrittenText) -> Option<Self> {
        let [low, high] = text.strokes.bounds()?;
        let mut heights: Vec<f32> = text.strokes.strokes.iter().filter_map(|stroke| height(stroke)).collect();
        heights.sort_by(f32::total_cmp);
        let usual = heights[heights.len() * 3 / 4].max(0.2 * (high[1] - low[1])).max(f32::MIN_POSITIVE);
        let longest = (high[0] - low[0]).max(high[1] - low[1]);
        let scale = (HEIGHT / usual).min((LONGEST - 2.0 * MARGIN) / longest);
        let side = (longest * scale + 2.0 * MARGIN).ceil();
        let place = |p: &[f32; 2]| [0, 1].map(|i| ((p[i] - low[i]) * scale + MARGIN) / side);
        let draw = |strokes: &[Vec<[f32; 2]>]| {
            let strokes = strokes.iter().map(|stroke| stroke.iter().map(place).collect()).collect();
            let picture = Ink { strokes }.rasterise(side as u32, PEN / side);
            let rows = ((high[1] - low[1]) * scale + 2.0 * MARGIN).ceil().min(side) as u32;
            image::imageops::crop_imm(&picture, 0, 0, side as u32, rows).to_image()
        };
        let characters = text.cuts.iter().map(|[first, end]| draw(&text.strokes.strokes[*first..*end])).collect();
        Some(Self { picture: draw(&text.strokes.strokes).into(), characters })
    }

    /// For each part of the page that the picture became, its ink in each character, and in all as the last.
    pub fn shares(&self, page: &InkPage) -> Vec<Vec<f32>> {
        let each = page.patches().iter().zip(page.bounds());
        let share = |(patch, bounds): (&nn_lines::Patch, &nn_lines::Bounds)| {
            let [left, top] = bounds.low.map(|at| at as u32);
            let mut sums = vec![0.0; self.characters.len() + 1];
            for (x, y, _) in patch.ink.enumerate_pixels().filter(|(_, _, value)| value[0] > 0) {
                for (sum, character) in sums.iter_mut().zip(&self.characters) {
                    *sum += f32::from(u8::from(character.get_pixel(left + x, top + y)[0] > 0));
                }
                sums[self.characters.len()] += 1.0;
            }
            sums
        };
        each.map(share).collect()
    }

    /// True if parts of the page are one character, given the shares of all parts.
    pub fn is_character(&self, parts: &[usize], shares: &[Vec<f32>]) -> bool {
        let sum = |of: usize| parts.iter().map(|part| shares[*part][of]).sum::<f32>();
        let all = sum(self.characters.len());
        (0..self.characters.len()).any(|character| {
            let own = sum(character);
            let whole: f32 = shares.iter().map(|share| share[character]).sum();
            own >= SAME * all && own >= SAME * whole
        })
    }
}

fn height(stroke: &[[f32; 2]]) -> Option<f32> {
    let [low, high] = Ink { strokes: vec![stroke.to_vec()] }.bounds()?;
    Some(high[1] - low[1])
}
