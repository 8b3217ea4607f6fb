//! The three ways to compute a convolution of one picture or a few: by Winograd's tiles, straight from the picture, or as a matrix
//! product.

use crate::kernels::convolution::direct::Direct;
use crate::kernels::convolution::patches::Patches;
use crate::kernels::convolution::winograd::Winograd;

/// One of the ways, for one shape of picture and kernels.
pub enum Way {
    /// By tiles of 2x2 results, for kernels of 3x3 pixels.
    Winograd(Winograd),
    /// Straight from the picture; not open to every shape.
    Direct(Direct),
    /// As a matrix product with patches of the picture.
    Patches(Patches),
}

impl Way {
    /// Chooses the fastest way that the shape allows.
    pub fn new(patches: Patches) -> Self {
        let Patches { source, output, kernel, stride, dilation, padding } = patches;
        if stride > 1 || dilation > 1 {
            return Self::Patches(patches);
        }
        let padding = padding as usize;
        let winograd = Winograd::new(source, output, kernel, padding).map(Self::Winograd);
        let direct = || Direct::new(source, output, kernel, padding).map(Self::Direct);
        winograd.or_else(direct).unwrap_or(Self::Patches(patches))
    }

    /// Number of pictures that are computed at once.
    pub fn group(&self) -> usize {
        if let Self::Patches(patches) = self { patches.group() } else { 1 }
    }

    /// Number of scratch values for a group of pictures.
    pub fn scratch(&self) -> usize {
        match self {
            Self::Winograd(winograd) => winograd.scratch(),
            Self::Direct(direct) => direct.scratch(),
            Self::Patches(patches) => patches.scratch(),
        }
    }

    /// Number of values of the kernels as this way needs them, where they have `weights` values of their own.
    pub fn arranged(&self, weights: usize) -> usize {
        match self {
            Self::Winograd(winograd) => winograd.transformed(),
            Self::Direct(direct) => direct.arranged(),
            Self::Patches(_) => weights,
        }
    }

    /// Returns the kernels as this way needs them, in `scratch` where that is not as they are.
    pub fn arrange<'a>(&self, w: &'a [f32], scratch: &'a mut [f32]) -> &'a [f32] {
        let scratch = &mut scratch[..self.arranged(w.len())];
        match self {
            Self::Winograd(winograd) => winograd.transform(w, scratch),
            Self::Direct(direct) if direct.fills_vectors() => return w,
            Self::Direct(direct) => direct.arrange(w, scratch),
            Self::Patches(patches) => patches.swap(w, scratch),
        }
        scratch
    }

    /// Computes `y` of a group of pictures, without bias.
    pub fn convolve(&self, w: &[f32], x: &[f32], y: &mut [f32], scratch: &mut [f32]) {
        match self {
            Self::Winograd(winograd) => winograd.convolve(w, x, y, scratch),
            Self::Patches(patches) => patches.convolve(w, x, y, scratch),
            Self::Direct(direct) => direct.convolve(w, x, y, scratch),
        }
    }

    /// Adds the gradient of arranged kernels for a group of pictures to `dw`.
    pub fn correlate(&self, x: &[f32], dz: &[f32], dw: &mut [f32], scratch: &mut [f32]) {
        match self {
            Self::Winograd(winograd) => winograd.correlate(x, dz, dw, scratch),
            Self::Patches(patches) => patches.correlate(x, dz, dw, scratch),
            Self::Direct(direct) => direct.correlate(x, dz, dw, scratch),
        }
    }

