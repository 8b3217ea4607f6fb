//! Convolution straight from the picture, for stride 1.
//!
//! Some neighbouring output pixels and one or two vectors of their channels are summed in registers, over all kernel
//! places and input channels: each step multiplies one input value of every pixel by one vector of weights. The gradient of
//! the weights is the same loop with other roles: the sums are weights, the steps are pixels. Nothing is copied but the
//! picture into a frame of zeros, and the processor multiplies all the time. Where the outputs do not fill vectors, zeros stand
//! behind their weights.

use crate::kernels::convolution::frame::Frame;
use crate::kernels::simd::tile::tile;
use crate::kernels::simd::{Loop, Vectors, dispatch, lanes};

/// A convolution of stride 1.
#[derive(Clone, Copy, Debug)]
pub struct Direct {
    /// Height, width and channels of the source.
    source: [usize; 3],
    /// Height, width and channels of the output.
    output: [usize; 3],
    kernel: usize,
    padding: usize,
    /// Output pixels that are summed at a time.
    pixels: usize,
    /// Values in a vector.
    lanes: usize,
}

/// Numbers of output pixels that are summed at a time, best first.
const PIXELS: [usize; 4] = [14, 8, 7, 4];
/// Numbers of input channels that the loops are compiled for.
const CHANNELS: [usize; 9] = [1, 3, 8, 16, 24, 32, 48, 64, 96];
/// Numbers of weights that are summed at a time, best first.
const WEIGHTS: [usize; 6] = [12, 9, 8, 5, 3, 1];

impl Direct {
    /// The convolution, where this way is open to it: with enough pixels in a row, and a number of input channels that the
    /// loops are compiled for.
    pub fn new(source: [usize; 3], output: [usize; 3], kernel: usize, padding: usize) -> Option<Self> {
        let computed = |pixels: &usize| output[1].div_ceil(*pixels) * pixels; // the last tile may overlap the one before
        let pixels = PIXELS.into_iter().filter(|&pixels| pixels <= output[1]).min_by_key(computed)?;
        let fits = CHANNELS.contains(&source[2]);
        fits.then(|| Self { source, output, kernel, padding, pixels, lanes: lanes() })
    }

    /// Number of values of the kernels with zeros behind the outputs.
    pub fn arranged(&self) -> usize {
        self.kernel * self.kernel * self.source[2] * self.outputs()
    }

    /// Puts zeros behind the outputs of the kernels `w`.
    pub fn arrange(&self, w: &[f32], arranged: &mut [f32]) {
        let outputs = self.output[2];
        for (w, arranged) in w.chunks_exact(outputs).zip(arranged.chunks_exact_mut(self.outputs())) {
            arranged[..outputs].copy_from_slice(w);
            arranged[outputs..].fill(0.0);
        }
    }

    /// Takes away what stands behind the outputs of the arranged kernels.
    pub fn restore(&self, arranged: &[f32], w: &mut [f32]) {
        let outputs = self.output[2];
        for (w, arranged) in w.chunks_exact_mut(outputs).zip(arranged.chunks_exact(self.outputs())) {
            w.copy_from_slice(&arranged[..outputs]);
        }
    }

    /// Number of scratch values.
    pub fn scratch(&self) -> usize {
        self.frame().len() + if self.fills_vectors() { 0 } else { self.wide().len() }
    }

    /// Whether the outputs fill vectors, so that arranged kernels are the kernels themselves.
    pub fn fills_vectors(&self) -> bool {
        self.outputs() == self.output[2]
    }

    /// Outputs, rounded up to whole vectors.
    fn outputs(&self) -> usize {
        self.output[2].next_multiple_of(self.lanes)
    }

    /// The picture and its frame.
    fn frame(&self) -> Frame {
        let [rows, columns] = [self.output[0], self.output[1]].map(|length| length + self.kernel - 1);
        Frame { picture: self.source, framed: [rows, columns, self.source[2]], padding: self.padding }
    }

    /// The output with zeros behind its channels.
    fn wide(&self) -> Frame {
        let [height, width, _] = self.output;
        Frame { picture: self.output, framed: [height, width, self.outputs()], padding: 0 }
    }

