//! Puts the parts of a page into rows, from top to bottom, and the pieces of a row from left to right.
//!
//! Order in time plays no part: a dot or a bar that is added later stands where it stands.

use crate::bounds::Bounds;

/// A gap of more than this part of the letters' height between the middles of parts begins a new row.
const BETWEEN: f32 = 0.62;
/// Rows that share this part of the lower one's height are one: of "p." or a word that climbs.
const SHARED: f32 = 0.3;
/// Rows above each other that are together at most this many times as wide as high are the pieces of one character if one is a
/// single part, as low as a bar, and the gap between them at most this part of their common height, …
const NARROW: f32 = 1.5;
const BAR: f32 = 0.25;
const BAR_GAP: f32 = 0.6;
/// … or if neither is wider than this many times its height, as a row of letters is, and the gap at most this part.
const RING: f32 = 1.8;
const GAP: f32 = 0.12;
/// A part whose longer side is less than this part of the letters' height is a dot or an accent.
const DOT: f32 = 0.3;
/// A dot belongs to a piece whose sides are at most this part of the letters' height away, …
const ASIDE: f32 = 0.6;
/// … and is at most this part of it lower than the piece's upper edge.
const LOW: f32 = 0.1;
/// A dot may belong to a piece that is at most this part of it further away than the nearest.
const NEAR: f32 = 0.4;

/// A part of the page, together with the dots above it.
#[derive(Clone, Debug)]
pub struct RowPiece {
    /// The parts of the page, as indices.
    pub parts: Vec<usize>,
    /// The box around them.
    pub bounds: Bounds,
    /// The height of the connected piece that the first part was cut from.
    whole: f32,
}

/// A row of pieces.
#[derive(Default)]
pub struct Row {
    /// The pieces from left to right.
    pub pieces: Vec<RowPiece>,
    /// For each place before a piece, and for the one after the last, the dots that may belong to the piece on either side.
    pub loose: Vec<Option<RowPiece>>,
    /// The gap at each place, in heights of letters; below 0 where neighbours overlap, 1 at both ends.
    pub gaps: Vec<f32>,
    /// The length along which the pieces at each place touch, in heights of letters.
    pub contacts: Vec<f32>,
    /// The usual height of a letter, in the units of the page.
    pub height: f32,
    /// The middle of most pieces, as a height on the page.
    pub middle: f32,
}

/// A dot, and the pieces that it may belong to, each named by its first part; the nearest first.
struct Dot {
    piece: RowPiece,
    owners: Vec<usize>,
}

impl Row {
    fn new(pieces: Vec<RowPiece>) -> Self {
        let longest = pieces.iter().map(|piece| piece.bounds.longest());
        let height = usual_height(pieces.iter().map(|piece| piece.whole), longest);
        Self { pieces, height, ..Self::default() }
    }

    /// The box around it.
    fn bounds(&self) -> Option<Bounds> {
        self.pieces.iter().map(|piece| piece.bounds).reduce(Bounds::union)
    }

    /// True if a row that begins further down shares enough height with it to be the same row.
    fn overlaps(&self, below: &Self) -> bool {
        let (Some(a), Some(b)) = (self.bounds(), below.bounds()) else { return false };
        a.high[1] - b.low[1] >= SHARED * a.height().min(b.height())
    }

    /// True if a row below it belongs to the same character: the stem of a T below its bar.
    fn is_completed_by(&self, below: &Self) -> bool {
        let (Some(a), Some(b)) = (self.bounds(), below.bounds()) else { return false };
        let both = a.union(b);
        let gap = (b.low[1] - a.high[1]) / both.height();
        let shared = a.high[0].min(b.high[0]) - a.low[0].max(b.low[0]);
        let is_above = 2.0 * shared >= a.width().min(b.width()) || 2.0 * both.width() <= both.height();
        let is_low = |row: &Self, own: Bounds| row.pieces.len() == 1 && own.height() < BAR * both.height();
        let has_bar = is_low(self, a) || is_low(below, b);
        let are_rings = [a, b].iter().all(|row| row.width() <= RING * row.height());
        let is_near = (has_bar && gap <= BAR_GAP) || (are_rings && gap <= GAP);
        is_above && is_near && both.width() <= NARROW * both.height()
    }

