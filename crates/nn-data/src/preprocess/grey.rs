//! A picture of one number a pixel, on the way from a photograph to the network's input.

use crate::preprocess::resize::resample;
use crate::size::Size;

/// Values row by row; what they mean is said where they are made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plane {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rectangle {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
}

impl Plane {
    /// All pixels of one value.
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
        let values = resample(&self.values, Size::new(self.height, self.width, 1), height, width);
        Self { width, height, values }
    }

    /// The same picture with so many pixels of 0 on every side.
    pub(crate) fn padded(&self, margin: usize) -> Self {
        let mut plane = Self::new(self.width + 2 * margin, self.height + 2 * margin, 0.0);
        let rows = plane.values.chunks_exact_mut(self.width + 2 * margin).skip(margin);
        for (row, source) in rows.zip(self.values.chunks_exact(self.width)) {
            row[margin..margin + self.width].copy_from_slice(source);
        }
        plane
    }

    /// The box around all pixels above `threshold`.
    pub(crate) fn bounds(&self, threshold: f32) -> Option<Rectangle> {
        let (mut left, mut right, mut top, mut bottom) = (usize::MAX, 0, usize::MAX, 0);
        for (y, row) in self.values.chunks_exact(self.width.max(1)).enumerate() {
            let inked = |value: &f32| *value > threshold;
            if let (Some(first), Some(last)) = (row.iter().position(inked), row.iter().rposition(inked)) {
                (left, right) = (left.min(first), right.max(last));
                (top, bottom) = (top.min(y), y);
            }
        }
        (left <= right).then(|| Rectangle { x: left, y: top, width: right - left + 1, height: bottom - top + 1 })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn parts_margins_and_bounds() {
        let plane = Plane { width: 3, height: 2, values: vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0] };
        let part = plane.cut(Rectangle { x: 1, y: 0, width: 2, height: 2 });
        assert_eq!(part.values, [1.0, 2.0, 4.0, 5.0]);
        let padded = part.padded(2);
        assert_eq!((padded.width, padded.height), (6, 6));
        assert_eq!(padded.bounds(0.5), Some(Rectangle { x: 2, y: 2, width: 2, height: 2 }));
        assert_eq!(padded.bounds(4.0), Some(Rectangle { x: 3, y: 3, width: 1, height: 1 }));
        assert_eq!(padded.bounds(5.0), None);
        assert_eq!(plane.resized(1, 1).values, [2.5]);
    }
}
