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

    /// The transposed matrix; nothing is copied.
    pub fn t(self) -> Self {
        Self(self.0.transpose())
    }
}

/// A block of a matrix that is stored column after column, to be written.
pub struct Piece<'a> {
    /// Its rows of the matrix.
    pub rows: Range<usize>,
    /// Its columns of the matrix.
    pub columns: Range<usize>,
    y: MatMut<'a, f32>,
}

/// Columns at which a piece is split are multiples of this.
const COLUMNS: usize = 32;

impl<'a> Piece<'a> {
    /// The whole of a matrix of `rows x columns`.
    pub fn whole(y: &'a mut [f32], rows: usize, columns: usize) -> Self {
        Self { rows: 0..rows, columns: 0..columns, y: MatMut::from_column_major_slice_mut(y, rows, columns) }
    }

    /// The same piece, for a shorter time.
    pub fn reborrow(&mut self) -> Piece<'_> {
        Piece { rows: self.rows.clone(), columns: self.columns.clone(), y: self.y.rb_mut() }
    }

    /// Splits off the first `n` rows.
    #[inline(always)]
    pub fn split_rows(self, n: usize) -> (Self, Self) {
        let Self { rows: Range { start, end }, columns, y } = self;
        let (above, below) = y.split_at_row_mut(n);
        let above = Self { rows: start..start + n, columns: columns.clone(), y: above };
        (above, Self { rows: start + n..end, columns, y: below })
    }

    /// Splits off the first `n` columns.
    #[inline(always)]
    pub fn split_columns(self, n: usize) -> (Self, Self) {
        let Self { rows, columns: Range { start, end }, y } = self;
        let (left, right) = y.split_at_col_mut(n);
        let left = Self { rows: rows.clone(), columns: start..start + n, y: left };
        (left, Self { rows, columns: start + n..end, y: right })
    }

    /// Calls `f` with smaller pieces on all threads of the caller's pool. A value is `work` to compute, and a piece `most` at most
    /// where it can be cut so. It is cut between rows first, `step` or a multiple apart, and then between columns.
    pub fn each(self, work: usize, most: usize, step: usize, f: &(impl Fn(Piece<'_>) + Sync)) {
        let (m, n) = (self.rows.len(), self.columns.len());
        let (a, b) = match m * n * work > most {
            true if m >= 2 * step => self.split_rows(m.div_ceil(2).next_multiple_of(step)),
            true if n >= 2 * COLUMNS => self.split_columns(n.div_ceil(2).next_multiple_of(COLUMNS)),
            _ => return f(self),
        };
        join(|| a.each(work, most, step, f), || b.each(work, most, step, f));
    }

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

/// `y = a b`, with `y` stored column after column. On the calling thread; allocates nothing after the first call.
pub fn product(y: &mut [f32], a: View<'_>, b: View<'_>) {
    let y = MatMut::from_column_major_slice_mut(y, a.0.nrows(), b.0.ncols());
    faer_matmul(y, Accum::Replace, a.0, b.0, 1.0, Par::Seq);
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
    fn pieces_make_up_the_matrix() {
        for (m, n, work) in [(520, 130, 784), (40, 130, 9000), (7, 40, 1 << 20), (1, 1, 1)] {
            let mut y = vec![0.0; m * n];
            let pieces = std::sync::atomic::AtomicUsize::new(0);
            Piece::whole(&mut y, m, n).each(work, 8 << 20, 12, &|piece| {
                pieces.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let (rows, columns) = (piece.rows.clone(), piece.columns.clone());
                assert!(rows.start % 12 == 0 && columns.start % COLUMNS == 0);
                for (j, column) in columns.zip(piece.columns()) {
                    assert_eq!(column.len(), rows.len());
                    column.iter_mut().zip(rows.clone()).for_each(|(y, i)| *y += (j * m + i) as f32);
                }
            });
            assert!(y.iter().enumerate().all(|(i, y)| i as f32 == *y));
            assert_eq!(pieces.into_inner() > 1, m > 1 && n > 40);
        }
    }
}
