//! Finds a sheet that lies on something else, at any angle: on a table, on a screen, beside its own shadow.
//!
//! The picture is made small, and a median removes what is thin: grain, rules and most strokes. Neighbours of nearly the
//! same colour then join to regions. A sheet is a region that is convex once its holes are filled, and holds ink. But first it
//! is sought from outside, by the colour of its surroundings (`surroundings.rs`).

use crate::preprocess::find_ink::mask::Mask;
use crate::preprocess::find_ink::paper::{distance, median};
use crate::preprocess::find_ink::surroundings::surrounded;

/// The longest side of the picture in which regions are sought, in pixels.
const LONGEST: usize = 90;
/// The shortest side of such a picture, in pixels.
const SHORTEST: usize = 20;
/// Neighbours join if their colours differ at most this much (of 1). If no sheet is found, the next is tried: the paper may lie
/// in a shadow.
const SMOOTH: [f32; 4] = [0.018, 0.03, 0.05, 0.08];
/// A region that covers this share of the picture is its paper, if no other is large.
const MOST: f32 = 0.7;
/// A sheet covers at least this share of the picture.
const LEAST: f32 = 0.03;
/// At least this share of a sheet is bare.
const BARE: f32 = 0.35;
/// Ink stands out from the sheet at least this much.
const FAINTEST: f32 = 0.06;

/// A mask as large as the picture: true where the sheet is; `None` if the picture shows nothing else.
pub(crate) fn sheet<const N: usize>(pixels: &[[f32; N]], width: usize) -> Option<Vec<bool>> {
    let height = pixels.len() / width;
    let by = width.max(height).div_ceil(LONGEST).min(width.min(height) / SHORTEST).max(1);
    let (columns, rows) = (width / by, height / by);
    if columns < SHORTEST || rows < SHORTEST {
        return None;
    }
    let small: Vec<[f32; N]> = (0..columns * rows)
        .map(|at| {
            let (left, top) = (at % columns * by, at / columns * by);
            let square = (0..by * by).map(|i| pixels[(top + i / by) * width + left + i % by]);
            let sum = square.fold([0.0; N], |sum, pixel| std::array::from_fn(|c| sum[c] + pixel[c]));
            sum.map(|sum| sum / (by * by) as f32)
        })
        .collect();
    let whole = |found: &Mask| {
        let inside = |x: usize, y: usize| found.inside[(y / by).min(rows - 1) * columns + (x / by).min(columns - 1)];
        Some((0..pixels.len()).map(|at| inside(at % width, at / width)).collect())
    };
    if let Some(found) = surrounded(&small, columns) {
        return whole(&found);
    }
    let smooth = smoothed(&small, columns);
    // Where ink comes close to the sheet's sides, the median closes the gap.
    let tries = SMOOTH.iter().map(|most| (&smooth, *most)).chain([(&small, SMOOTH[2])]);
    let found = tries.into_iter().find_map(|(pixels, most)| {
        let regions = Regions::new(pixels, columns, most);
        let large = regions.large();
        let alone = matches!(large[..], [region] if regions.size[region] as f32 > MOST * small.len() as f32);
        if alone { Some(None) } else { regions.sheet(&large, &small).map(Some) }
    });
    whole(&found??)
}

/// The regions of nearly one colour.
struct Regions {
    width: usize,
    /// The region of each pixel.
    of: Vec<usize>,
    /// The number of pixels in each region.
    size: Vec<usize>,
}

/// A region that may be a sheet.
struct Candidate<const N: usize> {
    region: usize,
    /// The region and all within it.
    filled: Mask,
    area: usize,
    /// The median of its own pixels.
    colour: [f32; N],
}

impl Regions {
    /// Joins neighbours that differ at most that much.
    fn new<const N: usize>(pixels: &[[f32; N]], width: usize, most: f32) -> Self {
        let height = pixels.len() / width;
        let neighbours = (0..pixels.len()).flat_map(|at| {
            let right = (at % width + 1 < width).then_some((at, at + 1));
            right.into_iter().chain((at + width < width * height).then_some((at, at + width)))
        });
        let mut parents: Vec<usize> = (0..pixels.len()).collect();
        for (a, b) in neighbours.filter(|(a, b)| distance(&pixels[*a], &pixels[*b]) <= most) {
            let (a, b) = (root(&mut parents, a), root(&mut parents, b));
            parents[a.max(b)] = a.min(b);
        }
        let of: Vec<usize> = (0..pixels.len()).map(|at| root(&mut parents, at)).collect();
        let mut size = vec![0; pixels.len()];
        of.iter().for_each(|region| size[*region] += 1);
        Self { width, of, size }
    }

    /// The regions that are large enough to be a sheet.
    fn large(&self) -> Vec<usize> {
        let least = (LEAST * self.of.len() as f32) as usize;
        (0..self.size.len()).filter(|region| self.size[*region] > least).collect()
    }

    /// The innermost sheet, the largest if there are several.
    fn sheet<const N: usize>(&self, large: &[usize], pixels: &[[f32; N]]) -> Option<Mask> {
        let candidates: Vec<Candidate<N>> = large.iter().filter_map(|region| self.candidate(*region, pixels)).collect();
        let holds =
            |outer: &Candidate<N>, inner: &Candidate<N>| outer.filled.inside[inner.region] && outer.area > inner.area;
        let innermost = candidates.iter().filter(|outer| !candidates.iter().any(|inner| holds(outer, inner)));
        let best = innermost.max_by_key(|candidate| candidate.area)?;
        // What lies around it has another colour, or else it is the inside of a character or of a form's cell.
        let around = (0..pixels.len()).filter(|at| !best.filled.inside[*at]).map(|at| pixels[at]).collect::<Vec<_>>();
        if around.is_empty() || distance(&median(&around), &best.colour) < FAINTEST {
            return None;
        }
        Some(best.filled.eroded())
    }

