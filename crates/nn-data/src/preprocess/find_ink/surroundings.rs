//! Finds a sheet from outside: by the colour of what lies around it, a table that may be brighter on one side and have a grain.
//!
//! Unlike the sheet, its surroundings are in one piece wherever ink comes close to the sheet's sides or a shadow falls on it. They are
//! the pixels of nearly one colour that are connected with the picture's edge; the sheet is the rectangle that they leave.

use crate::preprocess::find_ink::mask::Mask;
use crate::preprocess::find_ink::paper::{NEAR, distance, median};

/// Surroundings have their colour in at least this share of the picture's edge.
const MOST: f32 = 0.75;
/// Their colour varies at most this much (of 1).
const VARIED: f32 = 0.2;
/// The number of times that a colour is fitted to those pixels of the edge that are near it.
const ROUNDS: usize = 4;

/// A sheet covers at least this share of the picture, and this many pixels: a character on a smaller one could not be read.
const LEAST: f32 = 0.03;
const SMALLEST: usize = 400;
/// At most this share of it has the colour of its surroundings: that may be ink, but also the inside of a character.
const HOLE: f32 = 0.4;
/// Ink stands out from the sheet at least this much.
const FAINTEST: f32 = 0.06;

/// The sheet in a small picture with values 0 to 1, `width` pixels wide; `None` if its edge has no colour that surrounds one.
pub(crate) fn surrounded<const N: usize>(pixels: &[[f32; N]], width: usize) -> Option<Mask> {
    let around = Surroundings::new(pixels, width)?;
    let other = (0..pixels.len()).map(|at| !around.holds(&pixels[at], at % width, at / width)).collect();
    let other = Mask { width, inside: other };
    let sheet = other.filled().eroded().dilated().largest().filled();
    let area = sheet.area();
    // A shadow lies on two sides of the picture or three; a sheet may reach beyond one.
    let least = SMALLEST.max((LEAST * pixels.len() as f32) as usize);
    if area < least || sheet.sides() > 1 || !sheet.is_rectangular() {
        return None;
    }
    let inside = |mask: &Mask| (0..pixels.len()).filter(|at| mask.inside[*at]).collect::<Vec<usize>>();
    let colour = median(&inside(&sheet).into_iter().map(|at| pixels[at]).collect::<Vec<_>>());
    let inner = inside(&sheet.eroded().eroded());
    let ink = inner.iter().filter(|at| distance(&pixels[**at], &colour) > FAINTEST).count();
    let hole = inner.iter().filter(|at| !other.inside[**at]).count();
    (ink > area / 400 + 3 && (hole as f32) < HOLE * area as f32).then(|| sheet.eroded())
}

/// A colour that changes linearly over a picture of N channels.
struct Surroundings<const N: usize> {
    /// The colour at the middle of the picture, its change per column, and its change per row.
    plane: [[f32; N]; 3],
    middle: [f32; 2],
    tolerance: f32,
}

impl<const N: usize> Surroundings<N> {
    /// The colour along the edge of a picture, `width` pixels wide, with values 0 to 1; `None` if it has none. By least squares,
    /// again and again without the pixels that are far off.
    fn new(pixels: &[[f32; N]], width: usize) -> Option<Self> {
        let height = pixels.len() / width;
        let middle = [width, height].map(|length| (length - 1) as f32 / 2.0);
        let on_edge = |at: &usize| {
            let (x, y) = (at % width, at / width);
            x == 0 || y == 0 || x + 1 == width || y + 1 == height
        };
        let edge: Vec<usize> = (0..pixels.len()).filter(on_edge).collect();
        let colour = median(&edge.iter().map(|at| pixels[*at]).collect::<Vec<_>>());
        let mut found = Self { plane: [colour, [0.0; N], [0.0; N]], middle, tolerance: VARIED };
        for _ in 0..ROUNDS {
            let away = |at: &usize| found.away(&pixels[*at], at % width, at / width);
            let mut distances: Vec<f32> = edge.iter().map(away).collect();
            let most = (MOST * (edge.len() - 1) as f32) as usize;
            let spread = *distances.select_nth_unstable_by(most, f32::total_cmp).1;
            let tolerance = (2.6 * spread).max(NEAR);
            let near: Vec<usize> = edge.iter().copied().filter(|at| away(at) <= tolerance.min(VARIED)).collect();
            if (near.len() as f32) < MOST * edge.len() as f32 {
                return None;
            }
            let plane = fitted(&near, pixels, width, middle)?;
            found = Self { plane, middle, tolerance: tolerance.min(VARIED) };
        }
        Some(found)
    }

    fn away(&self, pixel: &[f32; N], x: usize, y: usize) -> f32 {
        let [right, down] = [x as f32 - self.middle[0], y as f32 - self.middle[1]];
        let [colour, across, along] = &self.plane;
        let expected = std::array::from_fn(|c| colour[c] + across[c] * right + along[c] * down);
        distance(pixel, &expected)
    }

