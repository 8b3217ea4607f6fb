//! An axis of a plot: the place of each value on it, and its marks.

/// Values up to this one are drawn as 0, which a logarithmic axis does not have.
const NOTHING: f64 = 1e-12;
/// Most marks on an axis of losses or errors.
const MOST_MARKS: usize = 8;
/// Mantissas of these marks, from closest to farthest.
const LADDERS: [&[f64]; 4] =
    [&[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0], &[1.0, 2.0, 3.0, 5.0, 7.0], &[1.0, 2.0, 5.0], &[1.0]];

/// An axis from the value at its beginning to the value at its end, which may be the lesser one.
pub struct Axis {
    from: f64,
    to: f64,
    is_logarithmic: bool,
    /// The values with a mark, and what it says.
    marks: Vec<(f64, String)>,
}

impl Axis {
    /// Epochs, from the first to the last.
    pub fn epochs(first: u32, last: u32) -> Self {
        let pad = if first == last { 1.0 } else { 0.0 };
        let marks = marked_epochs(first, last).into_iter().map(|epoch| (f64::from(epoch), epoch.to_string()));
        Self { from: f64::from(first) - pad, to: f64::from(last) + pad, is_logarithmic: false, marks: marks.collect() }
    }

    /// Losses, on a logarithmic axis that holds all these values.
    pub fn losses(values: impl Iterator<Item = f64>) -> Self {
        Self::logarithmic(values, |loss| format!("{loss:.3e}").parse().unwrap_or(loss).to_string())
    }

    /// Shares of wrong answers, marked with the accuracy: logarithmic, so that what happens near 100 % is seen, which is
    /// its end.
    pub fn errors(values: impl Iterator<Item = f64>) -> Self {
        let axis = Self::logarithmic(values, |error| format!("{} %", (1e6 * (1.0 - error)).round() / 1e4));
        Self { from: axis.to, to: axis.from, ..axis }
    }

    /// Shares from 0 to 100 %.
    pub fn shares() -> Self {
        let marks = (0..=5).map(|fifth| (f64::from(fifth) / 5.0, format!("{} %", 20 * fifth)));
        Self { from: 0.0, to: 1.0, is_logarithmic: false, marks: marks.collect() }
    }

    /// Learning rates, on a logarithmic axis with a mark at each power of ten.
    pub fn rates(from: f64, to: f64) -> Self {
        let powers = (from.log10() - 1e-6).ceil() as i32..=(to.log10() + 1e-6).floor() as i32;
        let marks = powers.map(|power| (10_f64.powi(power), format!("1e{power}")));
        Self { from, to, is_logarithmic: true, marks: marks.collect() }
    }

    fn logarithmic(values: impl Iterator<Item = f64>, label: impl Fn(f64) -> String) -> Self {
        let values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        let mut marks = marks_around(values.iter().copied().filter(|value| *value > NOTHING));
        let mut marked: Vec<(f64, String)> = marks.iter().map(|&mark| (mark, label(mark))).collect();
        if values.iter().any(|value| *value <= NOTHING) {
            marks.insert(0, marks[0] / 2.0); // stands for 0
            marked.insert(0, (marks[0], label(0.0)));
        }
        Self { from: marks[0], to: marks[marks.len() - 1], is_logarithmic: true, marks: marked }
    }

    /// Returns where a value lies: 0 at the beginning of the axis, 1 at its end. Values beyond them lie at the nearer one.
    pub fn place(&self, value: f64) -> f64 {
        let value = value.clamp(self.from.min(self.to), self.from.max(self.to));
        let way = |from: f64, to: f64, value: f64| (value - from) / (to - from);
        if self.is_logarithmic { way(self.from.ln(), self.to.ln(), value.ln()) } else { way(self.from, self.to, value) }
    }

    /// The places with a mark, and what each says.
    pub fn marks(&self) -> impl Iterator<Item = (f64, &str)> {
        self.marks.iter().map(|(value, text)| (self.place(*value), text.as_str()))
    }
}

/// The marks of a logarithmic axis from the least value above 0 to the greatest: as many as there is room for.
fn marks_around(values: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let least = values.clone().fold(f64::INFINITY, f64::min);
    let most = values.fold(0.0, f64::max);
    let (least, most) = if most > 0.0 { (least, most) } else { (0.5, 1.0) };
    let decades = least.log10().floor() as i32 - 1..=most.log10().floor() as i32 + 1;
    let mut marks = vec![];
    for ladder in LADDERS {
        let ladder = decades.clone().flat_map(|exponent| ladder.iter().map(move |m| m * 10_f64.powi(exponent)));
        let ladder: Vec<f64> = ladder.collect();
        let end = ladder.partition_point(|mark| *mark < most);
        let start = ladder.partition_point(|mark| *mark <= least).saturating_sub(1).min(end - 1);
        marks = ladder[start..=end].to_vec();
        if marks.len() <= MOST_MARKS {
            break;
        }
    }
    marks
}

/// The epochs with a mark: the first, and every one, second, fifth, tenth and so on.
fn marked_epochs(first: u32, last: u32) -> Vec<u32> {
    let steps = (0..).flat_map(|exponent| [1, 2, 5].map(|m| m * 10_u32.pow(exponent)));
    let step = steps.into_iter().find(|step| (last - first) / step < 10).unwrap_or(last);
    std::iter::once(first).chain((first / step + 1..=last / step).map(|n| n * step)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(values: &[f64]) -> Vec<f64> {
        marks_around(values.iter().copied()).into_iter().map(|m| (m * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn the_axis_begins_and_ends_just_outside_the_values() {
        assert_eq!(around(&[0.61, 0.68]), [0.6, 0.8]);
        assert_eq!(around(&[0.25, 0.021, 0.0065]), [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]);
        assert_eq!(around(&[3e-6, 2.3]), [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0]);
        assert_eq!(around(&[1.0]), [0.8, 1.0]);
        assert_eq!(around(&[]), [0.5, 0.6, 0.8, 1.0]);
    }

    #[test]
    fn values_lie_between_the_ends_and_errors_fall_upwards() {
        let errors = Axis::errors([0.1, 0.0, f64::NAN, 0.02].into_iter());
        let marks: Vec<(f64, &str)> = errors.marks().collect();
        assert_eq!((marks[0], marks[marks.len() - 1]), ((1.0, "100 %"), (0.0, "90 %")));
        assert_eq!([errors.place(0.0), errors.place(0.1), errors.place(0.9)], [1.0, 0.0, 0.0]);
        assert!(errors.place(0.02) > errors.place(0.03));
        let rates = Axis::rates(1e-4, 0.1);
        assert_eq!(rates.marks().map(|mark| mark.1).collect::<Vec<_>>(), ["1e-4", "1e-3", "1e-2", "1e-1"]);
        assert!((rates.place(1e-3) - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!([Axis::shares().place(0.25), Axis::epochs(3, 3).place(3.0)], [0.25, 0.5]);
    }

    #[test]
    fn epochs_have_few_marks() {
        assert_eq!(marked_epochs(1, 1), [1]);
        assert_eq!(marked_epochs(3, 6), [3, 4, 5, 6]);
        assert_eq!(marked_epochs(1, 30), [1, 5, 10, 15, 20, 25, 30]);
        assert_eq!(marked_epochs(1, u32::MAX).len(), 9, "a file may claim any number");
    }
}