    /// The convolution of one picture with arranged kernels.
    pub fn convolve(self, w: &[f32], x: &[f32], y: &mut [f32], scratch: &mut [f32]) {
        assert_eq!(self.lanes, lanes(), "a network runs with the vectors that it was built for");
        let frame = &mut scratch[..self.frame().len()];
        self.frame().fill(x, frame);
        macro_rules! compiled {
            ($($channels:literal)*) => {
                match self.source[2] {
                    $($channels => dispatch(Convolve::<'_, $channels> { shape: self, w, frame, y }),)*
                    other => unreachable!("{other} channels"),
                }
            };
        }
        compiled!(1 3 8 16 24 32 48 64 96);
    }

    /// Adds the gradient of arranged kernels for one picture and the gradient `dz` of its output to `dw`.
    pub fn correlate(self, x: &[f32], dz: &[f32], dw: &mut [f32], scratch: &mut [f32]) {
        assert_eq!(self.lanes, lanes(), "a network runs with the vectors that it was built for");
        let (frame, wide) = scratch[..self.scratch()].split_at_mut(self.frame().len());
        self.frame().fill(x, frame);
        let dz = if self.fills_vectors() { dz } else { self.wide().fill(dz, wide) };
        dispatch(Correlate { shape: self, frame, dz, dw });
    }
}

/// [`Direct::convolve`] for `C` input channels.
struct Convolve<'a, const C: usize> {
    shape: Direct,
    w: &'a [f32],
    frame: &'a [f32],
    y: &'a mut [f32],
}

impl<const C: usize> Loop for Convolve<'_, C> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        let two = (self.shape.outputs() / V::LANES).is_multiple_of(2) && V::REGISTERS > 16;
        match (self.shape.pixels, two) {
            (14, true) => self.sum::<V, 14, 2>(v),
            (14, false) => self.sum::<V, 14, 1>(v),
            (8, true) => self.sum::<V, 8, 2>(v),
            (8, false) => self.sum::<V, 8, 1>(v),
            (7, true) => self.sum::<V, 7, 2>(v),
            (7, false) => self.sum::<V, 7, 1>(v),
            (_, true) => self.sum::<V, 4, 2>(v),
            (_, false) => self.sum::<V, 4, 1>(v),
        }
    }
}

impl<const C: usize> Convolve<'_, C> {
    #[inline(always)]
    #[allow(clippy::excessive_nesting)] // the loops of the formula; functions of their own would not be inlined for sure
    fn sum<V: Vectors, const P: usize, const N: usize>(self, v: V) {
        let Self { shape, w, frame, y } = self;
        let Direct { output: [_, width, channels], kernel, .. } = shape;
        let (row, vectors) = ((width + kernel - 1) * C, shape.outputs() / V::LANES);
        let w = V::split(w).0;
        for (out, y) in y.chunks_exact_mut(width * channels).enumerate() {
            for n in (0..vectors).step_by(N) {
                for x in (0..width).step_by(P) {
                    let x = x.min(width - P);
                    let mut sums = [[v.splat(0.0); N]; P];
                    for i in 0..kernel {
                        let (a, b) = (&frame[(out + i) * row + x * C..], &w[i * kernel * C * vectors + n..]);
                        sums = tile::<V, P, N, C, 1>(v, sums, (a, 1), (b, vectors), kernel * C);
                    }
                    for (y, sums) in y[x * channels..].chunks_exact_mut(channels).zip(sums) {
                        for (i, sum) in sums.into_iter().enumerate() {
                            v.store(y, (n + i) * V::LANES, sum);
                        }
                    }
                }
            }
        }
    }
}

/// [`Direct::correlate`].
struct Correlate<'a> {
    shape: Direct,
    frame: &'a [f32],
    dz: &'a [f32],
    dw: &'a mut [f32],
}

