//! Finds the paper in a picture that shows more than paper: bars beside a photograph, a table, a crop pasted on white, the
//! frame of a window or of a form's cell.
//!
//! What surrounds the paper has one colour along a side of the picture. Seen from that side, paper begins at a straight
//! line, and there the colour changes within few pixels; a character begins at a ragged one, and light fades slowly. Within
//! the lines something must stand out, because a thick upright stroke has straight sides, too. All this is looked for again
//! within what was found, so that a form's cell on a sheet on a table is found as well.

use crate::rectangle::Rectangle;

/// A side of the picture has one colour if at least this share of its pixels is near it.
const FLAT: f32 = 0.75;
/// A line is straight if at least this share of its points is near it.
const STRAIGHT: f32 = 0.7;
/// A line begins sharply if at least this share of its points does.
const SHARP: f32 = 0.6;
/// A straight line rises at most this much: paper may lie askew by four degrees.
const ASKEW: f32 = 0.07;
/// In a picture, colours are near each other up to this difference, or three times the deviation along a noisy side.
pub(crate) const NEAR: f32 = 2.5 / 255.0;
/// Ink stands out at least this much (of 1).
const FAINTEST: f32 = 0.06;
/// The paper is at least this part of the picture's width and height.
const LEAST: f32 = 0.12;
/// The line around a cell is at most this part of the cell wide.
const OUTLINE: f32 = 0.1;
/// Paper may be found within paper this many times.
const ROUNDS: usize = 4;
/// Along a noisy side this many pixels on end differ where something begins; fewer are noise.
const RUN: usize = 2;
/// Within this many pixels of its beginning a line has its full colour.
const SEAM: usize = 4;

/// Returns the part of a picture of N channels, `width` pixels wide, that is paper: all of it where it shows nothing else.
///
/// Values of one colour differ by at most `near`.
pub(crate) fn paper<const N: usize>(pixels: &[[f32; N]], width: usize, near: f32) -> Rectangle {
    let all = Rectangle { x: 0, y: 0, width, height: pixels.len() / width.max(1) };
    let mut found = all;
    for _ in 0..ROUNDS {
        let Some(within) = within(&View { pixels, all, area: found, near }) else { break };
        found = within;
    }
    found
}

/// A part of a picture, looked at from its sides.
#[derive(Clone, Copy)]
struct View<'a, const N: usize> {
    pixels: &'a [[f32; N]],
    all: Rectangle,
    area: Rectangle,
    near: f32,
}

/// A side of a view.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

/// Where the paper begins, seen from one side.
struct Line<const N: usize> {
    side: Side,
    /// The colour between the side and the line.
    outside: [f32; N],
    /// The points of the line: place along the side, and depth.
    points: Vec<(usize, usize)>,
    /// The depth from which on there is paper all along the line.
    depth: usize,
    tolerance: f32,
}

/// The paper within what was taken for paper; `None` where it is paper itself.
fn within<const N: usize>(view: &View<'_, N>) -> Option<Rectangle> {
    let mut lines = vec![];
    for side in [Side::Left, Side::Right, Side::Top, Side::Bottom] {
        if let Some((outside, tolerance)) = view.flat(side) {
            lines.push(view.line(side, outside, tolerance)?);
        }
    }
    lines.retain(|line| line.depth > 0);
    if lines.is_empty() {
        return None;
    }
    let mut inside = view.inset(&lines, |line| line.depth + 1)?;
    let mut paper = median(&View { area: inside, ..*view }.sample());
    let cell = lines.iter().all(|line| distance(&paper, &line.outside) <= 2.0 * line.tolerance);
    if cell {
        if lines.len() < 4 {
            return None;
        }
        let thick: Vec<usize> = lines.iter().map(|line| view.thickness(line, &paper)).collect();
        let most = OUTLINE * inside.width.min(inside.height) as f32;
        if thick.iter().any(|&thick| thick as f32 > most.max(1.5)) {
            return None;
        }
        let thick = thick.into_iter().max()?;
        inside = view.inset(&lines, |line| line.depth + thick + 1)?;
        paper = median(&View { area: inside, ..*view }.sample());
    }
    if !lines.iter().all(|line| view.is_sharp(line, &paper)) {
        return None;
    }
    View { area: inside, ..*view }.shows_ink(&paper, cell).then_some(inside)
}

