//! Pictures that show no character, or not one: scribbles, signs, halves, two at once, photographs of things.

use image::DynamicImage;
use nn_data::Ink;
use std::f32::consts::TAU;

use crate::character::Character;
use crate::dice::Dice;
use crate::paper::pen;
use crate::scene::Scene;

/// Strokes between points `[x, y]`.
type Strokes = Vec<Vec<[f32; 2]>>;

/// A kind of picture that shows no character.
pub struct Other {
    /// Its name in tables.
    pub name: &'static str,
    /// The percentage for which the built-in model is to say so.
    pub goal: f32,
    /// Makes such a picture; two characters are given to those that are made of characters.
    pub picture: fn([&Character; 2], &mut Dice) -> DynamicImage,
}

/// All kinds.
pub const OTHERS: [Other; 8] = [
    Other { name: "scribbles", goal: 95.0, picture: |_, dice| drawn(&scribble(dice), dice) },
    Other { name: "hatching", goal: 95.0, picture: |_, dice| drawn(&hatching(dice), dice) },
    Other { name: "signs", goal: 95.0, picture: |_, dice| drawn(&sign(dice), dice) },
    Other { name: "shapes", goal: 95.0, picture: |_, dice| drawn(&shape(dice), dice) },
    Other { name: "two characters", goal: 95.0, picture: two },
    Other { name: "halves", goal: 45.0, picture: half },
    Other { name: "smooth photographs", goal: 92.0, picture: |_, dice| things(dice, 1.0) },
    Other { name: "rough photographs", goal: 95.0, picture: |_, dice| things(dice, 9.0) },
];

/// Strokes as a drawing window shows them: black on white, with a pen of any width.
fn drawn(ink: &Ink, dice: &mut Dice) -> DynamicImage {
    let mut picture = ink.fitted(dice.between(0.5, 0.8)).rasterise(160, dice.between(0.02, 0.07));
    image::imageops::invert(&mut picture);
    picture.into()
}

/// A pen that wanders about: loops upon loops.
fn scribble(dice: &mut Dice) -> Ink {
    let waves: Vec<[f32; 3]> = (1..=5).map(|n| [n as f32, dice.between(0.0, TAU), dice.between(0.3, 1.0)]).collect();
    let (long, flat) = (dice.between(1.2, 3.0), dice.between(0.4, 1.0));
    let point = |i: usize| {
        let t = long * TAU * i as f32 / 240.0;
        let sum = |turn: f32| waves.iter().map(|[n, phase, size]| size * (n * t * 0.9 + phase + turn * n).sin()).sum();
        let (x, y): (f32, f32) = (sum(0.0), sum(1.3));
        [x, flat * y]
    };
    Ink { strokes: vec![(0..240).map(point).collect()] }
}

/// Lines back and forth, or across each other.
fn hatching(dice: &mut Dice) -> Ink {
    let (lines, angle) = (dice.whole(5, 12), dice.between(0.0, TAU));
    let (sin, cos) = angle.sin_cos();
    let crossed = dice.chance(0.5);
    let mut line = |i: usize, turned: bool| {
        let across = i as f32 / (lines - 1) as f32 - 0.5;
        let ends = [-0.5f32, 0.5].map(|along| {
            let (a, b) = (along + dice.between(-0.08, 0.08), across + dice.between(-0.03, 0.03));
            let [a, b] = if turned { [b, a] } else { [a, b] };
            [cos * a - sin * b, sin * a + cos * b]
        });
        ends.to_vec()
    };
    let mut strokes: Vec<Vec<[f32; 2]>> = (0..lines).map(|i| line(i, false)).collect();
    if crossed {
        strokes.extend((0..lines).map(|i| line(i, true)));
    }
    Ink { strokes }
}

/// An arc around a point, from and to shares of a turn.
fn arc([x, y]: [f32; 2], [wide, high]: [f32; 2], from: f32, to: f32) -> Vec<[f32; 2]> {
    let angle = |i: usize| TAU * (from + (to - from) * i as f32 / 30.0);
    (0..=30).map(|i| [x + wide * angle(i).cos(), y + high * angle(i).sin()]).collect()
}

fn dot(at: [f32; 2]) -> Vec<[f32; 2]> {
    arc(at, [0.03; 2], 0.0, 1.0)
}

/// One of the signs + = ? & @ # % * and two more, by an unsteady hand. A minus is left out: it may be a 1 that lies.
fn sign(dice: &mut Dice) -> Ink {
    let level = |y: f32| vec![[0.0, y], [1.0, y]];
    let strokes: Strokes = match dice.whole(0, 9) {
        0 => vec![level(0.5), vec![[0.5, 0.0], [0.5, 1.0]]],
        1 => vec![level(0.3), level(0.7)],
        2 => vec![[arc([0.3, 0.3], [0.3, 0.3], 0.5, 1.2), vec![[0.3, 0.6], [0.3, 0.75]]].concat(), dot([0.3, 0.98])],
        3 => vec![vec![
            [0.9, 1.0],
            [0.5, 0.6],
            [0.25, 0.25],
            [0.35, 0.02],
            [0.55, 0.1],
            [0.5, 0.3],
            [0.1, 0.65],
            [0.15, 0.95],
            [0.5, 1.0],
            [0.85, 0.6],
        ]],
        4 => vec![[arc([0.5; 2], [0.2; 2], 0.0, 1.0), arc([0.5; 2], [0.5; 2], 0.0, 0.85)].concat()],
        5 => vec![level(0.35), level(0.65), vec![[0.35, 0.0], [0.25, 1.0]], vec![[0.7, 0.0], [0.6, 1.0]]],
        6 => vec![
            vec![[0.9, 0.0], [0.1, 1.0]],
            arc([0.2; 2], [0.17, 0.2], 0.0, 1.0),
            arc([0.8; 2], [0.17, 0.2], 0.0, 1.0),
        ],
        7 => vec![vec![[0.5, 0.0], [0.5, 1.0]], vec![[0.07, 0.25], [0.93, 0.75]], vec![[0.93, 0.25], [0.07, 0.75]]],
        8 => vec![vec![[0.0, 0.2], [0.0, 0.5]], vec![[0.6, 0.2], [0.6, 0.5]], arc([0.3, 0.6], [0.5, 0.4], 0.05, 0.45)],
        _ => vec![level(0.5), dot([0.5, 0.2]), dot([0.5, 0.8])],
    };
    unsteady(Ink { strokes }, dice)
}

