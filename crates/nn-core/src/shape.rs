//! The size of one sample as it travels through a network.

use std::fmt;

/// The largest number of values per sample anywhere in a network: 64 times a photograph of 1024x1024. A few bytes in a
/// file could ask for any number.
const MOST_FEATURES: usize = 1 << 26;

/// Height, width and channels of one sample.
///
/// Values lie channels last: the value of `channel` at (`row`, `column`) has index
/// `(row * width + column) * channels + channel`. A plain vector of n values is `1 x 1 x n`, so that flattening a picture
/// into a vector moves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Shape {
    /// Rows of pixels.
    pub height: usize,
    /// Columns of pixels.
    pub width: usize,
    /// Values per pixel: 1 for grey, 3 for colour, any number between layers.
    pub channels: usize,
}

impl Shape {
    /// A picture of `height` x `width` pixels of `channels` values each.
    pub fn new(height: usize, width: usize, channels: usize) -> Self {
        Self { height, width, channels }
    }

    /// A plain vector of `n` values.
    pub fn flat(n: usize) -> Self {
        Self::new(1, 1, n)
    }

    /// Returns the number of values, `height * width * channels`; `None` where it is zero or overflows.
    pub fn features(self) -> Option<usize> {
        self.height.checked_mul(self.width)?.checked_mul(self.channels).filter(|&n| n > 0)
    }

    /// [`Shape::features`], or the reason why a layer cannot take a sample of this shape.
    pub(crate) fn features_within_limit(self) -> Result<usize, String> {
        let features = self.features().filter(|&n| n <= MOST_FEATURES);
        features.ok_or_else(|| format!("an input needs at least one value, and at most {MOST_FEATURES}"))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.height == 1 && self.width == 1 {
            write!(f, "{}", self.channels)
        } else {
            write!(f, "{}x{}x{}", self.height, self.width, self.channels)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_prints() {
        assert_eq!(Shape::new(28, 28, 3).features(), Some(2352));
        assert_eq!(Shape::flat(0).features(), None);
        assert_eq!(Shape::new(usize::MAX, 2, 1).features(), None);
        assert_eq!(Shape::new(28, 28, 1).to_string(), "28x28x1");
        assert_eq!(Shape::flat(10).to_string(), "10");
    }
}
