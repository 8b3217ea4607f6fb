//! Removes what is no part of a character: specks, and what comes in from the edge of a photograph.
//!
//! Ink is taken apart into connected pieces (two passes over runs of pixels, joined by union-find). A piece far lighter
//! than the heaviest is a speck. A piece that lies along the edge is a margin, a shadow or the table.

use crate::preprocess::background::Contrast;
use crate::preprocess::grey::Plane;

/// Ink above this belongs to a piece: of a clean picture, and of one with noise.
pub(crate) const CLEAN: f32 = 8.5 / 255.0;
pub(crate) const NOISY: f32 = 0.3;
/// A piece needs this part of the mass of the heaviest.
const LEAST_CLEAN: f32 = 0.01;
const LEAST_NOISY: f32 = 0.03;
/// Where there is noise, a piece needs a pixel this strong.
const STRONG: f32 = 0.6;

/// One connected piece of ink.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    mass: f32,
    strongest: f32,
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
    /// Pixels on the picture's edge.
    on_edge: usize,
}

/// A row's stretch of ink: pixels `start..end`.
struct Run {
    start: usize,
    end: usize,
    piece: usize,
}

/// The ink without what is no part of the character.
pub(crate) fn without_specks(contrast: Contrast) -> Contrast {
    let Contrast { mut ink, clean, .. } = contrast;
    let threshold = if clean { CLEAN } else { NOISY };
    let (rows, pieces) = pieces(&ink, threshold);
    let kept = kept(&pieces, &ink, clean);
    if kept.iter().all(|kept| *kept) && clean {
        return Contrast { ink, ..contrast };
    }
    // Kept pieces keep their pale seam of one pixel; all else is paper.
    let mut mask = vec![false; ink.values.len()];
    for (y, runs) in rows.iter().enumerate() {
        for run in runs.iter().filter(|run| kept[run.piece]) {
            for y in y.saturating_sub(1)..(y + 2).min(ink.height) {
                mask[y * ink.width..][run.start.saturating_sub(1)..(run.end + 1).min(ink.width)].fill(true);
            }
        }
    }
    for (y, runs) in rows.iter().enumerate() {
        for run in runs.iter().filter(|run| !kept[run.piece]) {
            mask[y * ink.width..][run.start..run.end].fill(false);
        }
    }
    ink.values.iter_mut().zip(mask).filter(|(_, kept)| !kept).for_each(|(value, _)| *value = 0.0);
    Contrast { ink, ..contrast }
}

/// Which pieces belong to the character.
fn kept(pieces: &[Piece], ink: &Plane, clean: bool) -> Vec<bool> {
    let mut margin: Vec<bool> = pieces.iter().map(|piece| piece.runs_along_edge(ink)).collect();
    let heaviest = |margin: &[bool], of_margin: bool| {
        let pieces = pieces.iter().zip(margin).filter(|(_, margin)| **margin == of_margin).map(|(piece, _)| *piece);
        pieces.reduce(|a, b| if b.mass > a.mass { b } else { a }).unwrap_or_default()
    };
    // What lies inside must be a character itself before anything along the edge is given up.
    let (inside, outside) = (heaviest(&margin, false), heaviest(&margin, true));
    let tall = (inside.bottom - inside.top).max(inside.right - inside.left) + 1;
    let side = ink.width.min(ink.height);
    let give_up = 4 * tall >= side && inside.mass >= 0.25 * outside.mass || 5 * tall >= 2 * side;
    if give_up && !inside.touches_edge(ink) {
        // Then what comes in from the edge is a part of something else.
        for (piece, margin) in pieces.iter().zip(&mut margin) {
            *margin |= piece.touches_edge(ink) && piece.mass < 0.25 * inside.mass;
        }
    }
    let heaviest = if give_up { inside.mass } else { inside.mass.max(outside.mass) };
    let least = heaviest * if clean { LEAST_CLEAN } else { LEAST_NOISY };
    let keep = |(piece, margin): (&Piece, &bool)| {
        let faint = !clean && piece.strongest < STRONG;
        piece.mass >= least && !faint && !(give_up && *margin)
    };
    pieces.iter().zip(&margin).map(keep).collect()
}

impl Piece {
    /// Whether it comes within a pixel of the picture's edge.
    fn touches_edge(&self, ink: &Plane) -> bool {
        self.left < 2 || self.top < 2 || self.right + 2 >= ink.width || self.bottom + 2 >= ink.height
    }

    /// Whether it is a margin: within the outer twelfth at the edge, a thin line within the outer eighth, or with much of
    /// it on the edge itself.
    fn runs_along_edge(&self, ink: &Plane) -> bool {
        let (width, height) = (ink.width, ink.height);
        let outer = |low: usize, high: usize, length: usize, part: usize| {
            part * (high + 1) <= length || part * (length - low) <= length
        };
        let within = |part| outer(self.left, self.right, width, part) || outer(self.top, self.bottom, height, part);
        let (wide, high) = (self.right - self.left + 1, self.bottom - self.top + 1);
        let line = 4 * wide.max(high) >= width.min(height) && wide.max(high) >= 4 * wide.min(high);
        let much = self.on_edge > 0 && 4 * self.on_edge >= width.min(height);
        self.touches_edge(ink) && within(12) || line && within(8) || much
    }
}

