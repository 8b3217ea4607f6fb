//! A matrix times a few vectors: a dense layer's outputs for one sample or a handful.
//!
//! Every weight is used few times, so what counts is how fast memory delivers them. Four rows are read side by side, which
//! keeps more of it busy than one row after the other: a third faster. Nothing is transposed: vectors hold neighbouring
//! inputs of one sample, and the lanes of a sum are added up at its end.

use crate::kernels::simd::{Loop, Vectors, dispatch};

/// The largest number of samples for which this is faster than a product of matrices.
pub const FEW: usize = 8;
/// Rows that are read side by side.
const ROWS: usize = 4;

/// `y = w x`, with `w` stored row after row, and one column of `x` and `y` after the other; columns of `x` have `inputs` values.
///
/// # Panics
/// When `w` has not as many rows as `y` has values per column.
pub fn few(y: &mut [f32], w: &[f32], x: &[f32], inputs: usize) {
    assert_eq!(w.len() * x.len(), y.len() * inputs * inputs, "a row of weights for each output");
    dispatch(Few { y, w, x, inputs });
}

struct Few<'a> {
    y: &'a mut [f32],
    w: &'a [f32],
    x: &'a [f32],
    inputs: usize,
}

impl Loop for Few<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        let Self { y, w, x, inputs } = self;
        let outputs = w.len() / inputs;
        let most = if V::REGISTERS > 16 { 4 } else { 2 };
        for (y, x) in y.chunks_mut(most * outputs).zip(x.chunks(most * inputs)) {
            match x.len() / inputs {
                1 => samples::<V, 1, 2>(v, y, w, x),
                2 => samples::<V, 2, 1>(v, y, w, x),
                3 => samples::<V, 3, 1>(v, y, w, x),
                _ => samples::<V, 4, 1>(v, y, w, x),
            }
        }
    }
}

/// The products of all rows with `S` samples.
#[inline(always)]
fn samples<V: Vectors, const S: usize, const K: usize>(v: V, y: &mut [f32], w: &[f32], x: &[f32]) {
    let (inputs, outputs) = (x.len() / S, y.len() / S);
    let mut columns = [x; S];
    for (s, column) in columns.iter_mut().enumerate() {
        *column = &x[s * inputs..][..inputs];
    }
    let whole = outputs / ROWS * ROWS;
    for (first, w) in (0..whole).step_by(ROWS).zip(w.chunks_exact(ROWS * inputs)) {
        let rows = std::array::from_fn(|r| &w[r * inputs..][..inputs]);
        let sums = dots::<V, ROWS, S, K>(v, rows, columns);
        for (r, sums) in sums.into_iter().enumerate() {
            for (s, sum) in sums.into_iter().enumerate() {
                y[s * outputs + first + r] = sum;
            }
        }
    }
    for (row, w) in (whole..outputs).zip(w[whole * inputs..].chunks_exact(inputs)) {
        let [sums] = dots::<V, 1, S, K>(v, [w], columns);
        for (s, sum) in sums.into_iter().enumerate() {
            y[s * outputs + row] = sum;
        }
    }
}

/// The dot products of some rows with some columns, each in `K` sums.
#[inline(always)]
#[allow(clippy::excessive_nesting)] // the loops of a product; functions of their own would not be inlined for sure
fn dots<V: Vectors, const R: usize, const S: usize, const K: usize>(
    v: V,
    rows: [&[f32]; R],
    columns: [&[f32]; S],
) -> [[f32; S]; R] {
    let (first, rest) = V::split(columns[0]);
    let (mut w, mut x) = ([first; R], [first; S]);
    for r in 0..R {
        w[r] = &V::split(rows[r]).0[..first.len()];
    }
    for s in 0..S {
        x[s] = &V::split(columns[s]).0[..first.len()];
    }
    let mut sums = [[[v.splat(0.0); K]; S]; R];
    let whole = first.len() / K * K;
    for at in (0..whole).step_by(K) {
        for r in 0..R {
            for s in 0..S {
                for k in 0..K {
                    sums[r][s][k] = v.mul_add(w[r][at + k], x[s][at + k], sums[r][s][k]);
                }
            }
        }
    }
    let (mut y, tail) = ([[0.0; S]; R], columns[0].len() - rest.len());
    for r in 0..R {
        for s in 0..S {
            for at in whole..first.len() {
                sums[r][s][0] = v.mul_add(w[r][at], x[s][at], sums[r][s][0]);
            }
            let sum = if K == 2 { v.add(sums[r][s][0], sums[r][s][K - 1]) } else { sums[r][s][0] };
            y[r][s] = v.sum(sum);
            for i in tail..columns[s].len() {
                y[r][s] += rows[r][i] * columns[s][i];
            }
        }
    }
    y
}

#[cfg(not(target_arch = "wasm32"))] // there is no proptest
#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::simd::{Limit, limited};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_the_naive_sum(m in 1usize..12, n in 1usize..90, samples in 1usize..FEW, seed in any::<u64>()) {
            let mut rng = crate::rng::Rng::new(seed);
            let w: Vec<f32> = (0..m * n).map(|_| rng.normal()).collect();
            let x: Vec<f32> = (0..n * samples).map(|_| rng.normal()).collect();
            for limit in [Limit::Widest, Limit::Bits256, Limit::Plain] {
                let mut y = vec![f32::NAN; m * samples];
                limited(limit, || few(&mut y, &w, &x, n));
                for (i, y) in y.iter().enumerate() {
                    let (w, x) = (&w[i % m * n..][..n], &x[i / m * n..][..n]);
                    let exact: f64 = w.iter().zip(x).map(|(w, x)| f64::from(*w) * f64::from(*x)).sum();
                    prop_assert!((f64::from(*y) - exact).abs() < 1e-4);
                }
            }
        }
    }
}
