//! Squares of pixels side by side, as pooling layers see a picture.

use crate::kernels::math::vectorized;
use crate::shape::Shape;

#[derive(Clone, Copy, Debug)]
/// Squares (or, for the whole picture, a rectangle) of pixels side by side.
pub(crate) struct Squares {
    input: Shape,
    /// Shape of the output: one pixel a square.
    pub output: Shape,
    /// Rows of a square.
    pub height: usize,
    /// Columns of a square.
    pub width: usize,
}

impl Squares {
    /// Squares of `height` x `width` pixels in pictures of shape `input`; a rest at the right or bottom edge is dropped.
    pub fn new(input: Shape, height: usize, width: usize) -> Result<Self, String> {
        input.features_within_limit()?;
        if height == 0 || width == 0 || height > input.height || width > input.width {
            return Err(format!("squares of {height}x{width} pixels do not fit"));
        }
        let output = Shape::new(input.height / height, input.width / width, input.channels);
        Ok(Self { input, output, height, width })
    }

    /// Values of an input picture.
    pub fn inputs(&self) -> usize {
        self.input.height * self.input.width * self.input.channels
    }

    /// Values of an output picture.
    pub fn outputs(&self) -> usize {
        self.output.height * self.output.width * self.output.channels
    }

    /// Pixels of a square.
    pub fn places(&self) -> usize {
        self.height * self.width
    }

    /// Where the first pixel of the square of an output pixel lies in the input.
    #[inline(always)]
    pub fn corner(&self, pixel: usize) -> usize {
        let (row, column) = (pixel / self.output.width, pixel % self.output.width);
        (row * self.height * self.input.width + column * self.width) * self.input.channels
    }

    /// Where a pixel of a square lies behind its first.
    #[inline(always)]
    pub fn offset(&self, row: usize, column: usize) -> usize {
        (row * self.input.width + column) * self.input.channels
    }

    /// Zeroes pictures where squares leave a rest at the edge.
    #[inline(always)]
    pub fn clear_rest(&self, dx: &mut [f32]) {
        let Self { input, output, height, width } = *self;
        if output.height * height < input.height || output.width * width < input.width {
            dx.fill(0.0);
        }
    }

    /// The largest value of each square of some pictures, and its number in the square, row by row: the first of equal
    /// ones.
    pub fn largest(&self, x: &[f32], y: &mut [f32], places: &mut [u32]) {
        self.pool::<true>(x, y, places);
    }

    /// [`Squares::largest`] without their numbers, which nobody wants where nothing is learnt.
    pub fn maxima(&self, x: &[f32], y: &mut [f32]) {
        self.pool::<false>(x, y, &mut []);
    }

    fn pool<const PLACES: bool>(&self, x: &[f32], y: &mut [f32], places: &mut [u32]) {
        let n = self.outputs();
        for (i, (x, y)) in x.chunks_exact(self.inputs()).zip(y.chunks_exact_mut(n)).enumerate() {
            let places = if PLACES { &mut places[i * n..][..n] } else { &mut [] };
            match self.output.channels {
                n if n.is_multiple_of(16) => self.largest_of::<16, PLACES>(x, y, places),
                n if n.is_multiple_of(8) => self.largest_of::<8, PLACES>(x, y, places),
                _ => self.largest_of::<1, PLACES>(x, y, places),
            }
        }
    }

    /// `dx` of some pictures: each `dy` at the place of its value, 0 elsewhere.
    pub fn spread(&self, dx: &mut [f32], dy: &[f32], places: &[u32]) {
        self.clear_rest(dx);
        let pictures = dy.chunks_exact(self.outputs()).zip(places.chunks_exact(self.outputs()));
        for (dx, (dy, places)) in dx.chunks_exact_mut(self.inputs()).zip(pictures) {
            match self.output.channels {
                n if n.is_multiple_of(16) => self.spread_by::<16>(dx, dy, places),
                n if n.is_multiple_of(8) => self.spread_by::<8>(dx, dy, places),
                _ => self.spread_by::<1>(dx, dy, places),
            }
        }
    }

    /// [`Squares::pool`] of one picture, `C` channels at a time.
    fn largest_of<const C: usize, const PLACES: bool>(&self, x: &[f32], y: &mut [f32], places: &mut [u32]) {
        let channels = self.output.channels;
        vectorized(
            #[inline(always)]
            || {
                let (places, _) = places.as_chunks_mut::<C>();
                for (i, y) in y.as_chunks_mut::<C>().0.iter_mut().enumerate() {
                    let corner = self.corner(i * C / channels) + i * C % channels;
                    let (mut largest, mut at) = ([f32::NEG_INFINITY; C], [0; C]);
                    for row in 0..self.height {
                        for column in 0..self.width {
                            let place = (row * self.width + column) as u32;
                            let x = &x[corner + self.offset(row, column)..][..C];
                            for c in 0..C {
                                let larger = x[c] > largest[c] || x[c].is_nan(); // NaN must reach the loss
                                largest[c] = if larger { x[c] } else { largest[c] };
                                at[c] = if larger { place } else { at[c] };
                            }
                        }
                    }
                    *y = largest;
                    if PLACES {
                        places[i] = at;
                    }
                }
            },
        );
    }

    /// [`Squares::spread`] of one picture, `C` channels at a time.
    fn spread_by<const C: usize>(&self, dx: &mut [f32], dy: &[f32], places: &[u32]) {
        let channels = self.output.channels;
        vectorized(
            #[inline(always)]
            || {
                for (i, (dy, at)) in dy.as_chunks::<C>().0.iter().zip(places.as_chunks::<C>().0).enumerate() {
                    let corner = self.corner(i * C / channels) + i * C % channels;
                    for row in 0..self.height {
                        for column in 0..self.width {
                            let place = (row * self.width + column) as u32;
                            let mut here = [0.0; C];
                            for c in 0..C {
                                let mask = u32::from(at[c] == place).wrapping_neg(); // a branch would not be vectorised
                                here[c] = f32::from_bits(dy[c].to_bits() & mask);
                            }
                            dx[corner + self.offset(row, column)..][..C].copy_from_slice(&here);
                        }
                    }
                }
            },
        );
    }
}
