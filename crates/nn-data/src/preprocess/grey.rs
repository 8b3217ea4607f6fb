//! A grey picture of floating-point values, on the way from a photograph to the network's input.

use crate::preprocess::resize::resize;
use crate::rectangle::Rectangle;
use crate::size::Size;

/// A grey picture, row by row. The meaning of its values is said where they are made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grey {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Grey {
    /// A picture whose pixels all have one value.
    pub(crate) fn new(width: usize, height: usize, value: f32) -> Self {
        Self { width, height, values: vec![value; width * height] }
    }

    /// The part within a rectangle.
    pub(crate) fn cut(&self, part: Rectangle) -> Self {
        let rows = self.values.chunks_exact(self.width).skip(part.y).take(part.height);
        let values = rows.flat_map(|row| &row[part.x..part.x + part.width]).copied().collect();
        Self { width: part.width, height: part.height, values }
    }

    /// The same picture in another size.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        let values = resize(&self.values, Size::new(self.height, self.width, 1), height, width);
        Self { width, height, values }
    }

    /// The same picture with `margin` pixels of 0 added on every side.
    pub(crate) fn padded(&self, margin: usize) -> Self {
        let mut padded = Self::new(self.width + 2 * margin, self.height + 2 * margin, 0.0);
        let rows = padded.values.chunks_exact_mut(self.width + 2 * margin).skip(margin);
        for (row, source) in rows.zip(self.values.chunks_exact(self.width)) {
            row[margin..margin + self.width].copy_from_slice(source);
        }
        padded
    }

    /// The box around all pixels above `threshold`; `None` where there are none.
    pub(crate) fn bounds(&self, threshold: f32) -> Option<Rectangle> {
        let (mut left, mut right) = (usize::MAX, 0);
        let (mut top, mut bottom) = (usize::MAX, 0);
        for (y, row) in self.values.chunks_exact(self.width.max(1)).enumerate() {
            let inked = |value: &f32| *value > threshold;
            if let (Some(first), Some(last)) = (row.iter().position(inked), row.iter().rposition(inked)) {
                left = left.min(first);
                right = right.max(last);
                top = top.min(y);
                bottom = y;
            }
        }
        (left <= right).then(|| Rectangle { x: left, y: top, width: right - left + 1, height: bottom - top + 1 })
    }
}

/// The outermost pixels of a picture that is `width` pixels wide: a frame of 1/28 of its shorter side, at least a pixel.
pub(crate) fn edge<T>(pixels: &[T], width: usize) -> impl Iterator<Item = &T> {
    let height = pixels.len() / width;
    let thick = (width.min(height) / 28).max(1);
    pixels.chunks_exact(width).enumerate().flat_map(move |(y, row)| {
        let whole = y < thick || y + thick >= height || width <= 2 * thick;
        let (left, right) = if whole { (row, &row[..0]) } else { (&row[..thick], &row[width - thick..]) };
        left.iter().chain(right)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn parts_margins_and_bounds() {
        let picture = Grey { width: 3, height: 2, values: vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0] };
        let part = picture.cut(Rectangle { x: 1, y: 0, width: 2, height: 2 });
        assert_eq!(part.values, [1.0, 2.0, 4.0, 5.0]);
        let padded = part.padded(2);
        assert_eq!((padded.width, padded.height), (6, 6));
        assert_eq!(padded.bounds(0.5), Some(Rectangle { x: 2, y: 2, width: 2, height: 2 }));
        assert_eq!(padded.bounds(4.0), Some(Rectangle { x: 3, y: 3, width: 1, height: 1 }));
        assert_eq!(padded.bounds(5.0), None);
        assert_eq!(picture.resized(1, 1).values, [2.5]);
    }

    #[test]
    fn the_edge_is_a_frame_without_repetition() {
        let pixels: Vec<usize> = (0..56 * 60).collect();
        let frame: Vec<usize> = edge(&pixels, 56).copied().collect();
        assert_eq!(frame.len(), 56 * 60 - 52 * 56);
        assert!(frame.is_sorted() && frame[112..116] == [112, 113, 166, 167]);
        assert_eq!(edge(&[1, 2, 3], 1).count(), 3);
    }
}
