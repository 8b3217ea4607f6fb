//! `C = A B`, with `B` and `C` stored row after row: `dW = dZ X^T`, whose rows are units, and `dX = W^T dZ`, whose rows are samples.
//!
//! A tile of `C` has some rows and a few vectors of columns. Rows of `B` are read where they stand; the values of `A` that a
//! tile needs are laid side by side.

use super::PIECE;
use crate::kernels::parallel;
use crate::kernels::simd::{Loop, Vectors, dispatch};
use rayon::prelude::*;
use std::ops::Range;

/// Steps of a sum that are done together: the vectors of `B` that they need stay in the nearest cache.
const STEPS: usize = 128;
/// Rows of `C` that are computed together.
const ROWS: usize = 32;
/// Vectors in a row of a tile.
const VECTORS: usize = 3;
/// The largest number of values in a vector.
const LANES: usize = 16;

/// `A`: the value of row `r` for step `k` is `values[r * row + k * step]`; either is 1.
#[derive(Clone, Copy)]
pub struct Left<'a> {
    /// The values.
    pub values: &'a [f32],
    /// The distance of rows.
    pub row: usize,
    /// The distance of steps.
    pub step: usize,
}

/// `B`: some columns of a matrix that has `width`.
#[derive(Clone)]
pub struct Right<'a> {
    /// The matrix, a row for each step of a sum.
    pub values: &'a [f32],
    /// Values in a row of the matrix.
    pub width: usize,
    /// The columns. They begin with a panel where the matrix is arranged in such.
    pub columns: Range<usize>,
    /// Whether [`arrange`] has laid out the matrix.
    pub arranged: bool,
}

/// Columns of a panel: as many as the longest vectors in a tile hold.
pub const PANEL: usize = VECTORS * LANES;

/// Lays out a matrix of rows of `width` values in panels, which hold some columns of all rows: then what a tile needs lies side by
/// side, and begins with a cache line where `to` does. It pays where many rows are multiplied with it.
pub fn arrange(matrix: &[f32], width: usize, to: &mut [f32]) {
    let rows = matrix.len() / width;
    let panels = to[..matrix.len()].par_chunks_mut(PANEL * rows).enumerate();
    parallel::each(panels.with_min_len(parallel::parts_per_task(PANEL * rows)), |(n, panel)| {
        let columns = n * PANEL..width.min((n + 1) * PANEL);
        for (row, to) in matrix.chunks_exact(width).zip(panel.chunks_exact_mut(columns.len())) {
            to.copy_from_slice(&row[columns.clone()]);
        }
    });
}

/// `c = a b`, or `c = c + a b`, on the calling thread. `c` has as many rows as it holds.
pub fn product(c: &mut [f32], a: Left<'_>, b: Right<'_>, add: bool) {
    dispatch(Product { c, a, b, add });
}

/// `c = a w` for some samples on each thread: `a` has one row of `inner` values for each, `w` rows of `width`.
pub fn product_by_samples(c: &mut [f32], a: &[f32], w: &[f32], inner: usize) {
    let width = w.len() / inner;
    let samples = (PIECE / w.len()).next_multiple_of(ROWS);
    parallel::each(c.par_chunks_mut(samples * width).zip(a.par_chunks(samples * inner)), |(c, a)| {
        let a = Left { values: a, row: inner, step: 1 };
        product(c, a, Right { values: w, width, columns: 0..width, arranged: false }, false);
    });
}

struct Product<'a> {
    c: &'a mut [f32],
    a: Left<'a>,
    b: Right<'a>,
    add: bool,
}

impl Loop for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        let few = self.c.len() <= 4 * self.b.columns.len();
        if V::REGISTERS > 16 && !few { self.tiles::<V, 8, 4>(v) } else { self.tiles::<V, 4, 8>(v) }
    }
}

