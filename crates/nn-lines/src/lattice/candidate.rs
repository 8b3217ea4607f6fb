//! Candidates: groups of neighbouring pieces that may be a character, each with numbers about its place and size.

use crate::bounds::Bounds;
use crate::known::grouping::Grouping;
use crate::writing::rows::{Row, RowPiece, gaps};

/// The most pieces of a character in a picture, whose pieces are cut, and the most strokes of one.
pub const MOST_PIECES: usize = 8;
const MOST_STROKES: usize = 4;
/// A group of several pieces is at most this many times as wide as letters are high, and they are at most this part of the
/// height apart; a group that is half as wide may be half as far apart. (Of UNIPEN's characters of several strokes, 4 in
/// 1,000 are wider or further apart, and of all 1 in 10,000 has more strokes.)
const WIDEST: f32 = 2.5;
const APART: f32 = 0.5;
/// The numbers about a candidate's place and size.
pub const GEOMETRY: usize = 19 + MOST_PIECES;
/// The place of the widest gap among them.
const INNER: usize = 9;

/// Neighbouring pieces of a row that may be a character.
///
/// It leads from a node of the lattice to another. Each place between pieces is a node, and two of them where dots are loose
/// there: at the first the piece to the left has taken them, at the second they are left for the piece to the right.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The node at which it begins.
    pub first: usize,
    /// The node at which it ends.
    pub end: usize,
    /// The first of its pieces, and the piece after its last.
    pub pieces: [usize; 2],
    /// The parts of the page that it consists of, in ascending order.
    pub parts: Vec<usize>,
    /// The box around it.
    pub bounds: Bounds,
    /// Its place and size relative to the row: first its width, at index 9 the widest gap within.
    pub geometry: [f32; GEOMETRY],
}

impl Candidate {
    /// True if it is one piece, or several that are together neither wide nor far apart.
    fn is_compact(&self) -> bool {
        let [from, to] = self.pieces;
        to - from == 1 || self.geometry[0] / WIDEST + self.geometry[INNER] / APART <= 1.0
    }
}

/// All candidates of a row of strokes, or of pieces of a picture, by their first node.
pub fn candidates(row: &Row, picture: bool, grouping: &Grouping) -> Vec<Candidate> {
    let count = row.pieces.len();
    let begins_at = nodes(row);
    let most = if picture { MOST_PIECES } else { MOST_STROKES };
    let sides = |place: usize| 0..=usize::from(row.loose[place].is_some());
    let begins = (0..count).flat_map(|first| sides(first).map(move |left| (first, left)));
    let groups = begins.flat_map(|(first, left)| {
        let ends =
            (first + 1..=count.min(first + MOST_PIECES)).flat_map(|end| sides(end).map(move |right| (end, right)));
        ends.map(move |(end, right)| ([first, end], [left, right]))
    });
    let found = groups.filter_map(|(pieces, [left, right])| {
        let found = candidate(row, pieces, [left == 1, right == 0])?;
        let usual = pieces[1] - pieces[0] <= most && found.is_compact();
        let [first, end] = [begins_at[pieces[0]] + left, begins_at[pieces[1]] + right];
        (usual || grouping.joins(&found.parts)).then_some(Candidate { first, end, ..found })
    });
    let found: Vec<Candidate> = found.collect();
    let last = begins_at.last().copied().unwrap_or(0);
    let allowed: Vec<Candidate> = found.iter().filter(|candidate| grouping.allows(&candidate.parts)).cloned().collect();
    if leads(&allowed, last) { allowed } else { found }
}

/// True if candidates, by their first node, lead from the first node to the last.
fn leads(candidates: &[Candidate], last: usize) -> bool {
    let mut reached = vec![false; last + 1];
    reached[0] = true;
    candidates.iter().for_each(|candidate| reached[candidate.end] |= reached[candidate.first]);
    reached[last]
}