/// The runs of each row, and the pieces they belong to.
fn pieces(ink: &Plane, threshold: f32) -> (Vec<Vec<Run>>, Vec<Piece>) {
    let mut parents: Vec<usize> = vec![];
    let mut rows: Vec<Vec<Run>> = Vec::with_capacity(ink.height);
    for row in ink.values.chunks_exact(ink.width) {
        let mut runs = vec![];
        let mut x = 0;
        while let Some(skip) = row[x..].iter().position(|v| *v > threshold) {
            let start = x + skip;
            let end = row[start..].iter().position(|v| *v <= threshold).map_or(ink.width, |length| start + length);
            let mut piece = usize::MAX;
            // Runs of the row above that touch, corners included.
            for above in rows.last().into_iter().flatten().filter(|a| a.end >= start && a.start <= end) {
                let root = root(&mut parents, above.piece);
                if piece != usize::MAX {
                    let other = self::root(&mut parents, piece);
                    parents[root.max(other)] = root.min(other);
                }
                piece = piece.min(root);
            }
            if piece == usize::MAX {
                piece = parents.len();
                parents.push(piece);
            }
            runs.push(Run { start, end, piece });
            x = end;
            if x >= ink.width {
                break;
            }
        }
        rows.push(runs);
    }
    let mut numbers = vec![usize::MAX; parents.len()];
    let mut pieces: Vec<Piece> = vec![];
    for (y, runs) in rows.iter_mut().enumerate() {
        for run in runs {
            let root = root(&mut parents, run.piece);
            if numbers[root] == usize::MAX {
                numbers[root] = pieces.len();
                pieces.push(Piece { left: run.start, top: y, ..Piece::default() });
            }
            run.piece = numbers[root];
            let piece = &mut pieces[run.piece];
            for &value in &ink.values[y * ink.width..][run.start..run.end] {
                piece.mass += value;
                piece.strongest = piece.strongest.max(value);
            }
            (piece.left, piece.right) = (piece.left.min(run.start), piece.right.max(run.end - 1));
            piece.bottom = y;
            piece.on_edge += match y {
                _ if y == 0 || y + 1 == ink.height => run.end - run.start,
                _ => usize::from(run.start == 0) + usize::from(run.end == ink.width),
            };
        }
    }
    (rows, pieces)
}

fn root(parents: &mut [usize], mut piece: usize) -> usize {
    while parents[piece] != piece {
        parents[piece] = parents[parents[piece]];
        piece = parents[piece];
    }
    piece
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: usize, height: usize, ink: impl Fn(usize, usize) -> bool) -> Plane {
        let values = (0..width * height).map(|i| f32::from(u8::from(ink(i % width, i / width)))).collect();
        Plane { width, height, values }
    }

    /// Inked pixels before and after.
    fn cleaned(plane: Plane, clean: bool) -> (f32, f32) {
        let before = plane.values.iter().sum();
        (before, without_specks(Contrast { ink: plane, clean, reduced_by: 1 }).ink.values.iter().sum())
    }

    #[test]
    fn pieces_are_joined_over_corners_and_forks() {
        let letter = |x: usize, y: usize| y < 5 && (x == y || x == 8 - y) || (y == 7 && x < 9);
        let (_, pieces) = pieces(&drawn(10, 10, letter), 0.5);
        assert_eq!(pieces.iter().map(|p| p.mass).collect::<Vec<_>>(), [9.0, 9.0]);
        assert_eq!((pieces[0].left, pieces[0].right, pieces[0].top, pieces[0].bottom), (0, 8, 0, 4));
        let u = drawn(7, 5, |x, y| x == 1 || x == 5 || y == 4);
        assert_eq!(super::pieces(&u, 0.5).1.len(), 1);
    }

    #[test]
    fn specks_go_and_dots_stay() {
        let i = |x: usize, y: usize| (18..22).contains(&x) && ((10..14).contains(&y) || (18..34).contains(&y));
        assert_eq!(cleaned(drawn(40, 40, i), false), (80.0, 80.0));
        let speck = move |x: usize, y: usize| i(x, y) || (x, y) == (3, 3);
        assert_eq!(cleaned(drawn(40, 40, speck), false), (81.0, 80.0));
    }

    #[test]
    fn margins_go_unless_they_are_all_there_is() {
        let stem = |x: usize, y: usize| (18..22).contains(&x) && (10..34).contains(&y);
        let table = move |x: usize, y: usize| stem(x, y) || x < 3 || y > 37;
        assert_eq!(cleaned(drawn(40, 40, table), false).1, 96.0);
        let frame = move |x: usize, y: usize| stem(x, y) || x == 0 || y == 0 || x == 39 || y == 39;
        assert_eq!(cleaned(drawn(40, 40, frame), true).1, 96.0);
        let ruled = move |x: usize, y: usize| stem(x, y) || y == 37 && x > 5;
        assert_eq!(cleaned(drawn(40, 40, ruled), false).1, 96.0, "a line near the edge");
        let below = move |x: usize, y: usize| stem(x, y) || y > 35 && (18..21).contains(&x);
        assert_eq!(cleaned(drawn(40, 40, below), false).1, 96.0, "the top of a character below");
        let bar = drawn(9, 40, |_, y| y > 12);
        assert_eq!(cleaned(bar, true).1, 27.0 * 9.0, "a tight cut leaves no paper at the edge");
        let dotted = drawn(6, 40, |_, y| !(5..=10).contains(&y));
        assert_eq!(cleaned(dotted.clone(), true), (34.0 * 6.0, 34.0 * 6.0), "the dot of an i is no reason");
    }
}
