//! The situations that there are.

use image::DynamicImage;

use crate::character::Character;
use crate::colour::mix;
use crate::dice::Dice;
use crate::light::{shadow, vignette};
use crate::paper::{blank, columns, cut_close, in_cell, in_table, pen, rule, tinted, write, written};
use crate::scene::Scene;
use crate::screens::{telephone, window};
use crate::surroundings::{barred, cast_shadow, on, padded, table, wood};

/// A way in which a picture of a character comes about.
pub struct Situation {
    /// Its name in tables.
    pub name: &'static str,
    /// The percentage of characters that the built-in model is to read right in it.
    pub goal: f32,
    /// The strokes of the pen, see [`Character::new`].
    pub pen: f32,
    /// Makes a picture of a character.
    pub picture: fn(&Character, &mut Dice) -> DynamicImage,
}

const fn plain(name: &'static str, picture: fn(&Character, &mut Dice) -> DynamicImage) -> Situation {
    Situation { name, goal: 99.0, pen: 0.0, picture }
}

const fn hard(name: &'static str, picture: fn(&Character, &mut Dice) -> DynamicImage) -> Situation {
    Situation { name, goal: 95.0, pen: 0.0, picture }
}

/// All situations: plain drawings and photographs first.
pub const SITUATIONS: [Situation; 49] = [
    plain("drawn", |c, dice| drawn(c, dice, [255.0; 3], [0.0; 3])),
    plain("drawn, light on dark", |c, dice| drawn(c, dice, [0.0; 3], [255.0; 3])),
    plain("drawn, 28 pixels", |c, dice| drawn(c, dice, [255.0; 3], [0.0; 3]).resize_exact(28, 28, FILTER)),
    Situation { pen: -0.8, ..hard("thin pen", |c, dice| drawn(c, dice, [255.0; 3], [0.0; 3])) },
    Situation { pen: 0.8, ..hard("thick pen", |c, dice| drawn(c, dice, [255.0; 3], [0.0; 3])) },
    plain("photograph", |c, dice| written(c, dice).picture()),
    hard("photograph, 28 to 40 pixels", |c, dice| {
        let side = dice.whole(28, 40);
        written(c, dice).resized(side, side).picture()
    }),
    hard("photograph, 2000 pixels", |c, dice| {
        let side = dice.whole(8, 11);
        let paper = written(c, dice);
        paper.resized(paper.width * side, paper.height * side).picture()
    }),
    hard("padded with white", |c, dice| padded(&written(c, dice), [255.0; 3], dice).picture()),
    hard("padded with black", |c, dice| padded(&written(c, dice), [0.0; 3], dice).picture()),
    hard("padded with grey", |c, dice| {
        let grey = dice.between(0.0, 255.0).round();
        padded(&written(c, dice), [grey; 3], dice).picture()
    }),
    hard("padded with a colour", |c, dice| {
        let colour = dice.colour();
        padded(&written(c, dice), colour, dice).picture()
    }),
    hard("a drawing padded with grey", |c, dice| {
        let grey = dice.between(30.0, 225.0).round();
        padded(&drawing(c, dice, [255.0; 3], [0.0; 3]), [grey; 3], dice).picture()
    }),
    hard("cut close, padded with white", |c, dice| padded(&cut_close(c, dice), [255.0; 3], dice).picture()),
    hard("cut close, between bars", |c, dice| {
        let upright = dice.chance(0.5);
        barred(&cut_close(c, dice), upright, [0.0; 3], dice).picture()
    }),
    hard("cut close, on a table", |c, dice| {
        let paper = cut_close(c, dice);
        let under = table(&paper, dice.grey(60.0, 130.0), 4.0, dice);
        on(&paper, under, dice.between(-4.0, 4.0), dice).picture()
    }),
    hard("black bars", |c, dice| bars(c, [0.0; 3], dice)),
    hard("white bars", |c, dice| bars(c, [255.0; 3], dice)),
    hard("grey bars", |c, dice| {
        let grey = dice.between(20.0, 235.0).round();
        bars(c, [grey; 3], dice)
    }),
    hard("coloured bars", |c, dice| {
        let colour = dice.colour();
        bars(c, colour, dice)
    }),
    hard("on a dark table", |c, dice| lying(c, |p, dice| table(p, dice.grey(30.0, 120.0), 5.0, dice), 0.0, dice)),
    hard("on a light table", |c, dice| {
        let mut paper = tinted(dice.grey(150.0, 200.0), dice);
        let ink = pen(dice);
        write(&mut paper, c, ink, dice);
        let under = table(&paper, dice.grey(225.0, 250.0), 2.0, dice);
        on(&paper, under, 0.0, dice).picture()
    }),
    hard("on a coloured table", |c, dice| lying(c, |p, dice| table(p, dice.colour(), 5.0, dice), 0.0, dice)),
    hard("on a wooden table", |c, dice| lying(c, wood, 0.0, dice)),
    hard("askew on a dark table", |c, dice| {
        lying(c, |p, dice| table(p, dice.grey(30.0, 120.0), 5.0, dice), 15.0, dice)
    }),
    hard("askew on a wooden table", |c, dice| lying(c, wood, 15.0, dice)),
    hard("telephone", |c, dice| telephone(&written(c, dice), dice).picture()),
    hard("drawing on a telephone", |c, dice| telephone(&drawing(c, dice, [255.0; 3], [0.0; 3]), dice).picture()),
    hard("window", |c, dice| window(&written(c, dice), dice).picture()),
    hard("drawing in a window", |c, dice| window(&drawing(c, dice, [255.0; 3], [0.0; 3]), dice).picture()),
    hard("rounded corners", |c, dice| {
        let paper = written(c, dice);
        let [width, height] = [paper.width, paper.height].map(|length| length + dice.whole(0, 40));
        let mut canvas = Scene::new(width, height, dice.one_of(&[[255.0; 3], [0.0; 3], [40.0, 44.0, 52.0]]));
        let corner = dice.between(6.0, 40.0);
        canvas.lay(&paper, [width as f32 / 2.0, height as f32 / 2.0], 0.0, corner);
        canvas.picture()
    }),
    hard("drop shadow", |c, dice| {
        let paper = if dice.chance(0.5) { written(c, dice) } else { drawing(c, dice, [255.0; 3], [0.0; 3]) };
        let mut canvas = Scene::new(paper.width * 3 / 2, paper.height * 3 / 2, dice.grey(215.0, 250.0));
        let middle = [canvas.width as f32 / 2.0, canvas.height as f32 / 2.0];
        cast_shadow(&mut canvas, middle, [paper.width, paper.height], dice);
        canvas.lay(&paper, middle, 0.0, 0.0);
        canvas.picture()
    }),
    hard("soft shadow", |c, dice| {
        let mut paper = written(c, dice);
        shadow(&mut paper, dice.between(30.0, 120.0), dice);
        paper.picture()
    }),
    hard("hard shadow", |c, dice| {
        let mut paper = written(c, dice);
        shadow(&mut paper, dice.between(2.0, 8.0), dice);
        paper.picture()
    }),
    hard("vignette", |c, dice| {
        let mut paper = written(c, dice);
        vignette(&mut paper, dice);
        paper.picture()
    }),
    hard("coarse JPEG", |c, dice| written(c, dice).as_jpeg(dice.whole(10, 35) as u8)),
    hard("faint pencil", |c, dice| {
        let mut paper = blank(dice);
        let pencil = dice.grey(125.0, 165.0);
        write(&mut paper, c, pencil, dice);
        paper.picture()
    }),
    hard("chalk on a board", |c, dice| {
        let board = dice.one_of(&[[35.0, 60.0, 45.0], [40.0; 3], [25.0, 30.0, 50.0]]);
        let mut board = tinted(board, dice);
        let chalk = dice.grey(190.0, 245.0);
        write(&mut board, c, chalk, dice);
        board.picture()
    }),
    hard("coloured ink", |c, dice| {
        let (mut paper, ink) = (blank(dice), dice.colour());
        write(&mut paper, c, mix(ink, [0.0; 3], 0.25), dice);
        paper.picture()
    }),
    hard("coloured paper", |c, dice| {
        let (colour, ink) = (mix(dice.colour(), [255.0; 3], 0.4), pen(dice));
        let mut paper = tinted(colour, dice);
        write(&mut paper, c, ink, dice);
        paper.picture()
    }),
    hard("ruled", |c, dice| ruled(c, (110.0, 190.0), 0.0, dice).picture()),
    hard("ruled, dark", |c, dice| ruled(c, (50.0, 110.0), 0.0, dice).picture()),
    hard("ruled, askew", |c, dice| ruled(c, (110.0, 190.0), 5.0, dice).picture()),
    hard("ruled with a margin", |c, dice| {
        let mut paper = blank(dice);
        let (line, every) = ([150.0, 170.0, 215.0], dice.between(16.0, 40.0));
        rule(&mut paper, every, 1.0, line, dice);
        let height = paper.height as f32;
        paper.fill([dice.between(6.0, 22.0), 0.0], [dice.between(1.0, 2.0), height], [220.0, 90.0, 100.0]);
        let ink = pen(dice);
        write(&mut paper, c, ink, dice);
        paper.picture()
    }),
    hard("squared", |c, dice| {
        let mut paper = blank(dice);
        let (grey, every, thick) = (dice.grey(110.0, 190.0), dice.between(12.0, 36.0), dice.between(1.0, 1.6));
        rule(&mut paper, every, thick, grey, dice);
        columns(&mut paper, every, thick, grey, dice);
        let ink = pen(dice);
        write(&mut paper, c, ink, dice);
        paper.picture()
    }),
    hard("in a cell", |c, dice| {
        let line = dice.grey(15.0, 150.0);
        in_cell(c, (0.02, 0.14), line, dice).picture()
    }),
    hard("border at the edge", |c, dice| {
        let line = dice.grey(0.0, 80.0);
        in_cell(c, (0.0, 0.0), line, dice).picture()
    }),
    hard("in a table's cell", |c, dice| in_table(c, dice).picture()),
    hard("ruled, shadow, on a table", |c, dice| {
        let mut paper = ruled(c, (120.0, 190.0), 0.0, dice);
        shadow(&mut paper, dice.between(20.0, 80.0), dice);
        let under = wood(&paper, dice);
        on(&paper, under, dice.between(-3.0, 3.0), dice).picture()
    }),
];

