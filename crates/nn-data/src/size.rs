//! The size of a picture.

use std::fmt;

/// Height, width and channels (1 = grey, 3 = colour) of a picture whose values lie channels last, row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Size {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Values per pixel.
    pub channels: usize,
}

impl Size {
    /// A size; nothing is checked.
    pub const fn new(height: usize, width: usize, channels: usize) -> Self {
        Self { height, width, channels }
    }

    /// The size of a square picture, grey or colour, with this number of values.
    pub fn square(values: usize) -> Option<Self> {
        [1, 3].into_iter().find_map(|channels| {
            let side = (values / channels).isqrt();
            (values > 0 && side * side * channels == values).then(|| Self::new(side, side, channels))
        })
    }

    /// Values in one picture: height x width x channels.
    pub const fn features(&self) -> usize {
        self.height * self.width * self.channels
    }
}

/// Width x height, as `--size` takes it, then the kind.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.channels {
            1 => "grey",
            3 => "colour",
            n => return write!(f, "{}x{} with {n} channels", self.width, self.height),
        };
        write!(f, "{}x{} {kind}", self.width, self.height)
    }
}
