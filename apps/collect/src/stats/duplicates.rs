//! Pictures that stand in a dataset more than once, and pictures without ink.

use crate::build::Parts;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A picture of the dataset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The place of its part among those of [`Parts::named`].
    pub part: usize,
    /// Its number within the part.
    pub index: usize,
    /// Its class.
    pub label: u32,
}

/// The duplicates and blank pictures of a dataset.
#[derive(Debug, Default, PartialEq)]
pub struct Duplicates {
    /// Each picture that repeats an earlier one, behind that one.
    pub pairs: Vec<[Sample; 2]>,
    /// Pictures of one colour throughout; they are not counted as duplicates.
    pub blank: Vec<Sample>,
}

impl Duplicates {
    /// Looks through both parts, the training part first.
    pub fn find(parts: &Parts) -> Self {
        let mut found = Self::default();
        let mut first = HashMap::new();
        for (part, (_, dataset)) in parts.named().enumerate() {
            for (index, &label) in dataset.labels().iter().enumerate() {
                let sample = Sample { part, index, label };
                let image = dataset.image(index);
                if image.iter().all(|&p| p == image[0]) {
                    found.blank.push(sample);
                    continue;
                }
                match first.entry(image) {
                    Entry::Vacant(place) => {
                        place.insert(sample);
                    }
                    Entry::Occupied(earlier) => found.pairs.push([*earlier.get(), sample]),
                }
            }
        }
        found
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use nn_data::{Dataset, Size};

    #[test]
    fn repetitions_are_found_within_and_across_parts() {
        let of = |pixels: &[u8], names: &[&str]| {
            Dataset::from_names(Size::new(1, 2, 1), pixels.to_vec(), names, vec![]).unwrap()
        };
        let train = of(&[1, 2, 3, 4, 1, 2, 0, 0, 1, 2], &["a", "a", "b", "a", "a"]);
        let test = of(&[0, 0, 3, 4, 5, 6, 5, 6], &["a", "a", "b", "b"]);
        let sample = |part, index, label| Sample { part, index, label };
        let found = Duplicates::find(&Parts::of(train, Some(test)));
        let expected = [
            [sample(0, 0, 0), sample(0, 2, 1)],
            [sample(0, 0, 0), sample(0, 4, 0)],
            [sample(0, 1, 0), sample(1, 1, 0)],
            [sample(1, 2, 1), sample(1, 3, 1)],
        ];
        assert_eq!(found.pairs, expected);
        assert_eq!(found.blank, [sample(0, 3, 0), sample(1, 0, 0)]);
    }
}
