//! `Y = W X`: the outputs of a dense layer for many samples.
//!
//! Samples are transposed, some at a time: a panel holds a vector or two of samples for each input. Weights stay where they are: a
//! tile takes a value of each of some rows, the same for all samples of a panel.

use super::PIECE;
use crate::kernels::matrix::Piece;
use crate::kernels::parallel;
use crate::kernels::simd::lines::{aligned, with_room};
use crate::kernels::simd::{Loop, Vectors, dispatch, lanes, tile};
use rayon::prelude::*;

/// The largest number of values in a vector.
const LANES: usize = 16;
/// Vectors of samples in a panel; the last panel may have one.
const VECTORS: usize = 2;
/// Rows of the highest tile: where a processor holds 32 vectors at hand.
const ROWS: usize = 12;

/// Returns the room that [`outputs`] needs.
pub fn room(inputs: usize, samples: usize) -> usize {
    with_room(inputs.saturating_mul(samples.next_multiple_of(VECTORS * LANES)))
}

/// `y = w x`, with `w` stored row after row, and one column of `x` and `y` after the other; columns of `x` have `inputs` values. In
/// pieces on all threads of the caller's pool; each goes to `finish` as soon as it is there. A piece has some rows and all
/// columns where it can, so that each weight is read by one thread only.
pub fn outputs(
    y: &mut [f32],
    (w, x): (&[f32], &[f32]),
    inputs: usize,
    scratch: &mut [f32],
    finish: impl Fn(Piece<'_>) + Sync,
) {
    let samples = x.len() / inputs;
    let width = VECTORS * lanes();
    let panels = &mut aligned(scratch)[..inputs * samples.next_multiple_of(width)];
    let work = panels.par_chunks_mut(inputs * width).zip(x.par_chunks(inputs * width));
    parallel::each(work, |(panel, x)| dispatch(Arrange { panel, x, inputs }));
    let panels = &*panels;
    Piece::whole(y, w.len() / inputs, samples).each(inputs, PIECE, ROWS, &|mut piece| {
        dispatch(Outputs { y: piece.reborrow(), w, panels, inputs });
        finish(piece);
    });
}

/// Transposes the samples of a panel.
struct Arrange<'a> {
    panel: &'a mut [f32],
    x: &'a [f32],
    inputs: usize,
}

impl Loop for Arrange<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, _: V) {
        let samples = self.x.len() / self.inputs;
        match (V::LANES, samples) {
            (16, 17..) => self.columns::<32>(),
            (16, _) | (8, 9..) => self.columns::<16>(),
            (8, _) | (4, 5..) => self.columns::<8>(),
            _ => self.columns::<4>(),
        }
    }
}

impl Arrange<'_> {
    /// All inputs of up to `N` samples; those that are missing are 0.
    #[inline(always)]
    fn columns<const N: usize>(self) {
        let Self { panel, x, inputs } = self;
        let samples = x.len() / inputs;
        let mut columns = [&x[..inputs]; N];
        for (column, x) in columns.iter_mut().zip(x.chunks_exact(inputs)) {
            *column = x;
        }
        let panel = panel[..inputs * N].as_chunks_mut::<N>().0;
        let (squares, rest) = panel.as_chunks_mut::<4>(); // four inputs of four samples at a time are a few shuffles
        for (i, square) in squares.iter_mut().enumerate() {
            for (n, columns) in columns.as_chunks::<4>().0.iter().enumerate() {
                let rows = columns.map(
                    #[inline(always)]
                    |column| column.as_chunks::<4>().0[i],
                );
                for (k, values) in square.iter_mut().enumerate() {
                    values[4 * n..][..4].copy_from_slice(&rows.map(
                        #[inline(always)]
                        |row| row[k],
                    ));
                }
            }
        }
        for (values, i) in rest.iter_mut().zip(inputs / 4 * 4..) {
            for s in 0..N {
                values[s] = columns[s][i];
            }
        }
        if samples < N {
            panel.iter_mut().for_each(|values| values[samples..].fill(0.0));
        }
    }
}

/// A piece of the product of `w` with the samples in `panels`.
struct Outputs<'a> {
    y: Piece<'a>,
    w: &'a [f32],
    panels: &'a [f32],
    inputs: usize,
}

impl Loop for Outputs<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        if V::REGISTERS > 16 { self.tiles::<V, ROWS, 4>(v) } else { self.tiles::<V, 6, 2>(v) }
    }
}

