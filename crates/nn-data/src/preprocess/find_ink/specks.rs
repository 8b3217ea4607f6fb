//! Removes ink that does not belong to the character: specks, and what reaches in from the edge of a photograph.
//!
//! The ink is divided into connected pieces (two passes over runs of pixels, joined by union-find). A piece with far less
//! ink than the heaviest is a speck. A piece that lies along the edge is a margin, a shadow or the table.

use crate::preprocess::find_ink::background::Contrast;
use crate::preprocess::grey::Grey;

/// In a clean picture, ink above this belongs to a piece.
pub(crate) const CLEAN: f32 = 8.5 / 255.0;
/// In a picture with noise, ink above this belongs to a piece.
pub(crate) const NOISY: f32 = 0.3;
/// In a clean picture, a piece of less than this part of the heaviest one's mass is a speck.
const LEAST_CLEAN: f32 = 0.01;
/// The same in a picture with noise.
const LEAST_NOISY: f32 = 0.03;
/// In a picture with noise, a piece whose pixels are all weaker than this is a speck.
const STRONG: f32 = 0.6;

/// In a group, a gap between pieces is at most this part of the group's longer side.
const GAP: f32 = 0.25;
/// This many pieces that lie apart from all others are no part of a character: they are text and buttons of a screen.
const CLUTTER: usize = 3;

/// One connected piece of ink.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    mass: f32,
    strongest: f32,
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
    /// Number of its pixels on the picture's edge.
    on_edge: usize,
}

/// A run of inked pixels in one row: columns `start..end`.
struct Run {
    start: usize,
    end: usize,
    piece: usize,
}

/// The ink with specks and margins set to 0, and, if `on_paper`, the clutter of a screen around it.
pub(crate) fn without_specks(contrast: Contrast, on_paper: bool) -> Contrast {
    let Contrast { mut ink, clean, .. } = contrast;
    let threshold = if clean { CLEAN } else { NOISY };
    let (rows, pieces) = connected(&ink, threshold);
    let mut keeps = kept(&pieces, &ink, clean);
    if on_paper {
        without_clutter(&pieces, &mut keeps);
    }
    if keeps.iter().all(|kept| *kept) && clean {
        return Contrast { ink, ..contrast };
    }
    // Kept pieces keep their pale seam of one pixel; all else is background.
    let mut mask = vec![false; ink.values.len()];
    for (y, runs) in rows.iter().enumerate() {
        for run in runs.iter().filter(|run| keeps[run.piece]) {
            for y in y.saturating_sub(1)..(y + 2).min(ink.height) {
                mask[y * ink.width..][run.start.saturating_sub(1)..(run.end + 1).min(ink.width)].fill(true);
            }
        }
    }
    for (y, runs) in rows.iter().enumerate() {
        for run in runs.iter().filter(|run| !keeps[run.piece]) {
            mask[y * ink.width..][run.start..run.end].fill(false);
        }
    }
    ink.values.iter_mut().zip(mask).filter(|(_, kept)| !kept).for_each(|(value, _)| *value = 0.0);
    Contrast { ink, ..contrast }
}

/// Leaves out the pieces that lie apart from the character, if they are many: text and buttons of a screen.
fn without_clutter(pieces: &[Piece], keeps: &mut [bool]) {
    let weight = |at: &usize| pieces[*at].mass * pieces[*at].long() as f32;
    let Some(main) = (0..pieces.len()).filter(|at| keeps[*at]).max_by(|a, b| weight(a).total_cmp(&weight(b))) else {
        return;
    };
    let (mut group, mut apart) =
        (pieces[main], (0..pieces.len()).filter(|at| keeps[*at] && *at != main).collect::<Vec<_>>());
    while let Some(near) = apart.iter().position(|at| group.gap(&pieces[*at]) as f32 <= GAP * group.long() as f32) {
        group.join(&pieces[apart.swap_remove(near)]);
    }
    if apart.len() >= CLUTTER {
        apart.into_iter().for_each(|at| keeps[at] = false);
    }
}