impl Product<'_> {
    /// All rows, `T` tiles of `P` rows at a time.
    #[inline(always)]
    fn tiles<V: Vectors, const P: usize, const T: usize>(self, v: V) {
        let Self { c, a, b, add } = self;
        let mut room = [[[0.0; P]; STEPS]; T];
        let next = b.columns.len();
        for (group, c) in c.chunks_mut(ROWS * next).enumerate() {
            let rows = c.len() / next;
            let all = b.values.len() / b.width;
            for first in (0..all).step_by(STEPS) {
                let steps = first..all.min(first + STEPS);
                for (t, values) in room.iter_mut().enumerate().take(rows.div_ceil(P)) {
                    let from = group * ROWS + t * P;
                    a.arrange(from..from + P.min(rows - t * P), steps.clone(), values);
                }
                let part = Part { room: &room, b: &b, steps, add: add || first > 0 };
                part.columns(v, c);
            }
        }
    }
}

impl Left<'_> {
    /// Lays the values of up to `P` rows side by side, step by step; rows that are missing are 0.
    #[inline(always)]
    fn arrange<const P: usize>(self, rows: Range<usize>, steps: Range<usize>, to: &mut [[f32; P]; STEPS]) {
        let Self { values, row, step } = self;
        if rows.len() == P && row == 1 {
            for (to, k) in to.iter_mut().zip(steps) {
                to.copy_from_slice(&values[k * step + rows.start..][..P]);
            }
            return;
        }
        if rows.len() < P {
            to.fill([0.0; P]);
        }
        for (p, r) in rows.enumerate() {
            for (to, k) in to.iter_mut().zip(steps.clone()) {
                to[p] = values[r * row + k * step];
            }
        }
    }
}

impl Right<'_> {
    /// The rows of some steps, each from the column `at` of the chosen columns on.
    #[inline(always)]
    fn rows(&self, steps: &Range<usize>, at: usize) -> impl Iterator<Item = &[f32]> + Clone {
        let Self { values, width, columns, arranged } = self;
        let column = columns.start + at;
        let (rows, width, column) = if *arranged {
            let first = column / PANEL * PANEL;
            (&values[first * (values.len() / width)..], PANEL.min(width - first), column - first)
        } else {
            (*values, *width, column)
        };
        let rows = rows[steps.start * width..steps.end * width].chunks_exact(width);
        rows.map(
            #[inline(always)]
            move |row| &row[column..],
        )
    }
}

/// The steps that are done together, for some rows of `C`.
struct Part<'a, const P: usize, const T: usize> {
    room: &'a [[[f32; P]; STEPS]; T],
    b: &'a Right<'a>,
    steps: Range<usize>,
    add: bool,
}

impl<const P: usize, const T: usize> Part<'_, P, T> {
    /// All columns, some vectors at a time.
    #[inline(always)]
    fn columns<V: Vectors>(&self, v: V, c: &mut [f32]) {
        let (width, mut at) = (self.b.columns.len(), 0);
        while at < width {
            at += match (width - at) / V::LANES {
                0 => self.last(v, c, at),
                1 => self.vectors::<V, 1>(v, c, at),
                2 => self.vectors::<V, 2>(v, c, at),
                _ => self.vectors::<V, VECTORS>(v, c, at),
            };
        }
    }

    /// `N` vectors of columns from column `at` on. Returns the number of columns.
    #[inline(always)]
    fn vectors<V: Vectors, const N: usize>(&self, v: V, c: &mut [f32], at: usize) -> usize {
        let next = self.b.columns.len();
        let b = self.b.rows(&self.steps, at).map(
            #[inline(always)]
            |row| V::split(&row[..N * V::LANES]).0,
        );
        for (a, c) in self.room.iter().zip(c.chunks_mut(P * next)) {
            let mut sums = [[v.splat(0.0); N]; P];
            if self.add {
                for (sums, c) in sums.iter_mut().zip(c.chunks_exact(next)) {
                    sums.copy_from_slice(V::split(&c[at..][..N * V::LANES]).0);
                }
            }
            let sums = tile(v, sums, a, b.clone());
            for (sums, c) in sums.into_iter().zip(c.chunks_exact_mut(next)) {
                V::split_mut(&mut c[at..][..N * V::LANES]).0.copy_from_slice(&sums);
            }
        }
        N * V::LANES
    }

    /// The columns from `at` on, which do not fill a vector. Returns their number.
    #[inline(always)]
    fn last<V: Vectors>(&self, v: V, c: &mut [f32], at: usize) -> usize {
        let next = self.b.columns.len();
        let mut padded = [[0.0; LANES]; STEPS];
        for (to, row) in padded.iter_mut().zip(self.b.rows(&self.steps, at)) {
            to[..next - at].copy_from_slice(&row[..next - at]);
        }
        let b = padded[..self.steps.len()].iter().map(
            #[inline(always)]
            |row| &V::split(row).0[..1],
        );
        for (a, c) in self.room.iter().zip(c.chunks_mut(P * next)) {
            let mut sums = [[v.splat(0.0); 1]; P];
            if self.add {
                for (sums, c) in sums.iter_mut().zip(c.chunks_exact(next)) {
                    sums[0] = v.load_part(&c[at..]);
                }
            }
            let sums = tile(v, sums, a, b.clone());
            for ([sum], c) in sums.into_iter().zip(c.chunks_exact_mut(next)) {
                v.store_part(&mut c[at..], sum);
            }
        }
        next - at
    }
}

