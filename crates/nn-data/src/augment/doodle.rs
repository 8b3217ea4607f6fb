//! Draws doodles: faces, houses, flowers and the like, put together of simple lines at random.

use rand::{Rng, RngExt};
use std::f32::consts::TAU;

use crate::ink::Ink;
use crate::random::{normal, uniform};

/// A line through points around (0, 0), about 1 in every direction.
type Line = Vec<[f32; 2]>;

/// A large shape, and smaller ones in it, on it or around it, often alike on both sides.
pub(crate) fn doodle(rng: &mut impl Rng) -> Ink {
    if rng.random::<f32>() < 0.2 {
        return Ink { strokes: vec![star(rng)] };
    }
    let mut strokes = vec![closed(rng)];
    for _ in 0..2 + rng.next_u32() % 2 {
        let part = if rng.random::<f32>() < 0.4 { closed(rng) } else { open(rng) };
        let size = uniform(rng, 0.12, 0.6);
        let [x, y] = [0; 2].map(|_| uniform(rng, -1.0, 1.0));
        let mut add = |[x, y]: [f32; 2], mirrored: f32| {
            strokes.push(part.iter().map(|p| [x + mirrored * size * p[0], y + size * p[1]]).collect());
        };
        match rng.next_u32() % 6 {
            0..3 => {
                add([x.abs(), y], 1.0);
                add([-x.abs(), y], -1.0);
            }
            3 => {
                let n = 4 + rng.next_u32() % 5;
                let angles = (0..n).map(|i| TAU * i as f32 / n as f32);
                angles.for_each(|a| add([1.2 * a.cos(), 1.2 * a.sin()], 1.0));
            }
            4 => add([0.0, y], 1.0),
            _ => add([x, y], 1.0),
        }
    }
    Ink { strokes }
}

/// A polygon, a circle, or a closed curve that is the same on both sides.
fn closed(rng: &mut impl Rng) -> Line {
    let wide = uniform(rng, 0.6, 1.3);
    match rng.next_u32() % 3 {
        0 => {
            let (n, start) = (3 + rng.next_u32() % 4, uniform(rng, 0.0, TAU));
            let mut corners: Line = (0..n)
                .map(|i| start + TAU * i as f32 / n as f32)
                .map(|a| [wide * a.cos() + 0.1 * normal(rng), a.sin() + 0.1 * normal(rng)])
                .collect();
            corners.push(corners[0]);
            corners
        }
        1 => (0..=40).map(|i| TAU * i as f32 / 40.0).map(|a| [wide * a.cos(), a.sin()]).collect(),
        _ => {
            let [b, c, d, e] = [0; 4].map(|_| uniform(rng, -0.5, 0.5));
            let point = |a: f32| {
                let x = a.sin() + b * (2.0 * a).sin() + c * (3.0 * a).sin();
                [wide * x, -a.cos() + d * (2.0 * a).cos() + e * (3.0 * a).cos()]
            };
            (0..=80).map(|i| point(TAU * i as f32 / 80.0)).collect()
        }
    }
}

/// A straight line, an arc, a zigzag, a wave or a tick.
fn open(rng: &mut impl Rng) -> Line {
    let (turned, n) = (uniform(rng, 0.0, TAU), 3 + rng.next_u32() % 5);
    let (sin, cos) = turned.sin_cos();
    let (high, long) = (uniform(rng, 0.2, 0.6), uniform(rng, 0.3, 0.7));
    let line: Line = match rng.next_u32() % 5 {
        0 => vec![[-1.0, 0.0], [1.0, 0.0]],
        1 => (0..=20).map(|i| TAU * long * i as f32 / 20.0).map(|a| [a.cos(), a.sin()]).collect(),
        2 => (0..=n).map(|i| [2.0 * i as f32 / n as f32 - 1.0, if i % 2 == 0 { high } else { -high }]).collect(),
        3 => (0..=60).map(|i| i as f32 / 30.0 - 1.0).map(|x| [x, high * (n as f32 * 2.0 * x).sin()]).collect(),
        _ => vec![[-0.5, -0.2], [0.0, 0.5], [1.0, -1.0]],
    };
    line.into_iter().map(|[x, y]| [cos * x - sin * y, sin * x + cos * y]).collect()
}

/// A star, drawn along its outline or from corner to corner.
fn star(rng: &mut impl Rng) -> Line {
    let (n, start) = (4 + rng.next_u32() % 4, uniform(rng, 0.0, TAU));
    if rng.next_u32().is_multiple_of(2) {
        let inner = uniform(rng, 0.3, 0.6);
        let corner = |i: u32| (start + TAU * i as f32 / (2 * n) as f32, if i.is_multiple_of(2) { 1.0 } else { inner });
        return (0..=2 * n).map(corner).map(|(a, r)| [r * a.cos(), r * a.sin()]).collect();
    }
    let (n, step) = if n < 6 { (5, 2) } else { (7, 2 + rng.next_u32() % 2) };
    (0..=n).map(|i| start + TAU * (i * step) as f32 / n as f32).map(|a| [a.cos(), a.sin()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::generator;

    #[test]
    fn doodles_are_stars_or_of_several_lines() {
        let all: Vec<Ink> = (0..200).map(|seed| doodle(&mut generator(&[seed]))).collect();
        let stars = all.iter().filter(|ink| ink.strokes.len() == 1).count();
        assert!((20..60).contains(&stars) && all.iter().all(|ink| ink.strokes.len() != 2), "{stars} stars");
        for (i, ink) in all.iter().enumerate() {
            assert!(ink.strokes.iter().flatten().flatten().all(|value| value.abs() < 5.0), "{ink:?}");
            assert!(!all[..i].contains(ink), "doodle {i}");
        }
    }
}
