//! A kernel sliding over pictures, as a matrix product without the patch matrix.
//!
//! Textbooks copy every patch into a column of its own ("im2col"), which writes each pixel `kernel^2` times. Here the
//! pixels are stacked only downwards: for an output row, position `x` holds the `kernel` pixels below each other that
//! the kernel meets there. A patch is then `kernel` neighbouring positions, which lie next to each other in memory, and
//! the patch of the next pixel begins one position further: the patch matrix is a view with overlapping columns. Rows of
//! output follow each other in that view with a few columns between them that belong to no output pixel.

use crate::linalg::View;

/// Source pixels under a square kernel for every output pixel of a picture. Only one of stride and dilation exceeds 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    /// Height, width and channels of the source.
    pub source: [usize; 3],
    /// Height and width of the output.
    pub output: [usize; 2],
    /// Pixels of the kernel in each direction.
    pub kernel: usize,
    /// Source positions from one output pixel to the next.
    pub stride: usize,
    /// Positions from one source pixel to the next; those between are zeros.
    pub dilation: usize,
    /// Source position of the kernel's first pixel at output 0 is minus this.
    pub padding: isize,
}

impl Window {
    /// Values of a patch: kernel x kernel x channels, in the order column, row, channel.
    pub fn patch(&self) -> usize {
        self.kernel * self.kernel * self.source[2]
    }

    /// Columns of the view that an output row takes, those between rows included.
    pub fn row(&self) -> usize {
        let reach = (self.output[1] - 1) * self.stride + self.kernel;
        reach.div_ceil(self.stride)
    }

    /// Columns of the view of `pictures` pictures.
    pub fn columns(&self, pictures: usize) -> usize {
        (pictures * self.output[0] - 1) * self.row() + self.output[1]
    }

    /// Values of the stack of one picture.
    pub fn stack_len(&self) -> usize {
        self.output[0] * self.row() * self.stride * self.kernel * self.source[2]
    }

    /// Stacks one picture's pixels.
    pub fn stack(&self, x: &[f32], stack: &mut [f32]) {
        match self.source[2] {
            1 => self.stack_channels::<1>(x, stack),
            3 => self.stack_channels::<3>(x, stack),
            8 => self.stack_channels::<8>(x, stack),
            16 => self.stack_channels::<16>(x, stack),
            32 => self.stack_channels::<32>(x, stack),
            64 => self.stack_channels::<64>(x, stack),
            _ => self.stack_channels::<0>(x, stack),
        }
    }

    /// `C` is the number of channels where it is known when compiled, else 0.
    fn stack_channels<const C: usize>(&self, x: &[f32], stack: &mut [f32]) {
        let [height, width, channels] = self.source;
        let c = if C > 0 { C } else { channels };
        let positions = self.row() * self.stride;
        for (out, row) in stack.chunks_exact_mut(positions * self.kernel * c).enumerate() {
            for k in 0..self.kernel {
                let source = self.source_index((out * self.stride + k) as isize, height);
                let line = source.map(|y| &x[y * width * c..][..width * c]);
                let cells = row.chunks_exact_mut(self.kernel * c).enumerate();
                for (position, cell) in cells {
                    let pixel =
                        line.and_then(|line| Some(&line[self.source_index(position as isize, width)? * c..][..c]));
                    match pixel {
                        Some(pixel) => cell[k * c..][..c].copy_from_slice(pixel),
                        None => cell[k * c..][..c].fill(0.0),
                    }
                }
            }
        }
    }

    /// The source index at a position, if there is a pixel.
    #[inline(always)]
    fn source_index(&self, position: isize, length: usize) -> Option<usize> {
        let at = usize::try_from(position - self.padding).ok()?;
        if self.dilation > 1 && at % self.dilation > 0 {
            return None;
        }
        Some(at / self.dilation).filter(|&i| i < length)
    }

    /// The patch matrix (patch x columns) over the stacks of several pictures.
    pub fn patches<'a>(&self, stacks: &'a [f32], pictures: usize) -> View<'a> {
        let step = self.stride * self.kernel * self.source[2];
        View::overlapping(stacks, self.patch(), self.columns(pictures), step)
    }

    /// Takes the output pixels out of a product's columns (`channels` values each), for `pictures` pictures.
    pub fn narrow(&self, wide: &[f32], channels: usize, narrow: &mut [f32]) {
        let (row, width) = (self.row() * channels, self.output[1] * channels);
        for (i, line) in narrow.chunks_exact_mut(width).enumerate() {
            line.copy_from_slice(&wide[i * row..][..width]);
        }
    }

    /// Puts output pixels where the patches have their columns, with zeros between the rows.
    pub fn widen(&self, narrow: &[f32], channels: usize, wide: &mut [f32]) {
        let (row, width) = (self.row() * channels, self.output[1] * channels);
        for (line, wide) in narrow.chunks_exact(width).zip(wide.chunks_mut(row)) {
            wide[..width].copy_from_slice(line);
            wide[width..].fill(0.0);
        }
    }
}
