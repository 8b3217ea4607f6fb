//! Draws ink: the one function behind the drawing pad, the saved picture and the network's input.
//!
//! A pointer that moves fast leaves few points. Between points that are far apart the pen follows a curve, so that a fast
//! circle does not become a polygon; corners stay corners, and two points make a straight line.

use image::{GrayImage, Luma};

use crate::ink::Ink;
use crate::rectangle::Rectangle;

/// At a point the stroke turns smoothly if it turns by less than 70 degrees, whose cosine this is; else it is a corner.
const CORNER: f32 = 0.342;
/// Points closer than this part of the pen's diameter are joined by a straight line: no curve would show.
const NEAR: f32 = 0.5;
/// Pixels between two points on a curve.
const STEP: f32 = 3.0;
/// The most lines that stand for one curve.
const MOST_LINES: f32 = 16.0;

type Point = [f32; 2];

impl Ink {
    /// Draws the ink bright (255) on black (0), `side` x `side` pixels, with a round pen whose diameter is the part
    /// `pen` of the side. Edges are smooth: a pixel's brightness falls with its distance from the line.
    pub fn rasterise(&self, side: u32, pen: f32) -> GrayImage {
        let mut picture = GrayImage::new(side, side);
        for stroke in &self.strokes {
            if let [point] = stroke[..] {
                line(&mut picture, point, point, pen);
            }
            for end in 1..stroke.len() {
                segment(&mut picture, stroke, end, pen);
            }
        }
        picture
    }
}

/// A picture of ink that grows point by point. It always equals [`Ink::rasterise`] of the ink drawn so far.
///
/// The last segment of a stroke changes its shape when the next point arrives. It is therefore drawn on `picture` only,
/// and `settled` knows the picture without it.
pub struct GrowingPicture {
    picture: GrayImage,
    /// Equals `picture` except in `last`, where the last segment is missing.
    settled: GrayImage,
    /// The part of the picture that holds the last segment.
    last: Option<Rectangle>,
    pen: f32,
}

impl GrowingPicture {
    /// The picture of ink, `side` x `side` pixels, see [`Ink::rasterise`].
    pub fn new(ink: &Ink, side: u32, pen: f32) -> Self {
        let picture = GrayImage::new(side, side);
        let mut growing = Self { settled: picture.clone(), picture, last: None, pen };
        for stroke in &ink.strokes {
            for length in 1..=stroke.len() {
                growing.add_point(&stroke[..length]);
            }
        }
        growing
    }

    /// The picture: bright ink (255) on black (0).
    pub fn picture(&self) -> &GrayImage {
        &self.picture
    }

    /// Draws the last point of the newest stroke. Returns the part of the picture that may have changed, if any.
    pub fn add_point(&mut self, stroke: &[Point]) -> Option<Rectangle> {
        let end = stroke.len().checked_sub(1)?;
        let before = self.last.take();
        if end == 0
            && let Some(area) = before
        {
            copy(&self.picture, &mut self.settled, area); // the stroke before is complete
        }
        let settled = if end < 2 { None } else { segment(&mut self.settled, stroke, end - 1, self.pen) };
        let outdated = union(before, settled);
        if let Some(area) = outdated {
            copy(&self.settled, &mut self.picture, area);
        }
        self.last = match stroke {
            [point] => line(&mut self.picture, *point, *point, self.pen),
            _ => segment(&mut self.picture, stroke, end, self.pen),
        };
        union(outdated, self.last)
    }
}

/// Draws the part of a stroke that leads to the point `end` (from 1), and returns the pixels that it may have changed.
fn segment(picture: &mut GrayImage, stroke: &[Point], end: usize, pen: f32) -> Option<Rectangle> {
    let (from, to) = (stroke[end - 1], stroke[end]);
    let before = end.checked_sub(2).map(|i| stroke[i]);
    let distance = length(difference(to, from));
    let controls = if distance < NEAR * pen { None } else { curve(before, from, to, stroke.get(end + 1).copied()) };
    let Some([first, second]) = controls else { return line(picture, from, to, pen) };
    let lines = (distance * picture.width() as f32 / STEP).ceil().clamp(1.0, MOST_LINES);
    let mut changed = None;
    let mut at = from;
    for i in 1..=lines as usize {
        let t = i as f32 / lines;
        let s = 1.0 - t;
        let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
        let next =
            [0, 1].map(|k| weights[0] * from[k] + weights[1] * first[k] + weights[2] * second[k] + weights[3] * to[k]);
        changed = union(changed, line(picture, at, next, pen));
        at = next;
    }
    changed
}

