//! The size and position of a convolution's kernels, and the shape of its result.

use crate::shape::Shape;

/// The square kernels of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kernels {
    /// Number of kernels, which is the number of output channels.
    pub outputs: usize,
    /// Height and width of a kernel in pixels.
    pub size: usize,
    /// Pixels from one position of a kernel to the next.
    pub stride: usize,
    /// Pixels of zeros around the picture.
    pub padding: usize,
}

impl Kernels {
    /// The shape of a picture of shape `input` after the convolution.
    ///
    /// # Errors
    /// The reason why these kernels cannot work on `input`.
    pub fn output(self, input: Shape) -> Result<Shape, String> {
        let Self { outputs, size, stride, padding } = self;
        input.features_within_limit()?;
        if outputs == 0 || size == 0 || stride == 0 {
            return Err("outputs, kernel and stride must be at least 1".into());
        }
        if size > 2 * input.height.max(input.width) {
            return Err(format!("a kernel of {size}x{size} is more than the picture can use"));
        }
        let weights = size.checked_pow(2).and_then(|n| n.checked_mul(input.channels)?.checked_mul(outputs));
        weights.ok_or("its weights would not fit in memory")?;
        if padding >= size {
            return Err(format!("a padding of {padding} is more than a kernel of {size} can use"));
        }
        let side = |length: usize| (length + 2 * padding).checked_sub(size).map(|rest| rest / stride + 1);
        let too_small = || format!("a kernel of {size}x{size} does not fit");
        let (height, width) = side(input.height).zip(side(input.width)).ok_or_else(too_small)?;
        let output = Shape::new(height, width, outputs);
        output.features().ok_or("its output would not fit in memory")?;
        Ok(output)
    }
}
