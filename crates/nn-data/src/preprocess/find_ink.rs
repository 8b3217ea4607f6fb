//! Finds the ink of a drawing, a scan or a photograph: the driver of the steps that are files of their own.
//!
//! The ink is told from its background (`background.rs`), specks and margins go (`specks.rs`), a small character in a
//! large picture is looked at again in more detail, and its strokes come to a usual width (`stroke_width.rs`). Then
//! `centre.rs` puts it into the network's frame.

use image::DynamicImage;

use crate::preprocess::background::{Contrast, contrast};
use crate::preprocess::grey::Grey;
use crate::preprocess::specks::{CLEAN, NOISY, without_specks};
use crate::preprocess::stroke_width::even_out;

/// In a picture that was reduced, ink whose box is shorter than this many pixels is looked at again in more detail.
const SMALL: usize = 60;

/// The ink of a picture.
pub(crate) struct Found {
    /// The ink cut to its box: 0 is background, 255 is full ink.
    pub ink: Grey,
    /// The longer side of the box over the shorter side of the picture.
    pub share: f32,
}

/// Finds the ink of a picture without transparency, its strokes brought to a usual width; `None` without ink.
pub(crate) fn find_ink(picture: &DynamicImage) -> Option<Found> {
    let Boxed { ink, threshold, share } = look(picture, true)?;
    let mut ink = even_out(ink, threshold);
    ink.values.iter_mut().for_each(|value| *value *= 255.0);
    Some(Found { ink, share })
}

/// Ink cut to its box.
struct Boxed {
    /// 0 is background, 1 is full ink.
    ink: Grey,
    /// Values above this are ink.
    threshold: f32,
    /// The longer side of the box over the shorter side of the picture.
    share: f32,
}

/// Finds the ink and its box. Where `again` allows it, a small box in a picture that was reduced is looked at once more.
fn look(picture: &DynamicImage, again: bool) -> Option<Boxed> {
    let Contrast { ink, clean, reduced_by: by } = without_specks(contrast(picture)?);
    let threshold = if clean { CLEAN } else { NOISY };
    let bounds = ink.bounds(threshold)?;
    let longest = bounds.width.max(bounds.height);
    let share = longest as f32 / ink.width.min(ink.height) as f32;
    if again && by > 1 && longest < SMALL {
        let margin = longest / 3 + 2;
        let start = |from: usize| (from.saturating_sub(margin) * by) as u32;
        let length = |length: usize| ((length + 2 * margin) * by) as u32;
        let part = picture.crop_imm(start(bounds.x), start(bounds.y), length(bounds.width), length(bounds.height));
        if let Some(found) = look(&part, false) {
            return Some(Boxed { share, ..found });
        }
    }
    Some(Boxed { ink: ink.cut(bounds), threshold, share })
}
