//! Puts the parts of a page into rows, from top to bottom, and the pieces of a row from left to right.
//!
//! Order in time plays no part: a dot or a bar that is added later stands where it stands.

use crate::bounds::Bounds;

/// A gap of more than this part of the letters' height between the middles of parts begins a new row.
const BETWEEN: f32 = 0.62;
/// A part whose longer side is less than this part of the letters' height is a dot or an accent.
const DOT: f32 = 0.3;
/// A dot belongs to a piece whose sides are at most this part of the letters' height away.
const ASIDE: f32 = 0.3;

/// A part of the page, together with the dots above it.
#[derive(Clone, Debug)]
pub struct RowPiece {
    /// The parts of the page, as indices.
    pub parts: Vec<usize>,
    /// The box around them.
    pub bounds: Bounds,
}

/// A row of pieces.
#[derive(Default)]
pub struct Row {
    /// The pieces from left to right.
    pub pieces: Vec<RowPiece>,
    /// The usual height of a letter, in the units of the page.
    pub height: f32,
    /// The middle of most pieces, as a height on the page.
    pub middle: f32,
}

impl Row {
    fn new(mut pieces: Vec<RowPiece>, height: f32) -> Self {
        pieces.sort_by(|a, b| a.bounds.centre()[0].total_cmp(&b.bounds.centre()[0]));
        let middle = quantile(pieces.iter().map(|piece| piece.bounds.centre()[1]), 0.5);
        Self { pieces, height, middle }
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

    /// Adds a dot to the piece below it, or as a piece of its own.
    fn add_dot(&mut self, part: usize, dot: Bounds) {
        let height = self.height;
        let [x, y] = dot.centre();
        let aside = |piece: &RowPiece| (piece.bounds.low[0] - x).max(x - piece.bounds.high[0]).max(0.0);
        let narrow = |piece: &RowPiece| aside(piece) + 0.3 * piece.bounds.width();
        let is_below = |piece: &RowPiece| y < piece.bounds.low[1] + 0.1 * height && aside(piece) < ASIDE * height;
        let below = self.pieces.iter_mut().filter(|piece| is_below(piece));
        match below.min_by(|a, b| narrow(a).total_cmp(&narrow(b))) {
            Some(owner) => {
                owner.parts.push(part);
                owner.bounds = owner.bounds.union(dot);
            }
            None => self.pieces.push(piece(part, dot)),
        }
    }
}

/// The rows of a page, given the box around each of its parts.
pub fn rows(bounds: &[Bounds]) -> Vec<Row> {
    let height = usual_height(bounds.iter());
    let mut order: Vec<usize> = (0..bounds.len()).collect();
    order.sort_by(|a, b| bounds[*a].centre()[1].total_cmp(&bounds[*b].centre()[1]));
    let (dots, letters): (Vec<usize>, Vec<usize>) =
        order.into_iter().partition(|part| bounds[*part].longest() < DOT * height);
    let (dots, letters) = if letters.is_empty() { (letters, dots) } else { (dots, letters) }; // points alone
    let far = |a: &usize, b: &usize| bounds[*b].centre()[1] - bounds[*a].centre()[1] >= BETWEEN * height;
    let mut rows: Vec<Row> = letters
        .chunk_by(|a, b| !far(a, b))
        .map(|row| {
            let height = usual_height(row.iter().map(|part| &bounds[*part]));
            Row::new(row.iter().map(|part| piece(*part, bounds[*part])).collect(), height)
        })
        .collect();
    for part in dots {
        let dot = bounds[part];
        let nearest = rows.iter_mut().min_by(|a, b| a.distance(dot).total_cmp(&b.distance(dot)));
        if let Some(row) = nearest {
            row.add_dot(part, dot);
        }
    }
    rows.into_iter().map(|row| Row::new(row.pieces, row.height)).collect()
}

fn piece(part: usize, bounds: Bounds) -> RowPiece {
    RowPiece { parts: vec![part], bounds }
}

/// The height that a quarter of the parts exceed; of flat parts alone, the longest side.
fn usual_height<'a>(bounds: impl Iterator<Item = &'a Bounds> + Clone) -> f32 {
    let height = quantile(bounds.clone().map(Bounds::height), 0.75);
    let longest = bounds.map(Bounds::longest).fold(f32::MIN_POSITIVE, f32::max);
    if height > 0.0 { height } else { longest }
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

    /// The parts of each piece, row by row.
    fn parts(boxes: &[[f32; 4]]) -> Vec<Vec<Vec<usize>>> {
        rows(&bounds(boxes)).into_iter().map(|row| row.pieces.into_iter().map(|piece| piece.parts).collect()).collect()
    }

    #[test]
    fn rows_run_from_top_to_bottom_and_pieces_from_left_to_right() {
        let boxes = [[30.0, 40.0, 38.0, 50.0], [10.0, 0.0, 18.0, 10.0], [0.0, 1.0, 8.0, 11.0], [0.0, 41.0, 8.0, 53.0]];
        assert_eq!(parts(&boxes), [[[2], [1]], [[3], [0]]]);
        assert!(rows(&[]).is_empty());
        assert_eq!(parts(&[[5.0, 5.0, 5.0, 5.0]]), [[[0]]], "a dot alone");
    }

    #[test]
    fn a_dot_that_comes_last_belongs_to_what_is_below() {
        let [i, n, dot] = [[0.0, 10.0, 1.0, 20.0], [4.0, 10.0, 12.0, 20.0], [0.5, 5.0, 1.0, 5.5]];
        assert_eq!(parts(&[i, n, dot]), [[vec![0, 2], vec![1]]]);
        assert_eq!(parts(&[i, n, [14.0, 19.0, 14.5, 20.0]]), [[[0], [1], [2]]], "a full stop stands alone");
    }
}
