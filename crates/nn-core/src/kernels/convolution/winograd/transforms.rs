//! The transforms of [Winograd's convolution](super), each for one row; [`both`] applies it to the rows and then to the columns.

use crate::kernels::simd::Vectors;

/// Applies the transform `one` to all rows of a square and then to all columns.
#[inline(always)]
pub fn both<F: Copy, const A: usize, const B: usize>(x: [[F; A]; A], one: impl Fn([F; A]) -> [F; B]) -> [[F; B]; B] {
    let mut half = [[x[0][0]; A]; B]; // column by column
    for i in 0..A {
        let row = one(x[i]);
        for j in 0..B {
            half[j][i] = row[j];
        }
    }
    let mut y = [[x[0][0]; B]; B];
    for j in 0..B {
        let column = one(half[j]);
        for i in 0..B {
            y[i][j] = column[i];
        }
    }
    y
}

/// Four values of a picture: `Bᵀ x`.
#[inline(always)]
pub fn picture<V: Vectors>(v: V, [a, b, c, d]: [V::F32s; 4]) -> [V::F32s; 4] {
    [v.sub(a, c), v.add(b, c), v.sub(c, b), v.sub(b, d)]
}

/// Three weights of a kernel: `G w`.
#[inline(always)]
pub fn kernel<V: Vectors>(v: V, [a, b, c]: [V::F32s; 3]) -> [V::F32s; 4] {
    let (ends, middle) = (v.mul(v.splat(0.5), v.add(a, c)), v.mul(v.splat(0.5), b));
    [a, v.add(ends, middle), v.sub(ends, middle), c]
}

/// Four products to two values of the result: `Aᵀ m`.
#[inline(always)]
pub fn result<V: Vectors>(v: V, [a, b, c, d]: [V::F32s; 4]) -> [V::F32s; 2] {
    [v.add(a, v.add(b, c)), v.sub(v.sub(b, c), d)]
}

/// The gradient of two values of the result to that of four products: `A dy`.
#[inline(always)]
pub fn result_back<V: Vectors>(v: V, [a, b]: [V::F32s; 2]) -> [V::F32s; 4] {
    [a, v.add(a, b), v.sub(a, b), v.sub(v.splat(0.0), b)]
}

/// The gradient of a transformed kernel's four values to that of its three weights: `Gᵀ du`.
#[inline(always)]
pub fn kernel_back<V: Vectors>(v: V, [a, b, c, d]: [V::F32s; 4]) -> [V::F32s; 3] {
    let half = v.splat(0.5);
    let (sum, difference) = (v.mul(half, v.add(b, c)), v.mul(half, v.sub(b, c)));
    [v.add(a, sum), difference, v.add(sum, d)]
}
