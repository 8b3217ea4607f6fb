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

use crate::kernels::channels::{self, WIDE};
use crate::kernels::math::{self, vectorized};
use crate::kernels::parallel;
use crate::layer::{Backward, Forward, Layer};
use crate::shape::Shape;
use crate::spec::{Activation, LayerSpec};
use rayon::prelude::*;

/// `y = f(x)`, value by value.
pub struct ActivationLayer {
    shape: Shape,
    activation: Activation,
}

impl ActivationLayer {
    /// The function as a layer on samples of shape `input`.
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
        let size = parallel::samples_a_piece(1);
        parallel::each(pass.x.par_chunks(size).zip(pass.y.par_chunks_mut(size)), |(x, y)| {
            y.copy_from_slice(x);
            Activation::finish(Some(self.activation), &[0.0], [y]);
        });
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(dx) = pass.dx else { return };
        let size = parallel::samples_a_piece(1);
        let pieces = dx.par_chunks_mut(size).zip(pass.y.par_chunks(size)).zip(pass.dy.par_chunks(size));
        parallel::each(pieces, |((dx, y), dy)| {
            dx.copy_from_slice(dy);
            Activation::backward_bias(Some(self.activation), y, dx, &mut [0.0]);
        });
    }
}

/// The epilogues: one pass over memory for bias and activation together. `None` is the identity.
impl Activation {
    /// Puts the activation behind a layer into its `place`, where that is free and `next` is one.
    pub(crate) fn fuse(place: &mut Option<Self>, next: &LayerSpec) -> bool {
        let (LayerSpec::Activation(activation), None) = (next, &place) else { return false };
        *place = Some(*activation);
        true
    }

    /// `y = f(y + b)` for columns `y` as long as `b`.
    #[inline(always)]
    pub(crate) fn finish<'y>(activation: Option<Self>, b: &[f32], columns: impl IntoIterator<Item = &'y mut [f32]>) {
        let mut columns = columns.into_iter();
        vectorized(
            #[inline(always)]
            || match activation {
                None => forward(&mut columns, b, |z| z),
                Some(Self::Relu) => forward(&mut columns, b, |z| if z > 0.0 { z } else { z * 0.0 }), // NaN stays NaN
                Some(Self::LeakyRelu { slope }) => forward(&mut columns, b, |z| if z > 0.0 { z } else { slope * z }),
                Some(Self::Sigmoid) => forward(&mut columns, b, math::sigmoid),
                Some(Self::Tanh) => forward(&mut columns, b, math::tanh),
            },
        );
    }

    /// `y = f(y + b)`, with `b` (units) added to every column of `y` (units x columns).
    pub(crate) fn add_bias(activation: Option<Self>, b: &[f32], y: &mut [f32]) {
        let room = &mut [0.0; WIDE];
        let b = channels::repeat(b, room);
        Self::finish(activation, b, y.chunks_mut(b.len()));
    }

    /// `dy = dy * f'(y)`, and `db` (units) = the sum of `dy` over its columns.
    pub(crate) fn backward_bias(activation: Option<Self>, y: &[f32], dy: &mut [f32], db: &mut [f32]) {
        vectorized(
            #[inline(always)]
            || {
                channels::sums(
                    db,
                    #[inline(always)]
                    |db| match activation {
                        None => backward(y, dy, db, |_| 1.0),
                        Some(Self::Relu) => backward(y, dy, db, |y| if y > 0.0 { 1.0 } else { 0.0 }),
                        Some(Self::LeakyRelu { slope }) => backward(y, dy, db, |y| if y > 0.0 { 1.0 } else { slope }),
                        Some(Self::Sigmoid) => backward(y, dy, db, |y| y * (1.0 - y)),
                        Some(Self::Tanh) => backward(y, dy, db, |y| 1.0 - y * y),
                    },
                )
            },
        );
    }

    /// [`Activation::backward_bias`] for a whole batch, on all threads; `sums` is scratch for [`bias_sums`] values.
    pub(crate) fn backward_batch(
        activation: Option<Self>,
        y: &[f32],
        dy: &mut [f32],
        db: &mut [f32],
        batch: usize,
        sums: &mut [f32],
    ) {
        let features = y.len() / batch;
        let (size, sums) =
            (parallel::samples_a_sum(features, batch) * features, &mut sums[..bias_sums(features, db.len(), batch)]);
        let pieces = y.par_chunks(size).zip(dy.par_chunks_mut(size)).zip(sums.par_chunks_mut(db.len()));
        parallel::each(pieces, |((y, dy), db)| Self::backward_bias(activation, y, dy, db));
        parallel::add_up(sums, db);
    }
}

/// Values of scratch that [`Activation::backward_batch`] needs.
pub(crate) fn bias_sums(features: usize, units: usize, batch: usize) -> usize {
    batch.div_ceil(parallel::samples_a_sum(features, batch)) * units
}

#[inline(always)]
fn forward<'y>(columns: &mut impl Iterator<Item = &'y mut [f32]>, b: &[f32], f: impl Fn(f32) -> f32) {
    for column in columns {
        match b {
            [b] => column.iter_mut().for_each(|y| *y = f(*y + b)),
            _ => column.iter_mut().zip(b).for_each(|(y, b)| *y = f(*y + b)),
        }
    }
}

#[inline(always)]
fn backward(y: &[f32], dy: &mut [f32], db: &mut [f32], derivative: impl Fn(f32) -> f32) {
    let units = db.len();
    for (y, dy) in y.chunks(units).zip(dy.chunks_mut(units)) {
        for ((y, dy), db) in y.iter().zip(dy).zip(&mut *db) {
            *dy *= derivative(*y);
            *db += *dy;
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