/// The inner control points of the cubic Bézier curve between two points of a stroke, given their neighbours; `None` for
/// a straight line.
///
/// It is a centripetal Catmull-Rom curve (Yuksel, Schaefer and Keyser 2011). At a corner, and at the ends of a stroke, it
/// is the parabola that fits the other side.
fn curve(before: Option<Point>, from: Point, to: Point, after: Option<Point>) -> Option<[Point; 2]> {
    let first = before.and_then(|before| control(before, from, to));
    let second = after.and_then(|after| control(after, to, from));
    // A parabola's one control point lies 3/2 as far away, and 2/3 of the way to it is the cubic's other control point.
    let mirrored = |end: Point, control: Point, other: Point| {
        [0, 1].map(|k| (other[k] + 2.0 * end[k]) / 3.0 + (control[k] - end[k]))
    };
    match (first, second) {
        (Some(first), Some(second)) => Some([first, second]),
        (Some(first), None) => Some([first, mirrored(from, first, to)]),
        (None, Some(second)) => Some([mirrored(to, second, from), second]),
        (None, None) => None,
    }
}

/// The control point beside `at` on the way to `to`, on the line that halves the turn at `at`; `None` at a corner.
fn control(before: Point, at: Point, to: Point) -> Option<Point> {
    let (arriving, leaving) = (difference(at, before), difference(to, at));
    let (near, far) = (length(arriving), length(leaving));
    let cosine = (arriving[0] * leaving[0] + arriving[1] * leaving[1]) / (near * far);
    if cosine.is_nan() || cosine <= CORNER {
        return None;
    }
    let reach = far * near.sqrt() / (3.0 * (near.sqrt() + far.sqrt()));
    Some([0, 1].map(|k| at[k] + reach * (arriving[k] / near + leaving[k] / far)))
}

fn difference(to: Point, from: Point) -> Point {
    [to[0] - from[0], to[1] - from[1]]
}

fn length(way: Point) -> f32 {
    way[0].hypot(way[1])
}

/// Draws a straight line with round ends, and returns the pixels that it may have changed; `None` if it lies outside.
fn line(picture: &mut GrayImage, from: Point, to: Point, pen: f32) -> Option<Rectangle> {
    let side = picture.width() as f32;
    let ([ax, ay], [bx, by]) = (from.map(|v| v * side), to.map(|v| v * side));
    let reach = pen * side / 2.0 + 0.5; // half a pixel of smooth edge
    let span = |a: f32, b: f32, length: u32| {
        let first = (a.min(b) - reach).floor().clamp(0.0, length as f32) as u32;
        let last = (a.max(b) + reach).ceil().clamp(0.0, length as f32) as u32;
        (first, last.saturating_sub(first))
    };
    let (x, width) = span(ax, bx, picture.width());
    let (y, height) = span(ay, by, picture.height());
    if width == 0 || height == 0 || !(ax + ay + bx + by + reach).is_finite() {
        return None;
    }
    let (dx, dy) = (bx - ax, by - ay);
    let squared = dx * dx + dy * dy;
    let inverse = if squared > 0.0 { 1.0 / squared } else { 0.0 };
    for row in y..y + height {
        let py = row as f32 + 0.5 - ay;
        for column in x..x + width {
            let px = column as f32 + 0.5 - ax;
            let along = ((px * dx + py * dy) * inverse).clamp(0.0, 1.0);
            let (apart_x, apart_y) = (px - along * dx, py - along * dy);
            let distance = apart_x * apart_x + apart_y * apart_y; // squared
            if distance >= reach * reach {
                continue; // most pixels of the box are not near a slanted line
            }
            let Luma([ink]) = picture.get_pixel_mut(column, row);
            *ink = (*ink).max(((reach - distance.sqrt()).min(1.0) * 255.0 + 0.5) as u8);
        }
    }
    Some(Rectangle { x: x as usize, y: y as usize, width: width as usize, height: height as usize })
}

