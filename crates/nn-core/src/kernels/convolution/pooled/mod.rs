//! The way back through a convolution behind which a max pooling runs.
//!
//! A max pooling passes one value of each square on and forgets the others, so only that value has a gradient: in squares of 2x2
//! pixels, three quarters of the convolution's gradient are zeros. Here they are never written nor multiplied. With `p` for the place
//! of the largest value in a square and `d` for its gradient, square by square and output by output:
//!
//! ```text
//! dW[i, j, c, o] += d X[p + (i, j), c]        dX[p + (i, j), c] += d W[i, j, c, o]
//! ```
//!
//! Squares of 2x2 need 4 times fewer multiplications than the formula for all pixels does, 1.8 times fewer than [Winograd's
//! tiles](super::winograd). As `p` differs from output to output, the vectors hold input channels: the values under a row
//! of a kernel lie side by side in the picture.

mod convolve;
mod correlate;

use self::convolve::Convolve;
use self::correlate::Correlate;
use crate::kernels::convolution::frame::Frame;
use crate::kernels::convolution::kernels::Kernels;
use crate::kernels::pooling::Squares;
use crate::kernels::simd::{dispatch, lanes};
use crate::shape::Shape;

/// Fewest multiplications of the formula for each value of the pooling's output. With fewer the formula for all pixels is faster.
const PRODUCTS: usize = 100;
/// The largest number of places in a square.
const PLACES: usize = 64;

/// A convolution of stride 1 and the pooling behind it.
pub struct Pooled {
    /// The picture in its frame. Channels fill vectors, except where they are very few.
    frame: Frame,
    squares: Squares,
    kernel: usize,
    /// Number of outputs.
    outputs: usize,
    /// Distance of each place of a square from the first, in values of the frame.
    offsets: Vec<usize>,
    /// Values in a vector.
    lanes: usize,
}

/// The gradients of a picture's results, and where they belong.
#[derive(Clone, Copy)]
pub struct Gradient<'a> {
    /// The gradients of the pooled values.
    pub dy: &'a [f32],
    /// The place of each in its square, counted row by row.
    pub places: &'a [u32],
}

impl Pooled {
    /// The way back of a convolution of pictures of shape `input`, where it is faster than the formula for all
    /// pixels: with kernels of 3x3 or 5x5 pixels and enough channels or large squares.
    pub fn new(input: Shape, kernels: Kernels, squares: Squares) -> Option<Self> {
        let Kernels { size: kernel, stride, padding, outputs } = kernels;
        let (lanes, channels) = (lanes(), input.channels);
        let each = squares.height * squares.width;
        let usual = stride == 1 && matches!(kernel, 3 | 5) && (2..=PLACES).contains(&each);
        if !usual || each * kernel * kernel * channels < PRODUCTS {
            return None;
        }
        let padded = if channels < lanes / 2 { channels } else { channels.next_multiple_of(lanes) };
        let [rows, columns] = [squares.input.height, squares.input.width].map(|length| length + kernel - 1);
        let frame = Frame { picture: [input.height, input.width, channels], framed: [rows, columns, padded], padding };
        let offset = |place: usize| (place / squares.width * columns + place % squares.width) * padded;
        let offsets = (0..each).map(offset).collect();
        Some(Self { frame, squares, kernel, outputs, offsets, lanes })
    }

    /// Where a square begins in the frame.
    #[inline(always)]
    fn corner(&self, square: usize) -> usize {
        let Squares { output, height, width, .. } = self.squares;
        let [_, columns, padded] = self.frame.framed;
        (square / output.width * height * columns + square % output.width * width) * padded
    }

    /// Values of a row of a kernel, rounded up to whole vectors.
    fn row(&self) -> usize {
        (self.kernel * self.frame.framed[2]).next_multiple_of(self.lanes)
    }

    /// Number of values of arranged kernels: outputs x kernel rows x (kernel columns x inputs), with zeros behind each row.
    pub fn arranged(&self) -> usize {
        self.outputs * self.kernel * self.row()
    }

