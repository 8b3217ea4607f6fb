//! Splitting a dataset into a training and a validation part.

use rand::seq::SliceRandom;

use crate::Dataset;
use crate::seed::generator;

impl Dataset {
    /// Splits into (training, validation): of each class `fraction` (0 to 1, rounded) goes to validation, drawn by
    /// `seed`, but never its last sample. The pictures keep their order.
    pub fn split(&self, fraction: f64, seed: u64) -> (Self, Self) {
        let mut by_class = vec![Vec::new(); self.classes().len()];
        for (i, &label) in self.labels().iter().enumerate() {
            by_class[label as usize].push(i);
        }
        let mut rng = generator(&[seed]);
        let (mut train, mut validation) = (Vec::new(), Vec::new());
        for mut samples in by_class {
            samples.shuffle(&mut rng);
            let wanted = (samples.len() as f64 * fraction.clamp(0.0, 1.0)).round() as usize; // NaN becomes 0
            let (left, right) = samples.split_at(wanted.min(samples.len().saturating_sub(1)));
            validation.extend(left);
            train.extend(right);
        }
        train.sort_unstable();
        validation.sort_unstable();
        (self.select(&train), self.select(&validation))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Size;

    fn of(names: &[&str]) -> Dataset {
        let pixels = (0..names.len()).map(|i| i as u8).collect();
        Dataset::from_names(Size::new(1, 1, 1), pixels, names, vec![]).unwrap()
    }

    #[test]
    fn each_class_is_split_and_a_single_sample_trains() {
        let names: Vec<&str> = [["a"; 60], ["b"; 60]].concat().into_iter().chain(["c"]).collect();
        let (train, validation) = of(&names).split(0.25, 7);
        assert_eq!((train.counts(), validation.counts()), (vec![45, 45, 1], vec![15, 15, 0]));
        assert_eq!(train.classes(), validation.classes());
        let mut all = [train.pixels(), validation.pixels()].concat();
        assert!(train.pixels().is_sorted() && validation.pixels().is_sorted());
        all.sort_unstable();
        assert_eq!(all, of(&names).pixels(), "no sample lost, none twice");
        assert_eq!(of(&names).split(0.25, 7).1, validation);
        assert_ne!(of(&names).split(0.25, 8).1, validation);
    }

    #[test]
    fn no_fraction_empties_a_class() {
        let d = of(&["a", "a", "b", "b", "b"]);
        assert_eq!(d.split(1.0, 0).0.counts(), [1, 1]);
        assert_eq!(d.split(7.0, 0).0.counts(), [1, 1]);
        for none in [0.0, -1.0, f64::NAN] {
            assert_eq!(d.split(none, 0).0, d);
        }
    }
}
