//! A matrix of bfloat16 numbers times a few vectors: a dense layer's outputs for one sample or two, from weights that take half of the memory.
//!
//! A bfloat16 is the upper half of an `f32`: the same range, but 8 significant bits. A word of 32 bits holds two weights of a row, one of
//! its first half and one of its second: the first in its upper bits, where it only needs zeros behind it.

use crate::kernels::simd::lines;
use crate::kernels::simd::{Loop, Vectors, dispatch};

/// The largest number of samples for which this is faster than weights of 32 bits. With more, each weight that is read serves several
/// anyway.
pub const FEW: usize = 2;
/// Rows that are read side by side.
const ROWS: usize = 4;

/// Rounds rows of `inputs` weights to the nearest bfloat16 numbers and returns these in words, [`words_per_row`] of them.
pub fn shorten(w: &mut [f32], inputs: usize) -> Vec<u32> {
    let half = words_per_row(inputs);
    let mut words = vec![0; w.len() / inputs * half];
    for (w, words) in w.chunks_exact_mut(inputs).zip(words.chunks_exact_mut(half)) {
        w.iter_mut().for_each(|w| *w = f32::from_bits(u32::from(nearest(*w)) << 16));
        let bits = |i: usize| w.get(i).map_or(0, |w| w.to_bits());
        words.iter_mut().enumerate().for_each(|(i, word)| *word = bits(i) | bits(half + i) >> 16);
    }
    words
}

/// Words of a row, and weights of its first half: whole cache lines, so that no vector of words crosses into the next.
fn words_per_row(inputs: usize) -> usize {
    lines::whole(inputs.div_ceil(2))
}

/// The upper half of the nearest number whose lower half is 0; of two equally near, the even one.
fn nearest(w: f32) -> u16 {
    let bits = w.to_bits();
    let rounded = match w.is_nan() {
        true => bits | 0x0040_0000, // a NaN, whichever bits are cut off
        false => bits + 0x7fff + (bits >> 16 & 1),
    };
    (rounded >> 16) as u16
}

/// `y = w x`, with `w` in words from [`shorten`], and one column of `x` and `y` after the other; columns of `x` have `inputs` values.
///
/// # Panics
/// When `w` has not as many rows as `y` has values per column.
pub fn few(y: &mut [f32], w: &[u32], x: &[f32], inputs: usize) {
    assert_eq!(w.len() * x.len(), y.len() * inputs * words_per_row(inputs), "a row of weights for each output");
    dispatch(Few { y, w, x, inputs });
}

struct Few<'a> {
    y: &'a mut [f32],
    w: &'a [u32],
    x: &'a [f32],
    inputs: usize,
}

impl Loop for Few<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        let Self { y, w, x, inputs } = self;
        let outputs = w.len() / words_per_row(inputs);
        for (y, x) in y.chunks_mut(FEW * outputs).zip(x.chunks(FEW * inputs)) {
            if x.len() == inputs { samples::<V, 1, 2>(v, y, w, x) } else { samples::<V, FEW, 1>(v, y, w, x) }
        }
    }
}

/// The products of all rows with `S` samples, each in `K` sums.
#[inline(always)]
fn samples<V: Vectors, const S: usize, const K: usize>(v: V, y: &mut [f32], w: &[u32], x: &[f32]) {
    let (inputs, outputs) = (x.len() / S, y.len() / S);
    let half = words_per_row(inputs);
    let mut columns = [x; S];
    for (s, column) in columns.iter_mut().enumerate() {
        *column = &x[s * inputs..][..inputs];
    }
    let mut first = 0;
    while first < outputs {
        let w = &w[first * half..];
        first += match outputs - first {
            ROWS.. => rows::<V, ROWS, S, K>(v, (y, first), w, columns),
            _ => rows::<V, 1, S, K>(v, (y, first), w, columns),
        };
    }
}

