//! The way from a picture to the result.

use super::transforms::{both, result};
use super::{PLACES, Winograd, pixels};
use crate::kernels::simd::tile::rows;
use crate::kernels::simd::{Loop, Vectors};
use std::ops::Range;

/// [`Winograd::convolve`].
pub struct Convolve<'a> {
    pub shape: &'a Winograd,
    pub transformed: &'a [f32],
    pub frame: &'a [f32],
    pub y: &'a mut [f32],
    /// Room for some transformed tiles of the picture.
    pub pixels: &'a mut [f32],
    /// Room for their products: tiles x output vectors x places.
    pub products: &'a mut [f32],
}

impl Loop for Convolve<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        match self.shape.tiles {
            8 => self.tiles::<V, 8>(v),
            7 => self.tiles::<V, 7>(v),
            _ => self.tiles::<V, 4>(v),
        }
    }
}

impl Convolve<'_> {
    /// All tiles, `P` at a time.
    #[inline(always)]
    fn tiles<V: Vectors, const P: usize>(mut self, v: V) {
        let all = self.shape.grid().iter().product::<usize>();
        for first in (0..all).step_by(P) {
            let first = first.min(all - P); // the last may overlap those before
            pixels::transform(v, self.shape, self.frame, first..first + P, self.pixels);
            self.multiply::<V, P>(v);
            self.results(v, first..first + P);
        }
    }

    /// The products of `P` tiles.
    #[inline(always)]
    fn multiply<V: Vectors, const P: usize>(&mut self, v: V) {
        let vectors = self.shape.outputs() / V::LANES;
        let mut n = 0;
        while n < vectors {
            n += match vectors - n {
                3 | 5.. if V::REGISTERS > 16 => self.columns::<V, P, 3>(v, n),
                2.. if V::REGISTERS > 16 => self.columns::<V, P, 2>(v, n),
                _ => self.columns::<V, P, 1>(v, n),
            };
        }
    }

    /// `N` vectors of the products of `P` tiles from the vector `n` on. Returns `N`.
    #[inline(always)]
    #[allow(clippy::excessive_nesting)] // the loops of a product; functions of their own would not be inlined for sure
    fn columns<V: Vectors, const P: usize, const N: usize>(&mut self, v: V, n: usize) -> usize {
        let (inputs, padded, outputs) = (self.shape.source[2], self.shape.inputs(), self.shape.outputs() / V::LANES);
        let products = V::split_mut(self.products).0.as_chunks_mut::<PLACES>().0;
        let kernels = V::split(self.transformed).0.chunks_exact(inputs * outputs);
        for (place, kernels) in kernels.enumerate().take(PLACES) {
            let mut tiles = [&self.pixels[..]; P];
            for (p, values) in tiles.iter_mut().enumerate() {
                *values = &self.pixels[(p * PLACES + place) * padded..][..inputs];
            }
            let sums = rows(v, [[v.splat(0.0); N]; P], tiles, (&kernels[n..], outputs));
            for (products, sums) in products.chunks_exact_mut(outputs).zip(sums) {
                for (product, sum) in products[n..n + N].iter_mut().zip(sums) {
                    product[place] = sum;
                }
            }
        }
        N
    }

    /// The results of the products of some tiles.
    #[inline(always)]
    #[allow(clippy::excessive_nesting)] // the loops over a tile
    fn results<V: Vectors>(&mut self, v: V, tiles: Range<usize>) {
        let [height, width, outputs] = self.shape.output;
        let (vectors, across) = (self.shape.outputs() / V::LANES, self.shape.grid()[1]);
        let products = V::split(self.products).0.as_chunks::<PLACES>().0;
        for (tile, products) in tiles.zip(products.chunks_exact(vectors)) {
            let (row, column) = (tile / across * 2, tile % across * 2);
            for (n, product) in products.iter().enumerate() {
                let mut m = [[v.splat(0.0); 4]; 4];
                for i in 0..PLACES {
                    m[i / 4][i % 4] = product[i];
                }
                let y = both(
                    m,
                    #[inline(always)]
                    |row| result(v, row),
                );
                for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    if row + i < height && column + j < width {
                        let pixel = ((row + i) * width + column + j) * outputs;
                        v.store(&mut self.y[pixel..][..outputs], n * V::LANES, y[i][j]);
                    }
                }
            }
        }
    }
}
