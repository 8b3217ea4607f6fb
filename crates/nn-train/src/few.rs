//! Few samples: how a recipe adapts to a small training set.

use crate::options::AugmentLevel;
use crate::recipe::Recipe;
use nn_data::{Dataset, Preprocessing};

/// A network learns for at least this many steps, and for fewer where it begins with what another knows.
const LEAST_STEPS: usize = 300;
const LEAST_STEPS_MORE: usize = 100;
/// Drawings fewer than these are a small dataset.
const FEW: usize = 2000;

/// Returns whether all samples have strokes and there are fewer than 2,000: what one person draws.
pub fn are_few_drawings(train: &Dataset) -> bool {
    train.len() < FEW && (0..train.len()).all(|i| train.drawing(i).is_some())
}

/// The settings that somebody chose, which stay as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chosen {
    /// The number of epochs.
    pub epochs: bool,
    /// The distortion, or how it fades.
    pub augment: bool,
}

impl Recipe {
    /// Adapts the recipe to a small training set, and returns a sentence for each change:
    ///
    /// - A network needs steps: where the epochs give fewer than 300, there are more epochs. Where it begins with what a
    ///   trained model knows, 100 are enough.
    /// - Few drawings show few ways to write. Where all samples have strokes and there are fewer than 2,000, they are drawn
    ///   anew in every epoch ([`AugmentLevel::Hand`]), to the end.
    pub fn adapt(&mut self, train: &Dataset, preprocessing: &Preprocessing, chosen: Chosen) -> Vec<String> {
        let mut changes = vec![];
        let samples = train.len();
        let steps = if self.preset == Recipe::TRANSFER { LEAST_STEPS_MORE } else { LEAST_STEPS };
        let least = steps.div_ceil(samples.div_ceil(self.batch_size).max(1)) as u32;
        if !chosen.epochs && self.epochs < least {
            changes.push(format!("{least} epochs instead of {}, as there are {samples} samples only", self.epochs));
            self.epochs = least;
        }
        let is_ink = preprocessing.fit.finds_ink();
        let is_of_hands = matches!(self.augment, AugmentLevel::Full | AugmentLevel::Strong);
        if !chosen.augment && is_ink && is_of_hands && are_few_drawings(train) {
            changes.push(format!("augmentation \"hand\" without fading, as there are {samples} drawings only"));
            self.augment = AugmentLevel::Hand;
            self.fade = 0.0;
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::preset::Preset;
    use nn_data::{LoadOptions, Size, load};

    fn pictures(n: usize) -> Dataset {
        let names: Vec<String> = (0..n).map(|i| (i % 2).to_string()).collect();
        Dataset::from_names(Size::new(28, 28, 1), vec![0; n * 784], &names, vec![]).unwrap()
    }

    fn drawings(n: usize) -> Dataset {
        let line = |i: usize| format!("{{\"label\": \"{}\", \"strokes\": [[[2, 2], [8, 8]]]}}\n", i % 2);
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("ink.jsonl");
        std::fs::write(&path, (0..n).map(line).collect::<String>()).unwrap();
        load(&path, &LoadOptions::default()).unwrap().train
    }

    #[test]
    fn few_samples_get_enough_steps_and_drawings_are_drawn_anew() {
        let ink = Preprocessing::ink(28, 28);
        let mut recipe = Preset::Cnn.recipe();
        assert_eq!(recipe.adapt(&drawings(100), &ink, Chosen::default()).len(), 2);
        assert_eq!((recipe.epochs, recipe.augment, recipe.fade), (300, AugmentLevel::Hand, 0.0));

        let mut recipe = Preset::Cnn.recipe();
        assert_eq!(recipe.adapt(&pictures(300), &ink, Chosen::default()).len(), 1);
        assert_eq!((recipe.epochs, recipe.augment), (100, AugmentLevel::Full), "three steps an epoch; no strokes");
    }

    #[test]
    fn what_somebody_chose_and_large_sets_stay() {
        let ink = Preprocessing::ink(28, 28);
        let plain = Preset::Cnn.recipe();
        let mut recipe = plain.clone();
        let all = Chosen { epochs: true, augment: true };
        assert!(recipe.adapt(&drawings(20), &ink, all).is_empty());
        assert!(recipe.adapt(&pictures(3000), &ink, Chosen::default()).is_empty());
        assert_eq!(recipe, plain);
        let mut textbook = Preset::Textbook.recipe();
        assert!(
            textbook.adapt(&drawings(100), &ink, Chosen::default()).is_empty(),
            "2,000 steps, undistorted by design"
        );
    }
}
