//! The gradient of the kernels.

use super::{Gradient, Pooled};
use crate::kernels::simd::{Loop, Vectors};

/// Squares that are looked through at a time.
const SQUARES: usize = 64;

/// [`Pooled::correlate`].
pub struct Correlate<'a> {
    pub shape: &'a Pooled,
    pub frame: &'a [f32],
    pub from: Gradient<'a>,
    pub dw: &'a mut [f32],
}

impl Loop for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(mut self, v: V) {
        let outputs = self.shape.outputs;
        let size = SQUARES * outputs;
        let (mut corners, mut list) = ([0; SQUARES], [(0, 0.0); SQUARES]);
        for (n, (dy, at)) in self.from.dy.chunks(size).zip(self.from.places.chunks(size)).enumerate() {
            let corners = &mut corners[..dy.len() / outputs];
            corners.iter_mut().enumerate().for_each(|(i, corner)| *corner = self.shape.corner(n * SQUARES + i));
            for o in 0..outputs {
                let mut len = 0;
                for (i, corner) in corners.iter().enumerate() {
                    let dy = dy[i * outputs + o];
                    list[len % SQUARES] = (corner + self.shape.offsets[at[i * outputs + o] as usize], dy);
                    len += usize::from(dy != 0.0); // an activation's derivative makes zeros of many
                }
                self.by_kernel(v, o, &list[..len]);
            }
        }
    }
}

impl Correlate<'_> {
    #[inline(always)]
    fn by_kernel<V: Vectors>(&mut self, v: V, o: usize, list: &[(usize, f32)]) {
        if self.shape.kernel == 3 { self.rows::<V, 3>(v, o, list) } else { self.rows::<V, 5>(v, o, list) }
    }

    /// For kernels of `K` rows, some vectors of each row at a time: the output `o` of some places.
    #[inline(always)]
    fn rows<V: Vectors, const K: usize>(&mut self, v: V, o: usize, list: &[(usize, f32)]) {
        let vectors = self.shape.row() / V::LANES;
        let mut n = 0;
        while n < vectors {
            n += match vectors - n {
                3.. if K == 3 || V::REGISTERS > 16 => self.sums::<V, K, 3>(v, (o, n), list),
                2.. => self.sums::<V, K, 2>(v, (o, n), list),
                _ => self.sums::<V, K, 1>(v, (o, n), list),
            };
        }
    }

    /// `N` vectors of each row from the vector `n` on. Returns `N`.
    #[inline(always)]
    fn sums<V: Vectors, const K: usize, const N: usize>(
        &mut self,
        v: V,
        (o, n): (usize, usize),
        list: &[(usize, f32)],
    ) -> usize {
        let [_, columns, padded] = self.shape.frame.framed;
        let (line, vectors) = (columns * padded, self.shape.row() / V::LANES);
        let last = self.frame.len() - (K - 1) * line;
        let mut rows = [self.frame; K];
        for (k, row) in rows.iter_mut().enumerate() {
            *row = &self.frame[k * line..][..last];
        }
        let mut sums = [[v.splat(0.0); N]; K];
        for &(first, dy) in list {
            let (first, dy) = (first + n * V::LANES, v.splat(dy));
            for k in 0..K {
                let x = &V::split(&rows[k][first..][..N * V::LANES]).0[..N];
                for i in 0..N {
                    sums[k][i] = v.mul_add(dy, x[i], sums[k][i]);
                }
            }
        }
        let dw = &mut V::split_mut(self.dw).0[o * K * vectors..][..K * vectors];
        for (dw, sums) in dw.chunks_exact_mut(vectors).zip(&sums) {
            dw[n..n + N].iter_mut().zip(sums).for_each(|(dw, sum)| *dw = v.add(*dw, *sum));
        }
        N
    }
}
