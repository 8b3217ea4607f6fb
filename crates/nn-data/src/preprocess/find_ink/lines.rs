//! Removes lines that are no ink: those of ruled and squared paper, and the line beside a margin.
//!
//! Such a line runs straight across the whole picture. It is told from a stroke that does by its company: printed lines are
//! paler than the ink, or several, or they touch nothing else. The slope of the lines on paper that lies askew is found by
//! trying: at the right one the rows of a sheared picture are full or empty.

use crate::preprocess::grey::Grey;

/// Smaller pictures have no lines.
const LEAST: usize = 8;
/// Ink above this may belong to a line.
const TRACE: f32 = 0.08;
/// A row of a line has ink in at least this share of its pixels; the rows beside it, which belong to it, in `PARTLY`.
const MOSTLY: f32 = 0.8;
const PARTLY: f32 = 0.4;
/// Lines are at most this part of the picture thick.
const THICK: f32 = 0.06;
/// Lines rise or fall by at most this part of the picture's width.
const FALL: f32 = 0.1;
/// A line whose median is below this is printed paler than the ink.
const PALE: f32 = 0.6;
/// A line is alone if ink touches it in at most this share of its pixels.
const ALONE: f32 = 0.04;
/// The ink that remains is at least this part of the picture's shorter side long, else the lines were the ink.
const REMAINS: f32 = 0.2;

/// The ink without lines. `threshold` is that above which ink belongs to the character.
pub(crate) fn without_lines(ink: Grey, threshold: f32) -> Grey {
    if ink.width < LEAST || ink.height < LEAST {
        return ink;
    }
    let inked = |pixels: &[f32]| pixels.iter().any(|value| *value > TRACE);
    let rows = || ink.values.chunks_exact(ink.width);
    // Most pictures have ink neither at the left and the right edge nor at the upper and the lower one.
    let across = rows().any(|row| inked(&row[..2])) && rows().any(|row| inked(&row[ink.width - 2..]));
    let down = rows().take(2).any(inked) && rows().rev().take(2).any(inked);
    if !across && !down {
        return ink;
    }
    let turned = transposed(&ink);
    let level = if across { level_lines(&ink) } else { vec![] };
    let upright = if down { level_lines(&turned) } else { vec![] };
    let mut without = turned.clone();
    upright.iter().for_each(|line| line.erase(&mut without, &turned));
    without = transposed(&without);
    level.iter().for_each(|line| line.erase(&mut without, &ink));
    let side = ink.width.min(ink.height) as f32;
    let remains = without.bounds(threshold.max(TRACE)).is_some_and(|b| b.width.max(b.height) as f32 >= REMAINS * side);
    if remains { without } else { ink }
}

/// A level line.
struct Line {
    /// The first and the last of its rows at the picture's left edge.
    first: usize,
    last: usize,
    /// The rows by which it falls over the picture's width.
    fall: isize,
}

/// The level lines that were printed, of a picture with ink at its left and right edge.
fn level_lines(ink: &Grey) -> Vec<Line> {
    let mut lines = straight_lines(ink);
    let pale = |line: &Line| line.strength(ink) < PALE;
    let in_company = lines.len() > 2 || lines.len() == 2 && lines.iter().any(pale);
    if !in_company {
        lines.retain(|line| pale(line) || line.is_alone(ink));
    }
    lines
}

/// The straight lines across the picture, at the slope at which most are found.
fn straight_lines(ink: &Grey) -> Vec<Line> {
    let most = (FALL * ink.width as f32) as isize;
    let mut best = (0.0, vec![]);
    for step in 0..=2 * most {
        let fall = if step % 2 == 0 { step / 2 } else { -(step + 1) / 2 }; // level first
        let mut counts = vec![0usize; ink.height];
        for x in 0..ink.width {
            let moved = fall * x as isize / ink.width as isize;
            let inked = (0..ink.height).filter(|y| ink.values[y * ink.width + x] > TRACE);
            for y in inked {
                if let Some(count) = usize::try_from(y as isize - moved).ok().and_then(|at| counts.get_mut(at)) {
                    *count += 1;
                }
            }
        }
        let share: Vec<f32> = counts.iter().map(|&count| count as f32 / ink.width as f32).collect();
        let lines = bands(&share, (THICK * ink.height as f32).max(2.0) as usize, fall);
        let fullest = |line: &Line| share[line.first..=line.last].iter().copied().fold(0.0, f32::max);
        let score = lines.iter().map(fullest).sum::<f32>();
        if score > best.0 + 1e-3 {
            best = (score, lines);
        }
    }
    best.1
}

/// The runs of rows that are partly inked, mostly in one row, and not too thick.
fn bands(share: &[f32], most: usize, fall: isize) -> Vec<Line> {
    let mut lines = vec![];
    let mut row = 0;
    while row < share.len() {
        let end = share[row..].iter().position(|share| *share < PARTLY).map_or(share.len(), |length| row + length);
        if end > row && end - row <= most && share[row..end].iter().any(|share| *share >= MOSTLY) {
            lines.push(Line { first: row, last: end - 1, fall });
        }
        row = end + 1;
    }
    lines
}

impl Line {
    /// The ink at column `x`, `below` rows under the line's first; 0 outside the picture.
    fn ink(&self, ink: &Grey, x: usize, below: isize) -> f32 {
        self.row(ink, x, below).map_or(0.0, |y| ink.values[y * ink.width + x])
    }

    fn row(&self, ink: &Grey, x: usize, below: isize) -> Option<usize> {
        let row = self.first as isize + below + self.fall * x as isize / ink.width as isize;
        usize::try_from(row).ok().filter(|row| *row < ink.height)
    }

