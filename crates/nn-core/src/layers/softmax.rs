//! Softmax: scores become probabilities that sum to one.
//!
//! ```text
//! y_i = e^{x_i - m} / sum_j e^{x_j - m},   m = max x: the same value, and nothing overflows
//! dy_i/dx_j = y_i (1[i = j] - y_j)         so dx = y * (dy - <dy, y>), the full Jacobian without building it
//! ```
//!
//! As the last layer before cross-entropy it runs together with the loss (see [`crate::loss`]), whose gradient is `y - t`.
//!
//! ```
//! use nn_core::{Architecture, Network, Shape};
//! let network = Network::new(Architecture::new(Shape::flat(2)).softmax(), 1)?;
//! let p = network.predict(&[0.0, 3f32.ln()]); // e^0 : e^(ln 3) = 1 : 3
//! assert!((p[0] - 0.25).abs() < 1e-6 && (p[1] - 0.75).abs() < 1e-6);
//! # Ok::<(), nn_core::Error>(())
//! ```

use crate::kernels::math;
use crate::kernels::simd::vectorized;
use crate::layer::{Backward, Forward, Layer};
use crate::shape::Shape;

/// Softmax over all values of a sample.
pub struct Softmax {
    shape: Shape,
    features: usize,
}

impl Softmax {
    /// Softmax over samples of shape `input`.
    ///
    /// # Errors
    /// Where `input` has no values.
    pub fn new(input: Shape) -> Result<Self, String> {
        Ok(Self { shape: input, features: input.features_within_limit()? })
    }
}

/// Replaces the scores of one sample by their softmax; returns `log sum_j e^{x_j}`.
#[inline(always)]
pub(crate) fn softmax(x: &mut [f32]) -> f32 {
    let max = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for v in &mut *x {
        *v = math::exp(*v - max);
        sum += *v;
    }
    x.iter_mut().for_each(|v| *v /= sum);
    max + sum.ln()
}

impl Layer for Softmax {
    fn output(&self) -> Shape {
        self.shape
    }

    fn forward(&self, pass: Forward<'_>) {
        pass.y.copy_from_slice(pass.x);
        vectorized(
            #[inline(always)]
            || {
                pass.y.chunks_exact_mut(self.features).for_each(|y| {
                    softmax(y);
                })
            },
        );
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(dx) = pass.dx else { return };
        let n = self.features;
        for ((y, dy), dx) in pass.y.chunks_exact(n).zip(pass.dy.chunks_exact(n)).zip(dx.chunks_exact_mut(n)) {
            let along: f32 = y.iter().zip(dy).map(|(y, dy)| y * dy).sum();
            for ((y, dy), dx) in y.iter().zip(dy).zip(dx) {
                *dx = y * (dy - along);
            }
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
        check(LayerSpec::Softmax, Shape::flat(7), 5);
        check(LayerSpec::Softmax, Shape::flat(1), 2);
    }

    #[test]
    fn huge_scores_do_not_overflow() {
        let mut x = [1e4, 0.0, -1e4];
        assert_eq!(softmax(&mut x), 1e4);
        assert!(x[0] == 1.0 && x[1] < 1e-30 && x[2] < 1e-30, "{x:?}");
    }
}
