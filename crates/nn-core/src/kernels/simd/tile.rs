//! The innermost loops of products: a few sums are held in registers while values stream by.
//!
//! Each step multiplies one value of each of `P` rows by `N` vectors: `P + N` reads for `P N` multiplications.

use crate::kernels::simd::Vectors;

/// Adds to `sums[p][n]` the products `a[k][p] b[k][n]` over `steps` steps `k`: `a` holds one value for each of `P` sums, `A`
/// values apart, `b` one vector for each of `N`, `B` vectors apart; a step later both lie `a_next` values and `b_next` vectors
/// further.
#[inline(always)]
pub fn tile<V: Vectors, const P: usize, const N: usize, const A: usize, const B: usize>(
    v: V,
    mut sums: [[V::F32s; N]; P],
    (a, a_next): (&[f32], usize),
    (b, b_next): (&[V::F32s], usize),
    steps: usize,
) -> [[V::F32s; N]; P] {
    for k in 0..steps {
        let a = &a[k * a_next..][..(P - 1) * A + 1];
        let b = &b[k * b_next..][..(N - 1) * B + 1];
        for p in 0..P {
            let value = v.splat(a[p * A]);
            for n in 0..N {
                sums[p][n] = v.mul_add(value, b[n * B], sums[p][n]);
            }
        }
    }
    sums
}

/// Adds to `sums[p][n]` the products `a[p][k] b[k][n]` over all values of a row. Rows of `a` are as long as the first; vectors of
/// `b` lie `b_next` further from step to step.
#[inline(always)]
pub fn rows<V: Vectors, const P: usize, const N: usize>(
    v: V,
    mut sums: [[V::F32s; N]; P],
    mut a: [&[f32]; P],
    (b, b_next): (&[V::F32s], usize),
) -> [[V::F32s; N]; P] {
    let steps = a[0].len();
    for row in &mut a {
        *row = &row[..steps];
    }
    for k in 0..steps {
        let b = &b[k * b_next..][..N];
        for p in 0..P {
            let value = v.splat(a[p][k]);
            for n in 0..N {
                sums[p][n] = v.mul_add(value, b[n], sums[p][n]);
            }
        }
    }
    sums
}
