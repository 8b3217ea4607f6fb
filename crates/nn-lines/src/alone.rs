//! A character of a line as a drawing of its own.

use crate::bounds::Bounds;
use crate::line::ReadCharacter;
use nn_data::Ink;

/// A character of the line's usual size fills this part of its own paper, and none fills more than that.
const USUAL: f32 = 0.45;
const LARGEST: f32 = 0.9;
/// The thickest pen of such a drawing, as a part of its paper.
const THICKEST: f32 = 0.15;

/// A character on paper of its own, as large as it was beside the others of its line, and the diameter of its pen there;
/// `pen` is that of the line's pen, in the units of the line.
pub fn alone<'a>(character: &Ink, line: impl IntoIterator<Item = &'a ReadCharacter>, pen: f32) -> (Ink, f32) {
    let longest = Bounds::of(character).map_or(0.0, |bounds| bounds.longest()).max(f32::MIN_POSITIVE);
    let mut sizes: Vec<f32> = line.into_iter().map(|character| character.bounds.longest()).collect();
    sizes.sort_by(f32::total_cmp);
    let usual = sizes.get(sizes.len() / 2).copied().unwrap_or(longest).max(f32::MIN_POSITIVE);
    let share = (USUAL * longest / usual).min(LARGEST);
    (character.fitted(share), (pen * share / longest).min(THICKEST))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn characters_keep_their_sizes_beside_each_other() {
        let stroke = |length: f32| Ink { strokes: vec![vec![[0.2, 0.1], [0.2, 0.1 + length]]] };
        let character = |length: f32| ReadCharacter {
            text: "l".into(),
            space: false,
            others: vec![],
            probability: 1.0,
            bounds: Bounds::of(&stroke(length)).unwrap(),
            parts: vec![0],
        };
        let line = [0.1, 0.2, 0.2, 0.2, 0.9].map(character);
        for (length, expected) in [(0.2, 0.45), (0.1, 0.225), (0.9, 0.9)] {
            let (ink, pen) = alone(&stroke(length), &line, 0.02);
            let found = Bounds::of(&ink).unwrap().longest();
            assert!((found - expected).abs() < 1e-4, "{found}");
            assert!((pen / found - 0.02 / length).abs() < 1e-4, "the pen grows with the ink: {pen}");
        }
    }
}
