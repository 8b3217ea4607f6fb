//! The two ways to compute a convolution of one picture or a few: straight from the picture, or as a matrix product.

use crate::kernels::convolution::direct::Direct;
use crate::kernels::convolution::patches::Patches;

/// One of the two ways, for one shape of picture and kernels.
pub enum Way {
    /// Straight from the picture; not open to every shape.
    Direct(Direct),
    /// As a matrix product with patches of the picture.
    Patches(Patches),
}

impl Way {
    /// Chooses the fastest way that the shape allows.
    pub fn new(patches: Patches) -> Self {
        let Patches { source, output, kernel, stride, dilation, padding } = patches;
        let direct = Direct::new(source, output, kernel, padding as usize).filter(|_| stride == 1 && dilation == 1);
        direct.map_or(Self::Patches(patches), Self::Direct)
    }

    /// Number of pictures that are computed at once.
    pub fn group(&self) -> usize {
        if let Self::Patches(patches) = self { patches.group() } else { 1 }
    }

    /// Number of scratch values for a group of pictures.
    pub fn scratch(&self) -> usize {
        match self {
            Self::Direct(direct) => direct.frame_len(),
            Self::Patches(patches) => patches.scratch(),
        }
    }

    /// Returns the kernels in the order that this way needs, written to `scratch` where that differs from their own.
    pub fn arrange<'a>(&self, w: &'a [f32], scratch: &'a mut [f32]) -> &'a [f32] {
        let Self::Patches(patches) = self else { return w };
        patches.swap(w, scratch);
        scratch
    }

    /// Computes `y` of a group of pictures, without bias.
    pub fn convolve(&self, w: &[f32], x: &[f32], y: &mut [f32], scratch: &mut [f32]) {
        match self {
            Self::Patches(patches) => patches.convolve(w, x, y, scratch),
            Self::Direct(direct) => {
                let frame = &mut scratch[..direct.frame_len()];
                direct.frame(x, frame);
                direct.convolve(w, frame, y);
            }
        }
    }

    /// Adds the gradient of arranged kernels for a group of pictures to `dw`.
    pub fn correlate(&self, x: &[f32], dz: &[f32], dw: &mut [f32], scratch: &mut [f32]) {
        match self {
            Self::Patches(patches) => patches.correlate(x, dz, dw, scratch),
            Self::Direct(direct) => {
                let frame = &mut scratch[..direct.frame_len()];
                direct.frame(x, frame);
                direct.correlate(frame, dz, dw);
            }
        }
    }

    /// Brings the gradient of arranged kernels back into the order of the kernels themselves.
    pub fn restore(&self, dw: &mut [f32], scratch: &mut [f32]) {
        if let Self::Patches(patches) = self {
            scratch.copy_from_slice(dw);
            patches.swap(scratch, dw);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn both_ways_agree() {
        for (height, width, inputs, outputs, kernel, padding) in [
            (5, 14, 1, 16, 3, 1),
            (3, 9, 3, 48, 5, 2),
            (7, 7, 16, 32, 3, 1),
            (4, 6, 32, 16, 3, 0),
            (8, 8, 24, 32, 1, 0),
        ] {
            let side = |length: usize| length + 2 * padding + 1 - kernel;
            let (source, output) = ([height, width, inputs], [side(height), side(width), outputs]);
            let patches = Patches { source, output, kernel, stride: 1, dilation: 1, padding: padding as isize };
            let direct = Way::new(patches);
            let mut rng = Rng::new(3);
            let mut noise = |n: usize| (0..n).map(|_| rng.normal()).collect::<Vec<f32>>();
            let w = noise(kernel * kernel * inputs * outputs);
            let (x, dz) = (noise(source.iter().product()), noise(output.iter().product()));
            let run = |way: &Way| {
                let (mut y, mut dw) = (vec![f32::NAN; dz.len()], vec![0.0; w.len()]);
                let (mut scratch, mut arranged) = (vec![f32::NAN; way.scratch()], vec![f32::NAN; w.len()]);
                way.convolve(way.arrange(&w, &mut arranged), &x, &mut y, &mut scratch);
                way.correlate(&x, &dz, &mut dw, &mut scratch);
                way.restore(&mut dw, &mut arranged);
                [y, dw]
            };
            for (a, b) in run(&direct).iter().zip(run(&Way::Patches(patches))) {
                let largest = b.iter().fold(0f32, |m, v| m.max(v.abs()));
                assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-5 * largest));
            }
        }
    }
}
