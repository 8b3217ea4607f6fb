//! The gradient of a picture.

use super::{Gradient, Pooled};
use crate::kernels::simd::{Loop, Vectors};

/// Outputs that are looked through at a time: the bits of a number.
const OUTPUTS: usize = u32::BITS as usize;

/// [`Pooled::convolve`].
pub struct Convolve<'a> {
    pub shape: &'a Pooled,
    pub w: &'a [f32],
    pub from: Gradient<'a>,
    /// The gradient of the picture in its frame.
    pub frame: &'a mut [f32],
}

impl Loop for Convolve<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(mut self, v: V) {
        let outputs = self.shape.outputs;
        let squares = self.from.dy.chunks_exact(outputs).zip(self.from.places.chunks_exact(outputs));
        for (square, (dy, at)) in squares.enumerate() {
            for (i, (dy, at)) in dy.chunks(OUTPUTS).zip(at.chunks(OUTPUTS)).enumerate() {
                self.outputs(v, self.shape.corner(square), i * OUTPUTS, (padded(dy), padded(at)));
            }
        }
    }
}

/// The values of some outputs, and zeros behind them.
#[inline(always)]
fn padded<T: Copy + Default>(values: &[T]) -> [T; OUTPUTS] {
    values.first_chunk().copied().unwrap_or_else(
        #[inline(always)]
        || std::array::from_fn(|o| values.get(o).copied().unwrap_or_default()),
    )
}

impl Convolve<'_> {
    /// Some outputs of the square that begins at `corner`, place after place.
    #[inline(always)]
    fn outputs<V: Vectors>(&mut self, v: V, corner: usize, first: usize, (dy, at): ([f32; OUTPUTS], [u32; OUTPUTS])) {
        for (place, to) in self.shape.offsets.iter().enumerate() {
            let is_here = |o: usize| u32::from((at[o] == place as u32) & (dy[o] != 0.0)); // without a branch
            let here = (0..OUTPUTS).fold(0, |bits, o| bits | is_here(o) << o);
            if here != 0 {
                self.by_kernel(v, first, (&dy, here), corner + to);
            }
        }
    }

    #[inline(always)]
    fn by_kernel<V: Vectors>(&mut self, v: V, first: usize, values: (&[f32; OUTPUTS], u32), to: usize) {
        if self.shape.kernel == 3 {
            self.rows::<V, 3>(v, first, values, to);
        } else {
            self.rows::<V, 5>(v, first, values, to);
        }
    }

    /// Adds what the outputs whose bits are set give to the pixels from `to` on, for kernels of `K` rows, some vectors of each row at
    /// a time.
    #[inline(always)]
    fn rows<V: Vectors, const K: usize>(&mut self, v: V, first: usize, values: (&[f32; OUTPUTS], u32), to: usize) {
        let vectors = self.shape.row() / V::LANES;
        let mut n = 0;
        while n < vectors {
            n += match vectors - n {
                3.. if K == 3 || V::REGISTERS > 16 => self.sums::<V, K, 3>(v, (first, n), values, to),
                2.. => self.sums::<V, K, 2>(v, (first, n), values, to),
                _ => self.sums::<V, K, 1>(v, (first, n), values, to),
            };
        }
    }

    /// `N` vectors of each row from the vector `n` on. Returns `N`.
    #[inline(always)]
    fn sums<V: Vectors, const K: usize, const N: usize>(
        &mut self,
        v: V,
        (first, n): (usize, usize),
        (values, mut here): (&[f32; OUTPUTS], u32),
        to: usize,
    ) -> usize {
        let [_, columns, padded] = self.shape.frame.framed;
        let vectors = self.shape.row() / V::LANES;
        let w = &V::split(self.w).0[first * K * vectors..];
        let mut sums = [[v.splat(0.0); N]; K];
        while here != 0 {
            let o = here.trailing_zeros() as usize;
            here &= here - 1;
            let w = &w[o * K * vectors..][..K * vectors];
            let dy = v.splat(values[o % OUTPUTS]);
            for k in 0..K {
                let w = &w[k * vectors + n..][..N];
                for i in 0..N {
                    sums[k][i] = v.mul_add(dy, w[i], sums[k][i]);
                }
            }
        }
        for (k, sums) in sums.iter().enumerate() {
            let row = to + n * V::LANES + k * columns * padded;
            let row = V::split_mut(&mut self.frame[row..][..N * V::LANES]).0;
            row.iter_mut().zip(sums).for_each(|(value, sum)| *value = v.add(*value, *sum));
        }
        N
    }
}