impl<const N: usize> View<'_, N> {
    /// The pixel at a place along a side, so deep in the view.
    fn at(&self, side: Side, place: usize, depth: usize) -> &[f32; N] {
        let Rectangle { x, y, width, height } = self.area;
        let (column, row) = match side {
            Side::Left => (x + depth, y + place),
            Side::Right => (x + width - 1 - depth, y + place),
            Side::Top => (x + place, y + depth),
            Side::Bottom => (x + place, y + height - 1 - depth),
        };
        &self.pixels[row * self.all.width + column]
    }

    /// The length of a side, and how deep the view is from there.
    fn extent(&self, side: Side) -> (usize, usize) {
        let Rectangle { width, height, .. } = self.area;
        if matches!(side, Side::Left | Side::Right) { (height, width) } else { (width, height) }
    }

    /// The colour of the outermost pixels of a side and how far pixels may be from it, if most are near it.
    fn flat(&self, side: Side) -> Option<([f32; N], f32)> {
        let (length, _) = self.extent(side);
        let pixels: Vec<[f32; N]> = (0..length).map(|place| *self.at(side, place, 0)).collect();
        let colour = median(&pixels);
        let mut distances: Vec<f32> = pixels.iter().map(|pixel| distance(pixel, &colour)).collect();
        let most = ((length - 1) as f32 * FLAT) as usize;
        let spread = *distances.select_nth_unstable_by(most, f32::total_cmp).1; // 1.15 deviations of normal noise
        let tolerance = (2.6 * spread).max(self.near);
        (tolerance <= 0.2).then_some((colour, tolerance))
    }

    /// The line at which something begins, seen from a flat side; `None` if it is not straight.
    fn line(&self, side: Side, outside: [f32; N], tolerance: f32) -> Option<Line<N>> {
        let (length, deep) = self.extent(side);
        let wanted = if tolerance > self.near { RUN } else { 1 };
        let begins = |place: usize| {
            let mut differing = 0;
            (0..deep).find_map(|depth| {
                differing = if distance(self.at(side, place, depth), &outside) > tolerance { differing + 1 } else { 0 };
                (differing == wanted).then(|| (place, depth + 1 - wanted))
            })
        };
        let points: Vec<(usize, usize)> = (0..length).filter_map(begins).collect();
        if (points.len() as f32) < LEAST * length as f32 || points.len() < 6 {
            return None;
        }
        // A line through the median depths of the first and the last third; the outermost points are corners.
        let third = points.len() / 3;
        let middle = |part: &[(usize, usize)]| {
            let mut depths: Vec<usize> = part.iter().map(|(_, depth)| *depth).collect();
            let half = depths.len() / 2;
            (part[half].0 as f32, *depths.select_nth_unstable(half).1 as f32)
        };
        let (first, last) = (middle(&points[..third]), middle(&points[points.len() - third..]));
        let slope = (last.1 - first.1) / (last.0 - first.0).max(1.0);
        let depth = |place: usize| first.1 + slope * (place as f32 - first.0);
        let near = (0.015 * length.max(deep) as f32).max(0.75);
        let on_line = points.iter().filter(|(place, at)| (*at as f32 - depth(*place)).abs() <= near).count() as f32;
        if on_line < STRAIGHT * points.len() as f32 || slope.abs() > ASKEW {
            return None;
        }
        let ends = points[0].0.max(1) - 1..points[points.len() - 1].0 + 1;
        let deepest = depth(ends.start).max(depth(ends.end)).round().max(0.0) as usize;
        Some(Line { side, outside, points, depth: deepest, tolerance })
    }

    /// The view without what lies before the lines, each at its depth; `None` if too little remains.
    fn inset(&self, lines: &[Line<N>], depth: impl Fn(&Line<N>) -> usize) -> Option<Rectangle> {
        let Rectangle { x, y, width, height } = self.area;
        let from = |side: Side| lines.iter().find(|line| line.side == side).map_or(0, &depth);
        let (left, top) = (from(Side::Left), from(Side::Top));
        let width_left = width.checked_sub(left + from(Side::Right))?;
        let height_left = height.checked_sub(top + from(Side::Bottom))?;
        let least = |length: usize| (LEAST * length as f32).max(8.0) as usize;
        let enough = width_left >= least(self.all.width) && height_left >= least(self.all.height);
        enough.then_some(Rectangle { x: x + left, y: y + top, width: width_left, height: height_left })
    }

    /// The median number of pixels, from a line on, that differ from the paper.
    fn thickness(&self, line: &Line<N>, paper: &[f32; N]) -> usize {
        let (_, deep) = self.extent(line.side);
        let differs = |place, depth| distance(self.at(line.side, place, depth), paper) > 2.0 * line.tolerance;
        let run = |&(place, depth): &(usize, usize)| (depth..deep).take_while(|&depth| differs(place, depth)).count();
        let mut runs: Vec<usize> = line.points.iter().map(run).collect();
        let half = runs.len() / 2;
        *runs.select_nth_unstable(half).1
    }

    /// True if the colour changes within few pixels along a line, as it does at an edge, not as light fades.
    fn is_sharp(&self, line: &Line<N>, paper: &[f32; N]) -> bool {
        let (_, deep) = self.extent(line.side);
        let wanted = (0.5 * distance(paper, &line.outside)).max(1.5 * line.tolerance).max(0.02);
        let sharp = |&&(place, depth): &&(usize, usize)| {
            (depth..(depth + SEAM).min(deep)).any(|d| distance(self.at(line.side, place, d), &line.outside) >= wanted)
        };
        line.points.iter().filter(sharp).count() as f32 >= SHARP * line.points.len() as f32
    }

    /// True if something stands out from the paper and covers less than half of it. In a cell it must not reach from side to
    /// side: then the lines around belong to a character.
    fn shows_ink(&self, paper: &[f32; N], in_cell: bool) -> bool {
        let Rectangle { width, height, .. } = self.area;
        let far: Vec<f32> = self.sample().iter().map(|pixel| distance(pixel, paper)).collect();
        let mut sorted = far.clone();
        let few = (far.len() / 250).max(3).min(far.len() - 1);
        let strongest = *sorted.select_nth_unstable_by(far.len() - 1 - few, f32::total_cmp).1;
        let inked = |at: usize| far[at] > 0.5 * strongest;
        if strongest < FAINTEST || 2 * (0..far.len()).filter(|&at| inked(at)).count() > far.len() {
            return false;
        }
        let row = |y: usize| (0..width).any(|x| inked(y * width + x));
        let column = |x: usize| (0..height).any(|y| inked(y * width + x));
        !in_cell || !(row(0) && row(height - 1) || column(0) && column(width - 1))
    }

    /// The pixels of the view.
    fn sample(&self) -> Vec<[f32; N]> {
        let Rectangle { x, y, width, height } = self.area;
        let rows = self.pixels.chunks_exact(self.all.width).skip(y).take(height);
        rows.flat_map(|row| &row[x..x + width]).copied().collect()
    }
}

