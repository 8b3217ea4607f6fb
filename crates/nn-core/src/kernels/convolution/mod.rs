//! How a convolution is computed: the fastest way that is open to its shape.

mod direct;
pub(crate) mod patches;

use self::direct::Direct;
use self::patches::Patches;

/// How a convolution is computed.
pub(crate) enum Way {
    Direct(Direct),
    Patches(Patches),
}

impl Way {
    /// The fastest way.
    pub fn new(patches: Patches) -> Self {
        let Patches { source, output, kernel, stride, dilation, padding } = patches;
        let direct = Direct::new(source, output, kernel, padding as usize).filter(|_| stride == 1 && dilation == 1);
        direct.map_or(Self::Patches(patches), Self::Direct)
    }

    /// Pictures that go through at once.
    pub fn group(&self) -> usize {
        if let Self::Patches(patches) = self { patches.group() } else { 1 }
    }

    /// Values of scratch for a group.
    pub fn scratch(&self) -> usize {
        match self {
            Self::Direct(direct) => direct.frame_len(),
            Self::Patches(patches) => patches.scratch(),
        }
    }

    /// Kernels as this way wants them, in `room` where they are not as they are.
    pub fn arrange<'a>(&self, w: &'a [f32], room: &'a mut [f32]) -> &'a [f32] {
        let Self::Patches(patches) = self else { return w };
        patches.swap(w, room);
        room
    }

    /// `y` of a group of pictures, without bias.
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
}
