//! Average pooling: of each square of pixels the mean, channel by channel; with squares as large as the picture, one
//! value a channel.
//!
//! `y = mean x` over a square of `n` pixels; `dx = dy / n` at each of them.

use crate::Shape;
use crate::layer::{Backward, Forward, Layer};
use crate::math::vectorized;

/// The mean of each square.
pub struct AveragePool {
    squares: Squares,
}

/// Squares (or, for the whole picture, a rectangle) of pixels side by side.
pub(super) struct Squares {
    input: Shape,
    /// Shape of the output: one pixel a square.
    pub output: Shape,
    height: usize,
    width: usize,
}

/// Squares of `height` x `width` pixels in pictures of shape `input`.
pub(super) fn squares(input: Shape, height: usize, width: usize) -> Result<Squares, String> {
    super::features(input)?;
    if height == 0 || width == 0 || height > input.height || width > input.width {
        return Err(format!("squares of {height}x{width} pixels do not fit"));
    }
    let output = Shape::new(input.height / height, input.width / width, input.channels);
    Ok(Squares { input, output, height, width })
}

impl Squares {
    /// Values of an input picture.
    pub fn inputs(&self) -> usize {
        self.input.height * self.input.width * self.input.channels
    }

    /// Values of an output picture.
    pub fn outputs(&self) -> usize {
        self.output.height * self.output.width * self.output.channels
    }

    /// Pixels of a square.
    pub fn places(&self) -> usize {
        self.height * self.width
    }

    /// Where the values of a pixel of a square lie in the input, for an output pixel.
    #[inline(always)]
    pub fn source(&self, pixel: usize, place: usize) -> usize {
        let (row, column) = (pixel / self.output.width * self.height, pixel % self.output.width * self.width);
        let (i, j) = (place / self.width, place % self.width);
        ((row + i) * self.input.width + column + j) * self.input.channels
    }
}

impl AveragePool {
    /// Squares of `size` x `size` pixels side by side, a rest at the edge dropped; the whole picture without a size.
    pub fn new(input: Shape, size: Option<usize>) -> Result<Self, String> {
        let (height, width) = size.map_or((input.height, input.width), |size| (size, size));
        Ok(Self { squares: squares(input, height, width)? })
    }
}

impl Layer for AveragePool {
    fn output(&self) -> Shape {
        self.squares.output
    }

    fn forward(&self, pass: Forward<'_>) {
        let (s, channels) = (&self.squares, self.squares.output.channels);
        let share = 1.0 / s.places() as f32;
        vectorized(
            #[inline(always)]
            || {
                for (x, y) in pass.x.chunks_exact(s.inputs()).zip(pass.y.chunks_exact_mut(s.outputs())) {
                    for (pixel, y) in y.chunks_exact_mut(channels).enumerate() {
                        y.fill(0.0);
                        for place in 0..s.places() {
                            let x = &x[s.source(pixel, place)..][..channels];
                            y.iter_mut().zip(x).for_each(|(y, x)| *y += x);
                        }
                        y.iter_mut().for_each(|y| *y *= share);
                    }
                }
            },
        );
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(dx) = pass.dx else { return };
        dx.fill(0.0);
        let (s, channels) = (&self.squares, self.squares.output.channels);
        let share = 1.0 / s.places() as f32;
        vectorized(
            #[inline(always)]
            || {
                for (dx, dy) in dx.chunks_exact_mut(s.inputs()).zip(pass.dy.chunks_exact(s.outputs())) {
                    for (pixel, dy) in dy.chunks_exact(channels).enumerate() {
                        for place in 0..s.places() {
                            let dx = &mut dx[s.source(pixel, place)..][..channels];
                            dx.iter_mut().zip(dy).for_each(|(dx, dy)| *dx = dy * share);
                        }
                    }
                }
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LayerSpec;
    use crate::layers::harness::check;

    #[test]
    fn keeps_the_contract() {
        check(LayerSpec::AveragePool { size: Some(2) }, Shape::new(5, 4, 3), 2);
        check(LayerSpec::AveragePool { size: None }, Shape::new(3, 5, 2), 3);
    }
}
