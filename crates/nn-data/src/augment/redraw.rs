//! Draws strokes anew, as another hand with another pen might have drawn them on other paper.

use image::{DynamicImage, GrayImage};
use rand::Rng;

use crate::ink::Ink;
use crate::random::{normal, uniform};

/// The part of the page that the longer side of a drawing fills.
const SHARE: f32 = 0.7;

/// Changes the lines of a drawing and takes its picture; `strength` 0 changes little, 1 as much as people differ.
pub(crate) fn redraw(ink: &Ink, strength: f32, rng: &mut impl Rng) -> DynamicImage {
    let mut ink = ink.fitted(SHARE);
    let some = |rng: &mut _, part: f32| Rng::next_u32(rng) as f32 / (u32::MAX as f32) < part * strength;
    if some(rng, 0.4) {
        leave_out(&mut ink, uniform(rng, 0.0, 0.6), rng);
    }
    if some(rng, 0.5) {
        smooth(&mut ink);
    }
    if some(rng, 0.5) {
        tremble(&mut ink, strength * 0.012 * uniform(rng, 0.0, 1.0), rng);
    }
    place(&mut ink, strength, rng);
    // As thick as the thinnest to the fattest that preprocessing lets through, and beyond.
    let pen = (0.025 * (5.5f32).powf(0.5 + strength * (uniform(rng, 0.0, 1.0) - 0.5)) * 1.2).min(0.2);
    let side = 48 + (rng.next_u32() % 49);
    let drawing = ink.rasterise(side, pen);
    if some(rng, 0.5) { photograph(drawing, rng) } else { drawing }.into()
}

/// Leaves out a part of the points, as a fast pen or a slow machine does.
fn leave_out(ink: &mut Ink, part: f32, rng: &mut impl Rng) {
    for stroke in &mut ink.strokes {
        let (mut at, last) = (0, stroke.len().saturating_sub(1));
        stroke.retain(|_| {
            at += 1;
            at == 1 || at == last + 1 || uniform(rng, 0.0, 1.0) >= part
        });
    }
}

/// Moves each point except the ends towards the mean of its neighbours.
fn smooth(ink: &mut Ink) {
    for stroke in &mut ink.strokes {
        let old = stroke.clone();
        for (point, near) in stroke.iter_mut().skip(1).zip(old.array_windows::<3>()) {
            *point = [0, 1].map(|i| (near[0][i] + 2.0 * near[1][i] + near[2][i]) / 4.0);
        }
    }
}

/// Adds the error of an unsteady hand, which wanders along each stroke, with this standard deviation.
fn tremble(ink: &mut Ink, deviation: f32, rng: &mut impl Rng) {
    for stroke in &mut ink.strokes {
        let mut error = [0.0; 2];
        for point in stroke {
            for i in 0..2 {
                error[i] = 0.7 * error[i] + 0.7 * deviation * normal(rng);
                point[i] += error[i];
            }
        }
    }
}

/// Turns, slants, widens and bends the drawing; each stroke is set a little apart.
fn place(ink: &mut Ink, strength: f32, rng: &mut impl Rng) {
    let mut amount = |most: f32| strength * uniform(rng, -most, most);
    let (sin, cos) = amount(0.2).sin_cos();
    let (slant, wide) = (amount(0.3), amount(0.3).exp());
    let waves: [(f32, f32, f32); 2] = std::array::from_fn(|_| (amount(0.05), 4.0 + amount(2.0), amount(3.2)));
    let map = |[x, y]: [f32; 2], apart: [f32; 2]| {
        let (x, y) = (x - 0.5 + apart[0], y - 0.5 + apart[1]);
        let (x, y) = (
            x + waves[0].0 * (waves[0].1 * y + waves[0].2).sin(),
            y + waves[1].0 * (waves[1].1 * x + waves[1].2).sin(),
        );
        let x = (x - slant * y) * wide.sqrt();
        let y = y / wide.sqrt();
        [0.5 + cos * x - sin * y, 0.5 + sin * x + cos * y]
    };
    for stroke in &mut ink.strokes {
        let apart = [amount(0.025), amount(0.025)];
        stroke.iter_mut().for_each(|point| *point = map(*point, apart));
    }
}

/// Ink on paper through a camera: light from one side, a soft lens, faint ink, grain.
fn photograph(drawing: GrayImage, rng: &mut impl Rng) -> GrayImage {
    let (width, height) = drawing.dimensions();
    let paper = uniform(rng, 0.45, 1.0);
    let ink = paper * uniform(rng, 0.0, 0.6);
    let (light_x, light_y) = (uniform(rng, -0.25, 0.25), uniform(rng, -0.25, 0.25));
    let grain = 0.03 * uniform(rng, 0.0, 1.0);
    let mut soft = drawing;
    for _ in 0..rng.next_u32() % 3 {
        soft = blurred(&soft);
    }
    GrayImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32 / width as f32 - 0.5, y as f32 / height as f32 - 0.5);
        let covered = f32::from(soft.get_pixel(x, y)[0]) / 255.0;
        let light = 1.0 + light_x * u + light_y * v;
        let value = (paper + (ink - paper) * covered) * light + grain * normal(rng);
        image::Luma([(value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8])
    })
}

/// Smoothed by 1 2 1 along both axes.
fn blurred(picture: &GrayImage) -> GrayImage {
    let (width, height) = picture.dimensions();
    let at = |x: i64, y: i64| {
        let (x, y) = (x.clamp(0, i64::from(width) - 1), y.clamp(0, i64::from(height) - 1));
        u32::from(picture.as_raw()[(y * i64::from(width) + x) as usize])
    };
    GrayImage::from_fn(width, height, |x, y| {
        let (x, y) = (i64::from(x), i64::from(y));
        let row = |y| at(x - 1, y) + 2 * at(x, y) + at(x + 1, y);
        image::Luma([((row(y - 1) + 2 * row(y) + row(y + 1) + 8) / 16) as u8])
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::preprocess::Preprocessing;
    use crate::random::generator;

    fn seven() -> Ink {
        let bar = (0..20).map(|i| [100.0 + 10.0 * i as f32, 50.0]);
        let leg = (0..30).map(|i| [290.0 - 4.0 * i as f32, 50.0 + 12.0 * i as f32]);
        Ink { strokes: vec![bar.chain(leg).collect()] }
    }

    #[test]
    fn a_seed_is_a_drawing_and_no_two_are_alike() {
        let network = |seed| Preprocessing::ink(28, 28).apply(&redraw(&seven(), 1.0, &mut generator(&[seed])));
        let plain = network(0);
        assert_eq!(plain, network(0));
        for seed in 1..60 {
            let drawn = network(seed);
            assert_ne!(drawn, plain);
            let ink = drawn.iter().map(|&p| u32::from(p)).sum::<u32>() / 255;
            assert!((25..260).contains(&ink), "seed {seed}: {ink}");
        }
    }

    #[test]
    fn strokes_keep_their_ends_when_points_are_left_out() {
        let mut ink = seven();
        leave_out(&mut ink, 0.9, &mut generator(&[3]));
        let (stroke, whole) = (&ink.strokes[0], &seven().strokes[0]);
        assert!(stroke.len() < 20 && stroke.first() == whole.first() && stroke.last() == whole.last());
        let mut dot = Ink { strokes: vec![vec![[1.0, 1.0]], vec![]] };
        leave_out(&mut dot, 1.0, &mut generator(&[3]));
        smooth(&mut dot);
        assert_eq!(dot.strokes, [vec![[1.0, 1.0]], vec![]]);
    }
}
