//! Average pooling: of each square of pixels the mean, channel by channel; with squares as large as the picture, one
//! value a channel.
//!
//! `y = mean x` over a square of `n` pixels; `dx = dy / n` at each of them.

use crate::layer::{Backward, Forward, Layer};
use crate::math::vectorized;
use crate::{Shape, parallel};
use rayon::prelude::*;

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

    /// Where the first pixel of each square lies in the input, in the order of the output's pixels.
    #[inline(always)]
    pub fn corners(&self) -> impl Iterator<Item = usize> {
        let Self { input, output, height, width } = *self;
        let rows = (0..output.height).map(move |row| row * height * input.width);
        rows.flat_map(move |row| (0..output.width).map(move |column| (row + column * width) * input.channels))
    }

    /// Where the pixels of a square lie behind its first.
    #[inline(always)]
    pub fn offsets(&self) -> impl Iterator<Item = usize> {
        let Self { input, height, width, .. } = *self;
        (0..height).flat_map(move |i| (0..width).map(move |j| (i * input.width + j) * input.channels))
    }

    /// Zeroes pictures where squares leave a rest at the edge.
    #[inline(always)]
    pub fn clear_rest(&self, dx: &mut [f32]) {
        let Self { input, output, height, width } = *self;
        if output.height * height < input.height || output.width * width < input.width {
            dx.fill(0.0);
        }
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
        let (inputs, outputs, share) = (s.inputs(), s.outputs(), 1.0 / s.places() as f32);
        let size = parallel::samples_a_piece(inputs);
        let pieces = pass.x.par_chunks(size * inputs).zip(pass.y.par_chunks_mut(size * outputs));
        parallel::each(pieces, |(x, y)| {
            vectorized(
                #[inline(always)]
                || {
                    for (x, y) in x.chunks_exact(inputs).zip(y.chunks_exact_mut(outputs)) {
                        for (y, corner) in y.chunks_exact_mut(channels).zip(s.corners()) {
                            y.fill(0.0);
                            for offset in s.offsets() {
                                let x = &x[corner + offset..][..channels];
                                y.iter_mut().zip(x).for_each(|(y, x)| *y += x);
                            }
                            y.iter_mut().for_each(|y| *y *= share);
                        }
                    }
                },
            );
        });
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(dx) = pass.dx else { return };
        let (s, channels) = (&self.squares, self.squares.output.channels);
        let (inputs, outputs, share) = (s.inputs(), s.outputs(), 1.0 / s.places() as f32);
        let size = parallel::samples_a_piece(inputs);
        let pieces = dx.par_chunks_mut(size * inputs).zip(pass.dy.par_chunks(size * outputs));
        parallel::each(pieces, |(dx, dy)| {
            vectorized(
                #[inline(always)]
                || {
                    s.clear_rest(dx);
                    for (dx, dy) in dx.chunks_exact_mut(inputs).zip(dy.chunks_exact(outputs)) {
                        for (dy, corner) in dy.chunks_exact(channels).zip(s.corners()) {
                            for offset in s.offsets() {
                                let dx = &mut dx[corner + offset..][..channels];
                                dx.iter_mut().zip(dy).for_each(|(dx, dy)| *dx = dy * share);
                            }
                        }
                    }
                },
            );
        });
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