/// The smallest rectangle that holds both.
fn union(a: Option<Rectangle>, b: Option<Rectangle>) -> Option<Rectangle> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.union(b)),
        _ => a.or(b),
    }
}

/// Copies a part of a picture to the same place of another of the same size.
fn copy(from: &GrayImage, to: &mut GrayImage, area: Rectangle) {
    let width = from.width() as usize;
    let (from, to): (&[u8], &mut [u8]) = (from, to);
    for row in area.y..area.y + area.height {
        let pixels = row * width + area.x..row * width + area.x + area.width;
        to[pixels.clone()].copy_from_slice(&from[pixels]);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn ink(strokes: &[&[Point]]) -> Ink {
        Ink { strokes: strokes.iter().map(|stroke| stroke.to_vec()).collect() }
    }

    fn mass(picture: &GrayImage) -> f32 {
        picture.iter().map(|&p| f32::from(p) / 255.0).sum()
    }

    #[test]
    fn a_dot_is_a_disc_and_a_line_is_as_wide_as_the_pen() {
        let dot = ink(&[&[[0.5, 0.5]]]).rasterise(100, 0.2);
        assert!((mass(&dot) - std::f32::consts::PI * 100.0).abs() < 3.0, "{}", mass(&dot));
        assert_eq!((dot.get_pixel(50, 50)[0], dot.get_pixel(50, 61)[0]), (255, 0));
        let line = ink(&[&[[0.2, 0.5], [0.8, 0.5]]]).rasterise(100, 0.1);
        let column: f32 = (0..100).map(|y| f32::from(line.get_pixel(50, y)[0]) / 255.0).sum();
        assert!((column - 10.0).abs() < 0.01, "{column}");
        let caps = mass(&line) - 60.0 * 10.0;
        assert!((caps - std::f32::consts::PI * 25.0).abs() < 2.0, "{caps}");
    }

    #[test]
    fn points_on_a_line_and_joins_change_nothing() {
        let line = ink(&[&[[0.1, 0.2], [0.9, 0.7]]]);
        let many =
            ink(&[&(0..=64).map(|i| i as f32 / 64.0).map(|t| [0.1 + 0.8 * t, 0.2 + 0.5 * t]).collect::<Vec<_>>()]);
        let (one, many) = (line.rasterise(64, 0.08), many.rasterise(64, 0.08));
        assert!(one.iter().zip(many.iter()).all(|(a, b)| a.abs_diff(*b) <= 1));
    }

    #[test]
    fn what_lies_outside_is_cut_and_nothing_is_blank() {
        assert_eq!(mass(&Ink::default().rasterise(10, 0.1)), 0.0);
        assert!(Ink::default().is_empty() && ink(&[&[]]).is_empty() && !ink(&[&[[0.0, 0.0]]]).is_empty());
        let mut picture = GrayImage::new(20, 20);
        assert_eq!(line(&mut picture, [2.0, 2.0], [3.0, 2.0], 0.1), None);
        assert_eq!(line(&mut picture, [f32::NAN, 0.5], [0.5, 0.5], 0.1), None);
        let area = line(&mut picture, [0.5, -1.0], [0.5, 2.0], 0.1).unwrap();
        assert_eq!((area.y, area.height), (0, 20));
        assert!((0..20).all(|y| picture.get_pixel(10, y)[0] == 255 && picture.get_pixel(0, y)[0] == 0));
    }

    /// The largest distance of the ink's middle from a circle of radius 0.4, as a part of that radius.
    fn error_of_circle(points: usize) -> f32 {
        let turn = |i: usize, n: usize| (i as f32 / n as f32 * std::f32::consts::TAU).sin_cos();
        let circle = (0..=points).map(|i| turn(i, points)).map(|(sin, cos)| [0.5 + 0.4 * cos, 0.5 + 0.4 * sin]);
        let picture = Ink { strokes: vec![circle.collect()] }.rasterise(400, 0.03);
        let error = |(sin, cos): (f32, f32)| {
            let mut sum = 0.0;
            let mut weighted = 0.0;
            for radius in (140..180).map(|r| r as f32) {
                let value =
                    f32::from(picture.get_pixel((200.0 + radius * cos) as u32, (200.0 + radius * sin) as u32)[0]);
                sum += value;
                weighted += value * radius;
            }
            (weighted / sum / 160.0 - 1.0).abs()
        };
        (0..360).map(|i| error(turn(i, 360))).fold(0.0, f32::max)
    }

    #[test]
    fn a_fast_circle_is_round() {
        for (points, polygon) in [(8, 0.0761), (12, 0.0341), (24, 0.0086)] {
            let error = error_of_circle(points);
            assert!(error < 0.4 * polygon + 0.003, "{points} points: {error}, a polygon {polygon}"); // 0.003: half a pixel
        }
    }

    #[test]
    fn corners_and_two_points_stay_straight() {
        let corners: [&[Point]; 3] =
            [&[[0.2, 0.2], [0.2, 0.8], [0.8, 0.8]], &[[0.1, 0.1], [0.9, 0.1], [0.3, 0.9]], &[[0.2, 0.3], [0.7, 0.5]]];
        for stroke in corners {
            let mut straight = GrayImage::new(64, 64);
            for pair in stroke.windows(2) {
                line(&mut straight, pair[0], pair[1], 0.08);
            }
            assert_eq!(ink(&[stroke]).rasterise(64, 0.08), straight);
        }
    }

    proptest! {
        /// Drawing within the changed area only is the same as looking at every pixel.
        #[test]
        fn only_the_area_changes(a in [-0.2f32..1.2, -0.2f32..1.2], b in [-0.2f32..1.2, -0.2f32..1.2], pen in 0.01f32..0.3) {
            let mut picture = GrayImage::new(40, 40);
            let area = line(&mut picture, a, b, pen);
            for (x, y, pixel) in picture.enumerate_pixels() {
                let (p, d) = ([(x as f32 + 0.5) / 40.0 - a[0], (y as f32 + 0.5) / 40.0 - a[1]], [b[0] - a[0], b[1] - a[1]]);
                let along = ((p[0] * d[0] + p[1] * d[1]) / (d[0] * d[0] + d[1] * d[1]).max(1e-12)).clamp(0.0, 1.0);
                let far = (p[0] - along * d[0]).hypot(p[1] - along * d[1]) - pen / 2.0;
                let expected = ((0.5 - far * 40.0).clamp(0.0, 1.0) * 255.0).round();
                prop_assert!((f32::from(pixel[0]) - expected).abs() <= 1.0, "{x} {y}: {} {expected}", pixel[0]);
                let inside = area.is_some_and(|r| (r.x..r.x + r.width).contains(&(x as usize)) && (r.y..r.y + r.height).contains(&(y as usize)));
                prop_assert!(inside || pixel[0] == 0);
            }
        }

        /// The pad, which draws point by point, shows what the saved picture will be.
        #[test]
        fn growing_point_by_point_equals_drawing_at_once(
            strokes in prop::collection::vec(prop::collection::vec([-0.1f32..1.1, -0.1f32..1.1], 1..7), 1..4),
            pen in 0.02f32..0.2,
        ) {
            let whole = Ink { strokes };
            let mut growing = GrowingPicture::new(&Ink::default(), 40, pen);
            let mut ink = Ink::default();
            for stroke in &whole.strokes {
                ink.strokes.push(vec![]);
                for (i, &point) in stroke.iter().enumerate() {
                    ink.strokes.last_mut().unwrap().push(point);
                    let before = growing.picture().clone();
                    let changed = growing.add_point(&stroke[..=i]);
                    prop_assert_eq!(growing.picture(), &ink.rasterise(40, pen));
                    let mut restored = growing.picture().clone();
                    changed.into_iter().for_each(|area| copy(&before, &mut restored, area));
                    prop_assert_eq!(restored, before, "nothing changes elsewhere");
                }
            }
            let at_once = GrowingPicture::new(&whole, 40, pen);
            prop_assert_eq!(at_once.picture(), growing.picture());
        }
    }
}