    /// The number of its rows, less 1.
    fn thick(&self) -> isize {
        (self.last - self.first) as isize
    }

    /// The median, over the columns, of its strongest ink.
    fn strength(&self, ink: &Grey) -> f32 {
        let strongest = |x: usize| (0..=self.thick()).map(|below| self.ink(ink, x, below)).fold(0.0, f32::max);
        let mut values: Vec<f32> = (0..ink.width).map(strongest).collect();
        let half = values.len() / 2;
        *values.select_nth_unstable_by(half, f32::total_cmp).1
    }

    /// The strongest ink close above and close below the line, near a column.
    fn beside(&self, ink: &Grey, x: usize) -> [f32; 2] {
        let near = x.saturating_sub(1)..(x + 2).min(ink.width);
        [-2, self.thick() + 2].map(|below| near.clone().map(|x| self.ink(ink, x, below)).fold(0.0, f32::max))
    }

    /// True if nothing touches the line.
    fn is_alone(&self, ink: &Grey) -> bool {
        let touched = (0..ink.width).filter(|&x| self.beside(ink, x).iter().any(|ink| *ink > 0.3)).count();
        touched as f32 <= ALONE * ink.width as f32
    }

    /// Erases the line, but not where a stroke crosses it, nor what is darker than a pale line. `ink` is the picture with all of
    /// its lines.
    fn erase(&self, without: &mut Grey, ink: &Grey) {
        let strength = self.strength(ink);
        let stroke = ((1.0 + strength) / 2.0).min(0.8); // stronger than another line that crosses
        let darkest = if strength < PALE { stroke } else { f32::MAX };
        for x in 0..ink.width {
            if self.beside(ink, x).iter().all(|ink| *ink > stroke) {
                continue;
            }
            for y in (-1..=self.thick() + 1).filter_map(|below| self.row(ink, x, below)) {
                if ink.values[y * ink.width + x] <= darkest {
                    without.values[y * ink.width + x] = 0.0;
                }
            }
        }
    }
}

/// Rows become columns.
fn transposed(ink: &Grey) -> Grey {
    let values = (0..ink.width).flat_map(|x| (0..ink.height).map(move |y| ink.values[y * ink.width + x])).collect();
    Grey { width: ink.height, height: ink.width, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of 60 x 60 pixels: ink where `inked` says so, in full strength, and `pale` lines.
    fn picture(inked: impl Fn(usize, usize) -> bool, pale: impl Fn(usize, usize) -> bool) -> Grey {
        let value = |x, y| {
            if inked(x, y) {
                1.0
            } else if pale(x, y) {
                0.3
            } else {
                0.0
            }
        };
        Grey { width: 60, height: 60, values: (0..3600).map(|at| value(at % 60, at / 60)).collect() }
    }

    fn slash(x: usize, y: usize) -> bool {
        (15..45).contains(&y) && (x + y).abs_diff(60) < 3
    }

    #[test]
    fn ruled_and_squared_paper_goes_and_the_stroke_stays() {
        let plain = picture(slash, |_, _| false);
        for (name, lines) in [
            ("ruled", (|_, y| y % 14 == 3) as fn(usize, usize) -> bool),
            ("squared", |x, y| y % 14 == 3 || x % 14 == 3),
            ("askew", |x, y| (y * 30 + x + 200) % 420 < 30),
            ("a margin", |x, _| x == 8),
        ] {
            let ruled = picture(slash, lines);
            let without = without_lines(ruled.clone(), 0.3);
            let left = |x: usize, y: usize| without.values[y * 60 + x] > 0.0 && !slash(x, y);
            let lines_left = (0..3600).filter(|at| left(at % 60, at / 60)).count();
            let differing = plain.values.iter().zip(&without.values).filter(|(a, b)| **a == 1.0 && **b == 0.0).count();
            assert!(lines_left < 12 && differing < 60, "{name}: {lines_left} pixels of lines, {differing} of ink lost");
        }
    }

    #[test]
    fn ink_along_and_across_pale_lines_stays() {
        // A 7 whose bar lies on a line, and whose leg another one crosses where it bends.
        let bar = |x: usize, y: usize| (30..45).contains(&x) && y.abs_diff(17) < 3;
        let leg = |x: usize, y: usize| (17..50).contains(&y) && x.abs_diff(if y < 31 { 43 } else { 43 - (y - 31) }) < 3;
        let lined = picture(|x, y| bar(x, y) || leg(x, y), |_, y| y % 14 == 3);
        let without = without_lines(lined.clone(), 0.3);
        let inked = |at: &usize| lined.values[*at] == 1.0;
        let lost = (0..3600).filter(|at| inked(at) && without.values[*at] < 0.9).count();
        let left = (0..3600).filter(|at| !inked(at) && without.values[*at] > 0.1).count();
        assert!(lost == 0 && left < 4, "{lost} pixels of ink lost, {left} of lines left");
    }

    #[test]
    fn characters_that_fill_the_picture_stay() {
        let none = |_: usize, _: usize| false;
        for (name, character) in [
            ("T", (|x, y| y < 5 || x.abs_diff(30) < 3) as fn(usize, usize) -> bool),
            ("Z", |x, y| !(5..55).contains(&y) || (x + y).abs_diff(60) < 4),
            ("minus", |_, y| y.abs_diff(30) < 2),
            ("equals", |_, y| y.abs_diff(20) < 2 || y.abs_diff(40) < 2),
            ("H", |x, y| !(5..55).contains(&x) || y.abs_diff(30) < 3),
        ] {
            let ink = picture(character, none);
            assert_eq!(without_lines(ink.clone(), 0.3), ink, "{name}");
        }
    }
}
