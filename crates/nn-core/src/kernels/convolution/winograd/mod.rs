//! Convolution with kernels of 3x3 pixels by fewer multiplications, after Winograd.
//!
//! Two neighbouring results of a kernel of three weights `g` need six multiplications as the formula stands:
//!
//! ```text
//! y0 = d0 g0 + d1 g1 + d2 g2        y1 = d1 g0 + d2 g1 + d3 g2
//! ```
//!
//! and four in another order, of sums of pixels with sums of weights:
//!
//! ```text
//! m0 = (d0 - d2) g0                 m1 = (d1 + d2) (g0 + g1 + g2) / 2
//! m3 = (d1 - d3) g2                 m2 = (d2 - d1) (g0 - g1 + g2) / 2
//! y0 = m0 + m1 + m2                 y1 = m1 - m2 - m3
//! ```
//!
//! Multiplied out, all else cancels. As matrices this is `y = Aᵀ ((G g) * (Bᵀ d))`, with `*` value by value, and the same for rows
//! and columns gives a tile of 2x2 results of a 3x3 kernel from 4x4 pixels by 16 multiplications instead of 36, 2.25 times fewer:
//!
//! ```text
//! Y = Aᵀ (sum over channels of U * V) A,    U = G g Gᵀ,    V = Bᵀ d B
//! ```
//!
//! Sums alone make `V`, once for all outputs, and the result, once for all inputs; `U` is made once per batch. What remains are
//! 16 matrix products, `tiles x inputs` by `inputs x outputs`. The gradients go the same way back, also with 16 products per
//! tile: `dM = A dY Aᵀ`, `dU = sum over tiles of V dMᵀ`, `dg = Gᵀ dU G`; that of the picture is a convolution again.
//!
//! All factors are 0, 1, -1 and a half, so little accuracy is lost: sums cancel somewhat, which about doubles the rounding error of the
//! formula (the test `rounding_is_harmless` holds it below three times). Larger tiles would save more products but need factors up to 8
//! or 24, and lose digits.
//!
//! Source: A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, 2015, `F(2x2, 3x3)`; after S. Winograd,
//! Arithmetic Complexity of Computations, 1980.

mod convolve;
mod correlate;
mod pixels;
mod transforms;
mod weights;

use self::convolve::Convolve;
use self::correlate::Correlate;
use self::pixels::Planes;
use self::weights::{Restore, Transform};
use crate::kernels::simd::{dispatch, lanes};

/// Products per tile and pair of channels.
const PLACES: usize = 16;
/// Fewest channels on either side; with fewer the sums cost more than is saved.
const CHANNELS: usize = 8;
/// Numbers of tiles that are multiplied at a time, best first.
const TILES: [usize; 3] = [8, 7, 4];

/// A convolution of kernels of 3x3 pixels with stride 1.
#[derive(Clone, Copy, Debug)]
pub struct Winograd {
    /// Height, width and channels of the source.
    source: [usize; 3],
    /// Height, width and channels of the output.
    output: [usize; 3],
    padding: usize,
    /// Tiles that are transformed and multiplied at a time.
    tiles: usize,
    /// Values in a vector.
    lanes: usize,
}

impl Winograd {
    /// The convolution, where this way is open to it: with kernels of 3x3 pixels, at least four tiles, and on both
    /// sides eight channels or more, in fours.
    pub fn new(source: [usize; 3], output: [usize; 3], kernel: usize, padding: usize) -> Option<Self> {
        let channels = [source, output].iter().all(|shape| shape[2] >= CHANNELS && shape[2].is_multiple_of(4));
        let all = output[0].div_ceil(2) * output[1].div_ceil(2);
        let computed = |tiles: &usize| all.div_ceil(*tiles) * tiles; // the last may overlap those before
        let tiles = TILES.into_iter().filter(|&tiles| tiles <= all).min_by_key(computed)?;
        (kernel == 3 && channels).then(|| Self { source, output, padding, tiles, lanes: lanes() })
    }

    /// Number of values of the transformed kernels: places x inputs x outputs, with zeros behind the outputs.
    pub fn transformed(&self) -> usize {
        PLACES * self.source[2] * self.outputs()
    }

    /// Number of scratch values.
    pub fn scratch(&self) -> usize {
        self.frame_len() + self.tiles * PLACES * (self.inputs() + self.outputs())
    }

    /// Transforms the kernels `w`, in the order row, column, input, output.
    pub fn transform(&self, w: &[f32], transformed: &mut [f32]) {
        dispatch(Transform { shape: self, w, transformed });
    }

    /// The gradient of the kernels from that of the transformed kernels.
    pub fn restore(&self, transformed: &[f32], dw: &mut [f32]) {
        dispatch(Restore { shape: self, transformed, dw });
    }

    /// The convolution of one picture with transformed kernels.
    pub fn convolve(&self, transformed: &[f32], x: &[f32], y: &mut [f32], scratch: &mut [f32]) {
        let (frame, [pixels, products]) = self.frame_and_places(x, scratch);
        dispatch(Convolve { shape: self, transformed, frame, y, pixels, products });
    }

    /// Adds the gradient of the transformed kernels for one picture and the gradient `dz` of its output to `sums`.
    pub fn correlate(&self, x: &[f32], dz: &[f32], sums: &mut [f32], scratch: &mut [f32]) {
        let (frame, [pixels, products]) = self.frame_and_places(x, scratch);
        dispatch(Correlate { shape: self, frame, dz, sums, pixels, products });
    }

    /// Inputs, rounded up to whole vectors.
    fn inputs(&self) -> usize {
        self.source[2].next_multiple_of(self.lanes)
    }

    /// Outputs, rounded up to whole vectors.
    fn outputs(&self) -> usize {
        self.output[2].next_multiple_of(self.lanes)
    }

    /// Rows and columns of tiles.
    fn grid(&self) -> [usize; 2] {
        [self.output[0].div_ceil(2), self.output[1].div_ceil(2)]
    }

    /// Rows and columns of the picture in its frame.
    fn framed(&self) -> [usize; 2] {
        self.grid().map(|tiles| 2 * tiles + 2)
    }

    fn frame_len(&self) -> usize {
        self.framed().iter().product::<usize>() * self.inputs()
    }

    /// The picture in its frame, and room for the transformed pixels and products of some tiles.
    fn frame_and_places<'s>(&self, x: &[f32], scratch: &'s mut [f32]) -> (&'s [f32], [&'s mut [f32]; 2]) {
        assert_eq!(self.lanes, lanes(), "a network runs with the vectors that it was built for");
        let (frame, scratch) = scratch[..self.scratch()].split_at_mut(self.frame_len());
        dispatch(Planes { shape: self, x, frame });
        let (pixels, products) = scratch.split_at_mut(self.tiles * PLACES * self.inputs());
        (frame, [pixels, products])
    }
}
