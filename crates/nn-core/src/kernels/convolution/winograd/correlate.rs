//! The way back to the gradient of the kernels.

use super::transforms::{both, result_back};
use super::{PLACES, Winograd, pixels};
use crate::kernels::simd::tile::tile;
use crate::kernels::simd::{Loop, Vectors};
use std::ops::Range;

/// [`Winograd::correlate`].
pub struct Correlate<'a> {
    pub shape: &'a Winograd,
    pub frame: &'a [f32],
    pub dz: &'a [f32],
    /// The gradient of the transformed kernels: places x inputs x outputs.
    pub sums: &'a mut [f32],
    /// Room for some transformed tiles of the picture.
    pub pixels: &'a mut [f32],
    /// Room for the gradients of their products: tiles x output vectors x places.
    pub products: &'a mut [f32],
}

impl Loop for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(mut self, v: V) {
        let all = self.shape.grid().iter().product::<usize>();
        for first in (0..all).step_by(self.shape.tiles) {
            let tiles = first..all.min(first + self.shape.tiles);
            pixels::transform(v, self.shape, self.frame, tiles.clone(), self.pixels);
            self.results_back(v, tiles.clone());
            self.multiply(v, tiles.len());
        }
    }
}

impl Correlate<'_> {
    /// The gradients of the products of some tiles.
    #[inline(always)]
    #[allow(clippy::excessive_nesting)] // the loops over a tile
    fn results_back<V: Vectors>(&mut self, v: V, tiles: Range<usize>) {
        let [height, width, outputs] = self.shape.output;
        let (vectors, across) = (self.shape.outputs() / V::LANES, self.shape.grid()[1]);
        let products = V::split_mut(self.products).0.as_chunks_mut::<PLACES>().0;
        for (tile, products) in tiles.zip(products.chunks_exact_mut(vectors)) {
            let (row, column) = (tile / across * 2, tile % across * 2);
            for (n, product) in products.iter_mut().enumerate() {
                let mut dy = [[v.splat(0.0); 2]; 2];
                for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    if row + i < height && column + j < width {
                        let pixel = ((row + i) * width + column + j) * outputs;
                        dy[i][j] = v.load(&self.dz[pixel..][..outputs], n * V::LANES);
                    }
                }
                let dm = both(
                    dy,
                    #[inline(always)]
                    |row| result_back(v, row),
                );
                for i in 0..PLACES {
                    product[i] = dm[i / 4][i % 4];
                }
            }
        }
    }

    /// Adds the products of some tiles to the sums.
    #[inline(always)]
    fn multiply<V: Vectors>(&mut self, v: V, tiles: usize) {
        let inputs = self.shape.source[2];
        let mut input = 0;
        while input < inputs {
            let eight = inputs - input >= 8;
            input += if eight { self.rows::<V, 8>(v, tiles, input) } else { self.rows::<V, 4>(v, tiles, input) };
        }
    }

    /// `P` rows of the sums from the row `input` on. Returns `P`.
    #[inline(always)]
    fn rows<V: Vectors, const P: usize>(&mut self, v: V, tiles: usize, input: usize) -> usize {
        let vectors = self.shape.outputs() / V::LANES;
        let mut n = 0;
        while n < vectors {
            n += match vectors - n {
                3 | 5.. if V::REGISTERS > 16 => self.square::<V, P, 3>(v, tiles, (input, n)),
                2.. if V::REGISTERS > 16 => self.square::<V, P, 2>(v, tiles, (input, n)),
                _ => self.square::<V, P, 1>(v, tiles, (input, n)),
            };
        }
        P
    }

    /// `N` vectors of `P` rows of the sums. Returns `N`.
    #[inline(always)]
    fn square<V: Vectors, const P: usize, const N: usize>(
        &mut self,
        v: V,
        tiles: usize,
        (input, n): (usize, usize),
    ) -> usize {
        let (padded, outputs) = (self.shape.inputs(), self.shape.outputs() / V::LANES);
        let all = V::split_mut(self.sums).0.chunks_exact_mut(self.shape.source[2] * outputs);
        let products = V::split(self.products).0;
        for (place, all) in all.enumerate().take(PLACES) {
            let all = &mut all[input * outputs..][..P * outputs];
            let mut sums = [[v.splat(0.0); N]; P];
            for p in 0..P {
                sums[p].copy_from_slice(&all[p * outputs + n..][..N]);
            }
            let a = &self.pixels[place * padded + input..];
            let b = &products[n * PLACES + place..];
            let (a, b) = ((a, PLACES * padded), (b, outputs * PLACES));
            let sums = tile::<V, P, N, 1, PLACES>(v, sums, a, b, tiles);
            for p in 0..P {
                all[p * outputs + n..][..N].copy_from_slice(&sums[p]);
            }
        }
        N
    }
}
