//! Kernels and their transforms.

use super::transforms::{both, kernel, kernel_back};
use super::{PLACES, Winograd};
use crate::kernels::simd::{Loop, Vectors};

/// [`Winograd::transform`].
pub struct Transform<'a> {
    pub shape: &'a Winograd,
    pub w: &'a [f32],
    pub transformed: &'a mut [f32],
}

impl Loop for Transform<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        let Self { shape, w, transformed } = self;
        let (block, outputs) = (shape.source[2] * shape.output[2], shape.output[2]);
        let vectors = shape.outputs() / V::LANES;
        let place = shape.source[2] * vectors;
        let transformed = V::split_mut(transformed).0;
        for input in 0..shape.source[2] {
            for n in 0..vectors {
                let mut g = [[v.splat(0.0); 3]; 3];
                for i in 0..9 {
                    g[i / 3][i % 3] = v.load(&w[i * block + input * outputs..][..outputs], n * V::LANES);
                }
                let u = both(
                    g,
                    #[inline(always)]
                    |row| kernel(v, row),
                );
                for i in 0..PLACES {
                    transformed[i * place + input * vectors + n] = u[i / 4][i % 4];
                }
            }
        }
    }
}

/// [`Winograd::restore`].
pub struct Restore<'a> {
    pub shape: &'a Winograd,
    pub transformed: &'a [f32],
    pub dw: &'a mut [f32],
}

impl Loop for Restore<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        let Self { shape, transformed, dw } = self;
        let (block, outputs) = (shape.source[2] * shape.output[2], shape.output[2]);
        let vectors = shape.outputs() / V::LANES;
        let place = shape.source[2] * vectors;
        let transformed = V::split(transformed).0;
        for input in 0..shape.source[2] {
            for n in 0..vectors {
                let mut du = [[v.splat(0.0); 4]; 4];
                for i in 0..PLACES {
                    du[i / 4][i % 4] = transformed[i * place + input * vectors + n];
                }
                let dg = both(
                    du,
                    #[inline(always)]
                    |row| kernel_back(v, row),
                );
                for i in 0..9 {
                    v.store(&mut dw[i * block + input * outputs..][..outputs], n * V::LANES, dg[i / 3][i % 3]);
                }
            }
        }
    }
}
