//! A picture in a frame of zeros, and its tiles transformed.

use super::transforms::{both, picture};
use super::{PLACES, Winograd};
use crate::kernels::simd::{Loop, Vectors};
use std::ops::Range;

/// Puts a picture into a frame of zeros, channel vector after channel vector: rows x columns of the first, and so on. Behind
/// the last channels stand zeros.
pub struct Planes<'a> {
    pub shape: &'a Winograd,
    pub x: &'a [f32],
    pub frame: &'a mut [f32],
}

impl Loop for Planes<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        let Self { shape, x, frame } = self;
        let ([height, width, channels], padding) = (shape.source, shape.padding);
        let [rows, columns] = shape.framed();
        let planes = V::split_mut(frame).0.chunks_exact_mut(rows * columns);
        for (n, plane) in planes.enumerate() {
            for (y, row) in plane.chunks_exact_mut(columns).enumerate() {
                let Some(y) = y.checked_sub(padding).filter(|&y| y < height) else {
                    row.fill(v.splat(0.0));
                    continue;
                };
                row[..padding].fill(v.splat(0.0));
                row[padding + width..].fill(v.splat(0.0));
                let line = x[y * width * channels..][..width * channels].chunks_exact(channels);
                for (vector, pixel) in row[padding..].iter_mut().zip(line) {
                    *vector = v.load(pixel, n * V::LANES);
                }
            }
        }
    }
}

/// Transforms some tiles of a picture in its frame: tiles x places x inputs.
#[inline(always)]
pub fn transform<V: Vectors>(v: V, shape: &Winograd, frame: &[f32], tiles: Range<usize>, pixels: &mut [f32]) {
    let [rows, columns] = shape.framed();
    let vectors = shape.inputs() / V::LANES;
    let across = shape.grid()[1];
    let (frame, pixels) = (V::split(frame).0, V::split_mut(pixels).0);
    for (tile, pixels) in tiles.zip(pixels.chunks_exact_mut(PLACES * vectors)) {
        let corner = (tile / across * columns + tile % across) * 2;
        for (n, plane) in frame.chunks_exact(rows * columns).enumerate() {
            let mut d = [[v.splat(0.0); 4]; 4];
            for i in 0..4 {
                d[i].copy_from_slice(&plane[corner + i * columns..][..4]);
            }
            let transformed = both(
                d,
                #[inline(always)]
                |row| picture(v, row),
            );
            for i in 0..PLACES {
                pixels[i * vectors + n] = transformed[i / 4][i % 4];
            }
        }
    }
}
