//! Max pooling: the largest value of each square of pixels survives, channel by channel.
//!
//! ```text
//! y = max x over a square
//! dx = dy at the position of the largest value (of equal values the first), 0 everywhere else
//! ```
//!
//! since a small change of any other value of the square does not change `y`.
//!
//! ```
//! use nn_core::{Architecture, Network, Shape};
//! let network = Network::new(Architecture::new(Shape::new(2, 4, 1)).max_pool(2), 1)?;
//! let picture = [1.0, 2.0, 0.0, 0.0, //
//!                3.0, 4.0, 0.0, 9.0];
//! assert_eq!(network.predict(&picture), [4.0, 9.0]);
//! # Ok::<(), nn_core::Error>(())
//! ```

use crate::kernels::pooling::Squares;
use crate::layer::{Backward, CacheSize, Forward, Layer};
use crate::shape::Shape;

/// The largest value of each square of pixels.
pub struct MaxPool {
    squares: Squares,
}

impl MaxPool {
    /// Squares of `size` x `size` pixels side by side. Pixels left over at the right or bottom edge are dropped.
    ///
    /// # Errors
    /// Where no square fits into `input`.
    pub fn new(input: Shape, size: usize) -> Result<Self, String> {
        Ok(Self { squares: Squares::new(input, size, size)? })
    }
}

impl Layer for MaxPool {
    fn output(&self) -> Shape {
        self.squares.output
    }

    /// For each output the position of its largest value in the square.
    fn cache(&self, batch: usize) -> CacheSize {
        CacheSize { values: 0, indices: self.squares.outputs() * batch }
    }

    fn forward(&self, pass: Forward<'_>) {
        self.squares.largest_of_batch(pass.x, pass.y, &mut pass.cache.indices);
    }

    fn backward(&self, pass: Backward<'_>) {
        if let Some(dx) = pass.dx {
            self.squares.spread_batch(dx, pass.dy, &pass.cache.indices);
        }
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
        check(LayerSpec::MaxPool { size: 2 }, Shape::new(4, 6, 4), 2);
        check(LayerSpec::MaxPool { size: 2 }, Shape::new(5, 6, 12), 2);
        check(LayerSpec::MaxPool { size: 2 }, Shape::new(5, 5, 1), 2);
        check(LayerSpec::MaxPool { size: 3 }, Shape::new(6, 3, 2), 3);
        assert!(MaxPool::new(Shape::new(2, 2, 1), 3).is_err() && MaxPool::new(Shape::new(2, 2, 1), 0).is_err());
    }
}