    /// The distance of a dot from the nearest piece, across plus down.
    fn distance(&self, dot: Bounds) -> f32 {
        let [x, y] = dot.centre();
        let away = |piece: &RowPiece| {
            let [a, b] = piece.bounds.centre();
            (x - a).abs() + (y - b).abs()
        };
        self.pieces.iter().map(away).fold(f32::MAX, f32::min)
    }

    /// The pieces that a dot may belong to: it is above them.
    fn owners(&self, dot: Bounds) -> Vec<usize> {
        let [x, y] = dot.centre();
        let aside = |piece: &RowPiece| (piece.bounds.low[0] - x).max(x - piece.bounds.high[0]).max(0.0);
        let narrow = |piece: &RowPiece| aside(piece) + 0.3 * piece.bounds.width();
        let is_above =
            |piece: &&RowPiece| y < piece.bounds.low[1] + LOW * self.height && aside(piece) < ASIDE * self.height;
        let mut below: Vec<&RowPiece> = self.pieces.iter().filter(is_above).collect();
        below.sort_by(|a, b| narrow(a).total_cmp(&narrow(b)));
        let nearest = below.first().map_or(0.0, |piece| narrow(piece));
        below.retain(|piece| narrow(piece) < nearest + NEAR * self.height);
        below.iter().map(|piece| piece.parts[0]).collect()
    }

    /// The row with its dots: each a piece of its own, part of a piece, or between two pieces that it may belong to.
    fn with(mut self, dots: Vec<RowPiece>) -> Self {
        let dots: Vec<Dot> = dots.into_iter().map(|piece| Dot { owners: self.owners(piece.bounds), piece }).collect();
        let (owned, alone): (Vec<Dot>, Vec<Dot>) = dots.into_iter().partition(|dot| !dot.owners.is_empty());
        self.pieces.extend(alone.into_iter().map(|dot| dot.piece));
        self.pieces.sort_by(|a, b| a.bounds.centre()[0].total_cmp(&b.bounds.centre()[0]));
        self.middle = quantile(self.pieces.iter().map(|piece| piece.bounds.centre()[1]), 0.5);
        self.gaps = gaps(&self.pieces, self.height);
        self.loose = vec![None; self.pieces.len() + 1];
        let at = |part: &usize| self.pieces.iter().position(|piece| piece.parts[0] == *part);
        let mut placed: Vec<(RowPiece, usize, Option<usize>)> = vec![]; // with its nearest owner, and the place it may be beyond
        for Dot { piece, owners } in owned {
            let owners: Vec<usize> = owners.iter().filter_map(at).collect();
            let Some(first) = owners.first() else { continue };
            let beside = owners[1..].iter().find(|other| other.abs_diff(*first) == 1);
            placed.push((piece, *first, beside.map(|other| *first.max(other))));
        }
        for (piece, owner, place) in placed.clone() {
            let alike = |other: &(RowPiece, usize, Option<usize>)| other.2 != place || other.1 == owner;
            match place.filter(|_| placed.iter().all(alike)) {
                Some(place) => join(&mut self.loose[place], piece),
                None => self.pieces[owner].add(piece),
            }
        }
        self
    }
}

impl RowPiece {
    fn new(part: usize, bounds: Bounds, whole: f32) -> Self {
        Self { parts: vec![part], bounds, whole }
    }

    fn add(&mut self, other: Self) {
        self.parts.extend(other.parts);
        self.bounds = self.bounds.union(other.bounds);
    }
}

fn join(place: &mut Option<RowPiece>, piece: RowPiece) {
    match place {
        Some(there) => there.add(piece),
        None => *place = Some(piece),
    }
}

/// The gap at each place of a row, see [`Row::gaps`].
pub fn gaps(pieces: &[RowPiece], height: f32) -> Vec<f32> {
    let mut gaps = vec![1.0; pieces.len() + 1];
    let mut right = f32::MIN;
    for (gap, piece) in gaps[1..].iter_mut().zip(pieces) {
        right = right.max(piece.bounds.high[0]);
        *gap = -right;
    }
    let mut left = f32::MAX;
    for (at, piece) in pieces.iter().enumerate().rev() {
        left = left.min(piece.bounds.low[0]);
        gaps[at] = (gaps[at] + left) / height;
    }
    gaps[0] = 1.0;
    gaps[pieces.len()] = 1.0;
    gaps
}