impl Loop for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        let Direct { source, kernel, .. } = self.shape;
        let two = (self.shape.outputs() / V::LANES).is_multiple_of(2) && V::REGISTERS > 16;
        match (kernel, source[2], two) {
            (3, 1, true) => return self.all::<V, 3, 3, 2>(v),
            (3, 1, false) => return self.all::<V, 3, 3, 1>(v),
            (3, 3, _) if V::REGISTERS > 16 => return self.all::<V, 3, 9, 1>(v),
            (5, 1, _) if V::REGISTERS > 16 => return self.all::<V, 5, 5, 1>(v),
            _ => {}
        }
        let weights = WEIGHTS.into_iter().find(|&n| (kernel * source[2]).is_multiple_of(n));
        match (weights, two) {
            (Some(12), true) => self.sum::<V, 12, 2>(v),
            (Some(12), false) => self.sum::<V, 12, 1>(v),
            (Some(9), true) => self.sum::<V, 9, 2>(v),
            (Some(9), false) => self.sum::<V, 9, 1>(v),
            (Some(8), true) => self.sum::<V, 8, 2>(v),
            (Some(8), false) => self.sum::<V, 8, 1>(v),
            (Some(5), true) => self.sum::<V, 5, 2>(v),
            (Some(5), false) => self.sum::<V, 5, 1>(v),
            (Some(3), true) => self.sum::<V, 3, 2>(v),
            (Some(3), false) => self.sum::<V, 3, 1>(v),
            (_, true) => self.sum::<V, 1, 2>(v),
            (_, false) => self.sum::<V, 1, 1>(v),
        }
    }
}

impl Correlate<'_> {
    /// For kernels of `I` rows of `P` weights, few enough that the sums of all of them are held at a time.
    #[inline(always)]
    #[allow(clippy::excessive_nesting)] // the loops of the formula; functions of their own would not be inlined for sure
    fn all<V: Vectors, const I: usize, const P: usize, const N: usize>(self, v: V) {
        let Self { shape, frame, dz, dw } = self;
        let ([_, width, _], inputs, vectors) = (shape.output, shape.source[2], shape.outputs() / V::LANES);
        let row = (width + shape.kernel - 1) * inputs;
        let (dz, dw) = (V::split(dz).0, V::split_mut(dw).0);
        for n in (0..vectors).step_by(N) {
            let mut sums = [[[v.splat(0.0); N]; P]; I];
            for (out, dz) in dz.chunks_exact(width * vectors).enumerate() {
                for (x, dz) in dz.chunks_exact(vectors).enumerate() {
                    for (i, sums) in sums.iter_mut().enumerate() {
                        let pixels = &frame[(out + i) * row + x * inputs..][..P];
                        *sums = tile::<V, P, N, 1, 1>(v, *sums, (pixels, P), (&dz[n..], N), 1);
                    }
                }
            }
            for (dw, sums) in dw.chunks_exact_mut(vectors).zip(sums.as_flattened()) {
                dw[n..n + N].iter_mut().zip(sums).for_each(|(dw, sum)| *dw = v.add(*dw, *sum));
            }
        }
    }

    #[inline(always)]
    fn sum<V: Vectors, const P: usize, const N: usize>(self, v: V) {
        let Self { shape, frame, dz, dw } = self;
        let Direct { source, output: [height, width, _], kernel, .. } = shape;
        let (inputs, vectors) = (source[2], shape.outputs() / V::LANES);
        let row = (width + kernel - 1) * inputs;
        let (dz, dw) = (V::split(dz).0, V::split_mut(dw).0);
        for (tiles, dw) in dw.chunks_exact_mut(P * vectors).enumerate() {
            let (i, place) = (tiles * P / (kernel * inputs), tiles * P % (kernel * inputs));
            for n in (0..vectors).step_by(N) {
                let mut sums = [[v.splat(0.0); N]; P];
                for out in 0..height {
                    let (a, b) = (&frame[(out + i) * row + place..], &dz[out * width * vectors + n..]);
                    sums = tile::<V, P, N, 1, 1>(v, sums, (a, inputs), (b, vectors), width);
                }
                for (dw, sums) in dw.chunks_exact_mut(vectors).zip(sums) {
                    dw[n..n + N].iter_mut().zip(sums).for_each(|(dw, sum)| *dw = v.add(*dw, sum));
                }
            }
        }
    }
}