const FILTER: image::imageops::FilterType = image::imageops::FilterType::Triangle;

/// A clean drawing in a program.
fn drawing(c: &Character, dice: &mut Dice, paper: [f32; 3], ink: [f32; 3]) -> Scene {
    let side = dice.whole(100, 420);
    let mut canvas = Scene::new(side, side, paper);
    let middle = [0; 2].map(|_| side as f32 * dice.between(0.45, 0.55));
    canvas.write(c, middle, side as f32 * dice.between(0.45, 0.75), ink);
    canvas
}

fn drawn(c: &Character, dice: &mut Dice, paper: [f32; 3], ink: [f32; 3]) -> DynamicImage {
    drawing(c, dice, paper, ink).picture()
}

fn bars(c: &Character, colour: [f32; 3], dice: &mut Dice) -> DynamicImage {
    let paper = written(c, dice);
    let upright = dice.chance(0.5);
    barred(&paper, upright, colour, dice).picture()
}

/// A sheet on a table, turned by 2 to `most` degrees unless `most` is 0.
fn lying(c: &Character, make: fn(&Scene, &mut Dice) -> Scene, most: f32, dice: &mut Dice) -> DynamicImage {
    let paper = written(c, dice);
    let under = make(&paper, dice);
    let degrees = if most > 0.0 { dice.between(2.0, most) * dice.one_of(&[1.0, -1.0]) } else { 0.0 };
    on(&paper, under, degrees, dice).picture()
}

/// A character on ruled paper, whose lines rise or fall by up to some degrees.
fn ruled(c: &Character, grey: (f32, f32), most: f32, dice: &mut Dice) -> Scene {
    let mut paper = blank(dice);
    let (line, every, thick) = (dice.grey(grey.0, grey.1), dice.between(16.0, 45.0), dice.between(0.8, 2.0));
    rule(&mut paper, every, thick, line, dice);
    if most > 0.0 {
        let (mut turned, degrees) = (paper.clone(), dice.between(-most, most));
        let enlarged = paper.resized(paper.width * 3 / 2, paper.height * 3 / 2);
        turned.lay(&enlarged, [paper.width as f32 / 2.0, paper.height as f32 / 2.0], degrees, 0.0);
        paper = turned;
    }
    let ink = pen(dice);
    write(&mut paper, c, ink, dice);
    paper
}
