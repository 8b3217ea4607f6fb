//! Calibration: a temperature that makes probabilities honest, and thresholds below which an answer is none.

use crate::calibration::{Calibration, certainty};
use crate::predict::Predictor;
use nn_core::Network;
use nn_core::metrics::argmax;
use nn_data::{Dataset, Preprocessing};

/// This share of the characters that the network did not learn from may be called none. Of the characters of writers whom it
/// never saw, half a percent then are: 1.5 times as many.
const FALSE_ALARMS: f64 = 0.003;
/// At most this share of the answers called sure may be wrong. For a model with a higher error rate the limit is the second
/// share of that rate: otherwise one that confuses o and O would never be sure.
const WRONG: f64 = 0.001;
const WRONG_OF_ALL: f64 = 0.2;
/// The thresholds are never lower: an answer that is less likely than not is not sure.
const LEAST_SURE: f32 = 0.5;
const BINS: usize = 15;

/// The answers whose probability lies in one of 15 equal parts of 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReliabilityBin {
    /// The number of answers.
    pub answers: usize,
    /// The number of right ones.
    pub right: usize,
    /// The sum of their probabilities; a calibrated network is right about as often.
    pub expected: f64,
}

/// Measures on samples that the network did not learn from what its probabilities are worth.
///
/// The temperature is the one of least cross-entropy (Guo et al. 2017). `certainty` and `nothing` let three in a thousand
/// samples fall below them, and `unsure` is the least threshold above which at most one answer in 1,000 is wrong, or a fifth as many as of all.
///
/// # Panics
/// When pictures or classes are not those of the network.
pub fn calibrate(network: &Network, data: &Dataset, preprocessing: &Preprocessing) -> Calibration {
    let classes = network.outputs();
    let raw = Predictor::new(network, preprocessing).probabilities(data.pixels());
    let mut calibration = Calibration {
        temperature: 1.0,
        unsure: LEAST_SURE,
        nothing: 0.0,
        false_alarms: 0.0,
        error: 0.0,
        certainty: 0.0,
    };
    calibration.temperature = best_temperature(&raw, data.labels(), classes);
    let mut corrected = raw;
    calibration.apply(&mut corrected, classes);
    let mut sorted = answers(&corrected, data.labels(), classes);
    calibration.error = expected_error(&sorted) as f32;
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let few = (sorted.len() as f64 * FALSE_ALARMS) as usize;
    calibration.nothing = sorted.get(few).map_or(0.0, |(p, _)| *p);
    let mut certainties: Vec<f32> = corrected.chunks_exact(classes).map(certainty).collect();
    certainties.sort_by(f32::total_cmp);
    calibration.certainty = certainties.get(few).copied().unwrap_or(0.0);
    let below = certainties.iter().filter(|certainty| **certainty < calibration.certainty).count();
    calibration.false_alarms = below as f32 / certainties.len().max(1) as f32;
    calibration.unsure = sure_from(&sorted).max(LEAST_SURE).max(calibration.nothing);
    calibration
}

/// The expected calibration error of probabilities (classes x samples): in 15 bins of the probability of the answer, how
/// far its mean is from the share of right answers.
pub fn calibration_error(probabilities: &[f32], labels: &[u32], classes: usize) -> f64 {
    expected_error(&answers(probabilities, labels, classes))
}

/// Counts the answers and the right ones by the probability of the answer (classes x samples): the numbers of a
/// reliability diagram, the least probable answers first.
///
/// ```
/// let bins = nn_io::reliability(&[0.9, 0.1, 0.1, 0.9], &[0, 0], 2);
/// assert_eq!((bins.len(), bins[13].answers, bins[13].right), (15, 2, 1));
/// ```
pub fn reliability(probabilities: &[f32], labels: &[u32], classes: usize) -> Vec<ReliabilityBin> {
    binned(&answers(probabilities, labels, classes))
}

/// Of each sample the probability of its answer, and whether that is right.
fn answers(probabilities: &[f32], labels: &[u32], classes: usize) -> Vec<(f32, bool)> {
    let answer = |(p, &label): (&[f32], &u32)| {
        let best = argmax(p);
        (p[best], best == label as usize)
    };
    probabilities.chunks_exact(classes).zip(labels).map(answer).collect()
}

