//! Activation layer: the same function of each value by itself.
//!
//! Each derivative is written by the function's value `y`, so that the input need not be kept; `dx = dy y'`:
//!
//! ```text
//! relu        y = max(x, 0)             y' = 1 where y > 0, else 0
//! leaky relu  y = x or slope x          y' = 1 where y > 0, else slope
//! sigmoid     y = 1 / (1 + e^-x)        y' = y (1 - y)
//! tanh        y = tanh x                y' = 1 - y^2
//! ```
//!
//! ```
//! use nn_core::{Architecture, Network, Shape};
//! let network = Network::new(Architecture::new(Shape::flat(3)).relu(), 1)?;
//! assert_eq!(network.predict(&[-2.0, 0.0, 3.0]), [0.0, 0.0, 3.0]);
//! # Ok::<(), nn_core::Error>(())
//! ```

use crate::kernels::epilogue;
use crate::layer::{Backward, Forward, Layer};
use crate::shape::Shape;
use crate::spec::Activation;

/// `y = f(x)`, value by value.
pub struct ActivationLayer {
    shape: Shape,
    activation: Activation,
}

impl ActivationLayer {
    /// The function as a layer on samples of shape `input`.
    ///
    /// # Errors
    /// Where the slope of a leaky ReLU is negative or not finite.
    pub fn new(input: Shape, activation: Activation) -> Result<Self, String> {
        input.features_within_limit()?;
        if let Activation::LeakyRelu { slope } = activation
            && !(slope.is_finite() && slope >= 0.0)
        {
            return Err(format!("the slope must be a finite number >= 0, not {slope}"));
        }
        Ok(Self { shape: input, activation })
    }
}

impl Layer for ActivationLayer {
    fn output(&self) -> Shape {
        self.shape
    }

    fn forward(&self, pass: Forward<'_>) {
        epilogue::activate(self.activation, pass.x, pass.y);
    }

    fn backward(&self, pass: Backward<'_>) {
        if let Some(dx) = pass.dx {
            epilogue::activate_back(self.activation, pass.y, pass.dy, dx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::checks::harness::check;

    #[test]
    fn keeps_the_contract() {
        let all = [Activation::Relu, Activation::LeakyRelu { slope: 0.1 }, Activation::Sigmoid, Activation::Tanh];
        for activation in all {
            check(activation.into(), Shape::new(2, 3, 2), 5);
        }
    }

    #[test]
    fn refuses_a_bad_slope() {
        for slope in [-0.1, f32::NAN, f32::INFINITY] {
            assert!(ActivationLayer::new(Shape::flat(1), Activation::LeakyRelu { slope }).is_err());
        }
    }
}
