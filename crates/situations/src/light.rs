//! Light on paper: shadows with soft and hard edges, and lenses that darken their corners.

use crate::dice::Dice;
use crate::scene::Scene;

/// A shadow over one side of the paper; its edge runs at any angle, `soft` pixels wide.
pub(crate) fn shadow(paper: &mut Scene, soft: f32, dice: &mut Dice) {
    let angle = dice.between(0.0, std::f32::consts::TAU);
    let (sin, cos) = angle.sin_cos();
    let [width, height] = [paper.width, paper.height].map(|length| length as f32);
    let at = dice.between(-0.3, 0.3) * width.min(height);
    let light = dice.between(0.5, 0.75);
    paper.each(|x, y, colour| {
        let away = cos * (x - width / 2.0) + sin * (y - height / 2.0) - at;
        let lit = (away / soft + 0.5).clamp(0.0, 1.0);
        let lit = lit * lit * (3.0 - 2.0 * lit);
        colour.map(|value| value * (light + (1.0 - light) * lit))
    });
}

/// Corners darker than the middle.
pub(crate) fn vignette(paper: &mut Scene, dice: &mut Dice) {
    let deep = dice.between(0.25, 0.6);
    let [width, height] = [paper.width, paper.height].map(|length| length as f32);
    paper.each(|x, y, colour| {
        let away = ((x - width / 2.0) / width).hypot((y - height / 2.0) / height) / 0.7;
        colour.map(|value| value * (1.0 - deep * away.powi(3)))
    });
}
