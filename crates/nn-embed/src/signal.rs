//! A sample on its way through the layers.

use crate::error::Error;
use alloc::vec;
use alloc::vec::Vec;
use core::str::FromStr;

/// The size of a sample; a plain vector has height and width 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Values per pixel.
    pub channels: usize,
}

impl Extent {
    /// A plain vector.
    pub fn flat(channels: usize) -> Self {
        Self { height: 1, width: 1, channels }
    }

    /// The number of values.
    pub fn len(self) -> usize {
        self.height * self.width * self.channels
    }

    /// Returns the shape if it has values, and if they can be counted.
    pub fn checked(self) -> Option<Self> {
        let values = self.height.checked_mul(self.width)?.checked_mul(self.channels)?;
        (values > 0 && values < isize::MAX as usize / 4).then_some(self)
    }
}

/// Reads `28x28x1`, or `784` for a plain vector.
impl FromStr for Extent {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut sizes = text.trim().split('x').map(|size| size.parse::<usize>().ok());
        let shape = match [sizes.next(), sizes.next(), sizes.next(), sizes.next()] {
            [Some(height), Some(width), Some(channels), None] => {
                height.zip(width).zip(channels).map(|((height, width), channels)| Self { height, width, channels })
            }
            [Some(channels), None, None, None] => channels.map(Self::flat),
            _ => None,
        };
        shape.and_then(Self::checked).ok_or(Error::Format("the size of the input cannot be read"))
    }
}

/// The values of a sample, channel by channel: a channel's rows, one after the other.
pub struct Signal {
    /// Its size.
    pub shape: Extent,
    /// Its values.
    pub values: Vec<f32>,
}

impl Signal {
    /// A sample of zeros.
    pub fn zeros(shape: Extent) -> Self {
        Self { shape, values: vec![0.0; shape.len()] }
    }

    /// Takes values that lie row by row, the channels of a pixel beside each other.
    pub fn from_pixels(shape: Extent, pixels: &[f32]) -> Self {
        let area = shape.height * shape.width;
        let at = |i: usize| pixels[i % area * shape.channels + i / area];
        Self { shape, values: (0..shape.len()).map(at).collect() }
    }

    /// Returns the values row by row, the channels of a pixel beside each other.
    pub fn into_pixels(self) -> Vec<f32> {
        let (area, channels) = (self.shape.height * self.shape.width, self.shape.channels);
        (0..self.values.len()).map(|i| self.values[i % channels * area + i / channels]).collect()
    }

    /// Returns each channel's values.
    pub fn channels(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact((self.shape.height * self.shape.width).max(1))
    }
}
