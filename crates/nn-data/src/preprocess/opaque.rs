//! Removes transparency from pictures.

use std::borrow::Cow;

use image::{DynamicImage, Pixel, RgbImage, Rgba};

/// Returns the picture without transparency: laid on white, or on black if its visible part is light and covers less than half.
pub fn opaque(picture: &DynamicImage) -> Cow<'_, DynamicImage> {
    if !picture.color().has_alpha() {
        return Cow::Borrowed(picture);
    }
    let picture = picture.to_rgba8();
    let mut visible = 0;
    let mut light = 0;
    for pixel in picture.pixels() {
        visible += u64::from(pixel[3]);
        light += u64::from(pixel[3]) * u64::from(pixel.to_luma()[0]);
    }
    let covered = visible as f64 / (255.0 * f64::from(picture.width()) * f64::from(picture.height()));
    let background = if covered < 0.5 && light > 127 * visible { 0 } else { 255 };
    let laid = picture.pixels().flat_map(|&Rgba([r, g, b, a])| {
        let a = u32::from(a);
        [r, g, b].map(|value| ((u32::from(value) * a + background * (255 - a) + 127) / 255) as u8)
    });
    let laid = RgbImage::from_raw(picture.width(), picture.height(), laid.collect());
    Cow::Owned(laid.unwrap_or_default().into())
}
