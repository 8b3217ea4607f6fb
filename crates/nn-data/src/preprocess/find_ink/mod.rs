//! Finds the ink of a drawing, a scan or a photograph: the driver of the steps that are files of their own.
//!
//! The paper is found in the picture (`paper.rs`, `sheet.rs`, `surroundings.rs`), the ink is told from it (`background.rs`), printed lines (`lines.rs`),
//! specks and margins go (`specks.rs`), a small character in a large picture is looked at again in more detail, and its
//! strokes come to a usual width (`stroke_width.rs`). Then `centre.rs` puts it into the network's frame.

mod background;
mod histogram;
mod lines;
mod mask;
mod paper;
mod pixels;
mod sheet;
mod specks;
mod stroke_width;
mod surroundings;
mod varying;

use image::{DynamicImage, GrayImage};

use crate::preprocess::find_ink::background::{Contrast, Ground, contrast};
use crate::preprocess::find_ink::lines::without_lines;
use crate::preprocess::find_ink::paper::paper;
use crate::preprocess::find_ink::specks::{CLEAN, NOISY, without_specks};
use crate::preprocess::find_ink::stroke_width::even_out;
use crate::preprocess::grey::Grey;
use crate::rectangle::Rectangle;

/// Pictures with a longer side than this are averaged down, by a whole factor.
const LONGEST: usize = 160;
/// The same for pictures of pages, which hold many characters.
const LONGEST_PAGE: usize = 1280;
/// In a picture that was reduced, ink whose box is shorter than this many pixels is looked at again in more detail.
const SMALL: usize = 60;
/// Weaker ink does not belong to the box of a form's cell.
const TRACE: f32 = 0.1;
/// A box is full if more than this share of it is ink.
const FULL: f32 = 0.85;

/// The ink of a picture.
pub(crate) struct Found {
    /// The ink cut to its box: 0 is background, 255 is full ink.
    pub ink: Grey,
    /// The longer side of the box over the shorter side of the picture.
    pub share: f32,
    /// True if it may not be a whole character: it reaches the edge of the picture, or fills its box like a patch of colour.
    pub doubtful: bool,
}

/// Finds the ink of a picture without transparency, its strokes brought to a usual width; `None` without ink. If
/// `on_paper`, it finds the paper in the picture first, and takes lines printed on it for no ink.
pub(crate) fn find_ink(picture: &DynamicImage, on_paper: bool) -> Option<Found> {
    let ground = if on_paper { Ground::Anywhere } else { Ground::Paper };
    let Boxed { ink, threshold, share, doubtful } = look(picture, ground, true)?;
    let mut ink = even_out(ink, threshold);
    ink.values.iter_mut().for_each(|value| *value *= 255.0);
    Some(Found { ink, share, doubtful })
}

/// Ink that is known (0 to 255 on 0), its strokes brought to a usual width and cut to its box, as [`find_ink`] makes it of
/// a clean picture; `None` without ink.
pub(crate) fn known_ink(picture: &GrayImage) -> Option<Grey> {
    let values = picture.iter().map(|value| f32::from(*value) / 255.0).collect();
    let ink = Grey { width: picture.width() as usize, height: picture.height() as usize, values };
    let mut ink = even_out(ink.cut(ink.bounds(CLEAN)?), CLEAN);
    ink.values.iter_mut().for_each(|value| *value *= 255.0);
    Some(ink)
}

/// The ink of a page that holds any number of characters, as a picture of its own.
#[derive(Debug, Clone)]
pub struct PageInk {
    /// 0 is background, 255 is full ink.
    pub ink: GrayImage,
    /// One of its pixels is the mean of `reduced_by` x `reduced_by` pixels of the picture that was given.
    pub reduced_by: u32,
    /// Column and row of its first pixel, in its own pixels.
    pub at: [u32; 2],
}

