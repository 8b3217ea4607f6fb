//! Written texts as pictures, in which it is known to which character each pixel belongs.

use image::{DynamicImage, GrayImage};
use nn_core::rng::Rng;
use nn_data::Ink;
use nn_data::stroke_file::texts::WrittenText;
use nn_lines::{Bounds, InkPage, Patch};

/// The height of letters and the width of the pen, in pixels, from and to.
const HEIGHT: [f32; 2] = [20.0, 60.0];
const PEN: [f32; 2] = [2.0, 7.0];
/// A pen is at most this part of the height of letters thick.
const THICK: f32 = 0.16;
/// The margin around the ink, in pixels.
const MARGIN: f32 = 12.0;
/// The longest side of a picture.
const LONGEST: f32 = 1200.0;

/// A written text as a picture.
pub struct Pictured {
    /// The picture: bright ink on black.
    pub picture: DynamicImage,
    /// Each character alone.
    characters: Vec<GrayImage>,
}

/// The ink of a part of the page: in all, and in each character.
pub struct Share {
    all: f32,
    own: Vec<f32>,
}

impl Pictured {
    /// Draws a text with a height and a pen that the seed chooses; `None` without ink.
    pub fn new(text: &WrittenText, seed: u64) -> Option<Self> {
        let [low, high] = text.strokes.bounds()?;
        let mut heights: Vec<f32> = text.strokes.strokes.iter().filter_map(|stroke| height(stroke)).collect();
        heights.sort_by(f32::total_cmp);
        let usual = heights[heights.len() * 3 / 4].max(0.2 * (high[1] - low[1])).max(f32::MIN_POSITIVE);
        let longest = (high[0] - low[0]).max(high[1] - low[1]);
        let mut rng = Rng::new(seed);
        let [letter, pen] = [HEIGHT, PEN].map(|[from, to]| from * (to / from).powf(rng.uniform()));
        let scale = (letter / usual).min((LONGEST - 2.0 * MARGIN) / longest);
        let pen = pen.min((THICK * usual * scale).max(PEN[0]));
        let side = (longest * scale + 2.0 * MARGIN).ceil();
        let place = |p: &[f32; 2]| [0, 1].map(|i| ((p[i] - low[i]) * scale + MARGIN) / side);
        let draw = |strokes: &[Vec<[f32; 2]>]| {
            let strokes = strokes.iter().map(|stroke| stroke.iter().map(place).collect()).collect();
            let picture = Ink { strokes }.rasterise(side as u32, pen / side);
            let rows = ((high[1] - low[1]) * scale + 2.0 * MARGIN).ceil().min(side) as u32;
            image::imageops::crop_imm(&picture, 0, 0, side as u32, rows).to_image()
        };
        let characters = text.cuts.iter().map(|[first, end]| draw(&text.strokes.strokes[*first..*end])).collect();
        Some(Self { picture: draw(&text.strokes.strokes).into(), characters })
    }

    /// The page that the picture becomes.
    pub fn page(&self) -> InkPage {
        InkPage::of_picture(&self.picture)
    }

    /// The ink of each part of the page that the picture became.
    pub fn shares(&self, page: &InkPage) -> Vec<Share> {
        page.patches().iter().zip(page.bounds()).map(|(patch, bounds)| self.share(patch, *bounds)).collect()
    }

    fn share(&self, patch: &Patch, bounds: Bounds) -> Share {
        let [left, top] = bounds.low.map(|at| at as u32);
        let inked = || patch.ink.enumerate_pixels().filter(|(_, _, value)| value[0] > 0);
        let own =
            |character: &GrayImage| inked().filter(|(x, y, _)| character.get_pixel(left + x, top + y)[0] > 0).count();
        Share {
            all: inked().count() as f32,
            own: self.characters.iter().map(|character| own(character) as f32).collect(),
        }
    }
}

/// How well parts of a page agree with the character with which they agree best, 0 to 1: their common ink over all ink of
/// both. And the number of that character.
pub fn agreement(parts: &[usize], shares: &[Share]) -> (f32, usize) {
    let all: f32 = parts.iter().map(|part| shares[*part].all).sum();
    let characters = shares.first().map_or(0, |share| share.own.len());
    let with = |character: usize| {
        let own: f32 = parts.iter().map(|part| shares[*part].own[character]).sum();
        let whole: f32 = shares.iter().map(|share| share.own[character]).sum();
        (own / (all + whole - own).max(1.0), character)
    };
    (0..characters).map(with).fold((0.0, 0), |a, b| if b.0 > a.0 { b } else { a })
}

fn height(stroke: &[[f32; 2]]) -> Option<f32> {
    let [low, high] = Ink { strokes: vec![stroke.to_vec()] }.bounds()?;
    Some(high[1] - low[1])
}