    /// The region as a candidate, if it has the shape of a sheet and holds ink.
    fn candidate<const N: usize>(&self, region: usize, pixels: &[[f32; N]]) -> Option<Candidate<N>> {
        let own = Mask { width: self.width, inside: self.of.iter().map(|of| *of == region).collect() };
        let filled = own.filled();
        let area = filled.area();
        if (self.size[region] as f32) < BARE * area as f32 || !filled.is_rectangular() {
            return None;
        }
        let own: Vec<[f32; N]> = (0..pixels.len()).filter(|at| self.of[*at] == region).map(|at| pixels[at]).collect();
        let colour = median(&own);
        let inner = filled.eroded().eroded();
        let inked = |at: usize| inner.inside[at] && self.of[at] != region && distance(&pixels[at], &colour) > FAINTEST;
        let ink = (0..pixels.len()).filter(|at| inked(*at)).count();
        (ink > area / 400 + 3).then_some(Candidate { region, filled, area, colour })
    }
}

/// The median of each channel over five pixels in a row, then of five below each other.
fn smoothed<const N: usize>(pixels: &[[f32; N]], width: usize) -> Vec<[f32; N]> {
    let height = pixels.len() / width;
    let mut rows = pixels.to_vec();
    for (out, row) in rows.chunks_exact_mut(width).zip(pixels.chunks_exact(width)) {
        out[2..width - 2].iter_mut().zip(row.array_windows()).for_each(|(out, five)| *out = median_of_five(*five));
    }
    let mut both = rows.clone();
    for at in 2 * width..(height - 2) * width {
        both[at] = median_of_five([0, 1, 2, 3, 4].map(|row| rows[at + row * width - 2 * width]));
    }
    both
}

fn median_of_five<const N: usize>(colours: [[f32; N]; 5]) -> [f32; N] {
    std::array::from_fn(|channel| {
        let [a, b, c, d, e] = colours.map(|colour| colour[channel]);
        // Neither the least of four nor the most of four is the median of five.
        let low = a.min(b).max(c.min(d));
        let high = a.max(b).min(c.max(d));
        e.max(low.min(high)).min(low.max(high))
    })
}

fn root(parents: &mut [usize], mut of: usize) -> usize {
    while parents[of] != of {
        parents[of] = parents[parents[of]];
        of = parents[of];
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share of a sheet, turned by some degrees, that is found, and the share of its surroundings that is taken for it.
    fn found(degrees: f32, colour: impl Fn(f32, f32, bool) -> f32) -> (f32, f32) {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let turned = |at: usize| {
            let (right, down) = ((at % 120) as f32 - 60.0, (at / 120) as f32 - 60.0);
            [cos * right + sin * down, cos * down - sin * right]
        };
        let on_sheet = |[x, y]: [f32; 2]| x.abs() < 40.0 && y.abs() < 36.0;
        let pixel = |at: usize| {
            let [x, y] = turned(at);
            [colour(x, y, on_sheet([x, y])) + 0.004 * ((at * 7919 % 13) as f32 - 6.0) / 6.0]
        };
        let pixels: Vec<[f32; 1]> = (0..120 * 120).map(pixel).collect();
        let mask = sheet(&pixels, 120).unwrap_or_default();
        let share = |of: bool| {
            let own: Vec<usize> = (0..pixels.len()).filter(|at| on_sheet(turned(*at)) == of).collect();
            own.iter().filter(|at| mask.get(**at) == Some(&true)).count() as f32 / own.len() as f32
        };
        (share(true), share(false))
    }

    /// A stroke across the middle of the sheet, 4 pixels wide.
    fn stroke(x: f32, y: f32) -> bool {
        y.abs() < 20.0 && (x - y / 2.0).abs() < 3.0
    }

    #[test]
    fn a_sheet_is_found_at_any_angle_on_any_ground() {
        for (degrees, ground, paper) in [(0.0, 0.3, 0.8), (12.0, 0.3, 0.8), (-8.0, 0.95, 0.7), (45.0, 0.5, 0.9)] {
            let inked = |x, y, on| {
                if on && stroke(x, y) {
                    0.1
                } else if on {
                    paper
                } else {
                    ground
                }
            };
            let (inside, outside) = found(degrees, inked);
            assert!(inside > 0.85 && outside < 0.01, "{degrees} degrees: {inside} of the sheet, {outside} beside it");
        }
    }

    #[test]
    fn paper_that_fills_the_picture_and_characters_are_no_sheets() {
        type Drawn = fn(f32, f32) -> bool;
        let drawn: [(&str, Drawn); 5] = [
            ("a stroke", stroke),
            ("a 0", |x, y| (x.hypot(y * 0.8) - 26.0).abs() < 5.0),
            ("a square 0", |x, y| (x.abs().max(y.abs()) - 28.0).abs() < 4.0),
            ("a dotted 0", |x, y| (x.hypot(y * 0.8) - 26.0).abs() < 5.0 || x.hypot(y) < 4.0),
            ("a blot", |x, y| x.abs().max(y.abs()) < 24.0),
        ];
        for (name, inked) in drawn {
            let mask = found(0.0, |x, y, _| if inked(x, y) { 0.1 } else { 0.8 });
            assert_eq!(mask, (0.0, 0.0), "{name}");
        }
        let shadow = |x: f32, y: f32, _| {
            if stroke(x, y) {
                0.1
            } else if x > 0.0 {
                0.8
            } else {
                0.5
            }
        };
        assert_eq!(found(0.0, shadow), (0.0, 0.0), "a shadow whose edge crosses the stroke");
    }
}
