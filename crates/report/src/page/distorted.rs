//! Training pictures: each as it is, and as the recipe distorts it.

use super::sheet::Sheet;
use minijinja::{Value, context};
use nn_data::{Batches, Dataset, Preprocessing};
use nn_train::Recipe;
use std::ops::ControlFlow;

/// Most samples, and distortions of each.
const MOST: usize = 10;
const TIMES: u64 = 4;

/// Adds samples of up to ten classes to the sheet; returns for each its class, its place there, and those of its distortions.
pub(super) fn samples(
    train: &Dataset,
    preprocessing: &Preprocessing,
    recipe: &Recipe,
    sheet: &mut Sheet,
) -> Vec<Value> {
    let classes = train.classes().len();
    let shown = classes.min(MOST);
    let class = |k: usize| (k * classes / shown) as u32;
    let first = |k| train.labels().iter().position(|&label| label == class(k));
    let row = |sample: usize| {
        let plain = sheet.add(train.image(sample).to_vec());
        let seen: Vec<_> = distorted(&train.select(&[sample]), preprocessing, recipe, sample as u64);
        let seen: Vec<_> = seen.into_iter().map(|picture| sheet.add(picture)).collect();
        context! { class => train.class_of(sample), plain, seen }
    };
    (0..shown).filter_map(first).map(row).collect()
}

/// The one picture of a dataset, distorted several times as the recipe does it in the first epoch, by a seed; none where it
/// distorts none.
fn distorted(one: &Dataset, preprocessing: &Preprocessing, recipe: &Recipe, seed: u64) -> Vec<Vec<u8>> {
    let augment = recipe.augment(1);
    if augment.is_none() {
        return vec![];
    }
    // Values from 0 to 1 as they are before they are standardised.
    let channels = preprocessing.channels as usize;
    let plain = Preprocessing { mean: vec![0.0; channels], std: vec![1.0; channels], ..preprocessing.clone() };
    let mut batches = Batches::of(one, &plain).size(1).seed(seed).augment(augment);
    let mut pictures = vec![];
    for epoch in 1..=TIMES {
        let _ = batches.epoch(epoch, |batch| {
            pictures.push(batch.x.iter().map(|value| (255.0 * value).round() as u8).collect());
            ControlFlow::<()>::Continue(())
        });
    }
    pictures
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use nn_data::Size;
    use nn_train::{AugmentLevel, Preset};

    #[test]
    fn pictures_are_distorted_as_the_recipe_says() {
        let pixels: Vec<u8> = (0..100).map(|i| if (30..70).contains(&i) { 200 } else { 0 }).collect();
        let one = Dataset::from_names(Size::new(10, 10, 1), pixels.clone(), &["a"], vec![]).unwrap();
        let preprocessing = Preprocessing::picture(10, 10, 1);
        let recipe = |augment| Recipe { augment, fade: 0.0, ..Preset::Cnn.recipe() };
        let seen = distorted(&one, &preprocessing, &recipe(AugmentLevel::Full), 1);
        assert_eq!(seen.len(), TIMES as usize);
        assert!(seen.iter().all(|picture| *picture != pixels && picture.iter().any(|p| *p > 150)));
        assert_ne!(seen[0], seen[1]);
        assert_ne!(seen, distorted(&one, &preprocessing, &recipe(AugmentLevel::Full), 2), "each sample in its own way");
        assert!(distorted(&one, &preprocessing, &recipe(AugmentLevel::None), 1).is_empty());
    }
}
