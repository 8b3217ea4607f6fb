//! Average pooling: of each square of pixels the mean, channel by channel; with squares as large as the picture, one
//! value a channel.
//!
//! `y = mean x` over a square of `n` pixels; `dx = dy / n` at each of them.

use crate::kernels::math::vectorized;
use crate::kernels::parallel;
use crate::kernels::pooling::Squares;
use crate::layer::{Backward, Forward, Layer};
use crate::shape::Shape;
use rayon::prelude::*;

/// The mean of each square.
pub struct AveragePool {
    squares: Squares,
}

impl AveragePool {
    /// Squares of `size` x `size` pixels side by side, a rest at the edge dropped; the whole picture without a size.
    pub fn new(input: Shape, size: Option<usize>) -> Result<Self, String> {
        let (height, width) = size.map_or((input.height, input.width), |size| (size, size));
        Ok(Self { squares: Squares::new(input, height, width)? })
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
                        for (pixel, y) in y.chunks_exact_mut(channels).enumerate() {
                            y.fill(0.0);
                            for (row, column) in (0..s.height).flat_map(|row| (0..s.width).map(move |c| (row, c))) {
                                let x = &x[s.corner(pixel) + s.offset(row, column)..][..channels];
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
                        for (pixel, dy) in dy.chunks_exact(channels).enumerate() {
                            for (row, column) in (0..s.height).flat_map(|row| (0..s.width).map(move |c| (row, c))) {
                                let dx = &mut dx[s.corner(pixel) + s.offset(row, column)..][..channels];
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
    use crate::layers::checks::harness::check;
    use crate::spec::LayerSpec;

    #[test]
    fn keeps_the_contract() {
        check(LayerSpec::AveragePool { size: Some(2) }, Shape::new(5, 4, 3), 2);
        check(LayerSpec::AveragePool { size: None }, Shape::new(3, 5, 2), 3);
    }
}
