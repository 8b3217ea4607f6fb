//! Convolution of any kind as a matrix product, without the patch matrix.
//!
//! Textbooks copy every patch into a column of its own ("im2col"), which writes each pixel `kernel^2` times. Here the
//! pixels are stacked only downwards: for an output row, position `x` holds the `kernel` pixels below each other that
//! the kernel meets there. A patch is then `kernel` neighbouring positions, which lie next to each other in memory, and
//! the patch of the next pixel begins one position further: the patch matrix is a view with overlapping columns. Rows of
//! output follow each other in that view with a few columns between them that belong to no output pixel.

use crate::kernels::matrix::{View, add_product_by_rows, product};

/// Columns of a product at least, where there are pictures enough: several small pictures go through together.
const COLUMNS: usize = 256;

/// Source pixels under a square kernel for every output pixel of a picture. Only one of stride and dilation exceeds 1.
#[derive(Clone, Copy, Debug)]
pub struct Patches {
    /// Height, width and channels of the source.
    pub source: [usize; 3],
    /// Height, width and channels of the output.
    pub output: [usize; 3],
    /// Pixels of the kernel in each direction.
    pub kernel: usize,
    /// Source positions from one output pixel to the next.
    pub stride: usize,
    /// Positions from one source pixel to the next; those between are zeros.
    pub dilation: usize,
    /// Source position of the kernel's first pixel at output 0 is minus this.
    pub padding: isize,
}

impl Patches {
    /// Pictures that go through at once.
    pub fn group(&self) -> usize {
        (COLUMNS / (self.output[0] * self.row())).max(1)
    }

    /// Values of scratch for a group: its stacks, and the columns of its product.
    pub fn scratch(&self) -> usize {
        self.group() * self.stack_len() + self.columns(self.group()) * self.output[2]
    }

    /// Kernels in the order column, row, input, output from the order row, column, input, output, or the other way round.
    pub fn swap(&self, w: &[f32], swapped: &mut [f32]) {
        let (n, block) = (self.kernel, self.source[2] * self.output[2]);
        for (place, block_) in swapped.chunks_exact_mut(block).enumerate() {
            block_.copy_from_slice(&w[(place % n * n + place / n) * block..][..block]);
        }
    }

    /// The convolution of a group of pictures with swapped kernels.
    pub fn convolve(&self, swapped: &[f32], x: &[f32], y: &mut [f32], scratch: &mut [f32]) {
        let (stacks, wide) = scratch.split_at_mut(self.group() * self.stack_len());
        let pictures = self.stack(x, stacks);
        let wide = &mut wide[..self.columns(pictures) * self.output[2]];
        let w = View::by_columns(swapped, self.output[2], self.patch());
        product(wide, w, self.patches(stacks, pictures));
        let (row, width) = (self.row() * self.output[2], self.output[1] * self.output[2]);
        for (i, line) in y.chunks_exact_mut(width).enumerate() {
            line.copy_from_slice(&wide[i * row..][..width]);
        }
    }

    /// Adds the gradient of swapped kernels for a group of pictures and the gradient `dz` of their output to `dw`.
    pub fn correlate(&self, x: &[f32], dz: &[f32], dw: &mut [f32], scratch: &mut [f32]) {
        let (stacks, wide) = scratch.split_at_mut(self.group() * self.stack_len());
        let pictures = self.stack(x, stacks);
        let wide = &mut wide[..self.columns(pictures) * self.output[2]];
        let (row, width) = (self.row() * self.output[2], self.output[1] * self.output[2]);
        for (line, wide) in dz.chunks_exact(width).zip(wide.chunks_mut(row)) {
            wide[..width].copy_from_slice(line);
            wide[width..].fill(0.0);
        }
        let dz = View::by_columns(wide, self.output[2], self.columns(pictures));
        add_product_by_rows(dw, self.patches(stacks, pictures), dz.t());
    }

    /// Values of a patch: kernel x kernel x channels, in the order column, row, channel.
    fn patch(&self) -> usize {
        self.kernel * self.kernel * self.source[2]
    }

    /// Columns of the view that an output row takes, those between rows included.
    fn row(&self) -> usize {
        let reach = (self.output[1] - 1) * self.stride + self.kernel;
        reach.div_ceil(self.stride)
    }

    /// Columns of the view of `pictures` pictures.
    fn columns(&self, pictures: usize) -> usize {
        (pictures * self.output[0] - 1) * self.row() + self.output[1]
    }

    /// Values of the stack of one picture.
    fn stack_len(&self) -> usize {
        self.output[0] * self.row() * self.stride * self.kernel * self.source[2]
    }

    /// Stacks the pixels of pictures, which lie one after the other, and returns how many there are.
    fn stack(&self, x: &[f32], stacks: &mut [f32]) -> usize {
        let source: usize = self.source.iter().product();
        for (x, stack) in x.chunks_exact(source).zip(stacks.chunks_exact_mut(self.stack_len())) {
            match self.source[2] {
                1 => self.stack_channels::<1>(x, stack),
                3 => self.stack_channels::<3>(x, stack),
                _ => self.stack_channels::<0>(x, stack),
            }
        }
        x.len() / source
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
    fn patches<'a>(&self, stacks: &'a [f32], pictures: usize) -> View<'a> {
        let step = self.stride * self.kernel * self.source[2];
        View::overlapping(stacks, self.patch(), self.columns(pictures), step)
    }
}
