//! Pictures of strokes that have any scale.

use image::GrayImage;

use crate::ink::Ink;

/// The part of the paper that the longer side of a drawing fills, and the diameter of the pen, where pictures are made of
/// strokes: as thick as MNIST's.
const SHARE: f32 = 0.8;
const PEN: f32 = 0.09;
/// The side of such a picture in pixels.
pub(crate) const SIDE: u32 = 112;
/// The side where many are drawn: the network's frame is smaller still.
pub(crate) const SMALL: u32 = 56;

/// Strokes of any scale, drawn bright on black with a usual pen in a square of `side` pixels.
pub(crate) fn drawn_to_fit(ink: &Ink, side: u32) -> GrayImage {
    ink.fitted(SHARE).rasterise(side, PEN)
}
