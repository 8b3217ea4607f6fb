//! A picture in colour or grey, reduced to a size in which ink is sought.

use crate::preprocess::grey::Grey;
use crate::rectangle::Rectangle;

/// A picture of N channels with values 0 to 1.
pub(crate) struct Pixels<const N: usize> {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Row by row.
    pub values: Vec<[f32; N]>,
    /// One pixel is the mean of `reduced_by` x `reduced_by` pixels of the picture that was given.
    pub reduced_by: usize,
}

impl<const N: usize> Pixels<N> {
    /// The pixels of a part of the picture, row by row.
    pub(crate) fn cut(&self, part: Rectangle) -> Vec<[f32; N]> {
        let rows = self.values.chunks_exact(self.width).skip(part.y).take(part.height);
        rows.flat_map(|row| &row[part.x..part.x + part.width]).copied().collect()
    }
}

impl<const N: usize> Pixels<N> {
    /// Keeps the sheet that a mask shows: cuts the picture to it, and continues the sheet's colours beyond its sides. Returns
    /// the column and row of the first pixel that is left.
    pub(crate) fn keep(&mut self, mask: &[bool]) -> [usize; 2] {
        let shown = Grey {
            width: self.width,
            height: self.height,
            values: mask.iter().map(|m| f32::from(u8::from(*m))).collect(),
        };
        let Some(bounds) = shown.bounds(0.5) else { return [0, 0] };
        let mut values = self.cut(bounds);
        let shown = shown.cut(bounds);
        for (row, mask) in values.chunks_exact_mut(bounds.width).zip(shown.values.chunks_exact(bounds.width)) {
            let (Some(first), Some(last)) = (mask.iter().position(|m| *m > 0.5), mask.iter().rposition(|m| *m > 0.5))
            else {
                continue;
            };
            let ends = [row[first], row[last]];
            row[..first].fill(ends[0]);
            row[last + 1..].fill(ends[1]);
        }
        (self.values, self.width, self.height) = (values, bounds.width, bounds.height);
        [bounds.x, bounds.y]
    }
}

/// A picture from its bytes, averaged over squares if one of its sides (width and height) is longer than `longest`.
pub(crate) fn reduce<const N: usize>(raw: &[u8], [width, height]: [usize; 2], longest: usize) -> Pixels<N> {
    let (source, _) = raw.as_chunks::<N>();
    let by = width.max(height).div_ceil(longest).max(1);
    let (columns, rows) = ((width / by).max(1), (height / by).max(1));
    let mut values = vec![[0.0; N]; columns * rows];
    if by == 1 {
        values.iter_mut().zip(source).for_each(|(value, source)| *value = source.map(|p| f32::from(p) / 255.0));
        return Pixels { width, height, values, reduced_by: by };
    }
    let mut sums = vec![[0u32; N]; columns];
    for (out, band) in values.chunks_exact_mut(columns).zip(source.chunks(by * width)) {
        sums.fill([0; N]);
        for row in band.chunks_exact(width) {
            for (sum, cell) in sums.iter_mut().zip(row.chunks(by)) {
                cell.iter().for_each(|pixel| (0..N).for_each(|c| sum[c] += u32::from(pixel[c])));
            }
        }
        let pixels = (by.min(width) * (band.len() / width)) as f32 * 255.0;
        out.iter_mut().zip(&sums).for_each(|(value, sum)| *value = sum.map(|s| s as f32 / pixels));
    }
    Pixels { width: columns, height: rows, values, reduced_by: by }
}

/// How bright a colour is, 0 to 1.
pub(crate) fn luma<const N: usize>(pixel: &[f32; N]) -> f32 {
    if N == 1 { pixel[0] } else { 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2] }
}
