//! Scores candidates: a small network tells how much a path through the row gains by a candidate.
//!
//! The network sees the candidate's place and size, and what the character network makes of it. It was trained so that the
//! right path has the largest share among all paths (a conditional random field, Lafferty, McCallum and Pereira 2001), see
//! `examples/train_scorer`.

use crate::lattice::candidate::{Candidate, GEOMETRY};
use nn_core::{Network, Workspace};
use nn_io::{Error, Model};

/// The classes that the scorer knows by name; of others it sees how sure the network is.
pub const CLASSES: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The numbers that the scorer sees of a candidate.
pub const FEATURES: usize = GEOMETRY + SURE + CLASSES.len();
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

    /// A scorer of this network, which makes one number of [`FEATURES`].
    pub fn new(network: Network) -> Self {
        Self { network }
    }

    /// The score of each candidate, whose features stand one after the other.
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
    let sure = [first.max(1e-4).ln(), first, second, entropy, f32::from(u8::from(picture))];
    features[GEOMETRY..GEOMETRY + SURE].copy_from_slice(&sure);
    features
}