/// The median of each channel.
pub(crate) fn median<const N: usize>(pixels: &[[f32; N]]) -> [f32; N] {
    std::array::from_fn(|c| {
        let mut values: Vec<f32> = pixels.iter().map(|pixel| pixel[c]).collect();
        let half = values.len() / 2;
        *values.select_nth_unstable_by(half, f32::total_cmp).1
    })
}

/// The largest difference in a channel.
pub(crate) fn distance<const N: usize>(a: &[f32; N], b: &[f32; N]) -> f32 {
    (0..N).map(|c| (a[c] - b[c]).abs()).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paper in a picture of 80 x 80 pixels.
    fn paper_of(value: impl Fn(usize, usize) -> f32) -> Rectangle {
        let pixels: Vec<[f32; 1]> = (0..6400).map(|at| [value(at % 80, at / 80)]).collect();
        paper(&pixels, 80, NEAR)
    }

    /// A stroke within the rectangle from 20 to 60.
    fn stroke(x: usize, y: usize) -> bool {
        (28..52).contains(&y) && x.abs_diff(y) < 3
    }

    #[test]
    fn paper_is_found_on_other_grounds() {
        let inside = |x: usize, y: usize| (20..60).contains(&x) && (20..60).contains(&y);
        for (name, ground, sheet) in [("white", 1.0, 0.96), ("black", 0.0, 0.7), ("dark", 0.3, 0.8)] {
            let found = paper_of(|x, y| {
                if stroke(x, y) {
                    0.1
                } else if inside(x, y) {
                    sheet
                } else {
                    ground
                }
            });
            assert_eq!(found, Rectangle { x: 21, y: 21, width: 38, height: 38 }, "{name}");
        }
        let bars = paper_of(|x, y| {
            if stroke(x, y) {
                0.1
            } else if (20..60).contains(&x) {
                0.8
            } else {
                0.0
            }
        });
        assert_eq!((bars.x, bars.width, bars.height), (21, 38, 80));
        let cell = |x: usize, y: usize| x.min(y) == 10 || x.max(y) == 70;
        let cell =
            paper_of(|x, y| if stroke(x, y) || cell(x, y) && x.min(y) >= 10 && x.max(y) <= 70 { 0.0 } else { 1.0 });
        assert!(cell.x > 10 && cell.x + cell.width <= 70 && cell.width > 50, "{cell:?}");
    }

    #[test]
    fn a_picture_that_is_paper_and_characters_with_straight_sides_stay_whole() {
        let all = Rectangle { x: 0, y: 0, width: 80, height: 80 };
        let within = |at: usize, from: usize, to: usize| (from..to).contains(&at);
        for (name, inked) in [
            ("a slash", stroke as fn(usize, usize) -> bool),
            ("a thick 1", |x, y| (34..46).contains(&x) && (10..70).contains(&y)),
            ("a ring", |x, y| (500..900).contains(&(x.abs_diff(40).pow(2) + y.abs_diff(40).pow(2)))),
            ("nothing", |_, _| false),
        ] {
            assert_eq!(paper_of(|x, y| if inked(x, y) { 0.0 } else { 1.0 }), all, "{name}");
        }
        let frame = |x, y| within(x, 20, 60) && within(y, 10, 70) && !(within(x, 24, 56) && within(y, 14, 66));
        let eight = |x, y| frame(x, y) || within(x, 20, 60) && within(y, 38, 42);
        assert_eq!(paper_of(|x, y| if frame(x, y) { 0.0 } else { 1.0 }), all, "a square 0");
        assert_eq!(paper_of(|x, y| if eight(x, y) { 0.0 } else { 1.0 }), all, "a square 8");
        assert_eq!(paper_of(|x, y| if stroke(x, y) { 0.1 } else { 0.5 + x as f32 / 200.0 }), all, "light that fades");
    }
}