/// Adds to `sums[p][n]` the products of `a[k][p]` with the vector `n` of the row `k` of `b`.
#[inline(always)]
fn tile<'b, V: Vectors + 'b, const P: usize, const N: usize>(
    v: V,
    mut sums: [[V::F32s; N]; P],
    a: &[[f32; P]],
    b: impl Iterator<Item = &'b [V::F32s]>,
) -> [[V::F32s; N]; P] {
    for (a, b) in a.iter().zip(b) {
        let b = &b[..N];
        for p in 0..P {
            let value = v.splat(a[p]);
            for n in 0..N {
                sums[p][n] = v.mul_add(value, b[n], sums[p][n]);
            }
        }
    }
    sums
}

#[cfg(not(target_arch = "wasm32"))] // there is no proptest
#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dense::noise;
    use crate::kernels::simd::{Limit, limited};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_the_naive_sum(
            (m, n, steps) in (1usize..40, 1usize..120, 1usize..300), (left, right) in (0usize..2, 0usize..20),
            by_steps: bool, add: bool, seed in any::<u64>(),
        ) {
            let left = PANEL * left;
            let width = left + n + right;
            let (a, b) = (noise(m * steps, seed), noise(steps * width, seed ^ 1));
            let (row, step) = if by_steps { (1, m) } else { (steps, 1) };
            let mut panels = vec![f32::NAN; b.len()];
            arrange(&b, width, &mut panels);
            for (limit, arranged) in [(Limit::Widest, false), (Limit::Bits256, false), (Limit::Plain, false), (Limit::Widest, true)] {
                let mut c = vec![if add { 1.0 } else { f32::NAN }; m * n];
                let values = if arranged { &panels } else { &b };
                let right = Right { values, width, columns: left..left + n, arranged };
                limited(limit, || product(&mut c, Left { values: &a, row, step }, right, add));
                for (i, c) in c.iter().enumerate() {
                    let (r, j) = (i / n, i % n + left);
                    let products = (0..steps).map(|k| f64::from(a[r * row + k * step]) * f64::from(b[k * width + j]));
                    let exact = products.sum::<f64>() + f64::from(u8::from(add));
                    prop_assert!((f64::from(*c) - exact).abs() < 2e-4);
                }
            }
        }
    }

    #[test]
    fn bits_depend_neither_on_the_other_rows_nor_on_threads() {
        let (samples, inner, width) = (130, 300, 211);
        let (a, w) = (noise(samples * inner, 1), noise(inner * width, 2));
        let of = |a: &[f32]| {
            let mut c = vec![f32::NAN; a.len() / inner * width];
            product_by_samples(&mut c, a, &w, inner);
            c
        };
        let whole = of(&a);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads");
        assert!(pool.install(|| of(&a)) == whole);
        for (first, samples) in [(0, 1), (17, 40), (120, 10)] {
            assert!(of(&a[first * inner..][..samples * inner]) == whole[first * width..][..samples * width]);
        }
    }
}