fn binned(answers: &[(f32, bool)]) -> Vec<ReliabilityBin> {
    let mut bins = vec![ReliabilityBin::default(); BINS];
    for &(p, right) in answers {
        let bin = &mut bins[((p * BINS as f32) as usize).min(BINS - 1)];
        bin.answers += 1;
        bin.right += usize::from(right);
        bin.expected += f64::from(p);
    }
    bins
}

fn expected_error(answers: &[(f32, bool)]) -> f64 {
    let gap = |bin: &ReliabilityBin| (bin.expected - bin.right as f64).abs();
    binned(answers).iter().map(gap).sum::<f64>() / answers.len().max(1) as f64
}

/// The temperature of least cross-entropy, by golden section of its logarithm between 1/5 and 5.
fn best_temperature(raw: &[f32], labels: &[u32], classes: usize) -> f32 {
    let logs: Vec<f32> = raw.iter().map(|p| p.max(1e-12).ln()).collect();
    let loss = |log_temperature: f64| -> f64 {
        let by = (-log_temperature).exp() as f32;
        let of = |(logs, &label): (&[f32], &u32)| {
            let most = logs.iter().copied().fold(f32::MIN, f32::max);
            let sum: f32 = logs.iter().map(|log| ((log - most) * by).exp()).sum();
            f64::from(sum.ln() - (logs[label as usize] - most) * by)
        };
        logs.chunks_exact(classes).zip(labels).map(of).sum()
    };
    let golden = (5.0f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (-(5.0f64.ln()), 5.0f64.ln());
    let (mut a, mut b) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_a, mut at_b) = (loss(a), loss(b));
    for _ in 0..24 {
        if at_a < at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - golden * (high - low);
            at_a = loss(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + golden * (high - low);
            at_b = loss(b);
        }
    }
    ((low + high) / 2.0).exp() as f32
}

/// The least probability from which on no more answers are wrong than [`WRONG`] and [`WRONG_OF_ALL`] allow; `answers` are
/// sorted.
fn sure_from(answers: &[(f32, bool)]) -> f32 {
    let all_wrong = answers.iter().filter(|(_, right)| !right).count() as f64 / answers.len().max(1) as f64;
    let allowed = (all_wrong * WRONG_OF_ALL).max(WRONG);
    let (mut wrong, mut least) = (0, 1.0);
    for (n, (p, right)) in (1..).zip(answers.iter().rev()) {
        wrong += usize::from(!right);
        if wrong as f64 <= allowed * n as f64 {
            least = *p;
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers of two classes whose odds are too bold: 0.99 where 0.9 are right.
    fn bold() -> (Vec<f32>, Vec<u32>) {
        let labels: Vec<u32> = (0..1000).map(|i| u32::from(i % 10 == 0)).collect();
        ([0.99, 0.01].repeat(1000), labels)
    }

    #[test]
    fn the_temperature_makes_bold_answers_honest() {
        let (raw, labels) = bold();
        let temperature = best_temperature(&raw, &labels, 2);
        let expected = 99f32.ln() / 9f32.ln();
        assert!((temperature / expected - 1.0).abs() < 0.01, "{temperature}");
        assert!((calibration_error(&raw, &labels, 2) - 0.09).abs() < 1e-6);
        let calibration =
            Calibration { temperature, unsure: 0.0, nothing: 0.0, false_alarms: 0.0, error: 0.0, certainty: 0.0 };
        let mut corrected = raw;
        calibration.apply(&mut corrected, 2);
        assert!(calibration_error(&corrected, &labels, 2) < 0.002);
    }

    #[test]
    fn answers_are_sure_from_where_few_are_wrong() {
        let answers =
            |wrong: &[usize]| -> Vec<_> { (0..2000).map(|i| (i as f32 / 2000.0, !wrong.contains(&i))).collect() };
        assert_eq!(
            sure_from(&answers(&[0, 1, 2, 3])),
            0.0015,
            "one of 1,997 is wrong; with the next it would be two of 1,998"
        );
        assert_eq!(sure_from(&answers(&[0, 1, 2, 3, 900])), 0.002, "one of 1,996 is wrong");
        let least: Vec<usize> = (0..600).collect();
        assert_eq!(
            sure_from(&answers(&least)),
            0.2555,
            "where 30 % are wrong, 6 % of the sure answers may be: 89 of 1,489"
        );
        assert_eq!(sure_from(&[(0.9, false)]), 1.0);
    }
}
