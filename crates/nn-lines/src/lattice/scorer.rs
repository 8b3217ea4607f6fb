//! Scores candidates: a small network tells how much a path through the row gains by a candidate, and how much by taking it
//! for each class.
//!
//! The network sees the candidate's place and size, and what the character network makes of it: a round thing as high as
//! its neighbours is an O or a 0 rather than an o, and what hangs below the line a g rather than a 9. It was trained so that
//! the right path has the largest share among all paths (a conditional random field, Lafferty, McCallum and Pereira 2001),
//! see `examples/train_scorer`.

use crate::lattice::candidate::{Candidate, GEOMETRY};
use nn_core::{Network, Workspace};
use nn_data::Size;
use nn_io::{Error, Model};

/// The classes that the scorer knows by name; of others it sees how sure the network is.
pub const CLASSES: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The numbers that the scorer sees of a candidate.
pub const FEATURES: usize = GEOMETRY + SURE + CLASSES.len() + LOOK * LOOK;
/// The numbers that the scorer gives for a candidate: what a path gains by it, and what it gains besides by each class of
/// [`CLASSES`].
pub const SCORES: usize = 1 + CLASSES.len();
/// The least probability that counts.
pub const LEAST: f32 = 1e-5;
/// The rows and columns in which the scorer sees a candidate's picture.
const LOOK: usize = 7;
/// Of them, those that tell how sure the network is, and the kind of the page.
const SURE: usize = 5;

/// A network that scores candidates.
pub struct Scorer {
    network: Network,
}

impl Scorer {
    /// The scorer that comes with Barnacle.
    ///
    /// # Errors
    /// Where this program cannot read the file that it was built with.
    pub fn built_in() -> Result<Self, Error> {
        let file = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/lines.mpk"));
        Ok(Self { network: Model::from_bytes(file)?.network })
    }

    /// A scorer of this network, which makes [`SCORES`] of [`FEATURES`].
    pub fn new(network: Network) -> Self {
        Self { network }
    }

    /// The [`SCORES`] of each candidate, whose features stand one after the other.
    pub fn scores(&self, features: &[f32]) -> Vec<f32> {
        if features.is_empty() { vec![] } else { self.network.infer(features, &mut Workspace::default()).to_vec() }
    }
}

/// For each class of a model, its place in [`CLASSES`].
pub fn places(classes: &[String]) -> Vec<Option<usize>> {
    classes.iter().map(|class| CLASSES.find(class.as_str()).filter(|_| class.len() == 1)).collect()
}

/// The numbers that the scorer sees of a candidate: its geometry, how sure the network is, 1 for a part of a picture and 0
/// for strokes, and the probabilities of the classes.
pub fn features(
    candidate: &Candidate,
    picture: bool,
    probabilities: &[f32],
    places: &[Option<usize>],
    look: &[f32],
) -> [f32; FEATURES] {
    let mut features = [0.0; FEATURES];
    features[..GEOMETRY].copy_from_slice(&candidate.geometry);
    let [mut first, mut second] = [0.0f32; 2];
    let mut entropy = 0.0;
    for (p, place) in probabilities.iter().zip(places) {
        (first, second) = if *p > first { (*p, first) } else { (first, second.max(*p)) };
        entropy -= p * p.max(1e-9).ln();
        if let Some(place) = place {
            features[GEOMETRY + SURE + place] += p;
        }
    }
    features[GEOMETRY + SURE + CLASSES.len()..].copy_from_slice(look);
    let sure = [first.max(1e-4).ln(), first, second, entropy, f32::from(u8::from(picture))];
    features[GEOMETRY..GEOMETRY + SURE].copy_from_slice(&sure);
    features
}

/// A picture of this size in [`LOOK`] rows and columns: the mean ink of each part, 0 to 1.
pub fn look(frame: &[u8], size: Size) -> [f32; LOOK * LOOK] {
    let mut sums = [[0.0f32; 2]; LOOK * LOOK]; // ink and pixels
    for (i, pixel) in frame.chunks_exact(size.channels).enumerate() {
        let [y, x] = [i / size.width * LOOK / size.height, i % size.width * LOOK / size.width];
        let [ink, pixels] = &mut sums[y * LOOK + x];
        *ink += f32::from(pixel[0]) / 255.0;
        *pixels += 1.0;
    }
    sums.map(|[ink, pixels]| ink / pixels.max(1.0))
}

/// How much less a path gains by each class of [`CLASSES`] than by the most probable, as the character network reads the
/// candidate with these features.
pub fn losses(features: &[f32]) -> impl Iterator<Item = f32> {
    let top = features[GEOMETRY + 1].max(LEAST);
    features[GEOMETRY + SURE..][..CLASSES.len()].iter().map(move |p| (p.max(LEAST) / top).ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_the_mean_ink_of_each_part() {
        let left = |width: usize, height: usize| -> Vec<u8> {
            (0..width * height).map(|i| if i % width * 2 < width { 255 } else { 0 }).collect()
        };
        let looks = look(&left(28, 14), Size::new(14, 28, 1));
        let row = [1.0, 1.0, 1.0, 0.5, 0.0, 0.0, 0.0];
        assert!(looks.chunks_exact(LOOK).all(|found| found == row), "{looks:?}");
        let coloured: Vec<u8> = left(14, 14).into_iter().flat_map(|value| [value; 3]).collect();
        assert_eq!(look(&coloured, Size::new(14, 14, 3))[..LOOK], row);
        assert!(look(&left(2, 2), Size::new(2, 2, 1)).iter().all(|ink| *ink <= 1.0), "smaller than a look");
    }

    #[test]
    fn the_most_probable_class_loses_nothing() {
        let mut features = [0.0; FEATURES];
        let classes = &mut features[GEOMETRY + SURE..];
        [classes[3], classes[5]] = [0.8, 0.2];
        features[GEOMETRY + 1] = 0.8;
        let found: Vec<f32> = losses(&features).collect();
        assert_eq!((found.len() + 1, found[3]), (SCORES, 0.0));
        assert!((found[5] - 0.25f32.ln()).abs() < 1e-6 && found[0] < -11.0);
    }
}
