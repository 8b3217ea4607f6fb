//! Warping a picture: an affine map and a displacement of each pixel, resampled once, bilinearly.

use rand::Rng;

use crate::augment::elastic::Displacement;
use crate::augment::pen::retouch;
use crate::size::Size;

/// Buffers for [`crate::augment::Augment::apply`], so that it allocates nothing from the second sample on.
#[derive(Debug, Default)]
pub struct Buffers {
    padded: Vec<f32>,
    displacement: Displacement,
    x: Vec<f32>,
    y: Vec<f32>,
    start: Vec<u32>,
    spare: Vec<f32>,
    /// A picture without its size bar.
    pub(crate) picture: Vec<u8>,
}

impl Buffers {
    /// Displacements of standard deviation `deviation` for the next warp, `spacing` pixels between control points.
    pub(crate) fn bend(&mut self, rng: &mut impl Rng, deviation: f32, spacing: f32, size: Size) {
        pulp::Arch::new().dispatch(
            #[inline(always)]
            move || {
                let rng = rng; // taken by value: see `Preprocessing::scale`
                self.displacement.draw(rng, deviation, spacing, size);
            },
        );
    }

    /// Changes strokes as pens and lenses do, see [`retouch`].
    #[inline(always)]
    pub(crate) fn retouch(&mut self, picture: &mut [f32], size: Size, strength: f32, rng: &mut impl Rng) {
        retouch(picture, size, strength, rng, &mut self.spare);
    }

    /// Takes the value of each output pixel (x, y) from the source at (a x + b y + c, d x + e y + f), plus the
    /// displacement if it is `bent`. The channels are C.
    #[inline(always)]
    pub(crate) fn warp<const C: usize>(
        &mut self,
        pixels: &[u8],
        size: Size,
        ([a, b, c, d, e, f], bent): ([f32; 6], bool),
        out: &mut [f32],
    ) {
        let Size { height, width, .. } = size;
        let Self { padded, displacement, x, y, start, .. } = self;
        pad::<C>(pixels, size, padded);
        let stride = width + 3;
        let (pixels, _) = padded.as_chunks::<C>();
        x.resize(width, 0.0);
        y.resize(width, 0.0);
        start.resize(width, 0);
        for (row, out) in out.chunks_exact_mut(width * C).enumerate() {
            if bent {
                displacement.row(row, x, y);
            } else {
                x.fill(0.0);
                y.fill(0.0);
            }
            // Where in the padded source each pixel of this row comes from: its upper left neighbour and the way to it.
            let v = row as f32;
            for (u, ((x, y), start)) in x.iter_mut().zip(y.iter_mut()).zip(start.iter_mut()).enumerate() {
                let u = u as f32;
                let (left, fx) = split((*x + a * u + b * v + c).max(-1.0).min(width as f32) + 1.0);
                let (top, fy) = split((*y + d * u + e * v + f).max(-1.0).min(height as f32) + 1.0);
                (*x, *y, *start) = (fx, fy, top * stride as u32 + left);
            }
            let places = start.iter().zip(x.iter().zip(&*y));
            for (out, (&start, (&fx, &fy))) in out.as_chunks_mut::<C>().0.iter_mut().zip(places) {
                let near = &pixels[start as usize..][..stride + 2];
                let (upper, lower) = ([near[0], near[1]], [near[stride], near[stride + 1]]);
                for k in 0..C {
                    let above = upper[0][k] + fx * (upper[1][k] - upper[0][k]);
                    let below = lower[0][k] + fx * (lower[1][k] - lower[0][k]);
                    out[k] = above + fy * (below - above);
                }
            }
        }
    }
}

/// A number from 0 to 2^22 as a whole number and a rest in 0..=1. Where 1.5 * 2^23 is added, the whole number stands in
/// the low bits; unlike a cast, which has to mind every float, this is computed for several pixels at once.
#[inline(always)]
fn split(value: f32) -> (u32, f32) {
    const WHOLE: f32 = (3 << 22) as f32;
    let whole = value - 0.5 + WHOLE;
    (whole.to_bits() & 0x3f_ffff, value - (whole - WHOLE))
}

/// The picture with one pixel of outside before each row and column and two behind, so that every place the warp asks
/// for, clamped to -1..length, has its four neighbours.
#[inline(always)]
fn pad<const C: usize>(pixels: &[u8], size: Size, padded: &mut Vec<f32>) {
    let Size { height, width, .. } = size;
    let stride = (width + 3) * C;
    padded.clear();
    padded.resize((height + 3) * stride, 0.0);
    for (source, row) in pixels.chunks_exact(width * C).zip(padded[stride..].chunks_exact_mut(stride)) {
        row[C..].iter_mut().zip(source).for_each(|(out, &p)| *out = f32::from(p));
        if C > 1 {
            row.copy_within(C..2 * C, 0);
            row.copy_within(width * C..(width + 1) * C, (width + 1) * C);
            row.copy_within(width * C..(width + 1) * C, (width + 2) * C);
        }
    }
    if C > 1 {
        padded.copy_within(stride..2 * stride, 0);
        padded.copy_within(height * stride..(height + 1) * stride, (height + 1) * stride);
        padded.copy_within(height * stride..(height + 1) * stride, (height + 2) * stride);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use image::{ImageBuffer, Luma};
    use imageproc::geometric_transformations::{Border, Interpolation, warp_into_with};

    /// imageproc asks for the source of each output pixel too, so the same map goes to both.
    #[test]
    fn equals_imageproc() {
        let size = Size::new(28, 28, 1);
        let pixels: Vec<u8> = (0..784u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let source: ImageBuffer<Luma<f32>, Vec<f32>> =
            ImageBuffer::from_raw(28, 28, pixels.iter().map(|&p| f32::from(p)).collect()).unwrap();
        for [a, b, c, d, e, f] in
            [[1.0, 0.0, 0.0, 0.0, 1.0, 0.0], [0.9, 0.2, -1.3, -0.1, 1.1, 0.7], [0.5, 0.0, 7.0, 0.0, 0.5, 7.0]]
        {
            let mut ours = vec![0.0; 784];
            Buffers::default().warp::<1>(&pixels, size, ([a, b, c, d, e, f], false), &mut ours);
            let mut theirs = ImageBuffer::new(28, 28);
            let map = |u: f32, v: f32| (a * u + b * v + c, d * u + e * v + f);
            warp_into_with(&source, map, Interpolation::Bilinear, Border::Constant(Luma([0.0])), &mut theirs);
            for (i, (x, y)) in ours.iter().zip(theirs.as_raw()).enumerate() {
                // at the edge imageproc takes the border's value as soon as one neighbour is outside
                let (u, v) = map((i % 28) as f32, (i / 28) as f32);
                let inside = [u, v].iter().all(|w| (0.0..27.0).contains(w));
                assert!(!inside || (x - y).abs() < 0.01, "pixel {i}: {x} instead of {y}");
            }
        }
    }
}
