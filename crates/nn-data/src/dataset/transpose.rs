//! Swapping rows and columns.

use crate::dataset::Dataset;
use crate::size::Size;

impl Dataset {
    /// The same pictures with rows and columns swapped, as EMNIST's files need it.
    pub fn transposed(mut self) -> Self {
        let Size { height, width, channels } = self.size;
        let mut swapped = vec![0; self.features()];
        for image in self.pixels.chunks_exact_mut(swapped.len()) {
            for (i, pixel) in image.chunks_exact(channels).enumerate() {
                let (y, x) = (i / width, i % width);
                swapped[(x * height + y) * channels..][..channels].copy_from_slice(pixel);
            }
            image.copy_from_slice(&swapped);
        }
        self.size = Size::new(width, height, channels);
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rows_become_columns() {
        let upright = Dataset::from_names(Size::new(3, 2, 1), (0..12).collect(), &["7", "1"], vec![]).unwrap();
        let lying = upright.clone().transposed();
        assert_eq!((lying.size(), lying.image(0)), (Size::new(2, 3, 1), &[0, 2, 4, 1, 3, 5][..]));
        assert_eq!(lying.transposed(), upright);
        let colour = Dataset::from_names(Size::new(1, 2, 3), (0..6).collect(), &["7"], vec![]).unwrap();
        assert_eq!(colour.clone().transposed().pixels(), colour.pixels());
    }
}
