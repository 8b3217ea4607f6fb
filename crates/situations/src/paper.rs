//! Paper, blank or printed on, and what is written on it.

use crate::character::Character;
use crate::colour::Colour;
use crate::dice::Dice;
use crate::scene::Scene;

/// Blank paper, 150 to 260 pixels on each side, in light that fades a little to one side.
pub(crate) fn blank(dice: &mut Dice) -> Scene {
    let colour = dice.grey(195.0, 245.0);
    tinted(colour, dice)
}

/// Blank paper of a colour.
pub(crate) fn tinted(colour: Colour, dice: &mut Dice) -> Scene {
    let height = dice.between(150.0, 240.0);
    let mut paper = Scene::new((height * dice.between(0.85, 1.15)) as usize, height as usize, colour);
    let [right, down] = [0; 2].map(|_| dice.between(-14.0, 14.0) / height);
    paper.each(|x, y, colour| colour.map(|value| value + right * (x - height / 2.0) + down * (y - height / 2.0)));
    paper
}

/// The colour of a pen's ink.
pub(crate) fn pen(dice: &mut Dice) -> Colour {
    if dice.chance(0.6) { dice.grey(15.0, 70.0) } else { [dice.between(10.0, 50.0), 40.0, dice.between(90.0, 150.0)] }
}

/// Writes a character near the middle of the paper, three to six tenths of its side long, with some grain over all.
pub(crate) fn write(paper: &mut Scene, character: &Character, ink: Colour, dice: &mut Dice) {
    let side = paper.width.min(paper.height) as f32;
    let at = [paper.width, paper.height].map(|length| length as f32 / 2.0 + side * dice.between(-0.06, 0.06));
    paper.write(character, at, side * dice.between(0.34, 0.62), ink);
    let grain = dice.between(0.5, 3.5);
    paper.grain(grain, dice);
}

/// A character on blank paper.
pub(crate) fn written(character: &Character, dice: &mut Dice) -> Scene {
    let (mut paper, ink) = (blank(dice), pen(dice));
    write(&mut paper, character, ink, dice);
    paper
}

/// A character on paper that was cut close around it.
pub(crate) fn cut_close(character: &Character, dice: &mut Dice) -> Scene {
    let (paper, ink) = (dice.grey(195.0, 245.0), pen(dice));
    let (size, long) = (character.size(), dice.between(70.0, 150.0));
    let margins = [0; 2].map(|_| 2.0 * dice.between(5.0, 14.0));
    let [width, height] = [0, 1].map(|i| (size[i] * long + margins[i]) as usize);
    let mut paper = Scene::new(width.max(24), height.max(24), paper);
    paper.write(character, [paper.width as f32 / 2.0, paper.height as f32 / 2.0], long, ink);
    paper.grain(dice.between(0.5, 3.0), dice);
    paper
}

/// Rules from edge to edge, `every` some pixels.
pub(crate) fn rule(paper: &mut Scene, every: f32, thick: f32, colour: Colour, dice: &mut Dice) {
    let width = paper.width as f32;
    let mut y = dice.between(0.2, 1.0) * every;
    while y < paper.height as f32 - thick {
        paper.fill([0.0, y], [width, thick], colour);
        y += every;
    }
}

/// Upright lines from edge to edge.
pub(crate) fn columns(paper: &mut Scene, every: f32, thick: f32, colour: Colour, dice: &mut Dice) {
    let height = paper.height as f32;
    let mut x = dice.between(0.2, 1.0) * every;
    while x < paper.width as f32 - thick {
        paper.fill([x, 0.0], [thick, height], colour);
        x += every;
    }
}

/// A character in the cell of a form, whose line lies `inset` (a share of the side) within the paper.
pub(crate) fn in_cell(character: &Character, inset: (f32, f32), line: Colour, dice: &mut Dice) -> Scene {
    let (mut paper, ink, thick) = (blank(dice), pen(dice), dice.between(1.0, 3.5));
    let side = paper.width.min(paper.height) as f32;
    let inset = side * dice.between(inset.0, inset.1);
    let size = [paper.width as f32 - 2.0 * inset, paper.height as f32 - 2.0 * inset];
    paper.outline([inset; 2], size, thick, line);
    write(&mut paper, character, ink, dice);
    paper
}

/// A character in the middle of three by three cells of a form, the others empty or cut off.
pub(crate) fn in_table(character: &Character, dice: &mut Dice) -> Scene {
    let (mut paper, ink, thick) = (blank(dice), pen(dice), dice.between(1.0, 3.0));
    let line = dice.grey(20.0, 140.0);
    let [width, height] = [paper.width, paper.height].map(|length| length as f32);
    let [column, row] = [0; 2].map(|_| dice.between(0.08, 0.14));
    for share in [column, 1.0 - column] {
        paper.fill([share * width, 0.0], [thick, height], line);
    }
    for share in [row, 1.0 - row] {
        paper.fill([0.0, share * height], [width, thick], line);
    }
    write(&mut paper, character, ink, dice);
    paper
}
