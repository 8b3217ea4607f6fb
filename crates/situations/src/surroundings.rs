//! Things around the paper in a picture: a canvas, bars, a table.

use crate::colour::Colour;
use crate::dice::Dice;
use crate::scene::Scene;

/// The paper pasted upright on a larger canvas of one colour.
pub(crate) fn padded(paper: &Scene, colour: Colour, dice: &mut Dice) -> Scene {
    let [width, height] = [paper.width, paper.height].map(|length| length as f32);
    let margins = [0; 4].map(|_| dice.between(0.04, 0.4) * width.min(height));
    let mut canvas =
        Scene::new((width + margins[0] + margins[2]) as usize, (height + margins[1] + margins[3]) as usize, colour);
    let middle = [margins[0] + width / 2.0, margins[1] + height / 2.0].map(f32::round);
    canvas.lay(paper, middle, 0.0, 0.0);
    canvas
}

/// Bars of one colour, above and below or left and right of the paper.
pub(crate) fn barred(paper: &Scene, upright: bool, colour: Colour, dice: &mut Dice) -> Scene {
    let (along, across) = if upright { (paper.width, paper.height) } else { (paper.height, paper.width) };
    let bars = [0; 2].map(|_| (dice.between(0.05, 0.5) * along as f32) as usize);
    let bars = if dice.chance(0.7) { [bars[0]; 2] } else { bars };
    let long = along + bars[0] + bars[1];
    let (width, height) = if upright { (long, across) } else { (across, long) };
    let mut canvas = Scene::new(width, height, colour);
    let at = bars[0] as f32 + along as f32 / 2.0;
    let other = across as f32 / 2.0;
    canvas.lay(paper, if upright { [at, other] } else { [other, at] }, 0.0, 0.0);
    canvas
}

/// A table of one colour with its own grain.
pub(crate) fn table(paper: &Scene, colour: Colour, grain: f32, dice: &mut Dice) -> Scene {
    let [width, height] = [paper.width, paper.height].map(|length| (length as f32 * dice.between(1.25, 1.8)) as usize);
    let mut table = Scene::new(width, height, colour);
    let fades = dice.between(-20.0, 20.0) / width as f32;
    table.each(|x, _, colour| colour.map(|value| value + fades * x));
    table.grain(grain, dice);
    table
}

/// A wooden table: grain of fibres that run along it, and a few planks.
pub(crate) fn wood(paper: &Scene, dice: &mut Dice) -> Scene {
    let colour = [dice.between(120.0, 180.0), dice.between(80.0, 120.0), dice.between(40.0, 80.0)];
    let mut wood = table(paper, colour, 4.0, dice);
    let waves = [0; 6].map(|_| [dice.between(0.15, 1.2), dice.between(0.0, 0.03), dice.between(0.0, 6.0)]);
    wood.each(|x, y, colour| {
        let fibre: f32 = waves.iter().map(|[across, along, phase]| (across * y + along * x + phase).sin()).sum();
        colour.map(|value| value * (1.0 + 0.05 * fibre))
    });
    wood
}

/// The paper on a table, somewhere near its middle, turned by some degrees.
pub(crate) fn on(paper: &Scene, mut table: Scene, degrees: f32, dice: &mut Dice) -> Scene {
    let middle = [(table.width, paper.width), (table.height, paper.height)]
        .map(|(table, paper)| table as f32 / 2.0 + dice.between(-0.35, 0.35) * (table - paper) as f32);
    table.lay(paper, middle, degrees, 0.0);
    table
}

/// A shadow that paper of this size casts on what lies under it, soft and somewhat below it.
pub(crate) fn cast_shadow(under: &mut Scene, [x, y]: [f32; 2], [width, height]: [usize; 2], dice: &mut Dice) {
    let (soft, deep) = (dice.between(4.0, 14.0), dice.between(0.25, 0.6));
    let [right, below] = [0; 2].map(|_| dice.between(0.0, 0.7) * soft);
    let half = [width, height].map(|length| length as f32 / 2.0);
    under.each(|column, row, colour| {
        let beyond = [(column - x - right).abs() - half[0], (row - y - below).abs() - half[1]];
        let away = beyond[0].max(0.0).hypot(beyond[1].max(0.0));
        let shade = deep * (1.0 - away / soft).clamp(0.0, 1.0).powi(2);
        colour.map(|value| value * (1.0 - shade))
    });
}
