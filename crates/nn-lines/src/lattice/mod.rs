//! The lattice of a row: its candidates, and what the networks make of them.

pub mod candidate;
pub mod path;
pub mod scorer;

use crate::lattice::candidate::{Candidate, nodes};
use crate::writing::rows::{Row, quantile};

/// Between words is a gap of more than this part of the letters' height and the median gap between characters. (Of gaps
/// between characters of UNIPEN's training lines and words, it takes 2.4 % wrongly.)
const SPACE: f32 = 0.4;

/// A row with all that is known before its paths are sought.
#[derive(Default)]
pub struct Lattice {
    pub(crate) row: Row,
    /// True if its parts are those of a picture.
    pub(crate) picture: bool,
    pub(crate) candidates: Vec<Candidate>,
    /// The network's view of each candidate, one after the other, without a bar of sizes.
    pub(crate) frames: Vec<u8>,
    /// The probabilities of the classes, one candidate after the other.
    pub(crate) probabilities: Vec<f32>,
    /// The largest probability of each candidate.
    pub(crate) tops: Vec<f32>,
    /// The scores, one candidate after the other, see [`scorer::SCORES`].
    pub(crate) scores: Vec<f32>,
}

impl Lattice {
    /// The candidates, by their first piece.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The node at which the row ends.
    pub fn length(&self) -> usize {
        nodes(&self.row).last().copied().unwrap_or(0)
    }

    /// The median size of some candidates.
    pub(crate) fn median(&self, which: &[usize]) -> f32 {
        quantile(which.iter().map(|at| self.candidates[*at].bounds.longest()), 0.5).max(f32::MIN_POSITIVE)
    }

    pub(crate) fn all(&self) -> Vec<usize> {
        (0..self.candidates.len()).collect()
    }

    /// The gap before a piece, in heights of letters; 0 before the first.
    pub(crate) fn gap(&self, piece: usize) -> f32 {
        if piece == 0 { 0.0 } else { self.row.gaps[piece] }
    }

    /// The least gap between words, where characters begin at these pieces.
    pub(crate) fn space(&self, places: &[usize]) -> f32 {
        let gaps = places.iter().filter(|place| **place > 0).map(|place| self.gap(*place));
        SPACE + quantile(gaps, 0.5).max(0.0)
    }
}
