//! The layout of pictures in an array, as its shape tells.

use crate::size::Size;

/// How the values of a picture lie.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    /// The number of pictures.
    pub count: usize,
    /// The size of each.
    pub size: Size,
    /// True if a channel is whole before the next begins.
    channels_first: bool,
    /// True if only the number of the values tells the size.
    pub flat: bool,
}

impl Layout {
    /// The layout that a shape tells; `None` if it is none of pictures.
    pub(crate) fn of(shape: &[usize]) -> Option<Self> {
        let (count, size, channels_first) = match *shape {
            [count, height, width] => (count, Size::new(height, width, 1), false),
            [count, height, width, channels @ (1 | 3)] => (count, Size::new(height, width, channels), false),
            [count, channels @ (1 | 3), height, width] => (count, Size::new(height, width, channels), true),
            [count, values] => (count, Size::square(values)?, false),
            _ => return None,
        };
        let flat = shape.len() == 2;
        (count > 0 && size.features() > 0).then_some(Self { count, size, channels_first, flat })
    }

    /// Where value `i` of a picture belongs.
    pub(crate) fn place(&self, i: usize) -> usize {
        let Size { height, width, channels } = self.size;
        if self.channels_first { i % (height * width) * channels + i / (height * width) } else { i }
    }
}
