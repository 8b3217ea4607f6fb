//! Puts ink into the network's frame as MNIST was made (LeCun, Bottou, Bengio and Haffner 1998, section III.A).
//!
//! The ink's box is fitted into 20/28 of the frame, keeping its aspect ratio; then the ink's centre of mass goes to the
//! middle of the frame, by whole pixels.

use crate::preprocess::grey::Grey;

/// Values up to this, where the brightest is 255, do not count as ink.
const BLACK: f32 = 8.0;
/// Ink that reaches this brightness (of 255) after it has been fitted is not brightened.
const PALE: f32 = 150.0;

/// Puts ink (0 to 255, cut to its box) into a frame of `width` x `height` pixels; a frame of zeros for no ink.
pub(crate) fn centre(ink: Option<&Grey>, width: usize, height: usize) -> Vec<u8> {
    let mut frame = vec![0; width * height];
    let Some(ink) = ink else { return frame };
    let fitted = fit(ink, width, height);
    let place = |i: usize| (i % fitted.width, i / fitted.width);
    let masses = || fitted.values.iter().copied().map(f64::from).enumerate();
    let left = offset(width, fitted.width, masses().map(|(i, mass)| (place(i).0, mass)));
    let top = offset(height, fitted.height, masses().map(|(i, mass)| (place(i).1, mass)));
    let rows = frame[top * width..].chunks_exact_mut(width);
    for (row, source) in rows.zip(fitted.values.chunks_exact(fitted.width)) {
        row[left..].iter_mut().zip(source).for_each(|(pixel, value)| *pixel = value.round() as u8);
    }
    frame
}

/// The ink resized so that it fills 20/28 of the frame on its longer side.
fn fit(ink: &Grey, width: usize, height: usize) -> Grey {
    let scale_x = width as f32 * 20.0 / 28.0 / ink.width as f32;
    let scale_y = height as f32 * 20.0 / 28.0 / ink.height as f32;
    let scale = scale_x.min(scale_y);
    let length = |length: usize, most: usize| ((length as f32 * scale).round() as usize).max(1).min(most);
    let mut fitted = ink.resized(length(ink.width, width), length(ink.height, height));
    brighten(&mut fitted.values);
    fitted
}

/// Makes up for what thin lines lose when they shrink: where fewer than two fifths of the inked pixels reach [`PALE`],
/// the value that two fifths reach becomes 255. (Ink then has the mass of MNIST's; of MNIST's pictures, 1 in 500 is
/// brightened.)
fn brighten(values: &mut [f32]) {
    let peak = values.iter().copied().fold(0.0, f32::max);
    let mut ink: Vec<f32> = values.iter().copied().filter(|value| *value > peak * BLACK / 255.0).collect();
    let place = ink.len().saturating_sub(1) * 3 / 5;
    if peak > 0.0 && *ink.select_nth_unstable_by(place, f32::total_cmp).1 < PALE {
        let factor = 255.0 / ink[place];
        values.iter_mut().for_each(|value| *value = (*value * factor).min(255.0));
    }
}

/// Returns where `length` pixels with the given (place, mass) begin on an axis of `frame` pixels, so that the centre of
/// mass comes to `frame / 2` (pixel 14 of MNIST's 28) and nothing leaves the frame.
fn offset(frame: usize, length: usize, masses: impl Iterator<Item = (usize, f64)>) -> usize {
    let (moment, mass) = masses.fold((0.0, 0.0), |(moment, mass), (at, m)| (moment + at as f64 * m, mass + m));
    let wanted = (frame as f64 / 2.0 - moment / mass - 0.5).ceil(); // half a pixel goes up or left, as in MNIST
    (wanted.max(0.0) as usize).min(frame - length)
}