    /// Number of scratch values: a frame, and room for a vector that begins with its last value.
    pub fn scratch(&self) -> usize {
        self.frame.len() + self.lanes
    }

    /// Arranges the kernels `w`, in the order row, column, input, output.
    pub fn arrange<'a>(&self, w: &[f32], arranged: &'a mut [f32]) -> &'a [f32] {
        let arranged = &mut arranged[..self.arranged()];
        arranged.fill(0.0);
        self.weights(|at, place| arranged[place] = w[at]);
        arranged
    }

    /// The gradient of the kernels from that of the arranged kernels.
    pub fn restore(&self, arranged: &[f32], dw: &mut [f32]) {
        self.weights(|at, place| dw[at] = arranged[place]);
    }

    /// Calls `each` with the positions of every weight in the kernels and in the arranged ones.
    fn weights(&self, mut each: impl FnMut(usize, usize)) {
        let (channels, padded) = (self.frame.picture[2], self.frame.framed[2]);
        for pixel in 0..self.kernel * self.kernel {
            let (row, column) = (pixel / self.kernel, pixel % self.kernel);
            for c in 0..channels {
                for o in 0..self.outputs {
                    let place = (o * self.kernel + row) * self.row() + column * padded + c;
                    each((pixel * channels + c) * self.outputs + o, place);
                }
            }
        }
    }

    /// Adds the gradient of the arranged kernels for one picture to `dw`.
    pub fn correlate(&self, x: &[f32], from: Gradient<'_>, dw: &mut [f32], scratch: &mut [f32]) {
        assert_eq!(self.lanes, lanes(), "a network runs with the vectors that it was built for");
        let frame = &mut scratch[..self.scratch()];
        let (picture, behind) = frame.split_at_mut(self.frame.len());
        self.frame.fill(x, picture);
        behind.fill(0.0);
        dispatch(Correlate { shape: self, frame, from, dw });
    }

    /// Writes the gradient of one picture, by the arranged kernels `w`.
    pub fn convolve(&self, w: &[f32], from: Gradient<'_>, dx: &mut [f32], scratch: &mut [f32]) {
        assert_eq!(self.lanes, lanes(), "a network runs with the vectors that it was built for");
        let frame = &mut scratch[..self.scratch()];
        frame.fill(0.0);
        dispatch(Convolve { shape: self, w, from, frame });
        self.frame.take(frame, dx);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::simd::{Limit, limited};
    use crate::rng::Rng;

    /// A convolution and a pooling with random values.
    struct Case {
        input: Shape,
        kernels: Kernels,
        squares: Squares,
        w: Vec<f32>,
        x: Vec<f32>,
        dy: Vec<f32>,
        places: Vec<u32>,
    }

    fn case(input: Shape, kernels: Kernels, [height, width]: [usize; 2]) -> Case {
        let squares = Squares::new(kernels.output(input).unwrap(), height, width).unwrap();
        let mut rng = Rng::new(5);
        let mut noise = |n: usize| (0..n).map(|_| rng.normal()).collect::<Vec<f32>>();
        let w = noise(kernels.size.pow(2) * input.channels * kernels.outputs);
        let (x, mut dy) = (noise(input.features().unwrap()), noise(squares.outputs()));
        dy.iter_mut().filter(|dy| **dy > 0.5).for_each(|dy| *dy = 0.0); // as behind an activation
        let places = (0..dy.len()).map(|_| (rng.next_u64() % (height * width) as u64) as u32).collect();
        Case { input, kernels, squares, w, x, dy, places }
    }

    /// The gradients of kernels and picture by the formula, in double precision.
    fn formula(case: &Case) -> [Vec<f32>; 2] {
        let Case { input, kernels: Kernels { outputs, size, padding, .. }, squares, w, x, dy, places } = case;
        let (mut dw, mut dx) = (vec![0.0; w.len()], vec![0.0; x.len()]);
        for (n, (dy, place)) in dy.iter().zip(places).enumerate() {
            let (square, o, place) = (n / outputs, n % outputs, *place as usize);
            let row = square / squares.output.width * squares.height + place / squares.width;
            let column = square % squares.output.width * squares.width + place % squares.width;
            for (i, j) in (0..*size).flat_map(|i| (0..*size).map(move |j| (i, j))) {
                let (y, z) = ((row + i).wrapping_sub(*padding), (column + j).wrapping_sub(*padding));
                for c in (0..input.channels).filter(|_| y < input.height && z < input.width) {
                    let (at, from) = (
                        ((i * size + j) * input.channels + c) * outputs + o,
                        (y * input.width + z) * input.channels + c,
                    );
                    dw[at] += f64::from(*dy) * f64::from(x[from]);
                    dx[from] += f64::from(*dy) * f64::from(w[at]);
                }
            }
        }
        [dw, dx].map(|values| values.into_iter().map(|value| value as f32).collect())
    }

    /// The gradients of kernels and picture.
    fn back(case: &Case) -> Option<[Vec<f32>; 2]> {
        let pooled = Pooled::new(case.input, case.kernels, case.squares)?;
        let (mut dw, mut dx) = (vec![f32::NAN; case.w.len()], vec![f32::NAN; case.x.len()]);
        let (mut scratch, mut arranged) = (vec![f32::NAN; pooled.scratch()], vec![f32::NAN; pooled.arranged()]);
        let mut sums = vec![0.0; pooled.arranged()];
        let from = Gradient { dy: &case.dy, places: &case.places };
        pooled.correlate(&case.x, from, &mut sums, &mut scratch);
        pooled.restore(&sums, &mut dw);
        pooled.convolve(pooled.arrange(&case.w, &mut arranged), from, &mut dx, &mut scratch);
        Some([dw, dx])
    }

    #[test]
    fn equals_the_formula_with_all_vectors() {
        for (shape, kernel, outputs, padding, square) in [
            ([14, 14, 16], 3, 32, 1, [2, 2]),
            ([9, 11, 40], 3, 48, 1, [2, 2]), // pixels that belong to no square, and vectors that are not full
            ([24, 24, 8], 3, 5, 0, [2, 2]),  // more squares than are looked through at a time
            ([8, 8, 20], 5, 70, 2, [2, 3]),
            ([28, 28, 1], 5, 16, 0, [4, 4]),
            ([7, 6, 3], 3, 33, 2, [3, 3]),
        ] {
            let kernels = Kernels { outputs, size: kernel, stride: 1, padding };
            let case = case(Shape::new(shape[0], shape[1], shape[2]), kernels, square);
            let exact = formula(&case);
            for limit in [Limit::Widest, Limit::Bits256, Limit::Plain] {
                let found = limited(limit, || back(&case)).expect("many multiplications");
                for (found, exact) in found.iter().zip(&exact) {
                    let largest = exact.iter().fold(0f32, |m, v| m.max(v.abs()));
                    let near = |(a, b): (&f32, &f32)| (a - b).abs() <= 2e-6 * largest;
                    assert!(found.iter().zip(exact).all(near), "{shape:?} {kernel} {limit:?}");
                }
            }
        }
    }

    #[test]
    fn is_for_many_multiplications_per_value() {
        let has = |channels, size, stride, square| {
            let (input, kernels) = (Shape::new(12, 12, channels), Kernels { outputs: 4, size, stride, padding: 1 });
            back(&case(input, kernels, [square; 2])).is_some()
        };
        assert!(has(8, 3, 1, 2) && has(3, 3, 1, 2) && has(1, 5, 1, 3));
        assert!(!has(1, 3, 1, 2) && !has(64, 3, 1, 1));
        assert!(!has(8, 3, 1, 9), "a table of places stays small");
        assert!(!has(8, 3, 2, 2) && !has(64, 4, 1, 2), "other strides and kernels go the other way");
    }
}
