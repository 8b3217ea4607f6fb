//! Matrix products on plain slices: the only file that knows faer.

use crate::kernels::parallel::join;
use faer::prelude::ReborrowMut;
use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul as faer_matmul};
use std::ops::Range;

/// A read-only matrix over a slice.
#[derive(Clone, Copy)]
pub struct View<'a>(MatRef<'a, f32>);

impl<'a> View<'a> {
    /// `rows x columns`, stored column after column: a batch, one sample a column.
    pub fn by_columns(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Self(MatRef::from_column_major_slice(data, rows, columns))
    }

    /// `rows x columns`, stored row after row: weights, one unit a row.
    pub fn by_rows(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Self(MatRef::from_row_major_slice(data, rows, columns))
    }

    /// `rows x columns`, where column `j` begins at `j * step`; columns may overlap.
    pub fn overlapping(data: &'a [f32], rows: usize, columns: usize, step: usize) -> Self {
        Self(MatRef::from_column_major_slice_with_stride(data, rows, columns, step))
    }

    /// Some of the rows; nothing is copied.
    pub fn rows(self, rows: Range<usize>) -> Self {
        Self(self.0.subrows(rows.start, rows.len()))
    }

    /// The transposed matrix; nothing is copied.
    pub fn t(self) -> Self {
        Self(self.0.transpose())
    }
}

/// A block of a product, to be finished by its user.
pub struct Piece<'a> {
    /// The rows of the product that it holds.
    pub rows: Range<usize>,
    y: MatMut<'a, f32>,
}

impl<'a> Piece<'a> {
    /// Its columns, each `rows.len()` values.
    #[inline(always)]
    pub fn columns(self) -> Columns<'a> {
        Columns(Some(self.y))
    }
}

/// The columns of a [`Piece`].
pub struct Columns<'a>(Option<MatMut<'a, f32>>);

impl<'a> Iterator for Columns<'a> {
    type Item = &'a mut [f32];

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let y = self.0.take().filter(|y| y.ncols() > 0)?;
        let (first, rest) = y.split_at_col_mut(1);
        self.0 = Some(rest);
        Some(first.col_mut(0).try_as_col_major_mut()?.as_slice_mut())
    }
}

/// Multiply-adds in a piece of a product that is computed in pieces, at most: about 70 us of work.
const PIECE: usize = 8 << 20;
/// Rows and columns of a piece at least.
const ROWS: usize = 128;
const COLUMNS: usize = 32;

/// `y = a b`, with `y` stored column after column. On the calling thread; allocates nothing after the first call.
pub fn product(y: &mut [f32], a: View<'_>, b: View<'_>) {
    let y = MatMut::from_column_major_slice_mut(y, a.0.nrows(), b.0.ncols());
    faer_matmul(y, Accum::Replace, a.0, b.0, 1.0, Par::Seq);
}

/// `y = a b`, with `y` stored column after column, in pieces on all threads of the caller's pool; each piece goes to
/// `finish` as soon as it is there. A piece has some rows and all columns where it can, so that each row of `a`, the
/// weights, is read by one thread only.
pub fn product_in_pieces(y: &mut [f32], a: View<'_>, b: View<'_>, finish: impl Fn(Piece<'_>) + Sync) {
    let rows = 0..a.0.nrows();
    let y = MatMut::from_column_major_slice_mut(y, a.0.nrows(), b.0.ncols());
    pieces(Piece { rows, y }, a.0, b.0, &finish);
}

fn pieces(piece: Piece<'_>, a: MatRef<'_, f32>, b: MatRef<'_, f32>, finish: &(impl Fn(Piece<'_>) + Sync)) {
    let Piece { rows, mut y } = piece;
    let (m, n) = (y.nrows(), y.ncols());
    if m * n * a.ncols() > PIECE && m >= 2 * ROWS {
        let middle = m.div_ceil(2).next_multiple_of(16); // whole vectors
        let (above, below) = y.split_at_row_mut(middle);
        let (a1, a2) = a.split_at_row(middle);
        let (above, below) = (
            Piece { rows: rows.start..rows.start + middle, y: above },
            Piece { rows: rows.start + middle..rows.end, y: below },
        );
        return join(|| pieces(above, a1, b, finish), || pieces(below, a2, b, finish));
    }
    if m * n * a.ncols() > PIECE && n >= 2 * COLUMNS {
        let middle = n.div_ceil(2).next_multiple_of(4); // whole tiles
        let (left, right) = y.split_at_col_mut(middle);
        let (b1, b2) = b.split_at_col(middle);
        let (left, right) = (Piece { rows: rows.clone(), y: left }, Piece { rows, y: right });
        return join(|| pieces(left, a, b1, finish), || pieces(right, a, b2, finish));
    }
    faer_matmul(y.rb_mut(), Accum::Replace, a, b, 1.0, Par::Seq);
    finish(Piece { rows, y });
}