/// Tells for each piece if it belongs to the character.
fn kept(pieces: &[Piece], ink: &Grey, clean: bool) -> Vec<bool> {
    let mut margin: Vec<bool> = pieces.iter().map(|piece| piece.runs_along_edge(ink)).collect();
    let heaviest = |margin: &[bool], of_margin: bool| {
        let pieces = pieces.iter().zip(margin).filter(|(_, margin)| **margin == of_margin).map(|(piece, _)| *piece);
        pieces.reduce(|a, b| if b.mass > a.mass { b } else { a }).unwrap_or_default()
    };
    // The margins are only given up if what lies inside can be a character itself.
    let inside = heaviest(&margin, false);
    let outside = heaviest(&margin, true);
    let tall = (inside.bottom - inside.top).max(inside.right - inside.left) + 1;
    let side = ink.width.min(ink.height);
    let give_up = 4 * tall >= side && inside.mass >= 0.25 * outside.mass || 5 * tall >= 2 * side;
    if give_up && !inside.touches_edge(ink) {
        // Then small pieces that touch the edge belong to something else.
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
    /// The longer side of its box.
    fn long(&self) -> usize {
        (self.right - self.left).max(self.bottom - self.top) + 1
    }

    /// The pixels between its box and another.
    fn gap(&self, other: &Self) -> usize {
        let across = self.left.max(other.left).saturating_sub(self.right.min(other.right));
        across.max(self.top.max(other.top).saturating_sub(self.bottom.min(other.bottom)))
    }

    /// Enlarges its box by that of another.
    fn join(&mut self, other: &Self) {
        (self.left, self.right) = (self.left.min(other.left), self.right.max(other.right));
        (self.top, self.bottom) = (self.top.min(other.top), self.bottom.max(other.bottom));
    }

    /// Adds a run of row `y`; rows come from top to bottom.
    fn add(&mut self, run: &Run, y: usize, ink: &Grey) {
        for &value in &ink.values[y * ink.width..][run.start..run.end] {
            self.mass += value;
            self.strongest = self.strongest.max(value);
        }
        self.left = self.left.min(run.start);
        self.right = self.right.max(run.end - 1);
        self.bottom = y;
        self.on_edge += if y == 0 || y + 1 == ink.height {
            run.end - run.start
        } else {
            usize::from(run.start == 0) + usize::from(run.end == ink.width)
        };
    }

    /// True if it comes within a pixel of the picture's edge.
    fn touches_edge(&self, ink: &Grey) -> bool {
        self.left < 2 || self.top < 2 || self.right + 2 >= ink.width || self.bottom + 2 >= ink.height
    }

    /// True if it is a margin: it lies within the outer twelfth of the picture, or is a thin line within the outer eighth,
    /// or many of its pixels are on the edge itself.
    fn runs_along_edge(&self, ink: &Grey) -> bool {
        let Grey { width, height, .. } = *ink;
        let outer = |low: usize, high: usize, length: usize, part: usize| {
            part * (high + 1) <= length || part * (length - low) <= length
        };
        let within = |part| outer(self.left, self.right, width, part) || outer(self.top, self.bottom, height, part);
        let wide = self.right - self.left + 1;
        let high = self.bottom - self.top + 1;
        let line = 4 * wide.max(high) >= width.min(height) && wide.max(high) >= 4 * wide.min(high);
        let much = self.on_edge > 0 && 4 * self.on_edge >= width.min(height);
        self.touches_edge(ink) && within(12) || line && within(8) || much
    }
}

/// Finds the runs of each row and the pieces they belong to.
fn connected(ink: &Grey, threshold: f32) -> (Vec<Vec<Run>>, Vec<Piece>) {
    let (mut rows, mut parents) = join_runs(ink, threshold);
    let mut numbers = vec![usize::MAX; parents.len()];
    let mut pieces: Vec<Piece> = vec![];
    for (y, runs) in rows.iter_mut().enumerate() {
        for run in runs {
            let root = root_of(&mut parents, run.piece);
            if numbers[root] == usize::MAX {
                numbers[root] = pieces.len();
                pieces.push(Piece { left: run.start, top: y, ..Piece::default() });
            }
            run.piece = numbers[root];
            pieces[run.piece].add(run, y, ink);
        }
    }
    (rows, pieces)
}

/// Finds the runs of each row and joins those that touch, corners included. A run names a set of runs; the sets form a
/// union-find forest, given by the parent of each set.
fn join_runs(ink: &Grey, threshold: f32) -> (Vec<Vec<Run>>, Vec<usize>) {
    let mut parents: Vec<usize> = vec![];
    let mut rows: Vec<Vec<Run>> = Vec::with_capacity(ink.height);
    for row in ink.values.chunks_exact(ink.width) {
        let mut runs = vec![];
        let mut x = 0;
        while let Some(skip) = row[x..].iter().position(|v| *v > threshold) {
            let start = x + skip;
            let end = row[start..].iter().position(|v| *v <= threshold).map_or(ink.width, |length| start + length);
            let mut piece = usize::MAX;
            for above in rows.last().into_iter().flatten().filter(|a| a.end >= start && a.start <= end) {
                let root = root_of(&mut parents, above.piece);
                if piece != usize::MAX {
                    let other = root_of(&mut parents, piece);
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
        }
        rows.push(runs);
    }
    (rows, parents)
}

fn root_of(parents: &mut [usize], mut piece: usize) -> usize {
    while parents[piece] != piece {
        parents[piece] = parents[parents[piece]];
        piece = parents[piece];
    }
    piece
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: usize, height: usize, ink: impl Fn(usize, usize) -> bool) -> Grey {
        let values = (0..width * height).map(|i| f32::from(u8::from(ink(i % width, i / width)))).collect();
        Grey { width, height, values }
    }

    /// Inked pixels before and after.
    fn cleaned(ink: Grey, clean: bool) -> (f32, f32) {
        let before = ink.values.iter().sum();
        (
            before,
            without_specks(Contrast { ink, clean, reduced_by: 1, at: [0, 0], bright: None }, true)
                .ink
                .values
                .iter()
                .sum(),
        )
    }

    #[test]
    fn pieces_are_joined_over_corners_and_forks() {
        let letter = |x: usize, y: usize| y < 5 && (x == y || x == 8 - y) || (y == 7 && x < 9);
        let (_, pieces) = connected(&drawn(10, 10, letter), 0.5);
        assert_eq!(pieces.iter().map(|p| p.mass).collect::<Vec<_>>(), [9.0, 9.0]);
        assert_eq!((pieces[0].left, pieces[0].right, pieces[0].top, pieces[0].bottom), (0, 8, 0, 4));
        let u = drawn(7, 5, |x, y| x == 1 || x == 5 || y == 4);
        assert_eq!(connected(&u, 0.5).1.len(), 1);
    }

    #[test]
    fn specks_go_and_dots_stay() {
        let i = |x: usize, y: usize| (18..22).contains(&x) && ((10..14).contains(&y) || (18..34).contains(&y));
        assert_eq!(cleaned(drawn(40, 40, i), false), (80.0, 80.0));
        let speck = move |x: usize, y: usize| i(x, y) || (x, y) == (3, 3);
        assert_eq!(cleaned(drawn(40, 40, speck), false), (81.0, 80.0));
    }

    #[test]
    fn clutter_goes_and_the_parts_of_a_character_stay() {
        let stem = |x: usize, y: usize| (28..33).contains(&x) && (30..60).contains(&y);
        let buttons =
            move |x: usize, y: usize| stem(x, y) || (85..90).contains(&y) && (10..80).contains(&x) && x % 20 < 5;
        assert_eq!(cleaned(drawn(100, 100, buttons), true).1, 150.0, "four buttons");
        let umlaut =
            move |x: usize, y: usize| stem(x, y) || (22..26).contains(&y) && (22..40).contains(&x) && x % 9 < 4;
        let (before, after) = cleaned(drawn(100, 100, umlaut), true);
        assert_eq!(before, after, "two dots");
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
        assert_eq!(cleaned(bar, true).1, 27.0 * 9.0, "a tight cut leaves no background at the edge");
        let dotted = drawn(6, 40, |_, y| !(5..=10).contains(&y));
        assert_eq!(cleaned(dotted.clone(), true), (34.0 * 6.0, 34.0 * 6.0), "the dot of an i is no reason");
    }
}