/// The products of the first `R` rows of `w`, which are the rows from `first` on. Returns `R`.
#[inline(always)]
#[allow(clippy::excessive_nesting)] // the loops of a product; functions of their own would not be inlined for sure
fn rows<V: Vectors, const R: usize, const S: usize, const K: usize>(
    v: V,
    (y, first): (&mut [f32], usize),
    w: &[u32],
    columns: [&[f32]; S],
) -> usize {
    let (inputs, outputs) = (columns[0].len(), y.len() / S);
    let half = words_per_row(inputs);
    let whole = inputs.saturating_sub(half) / V::LANES; // vectors of the second half, which is the shorter
    let mut words = [V::split_u32(w).0; R];
    let mut x = [[V::split(columns[0]).0; 2]; S];
    for (r, words) in words.iter_mut().enumerate() {
        *words = V::split_u32(&w[r * half..][..half]).0;
    }
    for s in 0..S {
        x[s] = [0, half].map(|from| &V::split(&columns[s][from.min(inputs)..]).0[..whole]);
    }
    let mut sums = [[[v.splat(0.0); K]; S]; R];
    for at in 0..whole {
        for r in 0..R {
            let weights = v.halves(words[r][at]);
            for s in 0..S {
                for i in 0..2 {
                    sums[r][s][i % K] = v.mul_add(weights[i], x[s][i][at], sums[r][s][i % K]);
                }
            }
        }
    }
    for at in whole..half / V::LANES {
        for s in 0..S {
            let x = [0, half].map(|from| v.load(columns[s], (from + at * V::LANES).min(inputs)));
            for (row, sums) in words.iter().zip(&mut sums) {
                let weights = v.halves(row[at]);
                for i in 0..2 {
                    sums[s][i % K] = v.mul_add(weights[i], x[i], sums[s][i % K]);
                }
            }
        }
    }
    for (r, sums) in sums.into_iter().enumerate() {
        for (s, sums) in sums.into_iter().enumerate() {
            let sum = if K == 2 { v.add(sums[0], sums[K - 1]) } else { sums[0] };
            y[s * outputs + first + r] = v.sum(sum);
        }
    }
    R
}

#[cfg(not(target_arch = "wasm32"))] // there is no proptest
#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::simd::{Limit, limited};
    use proptest::prelude::*;

    #[test]
    fn rounds_to_the_nearest() {
        for (w, expected) in [
            (1.0, 1.0),
            (1.003, 1.0),
            (1.006, 1.007_812_5),
            (1.0 + 2f32.powi(-8), 1.0),             // halfway, and 1 is even
            (1.0 + 3.0 * 2f32.powi(-8), 1.015_625), // halfway, and 1.0078125 is odd
            (-0.3, -0.300_781_25),
            (f32::INFINITY, f32::INFINITY),
            (f32::MAX, f32::INFINITY),
        ] {
            assert_eq!(f32::from_bits(u32::from(nearest(w)) << 16), expected, "{w}");
        }
        for nan in [f32::NAN, f32::from_bits(0x7f80_0001)] {
            assert!(f32::from_bits(u32::from(nearest(nan)) << 16).is_nan());
        }
    }

    proptest! {
        #[test]
        fn equals_the_naive_sum(m in 1usize..12, n in 1usize..90, samples in 1usize..8, seed in any::<u64>()) {
            let mut rng = crate::rng::Rng::new(seed);
            let mut w: Vec<f32> = (0..m * n).map(|_| rng.normal()).collect();
            let x: Vec<f32> = (0..n * samples).map(|_| rng.normal()).collect();
            let short = shorten(&mut w, n);
            for limit in [Limit::Widest, Limit::Bits256, Limit::Plain] {
                let mut y = vec![f32::NAN; m * samples];
                limited(limit, || few(&mut y, &short, &x, n));
                for (i, y) in y.iter().enumerate() {
                    let (w, x) = (&w[i % m * n..][..n], &x[i / m * n..][..n]);
                    let exact: f64 = w.iter().zip(x).map(|(w, x)| f64::from(*w) * f64::from(*x)).sum();
                    prop_assert!((f64::from(*y) - exact).abs() < 1e-4);
                }
            }
        }
    }
}