/// `y = a b`, with `y` stored row after row.
pub fn product_by_rows(y: &mut [f32], a: View<'_>, b: View<'_>) {
    let y = MatMut::from_row_major_slice_mut(y, a.0.nrows(), b.0.ncols());
    faer_matmul(y, Accum::Replace, a.0, b.0, 1.0, Par::Seq);
}

/// `y = y + a b`, with `y` stored row after row.
pub fn add_product_by_rows(y: &mut [f32], a: View<'_>, b: View<'_>) {
    let y = MatMut::from_row_major_slice_mut(y, a.0.nrows(), b.0.ncols());
    faer_matmul(y, Accum::Add, a.0, b.0, 1.0, Par::Seq);
}

#[cfg(not(target_arch = "wasm32"))] // there is no proptest
#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn products_equal_the_naive_sum(m in 1usize..20, k in 1usize..40, n in 1usize..20, seed in any::<u64>()) {
            let mut rng = crate::rng::Rng::new(seed);
            let a: Vec<f32> = (0..m * k).map(|_| rng.normal()).collect(); // by rows
            let b: Vec<f32> = (0..k * n).map(|_| rng.normal()).collect(); // by columns
            let mut y = vec![f32::NAN; m * n];
            product(&mut y, View::by_rows(&a, m, k), View::by_columns(&b, k, n));
            let mut z = vec![f32::NAN; m * n];
            product_by_rows(&mut z, View::by_columns(&b, k, n).t(), View::by_rows(&a, m, k).t());
            for i in 0..m {
                for j in 0..n {
                    let exact: f64 = (0..k).map(|l| a[i * k + l] as f64 * b[j * k + l] as f64).sum();
                    prop_assert!((y[j * m + i] as f64 - exact).abs() < 1e-4);
                    prop_assert!((z[j * m + i] as f64 - exact).abs() < 1e-4);
                }
            }
        }
    }

    #[test]
    fn pieces_make_up_the_product() {
        for (m, k, n) in [(520, 784, 130), (40, 9000, 130), (700, 300, 40)] {
            let mut rng = crate::rng::Rng::new(3);
            let a: Vec<f32> = (0..m * k).map(|_| rng.normal()).collect();
            let b: Vec<f32> = (0..k * n).map(|_| rng.normal()).collect();
            let (mut whole, mut y) = (vec![0.0; m * n], vec![0.0; m * n]);
            let (a, b) = (View::by_rows(&a, m, k), View::by_columns(&b, k, n));
            product(&mut whole, a, b);
            let pieces = std::sync::atomic::AtomicUsize::new(0);
            product_in_pieces(&mut y, a, b, |piece| {
                pieces.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                piece.columns().for_each(|column| column.iter_mut().for_each(|y| *y += 1.0));
            });
            assert!(pieces.into_inner() > 1);
            assert!(y.iter().zip(&whole).all(|(y, whole)| (y - whole - 1.0).abs() < 1e-3));
        }
    }
}
