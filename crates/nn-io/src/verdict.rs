//! The verdict on an answer: sure, not sure, or no character. Nothing else in the project decides it.

use crate::calibration::Calibration;
use nn_core::metrics::argmax;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Without a calibration an answer is sure from this probability on.
const SURE: f32 = 0.6;

/// How far an answer can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It can be relied on.
    Sure,
    /// It is the best guess.
    Unsure,
    /// The picture shows no character.
    Nothing,
}

impl Verdict {
    /// Decides on the most probable class by the (corrected) probabilities of all and the limits of the model's calibration.
    /// A model without one is sure from 0.6 on, and never says that the picture shows no character.
    pub fn of(probabilities: &[f32], calibration: Option<&Calibration>) -> Self {
        let probability = probabilities[argmax(probabilities)];
        match calibration {
            Some(calibration) if calibration.shows_nothing(probabilities) => Self::Nothing,
            Some(calibration) if probability < calibration.unsure => Self::Unsure,
            Some(_) => Self::Sure,
            None if probability >= SURE => Self::Sure,
            None => Self::Unsure,
        }
    }
}

/// Returns whether all pixels (`channels` values each) are the same, so that the picture cannot show a character.
pub fn is_blank(pixels: &[u8], channels: usize) -> bool {
    let mut each = pixels.chunks_exact(channels);
    let first = each.next();
    each.all(|pixel| Some(pixel) == first)
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sure => "sure",
            Self::Unsure => "not sure",
            Self::Nothing => "no character",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_decide() {
        let calibration =
            Calibration { temperature: 1.0, unsure: 0.7, nothing: 0.4, false_alarms: 0.0, error: 0.0, certainty: 0.0 };
        let shown = [0.39, 0.4, 0.59, 0.6, 0.7].map(|p| [p, (1.0 - p) / 2.0, (1.0 - p) / 2.0]);
        let verdicts = |calibration| shown.map(|probabilities| Verdict::of(&probabilities, calibration));
        let (sure, unsure, nothing) = (Verdict::Sure, Verdict::Unsure, Verdict::Nothing);
        assert_eq!(verdicts(Some(&calibration)), [nothing, unsure, unsure, unsure, sure]);
        assert_eq!(verdicts(None), [unsure, unsure, unsure, sure, sure]);
        assert!(
            is_blank(&[7, 7, 7], 1) && is_blank(&[1, 2, 1, 2], 2) && !is_blank(&[1, 2, 2, 1], 2) && is_blank(&[], 1)
        );
    }
}
