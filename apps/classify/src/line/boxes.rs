//! `--boxes`: a picture with a box around each character that was found.

use anyhow::Result;
use image::{DynamicImage, Rgb, RgbImage};
use nn_data::{disk, marked_png, opaque};
use nn_lines::Line;
use std::path::Path;

/// A box is at least this many pixels thick, and in large pictures this part of the longer side.
const THICK: u32 = 2;
const PART: u32 = 400;

/// Draws the boxes: green where a character is certain, red where it is not, yellow between.
pub fn draw(picture: &DynamicImage, lines: &[Line], path: &Path) -> Result<()> {
    let mut drawn = opaque(picture).to_rgb8();
    let thick = THICK.max(drawn.width().max(drawn.height()) / PART);
    for character in lines.iter().flat_map(|line| &line.characters) {
        let certain = (2.0 * character.probability - 1.0).clamp(0.0, 1.0);
        let colour = Rgb([200.0 * (1.0 - certain), 160.0 * certain, 0.0].map(|value| value as u8));
        let (low, high) = (character.bounds.low, character.bounds.high);
        let [left, top] = low.map(|at| (at as u32).saturating_sub(2 * thick));
        let [right, bottom] = high.map(|at| at as u32 + 2 * thick);
        fill(&mut drawn, [left, top], [right, top + thick], colour);
        fill(&mut drawn, [left, bottom - thick], [right, bottom], colour);
        fill(&mut drawn, [left, top], [left + thick, bottom], colour);
        fill(&mut drawn, [right - thick, top], [right, bottom], colour);
    }
    Ok(disk::write(path, &marked_png(&drawn)?)?)
}

/// Fills the pixels from `low` to below `high` that lie within the picture.
fn fill(picture: &mut RgbImage, low: [u32; 2], high: [u32; 2], colour: Rgb<u8>) {
    for y in low[1]..high[1].min(picture.height()) {
        (low[0]..high[0].min(picture.width())).for_each(|x| picture.put_pixel(x, y, colour));
    }
}
