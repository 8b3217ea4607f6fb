//! Pictures as people have them: the paper is not all of the picture, or something is printed on it. Digits of MNIST are put
//! into such situations, and the built-in model reads them as it reads them plainly drawn.
#![allow(clippy::unwrap_used)]

use image::{GrayImage, Luma, imageops};
use nn_data::{Dataset, LoadOptions, idx};
use nn_io::{Reader, Verdict};
use std::path::Path;

/// Digits that are put into each situation.
const DIGITS: usize = 150;

/// Random numbers 0 to 1 by a linear congruential generator (Numerical Recipes).
struct Dice(u32);

impl Dice {
    fn roll(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / (1 << 24) as f32
    }

    fn between(&mut self, from: u32, to: u32) -> u32 {
        from + (self.roll() * (to - from + 1) as f32) as u32
    }
}

/// A digit four times as large, dark on light paper in uneven light with grain; `side` pixels, the digit in the middle.
fn photograph(digit: &[u8], side: u32, dice: &mut Dice) -> GrayImage {
    let small = GrayImage::from_raw(28, 28, digit.to_vec()).unwrap();
    let large = imageops::resize(&small, 112, 112, imageops::FilterType::CatmullRom);
    let (paper, shade) = (dice.between(190, 235) as f32, 30.0 * (dice.roll() - 0.5));
    let (x, y) = (i64::from(side / 2) - 56 + dice.between(0, 10) as i64 - 5, i64::from(side / 2) - 56);
    GrayImage::from_fn(side, side, |column, row| {
        let inside = |at: u32, from: i64| (0..112).contains(&(i64::from(at) - from));
        let covered = if inside(column, x) && inside(row, y) {
            f32::from(large.get_pixel((i64::from(column) - x) as u32, (i64::from(row) - y) as u32)[0]) / 255.0
        } else {
            0.0
        };
        let light = paper + shade * (column as f32 / side as f32 - 0.5) + 4.0 * (dice.roll() - 0.5);
        Luma([(light - covered * (light - 45.0)) as u8])
    })
}

/// A picture of one grey, with a little noise.
fn surroundings(width: u32, height: u32, grey: u32, noise: f32, dice: &mut Dice) -> GrayImage {
    GrayImage::from_fn(width, height, |_, _| Luma([(grey as f32 + noise * (dice.roll() - 0.5)) as u8]))
}

fn line(picture: &mut GrayImage, from: (u32, u32), to: (u32, u32), thick: u32, grey: u8) {
    for row in from.1..(to.1 + thick).min(picture.height()) {
        for column in from.0..(to.0 + thick).min(picture.width()) {
            let value = &mut picture.get_pixel_mut(column, row)[0];
            *value = (*value).min(grey);
        }
    }
}

/// Puts a digit into a situation.
type Situation = fn(&[u8], &mut Dice) -> GrayImage;

/// A photograph laid on something else.
fn laid(photo: &GrayImage, mut under: GrayImage, x: i64, y: i64) -> GrayImage {
    imageops::replace(&mut under, photo, x, y);
    under
}

fn padded(digit: &[u8], dice: &mut Dice) -> GrayImage {
    let photo = photograph(digit, 130, dice);
    let (left, top) = (dice.between(15, 70), dice.between(15, 70));
    laid(&photo, GrayImage::from_pixel(220, 220, Luma([255])), left.into(), top.into())
}

fn bars_above_and_below(digit: &[u8], dice: &mut Dice) -> GrayImage {
    let photo = photograph(digit, 140, dice);
    let bar = dice.between(20, 60);
    laid(&photo, surroundings(140, 140 + 2 * bar, dice.between(0, 20), 0.0, dice), 0, bar.into())
}

fn on_a_table(digit: &[u8], dice: &mut Dice) -> GrayImage {
    let photo = photograph(digit, 150, dice);
    let table = surroundings(240, 210, dice.between(70, 120), 16.0, dice);
    laid(&photo, table, dice.between(20, 70).into(), dice.between(10, 50).into())
}