/// The rows of a page, given the box around each of its parts, and around the connected piece that each was cut from: what
/// was connected stays in a row.
pub fn rows(bounds: &[Bounds], wholes: &[Bounds]) -> Vec<Row> {
    let height = usual_height(wholes.iter().map(Bounds::height), bounds.iter().map(Bounds::longest));
    let level = |part: usize| wholes[part].centre()[1];
    let mut order: Vec<usize> = (0..bounds.len()).collect();
    order.sort_by(|a, b| level(*a).total_cmp(&level(*b)));
    let (dots, letters): (Vec<usize>, Vec<usize>) =
        order.into_iter().partition(|part| wholes[*part].longest() < DOT * height);
    let (dots, letters) = if letters.is_empty() { (letters, dots) } else { (dots, letters) }; // points alone
    let piece = |part: &usize| RowPiece::new(*part, bounds[*part], wholes[*part].height());
    let far = |a: &usize, b: &usize| level(*b) - level(*a) >= BETWEEN * height;
    let mut rows: Vec<Row> = vec![];
    for letters in letters.chunk_by(|a, b| !far(a, b)) {
        let mut row = Row::new(letters.iter().map(piece).collect());
        if let Some(above) = rows.pop_if(|above| above.overlaps(&row) || above.is_completed_by(&row)) {
            row = Row::new(above.pieces.into_iter().chain(row.pieces).collect());
        }
        rows.push(row);
    }
    let mut dotted: Vec<Vec<RowPiece>> = rows.iter().map(|_| vec![]).collect();
    for dot in dots {
        let away = |row: &usize| rows[*row].distance(bounds[dot]);
        let nearest = (0..rows.len()).min_by(|a, b| away(a).total_cmp(&away(b)));
        nearest.into_iter().for_each(|row| dotted[row].push(piece(&dot)));
    }
    rows.into_iter().zip(dotted).map(|(row, dots)| row.with(dots)).collect()
}

/// The height that a quarter of the parts exceed, given the heights of what they were cut from; of flat parts alone, the
/// longest side.
fn usual_height(heights: impl Iterator<Item = f32>, longest: impl Iterator<Item = f32>) -> f32 {
    let height = quantile(heights, 0.75);
    if height > 0.0 { height } else { longest.fold(f32::MIN_POSITIVE, f32::max) }
}