/// Finds the ink of a page in a picture without transparency; `None` without ink. All of it stays, specks too.
pub(crate) fn find_page_ink(picture: &DynamicImage) -> Option<PageInk> {
    let Contrast { ink, clean, reduced_by, at, .. } = within_cell(contrast(picture, LONGEST_PAGE, Ground::Anywhere)?);
    let threshold = if clean { CLEAN } else { NOISY };
    let ink = without_lines(ink, threshold);
    ink.bounds(threshold)?;
    let strength = |value: &f32| if *value > TRACE { (value * 255.0).round() as u8 } else { 0 };
    let ink = GrayImage::from_raw(ink.width as u32, ink.height as u32, ink.values.iter().map(strength).collect())?;
    Some(PageInk { ink, reduced_by: reduced_by as u32, at: at.map(|at| at as u32) })
}

/// Ink cut to its box.
struct Boxed {
    /// 0 is background, 1 is full ink.
    ink: Grey,
    /// Values above this are ink.
    threshold: f32,
    /// The longer side of the box over the shorter side of the picture.
    share: f32,
    /// True if it reaches the edge of the picture or fills its box.
    doubtful: bool,
}

/// Finds the ink and its box. Where `again` allows it, a small box in a picture that was reduced is looked at once more.
fn look(picture: &DynamicImage, ground: Ground, again: bool) -> Option<Boxed> {
    let mut found = contrast(picture, LONGEST, ground)?;
    let on_paper = ground != Ground::Paper;
    let threshold = if found.clean { CLEAN } else { NOISY };
    if on_paper {
        found = within_cell(found);
        found.ink = without_lines(found.ink, threshold);
    }
    let Contrast { ink, reduced_by: by, at, bright, .. } = without_specks(found, on_paper);
    let bounds = ink.bounds(threshold)?;
    let longest = bounds.width.max(bounds.height);
    let share = longest as f32 / ink.width.min(ink.height) as f32;
    if again && by > 1 && longest < SMALL {
        let margin = longest / 3 + 2;
        // Columns or rows of the picture; where the paper was found, no more than the paper.
        let around = |from: usize, length: usize, at: usize, all: usize| {
            let start = from.saturating_sub(margin);
            let length = if on_paper { (from + length + margin).min(all) - start } else { length + 2 * margin };
            [(at + start) * by, length * by].map(|pixels| pixels as u32)
        };
        let [x, width] = around(bounds.x, bounds.width, at[0], ink.width);
        let [y, height] = around(bounds.y, bounds.height, at[1], ink.height);
        let part = picture.crop_imm(x, y, width, height);
        let ground = bright.filter(|_| on_paper).map_or(ground, |bright| Ground::Part { bright });
        if let Some(found) = look(&part, ground, false) {
            return Some(Boxed { share, doubtful: found.doubtful || reaches_edge(&ink, bounds), ..found });
        }
    }
    let at_edge = reaches_edge(&ink, bounds);
    let ink = ink.cut(bounds);
    let doubtful = at_edge || fills_box(&ink);
    Some(Boxed { ink, threshold, share, doubtful })
}

/// The ink within the box of a form's cell, which uneven light may have hidden as long as the picture was not yet ink.
fn within_cell(contrast: Contrast) -> Contrast {
    let Contrast { ink, at, .. } = contrast;
    let (values, _) = ink.values.as_chunks::<1>();
    let cell = paper(values, ink.width, TRACE);
    Contrast { at: [at[0] + cell.x, at[1] + cell.y], ink: ink.cut(cell), ..contrast }
}

fn reaches_edge(picture: &Grey, ink: Rectangle) -> bool {
    let Rectangle { x, y, width, height } = ink;
    x == 0 || y == 0 || x + width == picture.width || y + height == picture.height
}

/// True if the ink fills its box. A narrow box may be full: it holds a straight stroke.
fn fills_box(ink: &Grey) -> bool {
    let narrow = 3 * ink.width.min(ink.height) < ink.width.max(ink.height);
    let full = ink.values.iter().filter(|value| **value > 0.5).count();
    !narrow && full as f32 > FULL * ink.values.len() as f32
}