/// The first node of each place of a row; the last is the node at its end.
pub fn nodes(row: &Row) -> Vec<usize> {
    let mut next = 0;
    let mut node = |loose: &Option<RowPiece>| {
        let own = next;
        next += 1 + usize::from(loose.is_some());
        own
    };
    row.loose.iter().map(&mut node).collect()
}

/// Some pieces as a candidate that takes the loose dots at its left and right end or leaves them.
fn candidate(row: &Row, pieces: [usize; 2], takes: [bool; 2]) -> Option<Candidate> {
    let Row { height, middle, .. } = row;
    let [first, end] = pieces;
    let group = &row.pieces[first..end];
    let inner = gaps(group, *height)[1..group.len()].iter().copied().fold(-1.0, f32::max);
    let loose = (first..=end).filter(|place| (*place != first || takes[0]) && (*place != end || takes[1]));
    let dots: Vec<&RowPiece> = loose.filter_map(|place| row.loose[place].as_ref()).collect();
    let all = || group.iter().chain(dots.iter().copied());
    let bounds = all().map(|piece| piece.bounds).reduce(Bounds::union)?;
    let [width, tall] = [bounds.width() / height, bounds.height() / height];
    let mut parts: Vec<usize> = all().flat_map(|piece| piece.parts.iter().copied()).collect();
    parts.sort_unstable();
    let [before, after] = pieces.map(|at| row.gaps[at].clamp(-1.0, 1.0));
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
        row.contacts[first],
        row.contacts[end],
        row.contacts[first + 1..end].iter().copied().fold(0.0, f32::max),
        f32::from(u8::from(group.len() == row.pieces.len())),
    ];
    geometry[..numbers.len()].copy_from_slice(&numbers);
    geometry[numbers.len() + group.len() - 1] = 1.0;
    let geometry = geometry.map(|number: f32| number.clamp(-4.0, 4.0));
    Some(Candidate { first: 0, end: 0, pieces, parts, bounds, geometry })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::writing::rows::rows;

    fn of_row(bounds: &[Bounds]) -> Vec<Candidate> {
        let row = rows(bounds, bounds).remove(0);
        let contacts = row.gaps.iter().map(|_| 0.0).collect();
        candidates(&Row { contacts, ..row }, true, &Grouping::default())
    }

    /// The candidates of strokes that stand at these places, each 4 wide and 10 high.
    fn spans(places: &[f32]) -> Vec<(usize, usize)> {
        let bounds: Vec<Bounds> = places.iter().map(|x| Bounds { low: [*x, 0.0], high: [x + 4.0, 10.0] }).collect();
        of_row(&bounds).iter().map(|candidate| (candidate.first, candidate.end)).collect()
    }

    #[test]
    fn neighbours_that_are_not_far_apart_are_candidates() {
        assert_eq!(spans(&[0.0, 5.0]), [(0, 1), (0, 2), (1, 2)]);
        assert_eq!(spans(&[0.0, 30.0]), [(0, 1), (1, 2)]);
        assert_eq!(spans(&[0.0, 8.0]), [(0, 1), (1, 2)], "wide and apart together");
        let many = spans(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        assert!(many.contains(&(0, MOST_PIECES)) && !many.contains(&(0, MOST_PIECES + 1)));
        assert!(many.is_sorted(), "by their first piece");
    }

    #[test]
    fn geometry_does_not_depend_on_scale_or_place() {
        let row = |scale: f32| {
            let low = |x: f32| [scale * x + 7.0, 3.0];
            let bounds =
                [0.0, 5.0, 20.0].map(|x| Bounds { low: low(x), high: [low(x)[0] + scale * 4.0, 3.0 + scale * 10.0] });
            of_row(&bounds).into_iter().map(|candidate| candidate.geometry).collect::<Vec<_>>()
        };
        let pairs = row(1.0).into_iter().flatten().zip(row(64.0).into_iter().flatten());
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-4));
    }
}
