//! Pooling: the largest or the mean value of each square of pixels, channel by channel, and the way back.

use crate::kernels::parallel;
use crate::kernels::simd::vectorized;
use crate::shape::Shape;
use rayon::prelude::*;

/// Squares (or, for the whole picture, one rectangle) of pixels side by side.
#[derive(Clone, Copy, Debug)]
pub struct Squares {
    /// Shape of the input.
    pub input: Shape,
    /// Shape of the output: one pixel per square.
    pub output: Shape,
    /// Rows of a square.
    pub height: usize,
    /// Columns of a square.
    pub width: usize,
}

impl Squares {
    /// Squares of `height` x `width` pixels in pictures of shape `input`. Pixels left over at the right or bottom edge
    /// belong to no square.
    ///
    /// # Errors
    /// Where no square fits.
    pub fn new(input: Shape, height: usize, width: usize) -> Result<Self, String> {
        input.features_within_limit()?;
        if height == 0 || width == 0 || height > input.height || width > input.width {
            return Err(format!("squares of {height}x{width} pixels do not fit"));
        }
        let output = Shape::new(input.height / height, input.width / width, input.channels);
        Ok(Self { input, output, height, width })
    }

    /// Number of values per input picture.
    pub fn inputs(&self) -> usize {
        self.input.height * self.input.width * self.input.channels
    }

    /// Number of values per output picture.
    pub fn outputs(&self) -> usize {
        self.output.height * self.output.width * self.output.channels
    }

    /// Number of pixels per square.
    fn places(&self) -> usize {
        self.height * self.width
    }

    /// Distance of a pixel of a square from its first, in values.
    #[inline(always)]
    fn offset(&self, row: usize, column: usize) -> usize {
        (row * self.input.width + column) * self.input.channels
    }

    /// Zeroes `dx` where some pixels belong to no square.
    #[inline(always)]
    fn clear_rest(&self, dx: &mut [f32]) {
        let Self { input, output, height, width } = *self;
        if output.height * height < input.height || output.width * width < input.width {
            dx.fill(0.0);
        }
    }

    /// The largest value of each square of some pictures, and its position in the square, counted row by row. Of equal
    /// values the first counts.
    pub fn largest(&self, x: &[f32], y: &mut [f32], places: &mut [u32]) {
        self.pool::<true>(x, y, places);
    }

