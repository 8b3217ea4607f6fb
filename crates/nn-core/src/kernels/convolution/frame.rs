//! A picture in a frame of zeros, so that a kernel finds a value at every place.

use crate::kernels::simd::{Loop, Vectors, dispatch};

/// The sizes of a picture and its frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Height, width and channels of the picture.
    pub picture: [usize; 3],
    /// Height, width and channels with the frame. Behind the channels of a pixel stand zeros.
    pub framed: [usize; 3],
    /// Rows of zeros above the picture, and columns to its left.
    pub padding: usize,
}

impl Frame {
    /// Number of values of the picture in its frame.
    pub fn len(&self) -> usize {
        self.framed.iter().product()
    }

    /// Puts a picture into its frame and returns it.
    pub fn fill<'a>(&self, x: &[f32], frame: &'a mut [f32]) -> &'a [f32] {
        dispatch(Fill { sizes: self, x, frame });
        frame
    }

    /// Takes the picture `x` out of its frame.
    pub fn take(&self, frame: &[f32], x: &mut [f32]) {
        let Self { picture: [_, width, channels], framed, padding } = *self;
        let rows = frame.chunks_exact(framed[1] * framed[2]).skip(padding);
        for (x, row) in x.chunks_exact_mut(width * channels).zip(rows) {
            let row = &row[padding * framed[2]..][..width * framed[2]];
            if channels == framed[2] {
                x.copy_from_slice(row);
                continue;
            }
            for (pixel, framed) in x.chunks_exact_mut(channels).zip(row.chunks_exact(framed[2])) {
                pixel.copy_from_slice(&framed[..channels]);
            }
        }
    }
}

/// [`Frame::fill`].
struct Fill<'a> {
    sizes: &'a Frame,
    x: &'a [f32],
    frame: &'a mut [f32],
}

impl Loop for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, v: V) {
        let Frame { picture: [height, width, channels], framed, padding } = *self.sizes;
        let (line, left) = (width * channels, padding * framed[2]);
        for (y, row) in self.frame.chunks_exact_mut(framed[1] * framed[2]).enumerate() {
            let Some(y) = y.checked_sub(padding).filter(|&y| y < height) else {
                row.fill(0.0);
                continue;
            };
            let x = &self.x[y * line..][..line];
            row[..left].fill(0.0);
            row[left + width * framed[2]..].fill(0.0);
            let row = &mut row[left..][..width * framed[2]];
            if channels == framed[2] {
                row.copy_from_slice(x);
                continue;
            }
            for (pixel, framed) in x.chunks_exact(channels).zip(row.chunks_exact_mut(framed[2])) {
                for (i, vector) in V::split_mut(framed).0.iter_mut().enumerate() {
                    *vector = v.load(pixel, i * V::LANES);
                }
            }
        }
    }
}