impl<'a> Outputs<'a> {
    /// All tiles, each of `P` rows or, where they are enough, `Q`.
    #[inline(always)]
    fn tiles<V: Vectors, const P: usize, const Q: usize>(self, v: V) {
        let Self { y: mut rest, w, panels, inputs } = self;
        while !rest.rows.is_empty() {
            let rows = rest.rows.start..rest.rows.end.min(rest.rows.start + P);
            let (y, below) = rest.split_rows(rows.len());
            let w = &w[rows.start * inputs..rows.end * inputs];
            if rows.len() <= Q {
                panels_of::<V, Q>(v, y, w, panels)
            } else {
                panels_of::<V, P>(v, y, w, panels)
            }
            rest = below;
        }
    }
}

/// Up to `P` rows of the product, with all panels.
#[inline(always)]
fn panels_of<V: Vectors, const P: usize>(v: V, mut rest: Piece<'_>, w: &[f32], panels: &[f32]) {
    let inputs = w.len() / rest.rows.len();
    let mut rows = [&w[..inputs]; P]; // what is missing repeats the first
    for (row, w) in rows.iter_mut().zip(w.chunks_exact(inputs)) {
        *row = w;
    }
    while !rest.columns.is_empty() {
        let panel = &panels[rest.columns.start * inputs..];
        let samples = rest.columns.len().min(VECTORS * V::LANES);
        let (y, right) = rest.split_columns(samples);
        if samples > V::LANES {
            block::<V, P, VECTORS>(v, y, rows, panel)
        } else {
            block::<V, P, 1>(v, y, rows, panel)
        }
        rest = right;
    }
}

/// Up to `P` rows of the product, with a panel of `N` vectors.
#[inline(always)]
fn block<V: Vectors, const P: usize, const N: usize>(v: V, y: Piece<'_>, rows: [&[f32]; P], panel: &[f32]) {
    let panel = &V::split(panel).0[..rows[0].len() * N];
    let sums = tile::rows(v, [[v.splat(0.0); N]; P], rows, (panel, N));
    let mut block = [[0.0; VECTORS * LANES]; P];
    for (values, sums) in block.iter_mut().zip(sums) {
        let values = V::split_mut(values).0;
        values[..N].copy_from_slice(&sums);
    }
    for (s, y) in y.columns().enumerate() {
        match y.first_chunk_mut::<P>() {
            Some(y) => (0..P).for_each(|p| y[p] = block[p][s]),
            None => y.iter_mut().zip(&block).for_each(|(y, row)| *y = row[s]),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))] // there is no proptest
#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dense::noise;
    use crate::kernels::simd::{Limit, limited};
    use proptest::prelude::*;

    /// The product with all vectors, whose results agree to the bit where multiplications are fused.
    fn product(w: &[f32], x: &[f32], inputs: usize) -> Vec<f32> {
        let samples = x.len() / inputs;
        let mut y = vec![f32::NAN; w.len() / inputs * samples];
        let mut scratch = vec![f32::NAN; room(inputs, samples)];
        outputs(&mut y, (w, x), inputs, &mut scratch, |_| {});
        y
    }

    proptest! {
        #[test]
        fn equals_the_naive_sum(m in 1usize..30, inputs in 1usize..40, samples in 1usize..70, seed in any::<u64>()) {
            let (w, x) = (noise(m * inputs, seed), noise(samples * inputs, seed ^ 1));
            for limit in [Limit::Widest, Limit::Bits256, Limit::Plain] {
                let y = limited(limit, || product(&w, &x, inputs));
                for (i, y) in y.iter().enumerate() {
                    let (w, x) = (&w[i % m * inputs..][..inputs], &x[i / m * inputs..][..inputs]);
                    let exact: f64 = w.iter().zip(x).map(|(w, x)| f64::from(*w) * f64::from(*x)).sum();
                    prop_assert!((f64::from(*y) - exact).abs() < 1e-4);
                }
            }
        }
    }

    #[test]
    fn bits_depend_neither_on_the_other_samples_nor_on_threads() {
        let (m, inputs) = (300, 400);
        let (w, x) = (noise(m * inputs, 3), noise(150 * inputs, 4));
        let whole = product(&w, &x, inputs);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads");
        assert!(pool.install(|| product(&w, &x, inputs)) == whole);
        for (first, samples) in [(0, 1), (17, 40), (120, 30)] {
            let part = product(&w, &x[first * inputs..][..samples * inputs], inputs);
            assert!(part == whole[first * m..][..samples * m]);
        }
    }

    #[test]
    fn each_value_is_finished_once() {
        let (m, inputs, samples) = (500, 300, 130);
        let (w, x) = (noise(m * inputs, 3), noise(samples * inputs, 4));
        let mut y = vec![f32::NAN; m * samples];
        outputs(&mut y, (&w, &x), inputs, &mut vec![0.0; room(inputs, samples)], |piece| {
            piece.columns().for_each(|column| column.iter_mut().for_each(|y| *y += 1.0));
        });
        assert!(y.iter().zip(product(&w, &x, inputs)).all(|(y, before)| *y == before + 1.0));
    }
}
