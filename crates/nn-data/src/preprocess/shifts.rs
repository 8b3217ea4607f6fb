//! Shifts: a network reads the same picture in several positions, and its answers are averaged.
//!
//! Even a network that pools answers a little differently when a picture moves by a pixel; the mean of several answers is
//! right more often than one. It takes as many times the work.

use serde::{Deserialize, Serialize};

use crate::size::Size;

/// The positions in which a picture is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Shifts {
    /// As it is.
    #[default]
    One,
    /// As it is, and moved to the left, to the right, up and down.
    Five,
    /// Also moved along the diagonals.
    Nine,
}

impl Shifts {
    /// The number of positions.
    pub fn count(self) -> usize {
        match self {
            Self::One => 1,
            Self::Five => 5,
            Self::Nine => 9,
        }
    }

    /// The pixels by which each copy of a picture moves to the right and down: one of 28 pixels, more in larger pictures.
    /// Pictures of less than 14 pixels are not moved at all.
    pub fn moves(self, size: Size) -> impl ExactSizeIterator<Item = [isize; 2]> {
        const MOVES: [[isize; 2]; 9] = [[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1], [-1, -1], [1, -1], [-1, 1], [1, 1]];
        let step = (size.height.min(size.width) + 14) / 28;
        let count = if step == 0 { 1 } else { self.count() };
        MOVES[..count].iter().map(move |by| by.map(|by| by * step as isize))
    }

    /// True for one position, which files leave out.
    pub fn is_one(&self) -> bool {
        *self == Self::One
    }
}

/// Moves a picture of `size`, channels last, by whole pixels to the right and down; the gap repeats the edge.
pub(crate) fn moved(pixels: &[u8], size: Size, [right, down]: [isize; 2], out: &mut [u8]) {
    let Size { height, width, channels } = size;
    let from = |at: usize, by: isize, length: usize| (at as isize - by).clamp(0, length as isize - 1) as usize;
    for (y, out) in out.chunks_exact_mut(width * channels).enumerate() {
        let row = &pixels[from(y, down, height) * width * channels..][..width * channels];
        for (x, out) in out.chunks_exact_mut(channels).enumerate() {
            out.copy_from_slice(&row[from(x, right, width) * channels..][..channels]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_move_and_their_edge_is_repeated() {
        let (picture, size) = ([1, 10, 2, 20, 3, 30, 4, 40], Size::new(2, 2, 2));
        let mut out = [0; 8];
        for (by, expected) in [
            ([0, 0], picture),
            ([1, 0], [1, 10, 1, 10, 3, 30, 3, 30]),
            ([0, -1], [3, 30, 4, 40, 3, 30, 4, 40]),
            ([-1, 1], [2, 20, 2, 20, 2, 20, 2, 20]),
        ] {
            moved(&picture, size, by, &mut out);
            assert_eq!(out, expected, "{by:?}");
        }
    }

    #[test]
    fn larger_pictures_move_further_and_tiny_ones_stay() {
        let moves = |shifts: Shifts, side| shifts.moves(Size::new(side, side + 9, 1)).collect::<Vec<_>>();
        for shifts in [Shifts::One, Shifts::Five, Shifts::Nine] {
            let moves = moves(shifts, 28);
            assert_eq!(moves.len(), shifts.count());
            assert!((1..moves.len()).all(|i| !moves[..i].contains(&moves[i])), "all different");
            assert_eq!(moves.iter().fold([0, 0], |[a, b], [x, y]| [a + x, b + y]), [0, 0]);
        }
        assert_eq!(moves(Shifts::Five, 64)[1], [-2, 0]);
        assert_eq!(moves(Shifts::Nine, 13), [[0, 0]]);
    }
}