    /// True if a pixel at a column and row may be one of the surroundings.
    fn holds(&self, pixel: &[f32; N], x: usize, y: usize) -> bool {
        self.away(pixel, x, y) <= self.tolerance
    }
}

/// The plane of least squares through pixels: the normal equations of three unknowns, by Cramer's rule.
fn fitted<const N: usize>(at: &[usize], pixels: &[[f32; N]], width: usize, middle: [f32; 2]) -> Option<[[f32; N]; 3]> {
    let mut sums = [[0.0f32; 3]; 3];
    let mut right_sides = [[0.0f32; 3]; N];
    for at in at {
        let terms = [1.0, (at % width) as f32 - middle[0], (at / width) as f32 - middle[1]];
        for (row, a) in sums.iter_mut().zip(terms) {
            row.iter_mut().zip(terms).for_each(|(sum, b)| *sum += a * b);
        }
        for (side, value) in right_sides.iter_mut().zip(pixels[*at]) {
            side.iter_mut().zip(terms).for_each(|(sum, a)| *sum += a * value);
        }
    }
    let all = determinant(&sums);
    if all.abs() < 1e-3 {
        return None;
    }
    Some([0, 1, 2].map(|unknown| {
        right_sides.map(|side| {
            let mut replaced = sums;
            replaced.iter_mut().zip(side).for_each(|(row, value)| row[unknown] = value);
            determinant(&replaced) / all
        })
    }))
}

fn determinant(m: &[[f32; 3]; 3]) -> f32 {
    let minor = |a: usize, b: usize| m[1][a] * m[2][b] - m[1][b] * m[2][a];
    m[0][0] * minor(1, 2) - m[0][1] * minor(0, 2) + m[0][2] * minor(0, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share of a sheet of 30 x 40 pixels, turned by 3 degrees in a picture of 60 x 80, that is found, and the share of the
    /// rest that is taken for it.
    fn found(colour: impl Fn(f32, f32, bool) -> f32) -> (f32, f32) {
        let (sin, cos) = 3f32.to_radians().sin_cos();
        let place = |at: usize| {
            let (right, down) = ((at % 60) as f32 - 33.0, (at / 60) as f32 - 38.0);
            [cos * right + sin * down, cos * down - sin * right]
        };
        let on_sheet = |[x, y]: [f32; 2]| x.abs() < 15.0 && y.abs() < 20.0;
        let pixel = |at: usize| {
            let [x, y] = place(at);
            [colour(x, y, on_sheet([x, y])) + 0.004 * ((at * 7919 % 13) as f32 - 6.0) / 6.0]
        };
        let pixels: Vec<[f32; 1]> = (0..60 * 80).map(pixel).collect();
        let mask = surrounded(&pixels, 60).map(|mask| mask.inside).unwrap_or_default();
        let share = |of: bool| {
            let own: Vec<usize> = (0..pixels.len()).filter(|at| on_sheet(place(*at)) == of).collect();
            own.iter().filter(|at| mask.get(**at) == Some(&true)).count() as f32 / own.len() as f32
        };
        (share(true), share(false))
    }

    /// A stroke from near the top of the sheet to near its bottom, 5 pixels wide.
    fn stroke(x: f32, y: f32) -> bool {
        y.abs() < 18.5 && (x - y / 2.0).abs() < 2.5
    }

    #[test]
    fn a_sheet_is_found_though_ink_reaches_its_sides_and_a_shadow_falls_on_it() {
        let close = found(|x, y, on| match (on, stroke(x, y)) {
            (true, true) => 0.1,
            (true, false) => 0.8,
            _ => 0.4 + x / 300.0, // light that fades
        });
        let shadow = found(|x, y, on| match (on, stroke(x, y), x + y > 4.0) {
            (true, true, _) => 0.1,
            (true, false, true) => 0.55,
            (true, false, false) => 0.9,
            _ => 0.35 + 0.03 * (y * 1.3).sin(), // the fibres of wood
        });
        for (name, (inside, outside)) in [("ink close to the sides", close), ("a shadow", shadow)] {
            assert!(inside > 0.8 && outside < 0.01, "{name}: {inside} of the sheet, {outside} beside it");
        }
    }

    #[test]
    fn characters_and_shadows_are_no_sheets() {
        let paper = |inked: fn(f32, f32) -> bool| found(|x, y, _| if inked(x, y) { 0.1 } else { 0.8 });
        assert_eq!(paper(|x, y| x.abs() < 10.0 && y.abs() < 25.0), (0.0, 0.0), "a thick 1");
        assert_eq!(paper(|x, y| (x.abs() - 14.0).max(y.abs() - 20.0).abs() < 3.0), (0.0, 0.0), "a square 0");
        assert_eq!(paper(|x, y| (x.hypot(0.7 * y) - 14.0).abs() < 3.0), (0.0, 0.0), "a 0");
        let lit = found(|x, y, _| match (stroke(x, y), y > 8.0) {
            (true, _) => 0.1,
            (_, true) => 0.8,
            _ => 0.5,
        });
        assert_eq!(lit, (0.0, 0.0), "light on part of the paper");
    }
}
