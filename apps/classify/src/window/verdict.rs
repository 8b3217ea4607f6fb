//! The verdict: whether an answer can be trusted.

use nn_core::metrics::argmax;
use nn_io::Model;

/// Where a model does not say it: an answer whose best class is less probable than this is not to be trusted.
const SURE: f32 = 0.6;

/// What the window says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// There is nothing to read.
    Empty,
    /// It is this class, of this probability.
    Sure(usize, f32),
    /// It may be this class; the network is not sure.
    Unsure(usize, f32),
    /// It is no character; what it would be most likely is this class.
    Nothing(usize, f32),
}

/// The one place where it is decided whether the network is sure: by the model's calibration, where it has one.
pub fn verdict(probabilities: &[f32], is_blank: bool, model: &Model) -> Verdict {
    let best = argmax(probabilities);
    let Some(&p) = probabilities.get(best).filter(|_| !is_blank) else { return Verdict::Empty };
    let verdict = match &model.calibration {
        Some(calibration) => calibration.verdict(p),
        None if p >= SURE => nn_io::Verdict::Sure,
        None => nn_io::Verdict::Unsure,
    };
    match verdict {
        nn_io::Verdict::Sure => Verdict::Sure(best, p),
        nn_io::Verdict::Unsure => Verdict::Unsure(best, p),
        nn_io::Verdict::Nothing => Verdict::Nothing(best, p),
    }
}

/// A probability as people read it; never 100 % where something is left.
pub fn percent(p: f32) -> String {
    let rounded = (p * 100.0).round();
    match rounded {
        100.0 if p < 0.9995 => "99 %".into(),
        0.0 if p > 0.0005 => "<1 %".into(),
        _ => format!("{rounded} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nn_io::Calibration;

    #[test]
    fn a_best_class_of_little_probability_is_unsure() {
        let mut model = crate::model(None).expect("it ships");
        model.calibration = None;
        assert_eq!(verdict(&[0.1, 0.7, 0.2], false, &model), Verdict::Sure(1, 0.7));
        assert_eq!(verdict(&[0.3, 0.5, 0.2], false, &model), Verdict::Unsure(1, 0.5));
        assert_eq!(verdict(&[0.1, 0.7, 0.2], true, &model), Verdict::Empty);
        let (unsure, nothing) = (0.9, 0.6);
        let calibration = Calibration { temperature: 1.0, unsure, nothing, false_alarms: 0.0, error: 0.0 };
        model.calibration = Some(calibration);
        assert_eq!(verdict(&[0.1, 0.7, 0.2], false, &model), Verdict::Unsure(1, 0.7));
        assert_eq!(verdict(&[0.3, 0.5, 0.2], false, &model), Verdict::Nothing(1, 0.5));
    }

    #[test]
    fn percentages_do_not_promise_too_much() {
        assert_eq!([1.0, 0.999, 0.994, 0.5, 0.002, 0.0].map(percent), ["100 %", "99 %", "99 %", "50 %", "<1 %", "0 %"]);
    }
}
