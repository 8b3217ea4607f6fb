//! Calibration: how far a network's probabilities can be trusted, measured on samples that it did not learn from.

use serde::{Deserialize, Serialize};

/// The correction of probabilities, and the thresholds below which an answer is not sure, or not an answer at all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Probabilities are raised to the power of 1 / temperature and divided by their sum (Guo et al. 2017).
    pub temperature: f32,
    /// Below this probability an answer is not sure.
    pub unsure: f32,
    /// Below this probability the picture shows no character, for programs that know nothing of `certainty`.
    pub nothing: f32,
    /// The share of real characters, of those it was measured on, that are taken for none.
    pub false_alarms: f32,
    /// Expected calibration error: how far probabilities were from the share of right answers, in 15 bins.
    pub error: f32,
    /// Below this [`certainty`] the picture shows no character. 0 in models of older programs, for which `nothing` counts.
    #[serde(default, skip_serializing_if = "is_unknown")]
    pub certainty: f32,
}

/// Returns how certain an answer with these probabilities of the classes is: one over the effective number of classes that
/// it might be, by Rényi's entropy of order 1/2 (Rényi 1961), so `1 / (sum of sqrt(p))^2`. It is 1 for one class alone,
/// `1/n` for `n` equally probable ones. Many improbable classes lower it more than one probable rival does, and so it
/// tells a scribble, which might be anything, from a character that might be one of two.
///
/// ```
/// assert_eq!(nn_io::certainty(&[1.0, 0.0, 0.0, 0.0]), 1.0);
/// assert_eq!(nn_io::certainty(&[0.25; 4]), 0.25);
/// assert!(nn_io::certainty(&[0.7, 0.3, 0.0, 0.0]) > nn_io::certainty(&[0.7, 0.1, 0.1, 0.1]));
/// ```
pub fn certainty(probabilities: &[f32]) -> f32 {
    probabilities.iter().map(|p| p.sqrt()).sum::<f32>().powi(-2)
}

/// Returns whether a model knows no limit of certainty; its file is then the one of an older program.
fn is_unknown(certainty: &f32) -> bool {
    *certainty == 0.0
}

impl Calibration {
    /// Corrects probabilities, `classes` of each sample one after the other.
    ///
    /// ```
    /// let calibration = nn_io::Calibration { temperature: 0.5, unsure: 0.9, nothing: 0.5, false_alarms: 0.01, error: 0.0, certainty: 0.3 };
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

    /// Returns whether a picture with these (corrected) probabilities of the classes shows no character.
    pub(crate) fn shows_nothing(&self, probabilities: &[f32]) -> bool {
        if self.certainty > 0.0 {
            return certainty(probabilities) < self.certainty;
        }
        probabilities.iter().copied().fold(0.0, f32::max) < self.nothing
    }

    /// Returns the problem with the numbers, if any: a file may hold any numbers.
    pub(crate) fn problem(&self) -> Option<String> {
        let shares = [self.unsure, self.nothing, self.false_alarms, self.error, self.certainty];
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
            Calibration { temperature: 2.0, unsure: 0.7, nothing: 0.4, false_alarms: 0.0, error: 0.0, certainty: 0.0 };
        let mut p = [0.9, 0.1, 0.0, 0.25, 0.25, 0.5];
        calibration.apply(&mut p, 3);
        assert!((p[0] - 0.75).abs() < 1e-6 && (p[1] - 0.25).abs() < 1e-6 && p[2] == 0.0);
        assert!((p[3..].iter().sum::<f32>() - 1.0).abs() < 1e-6 && p[5] > p[4]);
        assert_eq!(calibration.problem(), None);
        calibration.temperature = 0.0;
        assert!(calibration.problem().is_some());
        let mut none = [0.0, 0.0];
        calibration.apply(&mut none, 2);
        assert!(none.iter().all(|p| p.is_nan() || *p >= 0.0), "no panic");
    }

    #[test]
    fn certainty_counts_where_it_is_known() {
        let older =
            Calibration { temperature: 1.0, unsure: 0.7, nothing: 0.4, false_alarms: 0.0, error: 0.0, certainty: 0.0 };
        let newer = Calibration { certainty: 0.45, ..older };
        let shown = [[0.45, 0.45, 0.1, 0.0], [0.39, 0.39, 0.22, 0.0], [0.5, 0.5, 0.0, 0.0], [0.7, 0.1, 0.1, 0.1]];
        assert_eq!(shown.map(|p| older.shows_nothing(&p)), [false, true, false, false]);
        assert_eq!(shown.map(|p| newer.shows_nothing(&p)), [true, true, false, true]);
    }
}
