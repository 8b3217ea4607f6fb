//! Makes pictures that show no character: what a network learns to be unsure of.

use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::augment::doodle::doodle;
use crate::augment::pair::pair;
use crate::augment::redraw::redraw;
use crate::augment::scribble::scribble;
use crate::preprocess::Preprocessing;

/// The shares of two characters at once and of doodles; the rest are scribbles.
const PAIRS: f32 = 0.25;
const DOODLES: f32 = 0.25;

/// A prepared picture of two samples (their prepared pictures) beside each other, of a doodle, or of a scribble.
pub(crate) fn nothing(samples: [&[u8]; 2], preprocessing: &Preprocessing, rng: &mut Xoshiro256PlusPlus) -> Vec<u8> {
    let kind = rng.random::<f32>();
    if kind < PAIRS {
        let width = preprocessing.width as usize;
        let bar = if preprocessing.shows_size() { width } else { 0 };
        let pictures = samples.map(|picture| &picture[..picture.len() - bar]);
        if let Some(two) = pair(pictures, width, rng) {
            return preprocessing.apply_ink(two);
        }
    }
    let picture = if kind < PAIRS + DOODLES { redraw(&doodle(rng), 1.0, rng) } else { scribble(rng) };
    preprocessing.apply_to_paper(&picture)
}