    /// [`Squares::largest`] without the positions, which prediction does not need.
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
                n if n.is_multiple_of(4) => self.largest_of::<4, PLACES>(x, y, places),
                _ => self.largest_of::<1, PLACES>(x, y, places),
            }
        }
    }

    /// The gradient of [`Squares::largest`]: each `dy` goes to the position of the largest value, 0 everywhere else.
    pub fn spread(&self, dx: &mut [f32], dy: &[f32], places: &[u32]) {
        self.clear_rest(dx);
        let pictures = dy.chunks_exact(self.outputs()).zip(places.chunks_exact(self.outputs()));
        for (dx, (dy, places)) in dx.chunks_exact_mut(self.inputs()).zip(pictures) {
            match self.output.channels {
                n if n.is_multiple_of(16) => self.spread_by::<16>(dx, dy, places),
                n if n.is_multiple_of(8) => self.spread_by::<8>(dx, dy, places),
                n if n.is_multiple_of(4) => self.spread_by::<4>(dx, dy, places),
                _ => self.spread_by::<1>(dx, dy, places),
            }
        }
    }

    /// [`Squares::largest`] for a batch, on all threads.
    pub fn largest_of_batch(&self, x: &[f32], y: &mut [f32], places: &mut [u32]) {
        let (inputs, outputs, size) = self.chunk();
        let chunks = x.par_chunks(inputs * size).zip(y.par_chunks_mut(outputs * size));
        let chunks = chunks.zip(places.par_chunks_mut(outputs * size));
        parallel::each(chunks, |((x, y), places)| self.largest(x, y, places));
    }

    /// [`Squares::spread`] for a batch, on all threads.
    pub fn spread_batch(&self, dx: &mut [f32], dy: &[f32], places: &[u32]) {
        let (inputs, outputs, size) = self.chunk();
        let chunks = dx.par_chunks_mut(inputs * size).zip(dy.par_chunks(outputs * size));
        let chunks = chunks.zip(places.par_chunks(outputs * size));
        parallel::each(chunks, |((dx, dy), places)| self.spread(dx, dy, places));
    }

    /// The mean of each square of a batch, on all threads.
    pub fn means_of_batch(&self, x: &[f32], y: &mut [f32]) {
        let (inputs, outputs, size) = self.chunk();
        let chunks = x.par_chunks(inputs * size).zip(y.par_chunks_mut(outputs * size));
        parallel::each(chunks, |(x, y)| {
            vectorized(
                #[inline(always)]
                || x.chunks_exact(inputs).zip(y.chunks_exact_mut(outputs)).for_each(|(x, y)| self.means(x, y)),
            );
        });
    }

    /// The gradient of [`Squares::means_of_batch`]: an equal share of `dy` goes to each pixel of its square.
    pub fn share_batch(&self, dx: &mut [f32], dy: &[f32]) {
        let (inputs, outputs, size) = self.chunk();
        let chunks = dx.par_chunks_mut(inputs * size).zip(dy.par_chunks(outputs * size));
        parallel::each(chunks, |(dx, dy)| {
            vectorized(
                #[inline(always)]
                || {
                    self.clear_rest(dx);
                    dx.chunks_exact_mut(inputs).zip(dy.chunks_exact(outputs)).for_each(|(dx, dy)| self.share(dx, dy));
                },
            );
        });
    }

    /// Values per input picture, values per output picture, and pictures per chunk of work.
    fn chunk(&self) -> (usize, usize, usize) {
        (self.inputs(), self.outputs(), parallel::samples_per_chunk(self.inputs()))
    }

    /// The mean of each square of one picture.
    #[inline(always)]
    fn means(&self, x: &[f32], y: &mut [f32]) {
        let channels = self.output.channels;
        let share = 1.0 / self.places() as f32;
        for (corner, y) in self.corners().zip(y.chunks_exact_mut(channels)) {
            y.fill(0.0);
            for (row, column) in (0..self.height).flat_map(|row| (0..self.width).map(move |c| (row, c))) {
                let x = &x[corner + self.offset(row, column)..][..channels];
                y.iter_mut().zip(x).for_each(|(y, x)| *y += x);
            }
            y.iter_mut().for_each(|y| *y *= share);
        }
    }

    /// The gradient of [`Squares::means`].
    #[inline(always)]
    fn share(&self, dx: &mut [f32], dy: &[f32]) {
        let channels = self.output.channels;
        let share = 1.0 / self.places() as f32;
        for (corner, dy) in self.corners().zip(dy.chunks_exact(channels)) {
            for (row, column) in (0..self.height).flat_map(|row| (0..self.width).map(move |c| (row, c))) {
                let dx = &mut dx[corner + self.offset(row, column)..][..channels];
                dx.iter_mut().zip(dy).for_each(|(dx, dy)| *dx = dy * share);
            }
        }
    }

    /// [`Squares::pool`] for one picture, `C` channels at a time.
    fn largest_of<const C: usize, const PLACES: bool>(&self, x: &[f32], y: &mut [f32], places: &mut [u32]) {
        vectorized(
            #[inline(always)]
            || match (self.height, self.width) {
                (2, 2) => self.largest_in::<C, PLACES>([2, 2], x, y, places), // compiled without a loop
                (height, width) => self.largest_in::<C, PLACES>([height, width], x, y, places),
            },
        );
    }

    /// [`Squares::largest_of`] for squares of this height and width.
    #[inline(always)]
    #[allow(clippy::excessive_nesting)] // the loops over a picture, compiled as one
    fn largest_in<const C: usize, const PLACES: bool>(
        &self,
        [height, width]: [usize; 2],
        x: &[f32],
        y: &mut [f32],
        places: &mut [u32],
    ) {
        let channels = self.output.channels;
        let mut places = places.as_chunks_mut::<C>().0.iter_mut();
        for (corner, y) in self.corners().zip(y.chunks_exact_mut(channels)) {
            for (part, y) in y.as_chunks_mut::<C>().0.iter_mut().enumerate() {
                let (mut largest, mut at) = ([f32::NEG_INFINITY; C], [0; C]);
                for row in 0..height {
                    for column in 0..width {
                        let place = (row * width + column) as u32;
                        let x = &x[corner + part * C + self.offset(row, column)..][..C];
                        for c in 0..C {
                            let larger = x[c] > largest[c] || x[c].is_nan(); // NaN must reach the loss
                            largest[c] = if larger { x[c] } else { largest[c] };
                            at[c] = if larger { place } else { at[c] };
                        }
                    }
                }
                *y = largest;
                if PLACES && let Some(places) = places.next() {
                    *places = at;
                }
            }
        }
    }

    /// [`Squares::spread`] for one picture, `C` channels at a time.
    fn spread_by<const C: usize>(&self, dx: &mut [f32], dy: &[f32], places: &[u32]) {
        vectorized(
            #[inline(always)]
            || match (self.height, self.width) {
                (2, 2) => self.spread_in::<C>([2, 2], dx, dy, places), // compiled without a loop
                (height, width) => self.spread_in::<C>([height, width], dx, dy, places),
            },
        );
    }

    /// [`Squares::spread_by`] for squares of this height and width.
    #[inline(always)]
    #[allow(clippy::excessive_nesting)] // the loops over a picture, compiled as one
    fn spread_in<const C: usize>(&self, [height, width]: [usize; 2], dx: &mut [f32], dy: &[f32], places: &[u32]) {
        let channels = self.output.channels;
        let pixels = dy.chunks_exact(channels).zip(places.chunks_exact(channels));
        for (corner, (dy, at)) in self.corners().zip(pixels) {
            let parts = dy.as_chunks::<C>().0.iter().zip(at.as_chunks::<C>().0);
            for (part, (dy, at)) in parts.enumerate() {
                for row in 0..height {
                    for column in 0..width {
                        let place = (row * width + column) as u32;
                        let mut here = [0.0; C];
                        for c in 0..C {
                            let mask = u32::from(at[c] == place).wrapping_neg(); // a branch would not be vectorised
                            here[c] = f32::from_bits(dy[c].to_bits() & mask);
                        }
                        dx[corner + part * C + self.offset(row, column)..][..C].copy_from_slice(&here);
                    }
                }
            }
        }
    }

    /// Index in the input of the first value of each square, pixel by pixel of the output.
    #[inline(always)]
    fn corners(&self) -> impl Iterator<Item = usize> {
        let (down, right) = (self.height * self.input.width * self.input.channels, self.width * self.input.channels);
        let columns = self.output.width;
        (0..self.output.height).flat_map(move |row| (0..columns).map(move |column| row * down + column * right))
    }
}
