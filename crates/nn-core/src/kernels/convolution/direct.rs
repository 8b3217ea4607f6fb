//! Convolution straight from the picture, for stride 1 and channels that fill vectors.
//!
//! Some neighbouring output pixels and one or two vectors of their channels are summed in registers, over all kernel
//! places and input channels: each step multiplies one input value of every pixel by one vector of weights. The gradient of
//! the weights is the same loop with other roles: the sums are weights, the steps are pixels. Nothing is copied but the
//! picture into a frame of zeros, and the processor multiplies all the time.

use pulp::{Arch, Simd, WithSimd};

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
}

/// Numbers of output pixels that are summed at a time, best first.
const PIXELS: [usize; 4] = [14, 8, 7, 4];
/// Numbers of input channels that the loops are compiled for.
const CHANNELS: [usize; 9] = [1, 3, 8, 16, 24, 32, 48, 64, 96];
/// Numbers of weights that are summed at a time, best first.
const WEIGHTS: [usize; 6] = [12, 9, 8, 5, 3, 1];

impl Direct {
    /// The convolution, where this way is open to it: with enough pixels in a row, and channels that fill vectors.
    pub fn new(source: [usize; 3], output: [usize; 3], kernel: usize, padding: usize) -> Option<Self> {
        struct Lanes;
        impl WithSimd for Lanes {
            type Output = usize;
            fn with_simd<S: Simd>(self, _: S) -> usize {
                S::F32_LANES
            }
        }
        let lanes = Arch::new().dispatch(Lanes);
        let fits = lanes > 1 && output[2].is_multiple_of(lanes) && CHANNELS.contains(&source[2]);
        let computed = |pixels: &usize| output[1].div_ceil(*pixels) * pixels; // the last tile may overlap the one before
        let pixels = PIXELS.into_iter().filter(|&pixels| pixels <= output[1]).min_by_key(computed)?;
        fits.then_some(Self { source, output, kernel, padding, pixels })
    }

    /// Values of a picture in its frame of zeros.
    pub fn frame_len(&self) -> usize {
        (self.output[0] + self.kernel - 1) * self.frame_row()
    }

    fn frame_row(&self) -> usize {
        (self.output[1] + self.kernel - 1) * self.source[2]
    }

    /// Puts one picture into a frame of zeros.
    pub fn frame(&self, x: &[f32], frame: &mut [f32]) {
        let [height, width, channels] = self.source;
        let (left, line) = (self.padding * channels, width * channels);
        for (y, row) in frame.chunks_exact_mut(self.frame_row()).enumerate() {
            match y.checked_sub(self.padding).filter(|&y| y < height) {
                None => row.fill(0.0),
                Some(y) => {
                    row[..left].fill(0.0);
                    row[left..left + line].copy_from_slice(&x[y * line..][..line]);
                    row[left + line..].fill(0.0);
                }
            }
        }
    }

    /// The convolution of one picture in its frame with the kernels `w`, in the order row, column, input, output.
    pub fn convolve(self, w: &[f32], frame: &[f32], y: &mut [f32]) {
        macro_rules! compiled {
            ($($channels:literal)*) => {
                match self.source[2] {
                    $($channels => Arch::new().dispatch(Convolve::<'_, $channels> { shape: self, w, frame, y }),)*
                    other => unreachable!("{other} channels"),
                }
            };
        }
        compiled!(1 3 8 16 24 32 48 64 96);
    }

    /// Adds the gradient of the kernels for one picture in its frame and the gradient `dz` of its output to `dw`.
    pub fn correlate(self, frame: &[f32], dz: &[f32], dw: &mut [f32]) {
        Arch::new().dispatch(Correlate { shape: self, frame, dz, dw });
    }
}

/// The sums of products `a b` over `n` steps, added to `sums`: `a` holds one value for each of `P` sums, `STEP` values
/// apart, `b` one vector for each of `V`; a step later both lie `a_next` values and `b_next` vectors further.
#[inline(always)]
fn tile<S: Simd, const P: usize, const V: usize, const STEP: usize>(
    simd: S,
    mut sums: [[S::f32s; V]; P],
    (a, a_next): (&[f32], usize),
    (b, b_next): (&[S::f32s], usize),
    n: usize,
) -> [[S::f32s; V]; P] {
    for k in 0..n {
        let a = &a[k * a_next..][..(P - 1) * STEP + 1];
        let b = &b[k * b_next..][..V];
        for p in 0..P {
            let value = simd.splat_f32s(a[p * STEP]);
            for v in 0..V {
                sums[p][v] = simd.mul_add_f32s(value, b[v], sums[p][v]);
            }
        }
    }
    sums
}

/// [`Direct::convolve`] for `C` input channels.
struct Convolve<'a, const C: usize> {
    shape: Direct,
    w: &'a [f32],
    frame: &'a [f32],
    y: &'a mut [f32],
}

impl<const C: usize> WithSimd for Convolve<'_, C> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let two = (self.shape.output[2] / S::F32_LANES).is_multiple_of(2);
        match (self.shape.pixels, two) {
            (14, true) => self.run::<S, 14, 2>(simd),
            (14, false) => self.run::<S, 14, 1>(simd),
            (8, true) => self.run::<S, 8, 2>(simd),
            (8, false) => self.run::<S, 8, 1>(simd),
            (7, true) => self.run::<S, 7, 2>(simd),
            (7, false) => self.run::<S, 7, 1>(simd),
            (_, true) => self.run::<S, 4, 2>(simd),
            (_, false) => self.run::<S, 4, 1>(simd),
        }
    }
}