/// A star, a heart, a house, a spiral, a face or a flower.
fn shape(dice: &mut Dice) -> Ink {
    let eyes = |x: f32| vec![[x, -0.3], [x, -0.2]];
    let around = |radius: &dyn Fn(f32) -> f32, turns: f32| -> Vec<[f32; 2]> {
        (0..=120).map(|i| TAU * turns * i as f32 / 120.0).map(|a| [radius(a) * a.cos(), radius(a) * a.sin()]).collect()
    };
    let strokes: Strokes = match dice.whole(0, 5) {
        0 => vec![(0..=5).map(|i| TAU * (0.4 * i as f32 - 0.25)).map(|a| [a.cos(), a.sin()]).collect()],
        1 => vec![
            (0..=60)
                .map(|i| TAU * i as f32 / 60.0)
                .map(|a| [a.sin().powi(3), -0.8 * a.cos() + 0.31 * (2.0 * a).cos() + 0.12 * (3.0 * a).cos()])
                .collect(),
        ],
        2 => vec![vec![
            [0.0, 1.0],
            [0.0, 0.4],
            [0.5, 0.0],
            [1.0, 0.4],
            [1.0, 1.0],
            [0.0, 1.0],
            [1.0, 0.4],
            [0.0, 0.4],
            [1.0, 1.0],
        ]],
        3 => vec![around(&|a| a, dice.between(3.0, 4.5))],
        4 => {
            vec![around(&|_| 1.0, 1.0), eyes(-0.35), eyes(0.35), vec![[-0.4, 0.3], [-0.2, 0.5], [0.2, 0.5], [0.4, 0.3]]]
        }
        _ => {
            let petals = dice.whole(4, 7) as f32;
            vec![around(&move |a| 0.55 + 0.45 * (petals * a).sin(), 1.0), around(&|_| 0.25, 1.0)]
        }
    };
    unsteady(Ink { strokes }, dice)
}

/// Strokes that a hand slants, stretches and bends a little.
fn unsteady(ink: Ink, dice: &mut Dice) -> Ink {
    let (slant, wide) = (dice.between(-0.2, 0.2), dice.between(0.8, 1.25));
    let [a, b, c, d] = [0; 4].map(|_| dice.between(-0.05, 0.05));
    let bend = |[x, y]: [f32; 2]| {
        let (x, y) = (wide * x + slant * y, y);
        [x + a * (5.0 * y).sin() + b * (3.0 * x).cos(), y + c * (5.0 * x).sin() + d * (4.0 * y).cos()]
    };
    Ink { strokes: ink.strokes.into_iter().map(|stroke| stroke.into_iter().map(bend).collect()).collect() }
}

/// Two characters beside each other.
fn two([left, right]: [&Character; 2], dice: &mut Dice) -> DynamicImage {
    let mut canvas = Scene::new(240, 160, [255.0; 3]);
    for (character, x) in [(left, 75.0), (right, 165.0)] {
        canvas.write(
            character,
            [x + dice.between(-5.0, 5.0), 80.0 + dice.between(-8.0, 8.0)],
            dice.between(70.0, 100.0),
            [0.0; 3],
        );
    }
    canvas.picture()
}

/// One side of a character that the edge of the picture cuts in two.
fn half([character, _]: [&Character; 2], dice: &mut Dice) -> DynamicImage {
    let mut canvas = Scene::new(160, 160, [255.0; 3]);
    let at = dice.one_of(&[[0.0, 80.0], [160.0, 80.0], [80.0, 0.0], [80.0, 160.0]]);
    let ink = pen(dice);
    canvas.write(character, at, dice.between(80.0, 110.0), ink);
    canvas.picture()
}

/// A photograph of things: patches of light and colour, soft or with much detail.
fn things(dice: &mut Dice, rough: f32) -> DynamicImage {
    let (width, height) = (dice.whole(100, 240), dice.whole(100, 240));
    let colour = dice.grey(60.0, 200.0);
    let mut scene = Scene::new(width, height, colour);
    for _ in 0..dice.whole(4, 9) {
        let thing = Scene::new(dice.whole(15, 120), dice.whole(15, 120), dice.colour());
        let at = [dice.between(0.0, width as f32), dice.between(0.0, height as f32)];
        scene.lay(&thing, at, dice.between(0.0, 180.0), dice.between(0.0, 30.0));
    }
    let waves: Vec<[f32; 4]> = (0..10)
        .map(|_| {
            [
                dice.between(-0.06, 0.06) * rough,
                dice.between(-0.06, 0.06) * rough,
                dice.between(0.0, TAU),
                dice.between(0.0, 18.0),
            ]
        })
        .collect();
    scene.each(|x, y, colour| {
        let light: f32 = waves.iter().map(|[a, b, phase, size]| size * (a * x + b * y + phase).sin()).sum();
        colour.map(|value| value + light)
    });
    scene.grain(3.0, dice);
    scene.as_jpeg(80)
}
