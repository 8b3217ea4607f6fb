//! Numbers put together of single digits by one person. Some digits touch.

use nn_core::rng::Rng;
use nn_data::Ink;
use nn_data::stroke_file::texts::WrittenText;
use std::collections::BTreeMap;

/// The digits of a number.
const DIGITS: usize = 4;
/// The share of neighbours that touch or overlap, in numbers to test with and to learn from.
pub const TOUCHING: f32 = 0.15;
pub const OFTEN: f32 = 0.4;

/// Puts the characters of each writer together, in the order in which they stand, without using one twice.
pub fn numbers(characters: Vec<WrittenText>, touching: f32, seed: u64) -> Vec<WrittenText> {
    let mut writers: BTreeMap<String, Vec<WrittenText>> = BTreeMap::new();
    for character in characters {
        writers.entry(character.writer.clone()).or_default().push(character);
    }
    let mut rng = Rng::new(seed);
    writers
        .into_values()
        .flat_map(|all| all.chunks_exact(DIGITS).map(|four| joined(four, touching, &mut rng)).collect::<Vec<_>>())
        .collect()
}

/// The characters in an order that the seed chooses.
pub fn shuffled(characters: &[WrittenText], seed: u64) -> Vec<WrittenText> {
    let mut rng = Rng::new(seed);
    let mut order: Vec<usize> = (0..characters.len()).collect();
    (1..order.len()).rev().for_each(|i| order.swap(i, (rng.uniform() * (i + 1) as f32) as usize));
    order.into_iter().map(|at| characters[at].clone()).collect()
}

/// Characters side by side.
fn joined(characters: &[WrittenText], touching: f32, rng: &mut Rng) -> WrittenText {
    let mut number = WrittenText {
        text: String::new(),
        writer: characters[0].writer.clone(),
        strokes: Ink::default(),
        cuts: vec![],
        test: characters[0].test,
    };
    let mut right = 0.0;
    for character in characters {
        let Some([low, high]) = character.strokes.bounds() else { continue };
        let tall = (high[1] - low[1]).max(high[0] - low[0]);
        let gap = if rng.uniform() < touching { -0.06 * rng.uniform() } else { 0.08 + 0.22 * rng.uniform() };
        let (left, down) = (right + gap * tall - low[0], 0.1 * tall * (rng.uniform() - 0.5) - high[1]);
        let first = number.strokes.strokes.len();
        let moved = |stroke: &Vec<[f32; 2]>| stroke.iter().map(|[x, y]| [x + left, y + down]).collect();
        number.strokes.strokes.extend(character.strokes.strokes.iter().map(moved));
        number.cuts.push([first, number.strokes.strokes.len()]);
        number.text += &character.text;
        right = left + high[0];
    }
    number
}