impl<const C: usize> Convolve<'_, C> {
    #[inline(always)]
    #[allow(clippy::excessive_nesting)] // the loops of the formula; functions of their own would not be inlined for sure
    fn run<S: Simd, const P: usize, const V: usize>(self, simd: S) {
        let Self { shape: Direct { output: [height, width, channels], kernel, .. }, w, frame, y } = self;
        let (row, vectors) = ((width + kernel - 1) * C, channels / S::F32_LANES);
        let (w, y) = (S::as_simd_f32s(w).0, S::as_mut_simd_f32s(y).0);
        for (out, y) in y.chunks_exact_mut(width * vectors).enumerate().take(height) {
            for v in (0..vectors).step_by(V) {
                for x in (0..width).step_by(P) {
                    let x = x.min(width - P);
                    let mut sums = [[simd.splat_f32s(0.0); V]; P];
                    for i in 0..kernel {
                        let (a, b) = (&frame[(out + i) * row + x * C..], &w[i * kernel * C * vectors + v..]);
                        sums = tile::<S, P, V, C>(simd, sums, (a, 1), (b, vectors), kernel * C);
                    }
                    for (y, sums) in y[x * vectors..].chunks_exact_mut(vectors).zip(sums) {
                        y[v..v + V].copy_from_slice(&sums);
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

impl WithSimd for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Direct { source, output, kernel, .. } = self.shape;
        let two = (output[2] / S::F32_LANES).is_multiple_of(2);
        let weights = WEIGHTS.into_iter().find(|&n| (kernel * source[2]).is_multiple_of(n));
        match (weights, two) {
            (Some(12), true) => self.run::<S, 12, 2>(simd),
            (Some(12), false) => self.run::<S, 12, 1>(simd),
            (Some(9), true) => self.run::<S, 9, 2>(simd),
            (Some(9), false) => self.run::<S, 9, 1>(simd),
            (Some(8), true) => self.run::<S, 8, 2>(simd),
            (Some(8), false) => self.run::<S, 8, 1>(simd),
            (Some(5), true) => self.run::<S, 5, 2>(simd),
            (Some(5), false) => self.run::<S, 5, 1>(simd),
            (Some(3), true) => self.run::<S, 3, 2>(simd),
            (Some(3), false) => self.run::<S, 3, 1>(simd),
            (_, true) => self.run::<S, 1, 2>(simd),
            (_, false) => self.run::<S, 1, 1>(simd),
        }
    }
}

impl Correlate<'_> {
    #[inline(always)]
    fn run<S: Simd, const P: usize, const V: usize>(self, simd: S) {
        let Self { shape: Direct { source, output: [height, width, channels], kernel, .. }, frame, dz, dw } = self;
        let (inputs, vectors) = (source[2], channels / S::F32_LANES);
        let row = (width + kernel - 1) * inputs;
        let (dz, dw) = (S::as_simd_f32s(dz).0, S::as_mut_simd_f32s(dw).0);
        for (tiles, dw) in dw.chunks_exact_mut(P * vectors).enumerate() {
            let (i, place) = (tiles * P / (kernel * inputs), tiles * P % (kernel * inputs));
            for v in (0..vectors).step_by(V) {
                let mut sums = [[simd.splat_f32s(0.0); V]; P];
                for out in 0..height {
                    let (a, b) = (&frame[(out + i) * row + place..], &dz[out * width * vectors + v..]);
                    sums = tile::<S, P, V, 1>(simd, sums, (a, inputs), (b, vectors), width);
                }
                for (dw, sums) in dw.chunks_exact_mut(vectors).zip(sums) {
                    dw[v..v + V].iter_mut().zip(sums).for_each(|(dw, sum)| *dw = simd.add_f32s(*dw, sum));
                }
            }
        }
    }
}
