//! Average pooling: the mean of each square of pixels, channel by channel. With one square as large as the picture, one
//! value per channel remains.
//!
//! ```text
//! y = mean x over a square of n pixels
//! dx = dy / n at each of them
//! ```
//!
//! ```
//! use nn_core::{Architecture, LayerSpec, Network, Shape};
//! let whole = LayerSpec::AveragePool { size: None };
//! let network = Network::new(Architecture::new(Shape::new(2, 2, 1)).layer(whole), 1)?;
//! assert_eq!(network.predict(&[1.0, 2.0, 3.0, 6.0]), [3.0]);
//! # Ok::<(), nn_core::Error>(())
//! ```

use crate::kernels::pooling::Squares;
use crate::layer::{Backward, Forward, Layer};
use crate::shape::Shape;

/// The mean of each square of pixels.
pub struct AveragePool {
    squares: Squares,
}

impl AveragePool {
    /// Squares of `size` x `size` pixels side by side, pixels left over at the edge dropped; without a size the whole
    /// picture.
    ///
    /// # Errors
    /// Where no square fits into `input`.
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
        self.squares.means_of_batch(pass.x, pass.y);
    }

    fn backward(&self, pass: Backward<'_>) {
        if let Some(dx) = pass.dx {
            self.squares.share_batch(dx, pass.dy);
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
        check(LayerSpec::AveragePool { size: Some(2) }, Shape::new(5, 4, 3), 2);
        check(LayerSpec::AveragePool { size: None }, Shape::new(3, 5, 2), 3);
    }
}
