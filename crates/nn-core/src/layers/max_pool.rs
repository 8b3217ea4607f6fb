//! Max pooling: of each square of pixels the largest value survives, channel by channel.
//!
//! `y = max x` over a square; `dx = dy` at the place of the largest value (the first of equal ones), 0 elsewhere.

use crate::kernels::parallel;
use crate::kernels::pooling::Squares;
use crate::layer::{Backward, Forward, Layer, Room};
use crate::shape::Shape;
use rayon::prelude::*;

/// The largest value of each square.
pub struct MaxPool {
    squares: Squares,
}

impl MaxPool {
    /// Squares of `size` x `size` pixels side by side; a rest at the right or bottom edge is dropped.
    pub fn new(input: Shape, size: usize) -> Result<Self, String> {
        Ok(Self { squares: Squares::new(input, size, size)? })
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
        let (inputs, outputs) = (self.squares.inputs(), self.squares.outputs());
        let size = parallel::samples_a_piece(inputs);
        let pieces = pass.x.par_chunks(size * inputs).zip(pass.y.par_chunks_mut(size * outputs));
        parallel::each(pieces.zip(pass.cache.indices.par_chunks_mut(size * outputs)), |((x, y), places)| {
            self.squares.largest(x, y, places);
        });
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(dx) = pass.dx else { return };
        let (inputs, outputs) = (self.squares.inputs(), self.squares.outputs());
        let size = parallel::samples_a_piece(inputs);
        let pieces = dx.par_chunks_mut(size * inputs).zip(pass.dy.par_chunks(size * outputs));
        parallel::each(pieces.zip(pass.cache.indices.par_chunks(size * outputs)), |((dx, dy), places)| {
            self.squares.spread(dx, dy, places);
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
        check(LayerSpec::MaxPool { size: 2 }, Shape::new(4, 6, 3), 2);
        check(LayerSpec::MaxPool { size: 2 }, Shape::new(5, 5, 1), 2);
        check(LayerSpec::MaxPool { size: 3 }, Shape::new(6, 3, 2), 3);
        assert!(MaxPool::new(Shape::new(2, 2, 1), 3).is_err() && MaxPool::new(Shape::new(2, 2, 1), 0).is_err());
    }
}
