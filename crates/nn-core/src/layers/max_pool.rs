//! Max pooling: of each square of pixels the largest value survives, channel by channel.
//!
//! `y = max x` over a square; `dx = dy` at the place of the largest value (the first of equal ones), 0 elsewhere.

use super::average_pool::{Squares, squares};
use crate::layer::{Backward, Forward, Layer, Room};
use crate::math::vectorized;
use crate::{Shape, parallel};
use rayon::prelude::*;

/// The largest value of each square.
pub struct MaxPool {
    squares: Squares,
}

impl MaxPool {
    /// Squares of `size` x `size` pixels side by side; a rest at the right or bottom edge is dropped.
    pub fn new(input: Shape, size: usize) -> Result<Self, String> {
        Ok(Self { squares: squares(input, size, size)? })
    }
}

impl Layer for MaxPool {
    fn output(&self) -> Shape {
        self.squares.output
    }

    /// For each output the place of its largest value in the square.
    fn cache(&self, batch: usize) -> Room {
        Room { values: 0, indices: self.squares.outputs() * batch }
    }

    fn forward(&self, pass: Forward<'_>) {
        let (s, channels) = (&self.squares, self.squares.output.channels);
        let (inputs, outputs) = (s.inputs(), s.outputs());
        let size = parallel::samples_a_piece(inputs);
        let pieces = pass.x.par_chunks(size * inputs).zip(pass.y.par_chunks_mut(size * outputs));
        parallel::each(pieces.zip(pass.cache.indices.par_chunks_mut(size * outputs)), |((x, y), places)| {
            vectorized(
                #[inline(always)]
                || {
                    let samples = x.chunks_exact(inputs).zip(y.chunks_exact_mut(outputs));
                    for ((x, y), places) in samples.zip(places.chunks_exact_mut(outputs)) {
                        let pixels = y.chunks_exact_mut(channels).zip(places.chunks_exact_mut(channels));
                        for ((y, places), corner) in pixels.zip(s.corners()) {
                            y.copy_from_slice(&x[corner..][..channels]);
                            places.fill(0);
                            for (place, offset) in s.offsets().enumerate().skip(1) {
                                let x = &x[corner + offset..][..channels];
                                for ((y, at), x) in y.iter_mut().zip(&mut *places).zip(x) {
                                    let larger = *x > *y || x.is_nan(); // NaN is not lost on its way to the loss
                                    *y = if larger { *x } else { *y };
                                    *at = if larger { place as u32 } else { *at };
                                }
                            }
                        }
                    }
                },
            );
        });
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(dx) = pass.dx else { return };
        let (s, channels) = (&self.squares, self.squares.output.channels);
        let (inputs, outputs) = (s.inputs(), s.outputs());
        let size = parallel::samples_a_piece(inputs);
        let pieces = dx.par_chunks_mut(size * inputs).zip(pass.dy.par_chunks(size * outputs));
        parallel::each(pieces.zip(pass.cache.indices.par_chunks(size * outputs)), |((dx, dy), places)| {
            vectorized(
                #[inline(always)]
                || {
                    s.clear_rest(dx);
                    let samples = dx.chunks_exact_mut(inputs).zip(dy.chunks_exact(outputs));
                    for ((dx, dy), places) in samples.zip(places.chunks_exact(outputs)) {
                        let pixels = dy.chunks_exact(channels).zip(places.chunks_exact(channels));
                        for ((dy, places), corner) in pixels.zip(s.corners()) {
                            for (place, offset) in s.offsets().enumerate() {
                                let dx = &mut dx[corner + offset..][..channels];
                                for ((dx, dy), at) in dx.iter_mut().zip(dy).zip(places) {
                                    *dx = if *at == place as u32 { *dy } else { 0.0 };
                                }
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
        check(LayerSpec::MaxPool { size: 2 }, Shape::new(4, 6, 3), 2);
        check(LayerSpec::MaxPool { size: 2 }, Shape::new(5, 5, 1), 2);
        check(LayerSpec::MaxPool { size: 3 }, Shape::new(6, 3, 2), 3);
        assert!(MaxPool::new(Shape::new(2, 2, 1), 3).is_err() && MaxPool::new(Shape::new(2, 2, 1), 0).is_err());
    }
}