fn in_a_window(digit: &[u8], dice: &mut Dice) -> GrayImage {
    let photo = photograph(digit, 150, dice);
    let mut window = laid(&photo, surroundings(154, 178, 90, 0.0, dice), 2, 26);
    for button in 0..3 {
        line(&mut window, (120 + 10 * button, 9), (124 + 10 * button, 15), 1, 20);
    }
    window
}

fn in_a_cell(digit: &[u8], dice: &mut Dice) -> GrayImage {
    let mut photo = photograph(digit, 160, dice);
    let (from, to, thick) = (dice.between(4, 14), dice.between(144, 154), dice.between(1, 3));
    let grey = dice.between(20, 140) as u8;
    for [a, b] in
        [[(from, from), (to, from)], [(from, to), (to, to)], [(from, from), (from, to)], [(to, from), (to, to)]]
    {
        line(&mut photo, a, b, thick, grey);
    }
    photo
}

fn ruled(digit: &[u8], dice: &mut Dice) -> GrayImage {
    let mut photo = photograph(digit, 170, dice);
    let (every, grey) = (dice.between(18, 34), dice.between(110, 170) as u8);
    for row in (dice.between(2, 12)..170).step_by(every as usize) {
        line(&mut photo, (0, row), (169, row), 1, grey);
    }
    photo
}

fn squared(digit: &[u8], dice: &mut Dice) -> GrayImage {
    let mut photo = photograph(digit, 170, dice);
    let grey = dice.between(120, 170) as u8;
    for at in (dice.between(2, 12)..170).step_by(24) {
        line(&mut photo, (0, at), (169, at), 0, grey);
        line(&mut photo, (at, 0), (at, 169), 0, grey);
        line(&mut photo, (0, at), (169, at), 1, grey);
        line(&mut photo, (at, 0), (at, 169), 1, grey);
    }
    photo
}

fn digits() -> Option<Dataset> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/mnist/t10k-images-idx3-ubyte.gz");
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(idx::read(&path, &LoadOptions { limit: Some(DIGITS), ..LoadOptions::default() }).unwrap().0)
}

#[test]
fn digits_are_read_in_every_situation() {
    let Some(digits) = digits() else { return };
    let mut reader = Reader::new(classify::model(None).unwrap());
    let situations: [(&str, Situation); 8] = [
        ("plain", |digit, dice| photograph(digit, 150, dice)),
        ("padded", padded),
        ("bars above and below", bars_above_and_below),
        ("on a table", on_a_table),
        ("in a window", in_a_window),
        ("in a cell", in_a_cell),
        ("ruled", ruled),
        ("squared", squared),
    ];
    let mut short = vec![];
    for (name, situation) in situations {
        let mut dice = Dice(7);
        let right = (0..digits.len()).filter(|&i| {
            let answer = reader.read(&situation(digits.image(i), &mut dice).into());
            answer.class == digits.label(i) as usize
        });
        let right = right.count() as f32 / digits.len() as f32;
        eprintln!("{name}: {:.1} % of {DIGITS}", 100.0 * right);
        if right < 0.95 {
            short.push(name);
        }
    }
    assert!(short.is_empty(), "below 95 %: {short:?}");
}

#[test]
fn what_may_be_part_of_a_character_is_never_sure() {
    let Some(digits) = digits() else { return };
    let mut reader = Reader::new(classify::model(None).unwrap());
    let patch = laid(&GrayImage::new(60, 70), GrayImage::from_pixel(150, 150, Luma([255])), 40, 30);
    assert_ne!(reader.read(&patch.into()).verdict, Verdict::Sure, "a patch of colour");
    for i in 0..40 {
        let digit = GrayImage::from_raw(28, 28, digits.image(i).to_vec()).unwrap();
        let cut = imageops::crop_imm(&digit, 0, 0, 28, 14).to_image();
        assert_ne!(reader.read(&cut.into()).verdict, Verdict::Sure, "the upper half of digit {i}");
    }
}
