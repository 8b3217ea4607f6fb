//! Activation functions: as a layer of their own, and as the epilogue of a layer that fuses them.
//!
//! Each derivative is written by the function's value `y`, so that the input need not be kept:
//!
//! ```text
//! relu        y = max(x, 0)             y' = 1 where y > 0, else 0
//! leaky relu  y = x or slope x          y' = 1 where y > 0, else slope
//! sigmoid     y = 1 / (1 + e^-x)        y' = y (1 - y)
//! tanh        y = tanh x                y' = 1 - y^2
//! ```

use crate::layer::{Backward, Forward, Layer};
use crate::math::{self, vectorized};
use crate::{Activation, Shape};

/// `y = f(x)`, value by value.
pub struct ActivationLayer {
    shape: Shape,
    activation: Activation,
}

impl ActivationLayer {
    /// The function as a layer on samples of shape `input`.
    pub fn new(input: Shape, activation: Activation) -> Result<Self, String> {
        super::features(input)?;
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
        pass.y.copy_from_slice(pass.x);
        Activation::add_bias(Some(self.activation), &[0.0], pass.y);
    }

    fn backward(&self, pass: Backward<'_>) {
        Activation::backward_bias(Some(self.activation), pass.y, pass.dy, &mut [0.0]);
        if let Some(dx) = pass.dx {
            dx.copy_from_slice(pass.dy);
        }
    }
}

/// The epilogues: one pass over memory for bias and activation together. `None` is the identity.
impl Activation {
    /// `y = f(y + b)`, with `b` (units) added to every column of `y` (units x columns).
    pub(crate) fn add_bias(activation: Option<Self>, b: &[f32], y: &mut [f32]) {
        vectorized(
            #[inline(always)]
            || match activation {
                None => forward(y, b, |z| z),
                Some(Self::Relu) => forward(y, b, |z| if z > 0.0 { z } else { z * 0.0 }), // z * 0: NaN stays NaN
                Some(Self::LeakyRelu { slope }) => forward(y, b, |z| if z > 0.0 { z } else { slope * z }),
                Some(Self::Sigmoid) => forward(y, b, math::sigmoid),
                Some(Self::Tanh) => forward(y, b, math::tanh),
            },
        );
    }

    /// `dy = dy * f'(y)`, and `db` (units) = the sum of `dy` over its columns.
    pub(crate) fn backward_bias(activation: Option<Self>, y: &[f32], dy: &mut [f32], db: &mut [f32]) {
        db.fill(0.0);
        vectorized(
            #[inline(always)]
            || match activation {
                None => backward(y, dy, db, |_| 1.0),
                Some(Self::Relu) => backward(y, dy, db, |y| if y > 0.0 { 1.0 } else { 0.0 }),
                Some(Self::LeakyRelu { slope }) => backward(y, dy, db, |y| if y > 0.0 { 1.0 } else { slope }),
                Some(Self::Sigmoid) => backward(y, dy, db, |y| y * (1.0 - y)),
                Some(Self::Tanh) => backward(y, dy, db, |y| 1.0 - y * y),
            },
        );
    }
}

#[inline(always)]
fn forward(y: &mut [f32], b: &[f32], f: impl Fn(f32) -> f32) {
    if let [b] = b {
        return y.iter_mut().for_each(|y| *y = f(*y + b));
    }
    for column in y.chunks_exact_mut(b.len()) {
        column.iter_mut().zip(b).for_each(|(y, b)| *y = f(*y + b));
    }
}

#[inline(always)]
fn backward(y: &[f32], dy: &mut [f32], db: &mut [f32], derivative: impl Fn(f32) -> f32) {
    if let [db] = db {
        return dy.iter_mut().zip(y).for_each(|(dy, y)| {
            *dy *= derivative(*y);
            *db += *dy;
        });
    }
    let units = db.len();
    for (y, dy) in y.chunks_exact(units).zip(dy.chunks_exact_mut(units)) {
        for ((y, dy), db) in y.iter().zip(dy).zip(&mut *db) {
            *dy *= derivative(*y);
            *db += *dy;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::harness::check;

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