    /// The gradient of the kernels themselves from that of arranged kernels.
    pub fn restore(&self, arranged: &[f32], dw: &mut [f32]) {
        match self {
            Self::Winograd(winograd) => winograd.restore(arranged, dw),
            Self::Direct(direct) => direct.restore(arranged, dw),
            Self::Patches(patches) => patches.swap(arranged, dw),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::simd::{Limit, limited};
    use crate::rng::Rng;

    /// A convolution with random values: its patches, kernels, pictures, and gradient of the output.
    struct Case {
        patches: Patches,
        w: Vec<f32>,
        x: Vec<f32>,
        dz: Vec<f32>,
    }

    fn case([height, width, inputs]: [usize; 3], outputs: usize, kernel: usize, padding: usize) -> Case {
        let side = |length: usize| length + 2 * padding + 1 - kernel;
        let (source, output) = ([height, width, inputs], [side(height), side(width), outputs]);
        let patches = Patches { source, output, kernel, stride: 1, dilation: 1, padding: padding as isize };
        let mut rng = Rng::new(3);
        let mut noise = |n: usize| (0..n).map(|_| rng.normal()).collect::<Vec<f32>>();
        let w = noise(kernel * kernel * inputs * outputs);
        Case { patches, w, x: noise(source.iter().product()), dz: noise(output.iter().product()) }
    }

    /// The result and the gradient of the kernels.
    fn run(way: &Way, Case { w, x, dz, .. }: &Case) -> [Vec<f32>; 2] {
        let (mut y, mut dw) = (vec![f32::NAN; dz.len()], vec![f32::NAN; w.len()]);
        let (mut scratch, mut arranged) = (vec![f32::NAN; way.scratch()], vec![f32::NAN; way.arranged(w.len())]);
        way.convolve(way.arrange(w, &mut arranged), x, &mut y, &mut scratch);
        let mut sums = vec![0.0; way.arranged(w.len())];
        way.correlate(x, dz, &mut sums, &mut scratch);
        way.restore(&sums, &mut dw);
        [y, dw]
    }

    /// The largest difference, as a share of the largest value.
    fn difference(a: &[f32], b: &[f32]) -> f32 {
        let largest = b.iter().fold(0f32, |m, v| m.max(v.abs()));
        a.iter().zip(b).map(|(a, b)| (a - b).abs() / largest).fold(0.0, |m, d| if m.is_nan() || d <= m { m } else { d })
    }

    #[test]
    fn all_ways_agree_with_all_vectors() {
        for (source, outputs, kernel, padding, expected) in [
            ([5, 14, 1], 16, 3, 1, "direct"),
            ([3, 9, 3], 48, 5, 2, "direct"),
            ([8, 8, 24], 32, 1, 0, "direct"),
            ([7, 7, 16], 32, 3, 1, "winograd"),
            ([6, 8, 32], 16, 3, 0, "winograd"),
            ([14, 14, 20], 40, 3, 1, "winograd"),
            ([9, 5, 12], 8, 3, 2, "winograd"),
            ([28, 28, 8], 80, 3, 1, "winograd"),
            ([9, 10, 8], 20, 3, 1, "winograd"), // 25 tiles: the last eight overlap those before
            ([6, 5, 3], 5, 3, 1, "direct"),
            ([28, 28, 1], 20, 3, 1, "direct"),
            ([6, 5, 5], 5, 3, 1, "patches"),
        ] {
            let case = case(source, outputs, kernel, padding);
            let reference = run(&Way::Patches(case.patches), &case);
            for limit in [Limit::Widest, Limit::Bits256, Limit::Plain] {
                let (name, results) = limited(limit, || {
                    let way = Way::new(case.patches);
                    let name = match way {
                        Way::Winograd(_) => "winograd",
                        Way::Direct(_) => "direct",
                        Way::Patches(_) => "patches",
                    };
                    (name, run(&way, &case))
                });
                assert_eq!(name, expected, "{source:?}");
                for (a, b) in results.iter().zip(&reference) {
                    assert!(difference(a, b) <= 3e-6, "{source:?} {outputs} {limit:?}: {}", difference(a, b));
                }
            }
        }
    }

    /// The formula in double precision.
    fn exact(case: &Case) -> Vec<f32> {
        let Patches { source: [height, width, inputs], output: [rows, columns, outputs], kernel, padding, .. } =
            case.patches;
        let places = (0..rows).flat_map(|y| (0..columns).map(move |x| (y, x)));
        let sum = |y: usize, x: usize, o: usize| {
            let mut sum = 0.0;
            for (i, j) in (0..kernel).flat_map(|i| (0..kernel).map(move |j| (i, j))) {
                let (row, column) = ((y + i).wrapping_sub(padding as usize), (x + j).wrapping_sub(padding as usize));
                if row < height && column < width {
                    let w = &case.w[(i * kernel + j) * inputs * outputs..];
                    let x = &case.x[(row * width + column) * inputs..];
                    sum += (0..inputs).map(|c| f64::from(w[c * outputs + o]) * f64::from(x[c])).sum::<f64>();
                }
            }
            sum as f32
        };
        places.flat_map(|(y, x)| (0..outputs).map(move |o| (y, x, o))).map(|(y, x, o)| sum(y, x, o)).collect()
    }

    #[test]
    fn rounding_is_harmless() {
        let case = case([14, 14, 48], 80, 3, 1);
        let [plain, winograd] = [Way::Patches(case.patches), Way::new(case.patches)].map(|way| {
            let [y, _] = run(&way, &case);
            difference(&y, &exact(&case))
        });
        assert!(winograd < 3.0 * plain && winograd < 2e-6, "{winograd:e}, and {plain:e} as the formula stands");
    }
}
