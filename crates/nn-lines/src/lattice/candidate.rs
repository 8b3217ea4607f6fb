//! Candidates: groups of neighbouring pieces that may be a character, each with numbers about its place and size.

use crate::bounds::Bounds;
use crate::writing::rows::{Row, RowPiece};

/// The most pieces of a character.
pub const MOST_PIECES: usize = 6;
/// A group of several pieces is at most this many times as wide as letters are high, …
const WIDEST: f32 = 2.5;
/// … and they are at most this part of the height apart. (Of UNIPEN's characters of several strokes, 3 in 1,000 are wider or
/// further apart.)
const APART: f32 = 0.5;
/// The numbers about a candidate's place and size.
pub const GEOMETRY: usize = 15 + MOST_PIECES;

/// Neighbouring pieces of a row that may be a character.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The first of its pieces.
    pub first: usize,
    /// The piece after its last.
    pub end: usize,
    /// The parts of the page that it consists of, in ascending order.
    pub parts: Vec<usize>,
    /// The box around it.
    pub bounds: Bounds,
    /// Its place and size relative to the row.
    pub geometry: [f32; GEOMETRY],
}

/// All candidates of a row, by their first piece.
pub fn candidates(row: &Row) -> Vec<Candidate> {
    let count = row.pieces.len();
    let groups = (0..count).flat_map(|first| (first + 1..=count.min(first + MOST_PIECES)).map(move |end| (first, end)));
    groups.filter_map(|(first, end)| candidate(row, first, end)).collect()
}

/// The gap before the piece `at` of a row, in heights of its letters; below 0 where neighbours overlap, 1 at both ends.
pub fn gap(pieces: &[RowPiece], at: usize, height: f32) -> f32 {
    if at == 0 || at == pieces.len() {
        return 1.0;
    }
    let right = pieces[..at].iter().map(|piece| piece.bounds.high[0]).fold(f32::MIN, f32::max);
    let left = pieces[at..].iter().map(|piece| piece.bounds.low[0]).fold(f32::MAX, f32::min);
    (left - right) / height
}

fn candidate(row: &Row, first: usize, end: usize) -> Option<Candidate> {
    let Row { pieces, height, middle } = row;
    let group = &pieces[first..end];
    let bounds = group.iter().map(|piece| piece.bounds).reduce(Bounds::union)?;
    let [width, tall] = [bounds.width() / height, bounds.height() / height];
    let inner = (1..group.len()).map(|at| gap(group, at, *height)).fold(-1.0, f32::max);
    if end - first > 1 && (width > WIDEST || inner > APART) {
        return None;
    }
    let mut parts: Vec<usize> = group.iter().flat_map(|piece| piece.parts.iter().copied()).collect();
    parts.sort_unstable();
    let [before, after] = [first, end].map(|at| gap(pieces, at, *height).clamp(-1.0, 1.0));
    let place = |y: f32| (y - middle) / height;
    let several = f32::from(u8::from(group.len() > 1));
    let mut geometry = [0.0; GEOMETRY];
    let numbers = [
        width,
        tall,
        width * width,
        tall * tall,
        width / (tall + 0.1),
        before,
        after,
        before.min(after),
        before.max(after),
        inner.max(0.0),
        (-inner).max(0.0) * several,
        place(bounds.centre()[1]),
        place(bounds.low[1]),
        place(bounds.high[1]),
        (parts.len() - group.len()) as f32,
    ];
    geometry[..numbers.len()].copy_from_slice(&numbers);
    geometry[numbers.len() + group.len() - 1] = 1.0;
    Some(Candidate { first, end, parts, bounds, geometry: geometry.map(|number| number.clamp(-4.0, 4.0)) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::writing::rows::rows;

    /// The candidates of strokes that stand at these places, each 4 wide and 10 high.
    fn spans(places: &[f32]) -> Vec<(usize, usize)> {
        let bounds: Vec<Bounds> = places.iter().map(|x| Bounds { low: [*x, 0.0], high: [x + 4.0, 10.0] }).collect();
        candidates(&rows(&bounds)[0]).iter().map(|candidate| (candidate.first, candidate.end)).collect()
    }

    #[test]
    fn neighbours_that_are_not_far_apart_are_candidates() {
        assert_eq!(spans(&[0.0, 5.0]), [(0, 1), (0, 2), (1, 2)]);
        assert_eq!(spans(&[0.0, 30.0]), [(0, 1), (1, 2)]);
        let many = spans(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert!(many.contains(&(0, MOST_PIECES)) && !many.contains(&(0, MOST_PIECES + 1)));
        assert!(many.is_sorted(), "by their first piece");
    }

    #[test]
    fn geometry_does_not_depend_on_scale_or_place() {
        let row = |scale: f32| {
            let low = |x: f32| [scale * x + 7.0, 3.0];
            let bounds =
                [0.0, 5.0, 20.0].map(|x| Bounds { low: low(x), high: [low(x)[0] + scale * 4.0, 3.0 + scale * 10.0] });
            candidates(&rows(&bounds)[0]).into_iter().map(|candidate| candidate.geometry).collect::<Vec<_>>()
        };
        let pairs = row(1.0).into_iter().flatten().zip(row(64.0).into_iter().flatten());
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-4));
    }
}
