//! Screenshots: a page in a window or on a telephone.

use crate::colour::Colour;
use crate::dice::Dice;
use crate::scene::Scene;

/// A screenshot of a telephone that shows the paper: a status bar, a title, the picture, round buttons.
pub(crate) fn telephone(paper: &Scene, dice: &mut Dice) -> Scene {
    let dark = dice.chance(0.5);
    let (ground, text): (Colour, Colour) = if dark { ([18.0; 3], [230.0; 3]) } else { ([250.0; 3], [40.0; 3]) };
    let margin = dice.one_of(&[0.0, 0.0, 12.0]);
    let width = paper.width as f32 + 2.0 * margin;
    let [above, below] = [dice.between(30.0, 70.0), dice.between(50.0, 110.0)].map(f32::round);
    let mut screen = Scene::new(width as usize, paper.height + (above + below) as usize, ground);
    let middle = above + paper.height as f32 / 2.0;
    screen.lay(paper, [width / 2.0, middle], 0.0, if margin > 0.0 { 8.0 } else { 0.0 });
    for word in 0..3 {
        screen.fill([8.0 + 14.0 * word as f32, 6.0], [10.0, 5.0], text);
    }
    screen.outline([width - 24.0, 5.0], [16.0, 7.0], 1.0, text);
    screen.fill([12.0, above - 12.0], [width * 0.4, 4.0], text);
    let buttons = dice.whole(2, 4);
    for button in 0..buttons {
        let at = width * (button as f32 + 0.5) / buttons as f32;
        let size = dice.between(16.0, 26.0);
        let round = Scene::new(size as usize, size as usize, dice.colour());
        let y = above + paper.height as f32 + below / 2.0;
        screen.lay(&round, [at, y], 0.0, size / 2.0);
    }
    screen
}

/// A page in a window: a title bar with buttons, a border, the desktop around it.
pub(crate) fn window(paper: &Scene, dice: &mut Dice) -> Scene {
    let bar = dice.between(14.0, 28.0).round();
    let (frame, light) = (dice.grey(60.0, 120.0), dice.grey(215.0, 250.0));
    let [width, height] = [paper.width as f32 + 2.0, paper.height as f32 + bar + 1.0];
    let mut window = Scene::new(width as usize, height as usize, frame);
    window.fill([1.0, 1.0], [width - 2.0, bar - 2.0], light);
    for button in 1..4 {
        window.fill([width - 12.0 * button as f32, bar / 2.0 - 3.0], [6.0, 6.0], frame);
    }
    window.fill([6.0, bar / 2.0 - 2.0], [width * 0.3, 4.0], [60.0; 3]);
    window.lay(paper, [width / 2.0, bar + paper.height as f32 / 2.0], 0.0, 0.0);
    let desktop = if dice.chance(0.5) { dice.colour() } else { dice.grey(20.0, 200.0) };
    let [columns, rows] = [width, height].map(|length| (length * dice.between(1.0, 1.35)).round());
    let mut screen = Scene::new(columns as usize, rows as usize, desktop);
    let middle = [(columns, width), (rows, height)].map(|(all, own)| ((all - own) / 2.0).floor() + own / 2.0);
    screen.lay(&window, middle, 0.0, 0.0);
    screen
}
