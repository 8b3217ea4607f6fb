//! Draws scribbles, hatching, shapes, blots and textures, so that a network learns to be unsure of what it cannot read.

use image::{DynamicImage, GrayImage, Luma};
use rand::{Rng, RngExt};

use crate::ink::Ink;
use crate::random::{normal, uniform};

const SIDE: u32 = 64;

/// A picture of something other than a character.
pub(crate) fn scribble(rng: &mut impl Rng) -> DynamicImage {
    let ink = match rng.next_u32() % 8 {
        0 | 1 => wander(rng),
        2 => hatching(rng),
        3 => lines(rng),
        4 => turns(rng),
        5 => heap(rng),
        _ => return texture(rng).into(),
    };
    ink.fitted(0.8).rasterise(SIDE, uniform(rng, 0.02, 0.09)).into()
}

/// A pen that wanders about without lifting.
fn wander(rng: &mut impl Rng) -> Ink {
    let (mut at, mut towards) = ([0.5, 0.5], uniform(rng, 0.0, 6.3));
    let (mut turn, steps) = (0.0, 80 + rng.next_u32() % 250);
    let restless = uniform(rng, 0.1, 0.5);
    let stroke = (0..steps).map(|_| {
        turn = 0.9 * turn + restless * normal(rng);
        towards += turn;
        // Back to the middle where it strays.
        for (i, step) in [towards.cos(), towards.sin()].into_iter().enumerate() {
            at[i] += 0.05 * step - 0.04 * (at[i] - 0.5);
        }
        at
    });
    Ink { strokes: vec![stroke.collect()] }
}

/// One line back and forth.
fn hatching(rng: &mut impl Rng) -> Ink {
    let (n, turned, uneven) = (7 + rng.next_u32() % 12, uniform(rng, 0.0, 3.1), uniform(rng, 0.0, 0.2));
    let (sin, cos) = turned.sin_cos();
    let stroke = (0..n).map(|i| {
        let x = if i % 2 == 0 { -0.5 } else { 0.5 } + uneven * normal(rng);
        let y = i as f32 / n as f32 - 0.5 + 0.2 * uneven * normal(rng);
        [cos * x - sin * y, sin * x + cos * y]
    });
    Ink { strokes: vec![stroke.collect()] }
}

/// Straight lines across each other.
fn lines(rng: &mut impl Rng) -> Ink {
    let n = 5 + rng.next_u32() % 8;
    let line = |_| (0..2 + rng.next_u32() % 2).map(|_| [rng.random(), rng.random()]).collect();
    Ink { strokes: (0..n).map(line).collect() }
}

/// A spiral, a star or a flower.
fn turns(rng: &mut impl Rng) -> Ink {
    let (around, petals, deep) = (uniform(rng, 3.0, 6.0), 3 + rng.next_u32() % 6, uniform(rng, 0.2, 0.9));
    let spiral = rng.next_u32().is_multiple_of(2);
    let point = |i: u32| {
        let t = i as f32 / 150.0;
        let angle = t * around * std::f32::consts::TAU;
        let radius = if spiral { t } else { 1.0 + deep * (petals as f32 * angle * 0.5).sin() };
        [radius * angle.cos(), radius * angle.sin()]
    };
    Ink { strokes: vec![(0..150).map(point).collect()] }
}

/// Several closed shapes beside and across each other.
fn heap(rng: &mut impl Rng) -> Ink {
    let n = 4 + rng.next_u32() % 6;
    let strokes = (0..n).map(|_| {
        let (x, y, size, corners) =
            (uniform(rng, 0.0, 1.0), uniform(rng, 0.0, 1.0), uniform(rng, 0.05, 0.3), 3 + rng.next_u32() % 9);
        let start = uniform(rng, 0.0, 6.3);
        let corner = |i| {
            let angle = start + std::f32::consts::TAU * i as f32 / corners as f32;
            [x + size * angle.cos(), y + size * angle.sin()]
        };
        (0..=corners).map(corner).collect()
    });
    Ink { strokes: strokes.collect() }
}

/// Light and shade as in a photograph: smooth noise of two grains.
fn texture(rng: &mut impl Rng) -> GrayImage {
    let waves: Vec<[f32; 4]> = (0..14)
        .map(|i| {
            let (fine, angle) =
                (if i < 5 { uniform(rng, 3.0, 9.0) } else { uniform(rng, 9.0, 40.0) }, uniform(rng, 0.0, 6.3));
            [fine * angle.cos(), fine * angle.sin(), uniform(rng, 0.0, 6.3), if i < 5 { 1.0 } else { 0.5 }]
        })
        .collect();
    let (grain, contrast) = (uniform(rng, 0.0, 0.1), uniform(rng, 0.1, 0.4));
    GrayImage::from_fn(SIDE, SIDE, |x, y| {
        let (x, y) = (x as f32 / SIDE as f32, y as f32 / SIDE as f32);
        let sum: f32 = waves.iter().map(|[a, b, phase, strength]| strength * (a * x + b * y + phase).sin()).sum();
        Luma([((0.5 + contrast * sum / 2.0 + grain * normal(rng)).clamp(0.0, 1.0) * 255.0) as u8])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocess::Preprocessing;
    use crate::random::generator;

    #[test]
    fn scribbles_have_ink_and_differ() {
        let preprocessing = Preprocessing::ink(28, 28);
        let network = |seed| preprocessing.apply(&scribble(&mut generator(&[seed])));
        let pictures: Vec<Vec<u8>> = (0..80).map(network).collect();
        assert_eq!(pictures[7], network(7));
        for (i, picture) in pictures.iter().enumerate() {
            assert!(picture.iter().filter(|&&p| p > 100).count() > 20, "picture {i}");
            assert!(!pictures[..i].contains(picture), "picture {i}");
        }
    }
}
