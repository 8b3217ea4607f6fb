//! Bias and activation in one pass over memory, forward and back: the end of a dense layer, a convolution or a batch
//! normalisation, and the whole of an activation layer. `None` is the identity.
//!
//! Each derivative is written by the function's value `y`, so that its input need not be kept.

use crate::kernels::channels::{self, WIDE};
use crate::kernels::share::Share;
use crate::kernels::simd::vectorized;
use crate::kernels::{math, parallel};
use crate::spec::Activation;
use rayon::prelude::*;

/// `y = f(x)`, value by value.
pub fn activate(activation: Activation, x: &[f32], y: &mut [f32]) {
    let size = parallel::samples_per_chunk(1);
    parallel::each(x.par_chunks(size).zip(y.par_chunks_mut(size)), |(x, y)| {
        y.copy_from_slice(x);
        add_bias_to_columns(Some(activation), &[0.0], [y]);
    });
}

/// `dx = dy * f'(x)`, value by value, from `y = f(x)`.
pub fn activate_back(activation: Activation, y: &[f32], dy: &[f32], dx: &mut [f32]) {
    let size = parallel::samples_per_chunk(1);
    let chunks = dx.par_chunks_mut(size).zip(y.par_chunks(size)).zip(dy.par_chunks(size));
    parallel::each(chunks, |((dx, y), dy)| {
        dx.copy_from_slice(dy);
        back(Some(activation), y, dx, &mut [0.0]);
    });
}

/// `y = f(y + b)` for columns `y`, each as long as `b`.
#[inline(always)]
pub fn add_bias_to_columns<'y>(
    activation: Option<Activation>,
    b: &[f32],
    columns: impl IntoIterator<Item = &'y mut [f32]>,
) {
    let mut columns = columns.into_iter();
    vectorized(
        #[inline(always)]
        || match activation {
            None => apply(&mut columns, b, |z| z),
            Some(Activation::Relu) => apply(&mut columns, b, |z| if z > 0.0 { z } else { z * 0.0 }), // NaN stays NaN
            Some(Activation::LeakyRelu { slope }) => apply(&mut columns, b, |z| if z > 0.0 { z } else { slope * z }),
            Some(Activation::Sigmoid) => apply(&mut columns, b, math::sigmoid),
            Some(Activation::Tanh) => apply(&mut columns, b, math::tanh),
        },
    );
}

/// `y = f(y + b)`, with `b` (units) added to every column of `y` (units x columns).
pub fn add_bias(activation: Option<Activation>, b: &[f32], y: &mut [f32]) {
    let scratch = &mut [0.0; WIDE];
    let b = channels::repeat(b, scratch);
    add_bias_to_columns(activation, b, y.chunks_mut(b.len()));
}

/// `dy = dy * f'`, and `db` (units) = the sum of that over the columns of `dy` (units x columns).
pub fn back(activation: Option<Activation>, y: &[f32], dy: &mut [f32], db: &mut [f32]) {
    vectorized(
        #[inline(always)]
        || {
            channels::sums(
                db,
                #[inline(always)]
                |db| match activation {
                    None => multiply(y, dy, db, |_| 1.0),
                    Some(Activation::Relu) => multiply(y, dy, db, |y| if y > 0.0 { 1.0 } else { 0.0 }),
                    Some(Activation::LeakyRelu { slope }) => multiply(y, dy, db, |y| if y > 0.0 { 1.0 } else { slope }),
                    Some(Activation::Sigmoid) => multiply(y, dy, db, |y| y * (1.0 - y)),
                    Some(Activation::Tanh) => multiply(y, dy, db, |y| 1.0 - y * y),
                },
            )
        },
    );
}

/// A batch that went forward, for [`Activated::back`].
pub struct Activated<'a> {
    /// The activation.
    pub activation: Option<Activation>,
    /// Its output: units x the samples of `share`.
    pub y: &'a [f32],
    /// The samples of the batch that these are.
    pub share: Share<'a>,
}

impl Activated<'_> {
    /// [`back`] on all threads, with `db` the sum over the whole batch. `scratch` holds a value per unit and part.
    pub fn back(&self, dy: &mut [f32], db: &mut [f32], scratch: &mut [f32]) {
        let (units, parts, size) = (db.len(), self.share.parts(), self.share.size() * db.len());
        let sums = &mut scratch[..units * self.share.count()];
        let own = &mut sums[units * parts.start..units * parts.end];
        let work = self.y.par_chunks(size).zip(dy.par_chunks_mut(size)).zip(own.par_chunks_mut(units));
        let work = work.with_min_len(parallel::parts_per_task(size));
        parallel::each(work, |((y, dy), db)| back(self.activation, y, dy, db));
        self.share.complete_parts(sums);
        parallel::add_up(sums, db);
    }
}

#[inline(always)]
fn apply<'y>(columns: &mut impl Iterator<Item = &'y mut [f32]>, b: &[f32], f: impl Fn(f32) -> f32) {
    for column in columns {
        match b {
            [b] => column.iter_mut().for_each(|y| *y = f(*y + b)),
            _ => column.iter_mut().zip(b).for_each(|(y, b)| *y = f(*y + b)),
        }
    }
}

#[inline(always)]
fn multiply(y: &[f32], dy: &mut [f32], db: &mut [f32], derivative: impl Fn(f32) -> f32) {
    let units = db.len();
    for (y, dy) in y.chunks(units).zip(dy.chunks_mut(units)) {
        for ((y, dy), db) in y.iter().zip(dy).zip(&mut *db) {
            *dy *= derivative(*y);
            *db += *dy;
        }
    }
}
