//! What a network's probabilities are worth: measured on samples that it did not learn from.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How probabilities are corrected, and below which of them an answer is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Probabilities are raised to the power of 1 / temperature and divided by their sum (Guo et al. 2017).
    pub temperature: f32,
    /// Below this probability an answer is not sure.
    pub unsure: f32,
    /// Below this probability what was seen is no character.
    pub nothing: f32,
    /// The share of real characters, of those it was measured on, that fall below `nothing`.
    pub false_alarms: f32,
    /// Expected calibration error: how far probabilities were from the share of right answers, in 15 bins.
    pub error: f32,
}

/// How far an answer can be relied on. [`Reader`](crate::Reader) decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can be relied on.
    Sure,
    /// It is the best guess.
    Unsure,
    /// The picture shows no character.
    Nothing,
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

impl Calibration {
    /// Corrects probabilities, `classes` of each sample one after the other.
    ///
    /// ```
    /// let calibration = nn_io::Calibration { temperature: 0.5, unsure: 0.9, nothing: 0.5, false_alarms: 0.01, error: 0.0 };
    /// let mut probabilities = [0.8, 0.2];
    /// calibration.apply(&mut probabilities, 2);
    /// assert!((probabilities[0] - 0.64 / 0.68_f32).abs() < 1e-6);
    /// ```
    pub fn apply(&self, probabilities: &mut [f32], classes: usize) {
        for sample in probabilities.chunks_exact_mut(classes.max(1)) {
            let most = sample.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
            sample.iter_mut().for_each(|p| *p = (*p / most).powf(1.0 / self.temperature));
            let sum: f32 = sample.iter().sum();
            sample.iter_mut().for_each(|p| *p /= sum);
        }
    }

    /// The verdict on an answer of this (corrected) probability.
    pub(crate) fn verdict(&self, probability: f32) -> Verdict {
        match probability {
            p if p < self.nothing => Verdict::Nothing,
            p if p < self.unsure => Verdict::Unsure,
            _ => Verdict::Sure,
        }
    }

    /// What is wrong with the numbers, as a file may hold any.
    pub(crate) fn problem(&self) -> Option<String> {
        let shares = [self.unsure, self.nothing, self.false_alarms, self.error];
        let good = self.temperature.is_normal() && self.temperature > 0.0;
        let good = good && shares.iter().all(|share| (0.0..=1.0).contains(share));
        (!good).then(|| format!("impossible calibration: {self:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperature_keeps_the_order_and_the_sum() {
        let mut calibration =
            Calibration { temperature: 2.0, unsure: 0.7, nothing: 0.4, false_alarms: 0.0, error: 0.0 };
        let mut p = [0.9, 0.1, 0.0, 0.25, 0.25, 0.5];
        calibration.apply(&mut p, 3);
        assert!((p[0] - 0.75).abs() < 1e-6 && (p[1] - 0.25).abs() < 1e-6 && p[2] == 0.0);
        assert!((p[3..].iter().sum::<f32>() - 1.0).abs() < 1e-6 && p[5] > p[4]);
        let verdicts = [0.39, 0.4, 0.7].map(|p| calibration.verdict(p));
        assert_eq!(verdicts, [Verdict::Nothing, Verdict::Unsure, Verdict::Sure]);
        assert_eq!(calibration.problem(), None);
        calibration.temperature = 0.0;
        assert!(calibration.problem().is_some());
        let mut none = [0.0, 0.0];
        calibration.apply(&mut none, 2);
        assert!(none.iter().all(|p| p.is_nan() || *p >= 0.0), "no panic");
    }
}
