//! Matrix products on plain slices: the only file that knows faer.

use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul as faer_matmul};

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
}
