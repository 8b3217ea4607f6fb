//! Splitting a dataset into a training and a validation part.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::dataset::Dataset;
use crate::random::generator;

impl Dataset {
    /// Splits into (training, validation): of each class `fraction` (0 to 1, rounded) goes to validation, drawn by
    /// `seed`, but never its last sample. The pictures keep their order.
    ///
    /// Where at least two writers are known, what is validated is whether new ones are read: of the samples of known
    /// writers, those of some writers go to validation, all of each, until `fraction` of those samples are there.
    pub fn split(&self, fraction: f64, seed: u64) -> (Self, Self) {
        let mut rng = generator(&[seed]);
        let (mut train, mut validation) = self.split_writers(fraction, &mut rng);
        let mut by_class = vec![Vec::new(); self.classes().len()];
        let by_writer = !train.is_empty();
        for (i, &label) in self.labels().iter().enumerate() {
            if !(by_writer && self.writer(i).is_some()) {
                by_class[label as usize].push(i);
            }
        }
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

    /// The first `n` samples or, where these lack a class, the first of each class in turn; the classes stay.
    pub fn limited(self, n: usize) -> Self {
        if n >= self.len() { self } else { self.select(&first_of_each(self.labels(), n)) }
    }

    /// The samples of these writers only, or (`drawn_by` false) all but theirs. A sample of no known writer is not theirs.
    pub fn of_writers(&self, writers: &[String], drawn_by: bool) -> Self {
        let theirs = |i: usize| self.writer(i).is_some_and(|writer| writers.iter().any(|name| name == writer));
        self.select(&(0..self.len()).filter(|&i| theirs(i) == drawn_by).collect::<Vec<_>>())
    }

    /// Who drew sample `i`, where that is known.
    fn writer(&self, i: usize) -> Option<&str> {
        self.drawing(i).map(|drawing| drawing.writer.as_str()).filter(|writer| !writer.is_empty())
    }

    /// The samples of known writers, split between writers; none of them where there are fewer than two.
    fn split_writers(&self, fraction: f64, rng: &mut Xoshiro256PlusPlus) -> (Vec<usize>, Vec<usize>) {
        let mut samples: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for i in 0..self.len() {
            if let Some(writer) = self.writer(i) {
                samples.entry(writer).or_default().push(i);
            }
        }
        let all: usize = samples.values().map(Vec::len).sum();
        let wanted = (all as f64 * fraction.clamp(0.0, 1.0)).round() as usize; // NaN becomes 0
        let mut writers: Vec<_> = samples.into_values().collect();
        if writers.len() < 2 {
            return (vec![], vec![]);
        }
        writers.shuffle(rng);
        let (mut train, mut validation) = (writers.pop().unwrap_or_default(), Vec::new());
        for samples in writers {
            if validation.len() < wanted { validation.extend(samples) } else { train.extend(samples) }
        }
        (train, validation)
    }
}

/// The first `n` places in `labels` or, where these lack a label, the first of each label in turn.
pub(crate) fn first_of_each<T: Ord + Hash>(labels: &[T], n: usize) -> Vec<usize> {
    let kept: HashSet<&T> = labels.iter().take(n).collect();
    if labels.iter().all(|label| kept.contains(label)) {
        return (0..labels.len().min(n)).collect();
    }
    let mut seen: HashMap<&T, usize> = HashMap::new();
    let turn = |label| {
        let count = seen.entry(label).or_insert(0);
        *count += 1;
        *count
    };
    let turns: Vec<usize> = labels.iter().map(turn).collect();
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by_key(|&i| (turns[i], &labels[i]));
    order.truncate(n);
    order.sort_unstable();
    order
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ink::StrokeSample;
    use crate::size::Size;
    use std::sync::Arc;

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
    fn writers_are_held_back_as_a_whole() {
        let writers = ["", "x", "y", "z", "y", "x", "z", ""];
        let d = of(&["a", "b", "a", "b", "a", "b", "a", "b"]);
        let drawn =
            |writer: &str| (!writer.is_empty()).then(|| StrokeSample { writer: writer.into(), ..Default::default() });
        let d = d.with_drawings(writers.map(|writer| drawn(writer).map(Arc::new)).to_vec());
        let (train, validation) = d.split(0.3, 1);
        let of = |d: &Dataset| (0..d.len()).filter_map(|i| d.writer(i).map(String::from)).collect::<Vec<_>>();
        assert_eq!((train.len(), validation.len(), of(&validation).len()), (6, 2, 2));
        assert_eq!(of(&validation)[0], of(&validation)[1]);
        assert!(!of(&train).contains(&of(&validation)[0]));
        assert_eq!(d.split(1.0, 1).0.len(), 4, "one writer and the last of each class stay");
        assert_eq!(d.split(0.0, 1).0, d);
        let [x, all_else] = [true, false].map(|drawn_by| d.of_writers(&["x".into(), "?".into()], drawn_by));
        assert_eq!((of(&x), all_else.len()), (vec!["x".to_string(); 2], 6));
    }

    #[test]
    fn a_limit_keeps_all_classes_where_it_can() {
        let sorted = of(&["a", "a", "a", "b", "b", "c"]);
        assert_eq!(sorted.clone().limited(4).labels(), [0, 0, 1, 2]);
        assert_eq!(sorted.clone().limited(2).labels(), [0, 1]);
        assert_eq!(sorted.clone().limited(9), sorted);
        let mixed = of(&["b", "a", "b", "a", "c", "a"]);
        assert_eq!(mixed.clone().limited(5), mixed.limit(5), "the first ones, as they have all");
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