/// The value below which this share of the values lies; 0 for none.
pub fn quantile(values: impl Iterator<Item = f32>, share: f32) -> f32 {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get((values.len() as f32 * share) as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(boxes: &[[f32; 4]]) -> Vec<Bounds> {
        boxes.iter().map(|[left, top, right, bottom]| Bounds { low: [*left, *top], high: [*right, *bottom] }).collect()
    }

    fn of(bounds: &[Bounds]) -> Vec<Row> {
        rows(bounds, bounds)
    }

    #[test]
    fn letters_are_as_high_as_what_their_parts_were_cut_from() {
        let parts = [[0.0, 0.0, 2.0, 20.0], [2.0, 14.0, 6.0, 18.0], [6.0, 12.0, 8.0, 20.0], [8.0, 16.0, 9.0, 20.0]];
        let wholes = parts.map(|_| [0.0, 0.0, 9.0, 20.0]);
        assert_eq!(rows(&bounds(&parts), &bounds(&wholes))[0].height, 20.0);
    }

    #[test]
    fn what_was_connected_stays_in_a_row() {
        let [a, tail] = [[0.0, 0.0, 8.0, 10.0], [8.0, 10.0, 12.0, 20.0]];
        let whole = [0.0, 0.0, 12.0, 20.0];
        assert_eq!(parts(&[a, tail]).len(), 2);
        assert_eq!(rows(&bounds(&[a, tail]), &bounds(&[whole, whole])).len(), 1);
    }

    /// The parts of each piece, row by row.
    fn parts(boxes: &[[f32; 4]]) -> Vec<Vec<Vec<usize>>> {
        of(&bounds(boxes)).into_iter().map(|row| row.pieces.into_iter().map(|piece| piece.parts).collect()).collect()
    }

    #[test]
    fn rows_run_from_top_to_bottom_and_pieces_from_left_to_right() {
        let boxes = [[30.0, 40.0, 38.0, 50.0], [10.0, 0.0, 18.0, 10.0], [0.0, 1.0, 8.0, 11.0], [0.0, 41.0, 8.0, 53.0]];
        assert_eq!(parts(&boxes), [[[2], [1]], [[3], [0]]]);
        assert!(of(&[]).is_empty());
        assert_eq!(parts(&[[5.0, 5.0, 5.0, 5.0]]), [[[0]]], "a dot alone");
    }

    #[test]
    fn a_dot_that_comes_last_belongs_to_what_is_below() {
        let [i, n, dot] = [[0.0, 10.0, 1.0, 20.0], [4.0, 10.0, 12.0, 20.0], [0.5, 5.0, 1.0, 5.5]];
        assert_eq!(parts(&[i, n, dot]), [[vec![0, 2], vec![1]]]);
        assert_eq!(parts(&[i, n, [14.0, 19.0, 14.5, 20.0]]), [[[0], [1], [2]]], "a full stop stands alone");
    }

    #[test]
    fn a_dot_between_two_letters_is_loose() {
        let row = |dots: &[[f32; 4]]| {
            let letters = [[0.0, 10.0, 1.0, 20.0], [4.0, 10.0, 12.0, 20.0], [16.0, 10.0, 17.0, 20.0]];
            of(&bounds(&[&letters[..], dots].concat())).remove(0)
        };
        let loose =
            |row: &Row| row.loose.iter().map(|dots| dots.as_ref().map(|dots| dots.parts.clone())).collect::<Vec<_>>();
        assert_eq!(loose(&row(&[[3.0, 5.0, 3.5, 5.5]])), [None, Some(vec![3]), None, None]);
        assert_eq!(loose(&row(&[[16.5, 5.0, 16.6, 5.5]])), vec![None; 4], "none but the last is near");
        let two = row(&[[2.0, 5.0, 2.5, 5.5], [4.0, 5.0, 4.5, 5.5]]);
        assert!(loose(&two).iter().flatten().count() <= 1 && two.pieces.len() == 3, "{:?}", loose(&two));
    }

    #[test]
    fn a_row_that_climbs_is_one() {
        let small = [0.0, 10.0, 20.0, 30.0].map(|x| [x, 20.0, x + 8.0, 30.0]);
        let climbing = [&small[..], &[[40.0, 10.0, 48.0, 24.0]]].concat();
        assert_eq!(parts(&climbing), [[[0], [1], [2], [3], [4]]]);
        assert_eq!(parts(&[[0.0, 0.0, 8.0, 10.0], [10.0, 9.0, 18.0, 19.0]]).len(), 2);
    }

    #[test]
    fn a_bar_above_a_stem_is_no_row() {
        let (bar, stem) = ([0.0, 0.0, 10.0, 0.5], [5.0, 4.0, 5.5, 16.0]);
        assert_eq!(parts(&[bar, stem]).len(), 1);
        assert_eq!(parts(&[[0.0, 0.0, 6.0, 6.0], [0.0, 6.5, 6.0, 13.0]]).len(), 1, "an 8 of two rings");
        assert_eq!(parts(&[[0.0, 0.0, 6.0, 10.0], [0.0, 14.0, 6.0, 24.0]]).len(), 2, "a digit below another");
        let wide = [0.0, 8.0, 16.0, 24.0].map(|x| [x, 4.0, x + 6.0, 16.0]);
        assert_eq!(parts(&[&[bar][..], &wide].concat()).len(), 2, "a stroke above a word");
    }

    #[test]
    fn gaps_are_between_all_that_is_on_either_side() {
        let pieces =
            bounds(&[[0.0, 0.0, 4.0, 10.0], [6.0, 0.0, 12.0, 10.0], [8.0, 0.0, 9.0, 10.0], [14.0, 0.0, 15.0, 10.0]]);
        let pieces: Vec<RowPiece> =
            pieces.into_iter().map(|bounds| RowPiece::new(0, bounds, bounds.height())).collect();
        assert_eq!(gaps(&pieces, 10.0), [1.0, 0.2, -0.4, 0.2, 1.0]);
        assert_eq!(gaps(&[], 10.0), [1.0]);
    }
}
