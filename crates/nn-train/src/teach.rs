//! Teaching: a trained network learns from a few corrections, and does not forget what it knew.
//!
//! The corrections, several times over, are mixed with samples of the data that the network came from. A part of both
//! is held back; the network changes only where it reads that part no worse than before.

use crate::error::Error;
use crate::fit::{Data, Event, fit};
use crate::preset::Preset;
use crate::recipe::{AugmentLevel, LossKind, OptimizerKind, Recipe};
use crate::run::Run;
use nn_core::metrics::Score;
use nn_core::{Network, Schedule};
use nn_data::Dataset;
use nn_io::{Model, evaluate};
use std::ops::ControlFlow;

/// Samples of the old data to go over again, and to hold back.
const REHEARSED: usize = 5000;
const HELD_BACK: usize = 2000;
/// So many corrections of a class or more give some to the held-back part.
const ENOUGH: usize = 4;

/// What is to be learnt.
pub struct Lesson<'a> {
    /// The model as it is.
    pub model: &'a Model,
    /// What it should learn: prepared pictures of the model's classes.
    pub corrections: &'a Dataset,
    /// The data that it came from, prepared likewise.
    pub memory: &'a Dataset,
    /// Seed of all that is random.
    pub seed: u64,
}

/// What came of it.
pub struct Taught {
    /// The network that has learnt.
    pub network: Network,
    /// How the old network reads the held-back part.
    pub before: Score,
    /// How the new one does.
    pub after: Score,
    /// How many corrections the old network reads rightly.
    pub corrections_before: usize,
    /// How many the new one does; most of them were taught.
    pub corrections_after: usize,
    /// All corrections.
    pub corrections: usize,
}

impl Taught {
    /// Whether the new network is to be kept: it reads the held-back part no worse.
    pub fn is_no_worse(&self) -> bool {
        self.after.correct >= self.before.correct
    }
}

/// Teaches a copy of the model's network, on the rayon pool of the calling thread. `listener` hears how much is done
/// (0 to 1); where it says stop, nothing comes of it: `None`.
///
/// # Errors
/// When there is nothing to learn, or pictures or classes are not the model's.
pub fn teach(
    lesson: &Lesson<'_>,
    listener: &mut (dyn FnMut(f32) -> ControlFlow<()> + Send),
) -> Result<Option<Taught>, Error> {
    let Lesson { model, corrections, memory, seed } = *lesson;
    for (what, data) in [("the corrections", corrections), ("the data that the model came from", memory)] {
        if data.is_empty() {
            return Err(Error::Setting(format!("{what} hold no pictures")));
        }
        if data.size() != model.preprocessing.size() || data.classes() != model.classes {
            return Err(Error::Setting(format!("{what} do not have the size or the classes of the model")));
        }
    }
    let (rehearsal, held_memory) = parts(memory, seed);
    let share = if corrections.len() >= ENOUGH { 0.25 } else { 0.0 };
    let (new, held_corrections) = corrections.split(share, seed);
    // The corrections make up a third of what is gone over, but none is repeated without end.
    let times = (rehearsal.len() / (2 * new.len())).clamp(1, 60);
    let train = Dataset::concat([vec![rehearsal], vec![new; times]].concat())?.with_classes(&model.classes)?;
    let held = Dataset::concat(vec![held_memory, held_corrections])?.with_classes(&model.classes)?;

    let recipe = recipe(model, seed);
    let preprocessing = &model.preprocessing;
    let mut run = Run::with_network(&recipe, model.network.clone())?;
    let data = Data { train: &train, validation: Some(&held), preprocessing };
    let mut stopped = false;
    fit(&mut run, &recipe, &data, &mut |event| {
        let Event::Step { epoch, step, steps, .. } = event else { return ControlFlow::Continue(()) };
        let answer = listener((epoch as f32 - 1.0 + step as f32 / steps as f32) / recipe.epochs as f32);
        stopped |= answer.is_break();
        answer
    });
    if stopped {
        return Ok(None);
    }
    run.take_best();
    let score = |network: &Network, data: &Dataset| evaluate(network, data, preprocessing, recipe.loss()).score;
    let network = run.trainer.network().clone();
    Ok(Some(Taught {
        before: score(&model.network, &held),
        after: score(&network, &held),
        corrections_before: score(&model.network, corrections).correct,
        corrections_after: score(&network, corrections).correct,
        corrections: corrections.len(),
        network,
    }))
}

/// What is gone over again, and what is held back, of the old data.
fn parts(memory: &Dataset, seed: u64) -> (Dataset, Dataset) {
    let share = |wanted: usize, of: &Dataset, most: f64| (wanted as f64 / of.len() as f64).min(most);
    let (rest, held) = memory.split(share(HELD_BACK, memory, 0.25), seed);
    if rest.len() <= REHEARSED {
        return (rest, held);
    }
    let (_, rehearsal) = rest.split(share(REHEARSED, &rest, 1.0), seed.wrapping_add(1));
    (rehearsal, held)
}

/// Small steps from where the network stands, with distorted pictures.
fn recipe(model: &Model, seed: u64) -> Recipe {
    let softmax = model.network.ends_in_softmax();
    Recipe {
        preset: "teach".into(),
        loss: if softmax { LossKind::CrossEntropy } else { LossKind::Mse },
        optimizer: OptimizerKind::Adamw,
        lr: 5e-5,
        schedule: Schedule::Cosine,
        weight_decay: 0.0,
        epochs: 4,
        batch_size: 64,
        augment: AugmentLevel::Full,
        seed,
        ..Preset::Mlp.recipe()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::recipe::hidden_layers;
    use nn_data::{Preprocessing, Size};
    use nn_io::TrainingNote;

    const SIDE: usize = 6;

    /// Pictures whose one bright row is that of their class.
    fn rows(n: usize, class_of_row: impl Fn(usize) -> usize) -> Dataset {
        let picture = |i: usize| {
            let row = i % SIDE;
            (0..SIDE * SIDE).map(move |at| if at / SIDE == row { 180 + (i % 70) as u8 } else { (i * at % 30) as u8 })
        };
        let labels = (0..n).map(|i| class_of_row(i % SIDE) as u32).collect();
        let classes = ["up".into(), "down".into()].to_vec();
        Dataset::new(Size::new(SIDE, SIDE, 1), (0..n).flat_map(picture).collect(), labels, classes, vec![]).unwrap()
    }

    /// A model that takes the upper half for `up`.
    fn model(memory: &Dataset) -> Model {
        let preprocessing = Preprocessing::picture(SIDE as u32, SIDE as u32, 1);
        let mut recipe = Preset::Mlp.recipe();
        recipe.layers = hidden_layers("dense:24, relu").unwrap();
        (recipe.epochs, recipe.lr, recipe.augment) = (40, 0.01, AugmentLevel::None);
        let mut run = Run::new(&recipe, memory.size(), 2).unwrap();
        let data = Data { train: memory, validation: None, preprocessing: &preprocessing };
        fit(&mut run, &recipe, &data, &mut |_| ControlFlow::Continue(()));
        let network = run.trainer.network().clone();
        Model {
            network,
            classes: memory.classes().to_vec(),
            preprocessing,
            calibration: None,
            note: TrainingNote::default(),
        }
    }

    #[test]
    fn corrections_are_learnt_and_the_rest_is_kept() {
        let memory =
            rows(300, |row| usize::from(row >= 3)).select(&(0..300).filter(|i| i % 6 != 2).collect::<Vec<_>>());
        let model = model(&memory);
        // Row 2, which the model has never seen, is to be `down`.
        let corrections = rows(60, |_| 1).select(&(0..60).filter(|i| i % 6 == 2).collect::<Vec<_>>());
        let mut heard = vec![];
        let lesson = Lesson { model: &model, corrections: &corrections, memory: &memory, seed: 1 };
        let taught = teach(&lesson, &mut |done| {
            heard.push(done);
            ControlFlow::Continue(())
        });
        let taught = taught.unwrap().unwrap();
        assert!(taught.is_no_worse(), "{:?} {:?}", taught.before, taught.after);
        assert!(taught.corrections_after >= taught.corrections_before);
        assert!(heard.is_sorted() && heard.last() == Some(&1.0));
        assert!(teach(&lesson, &mut |_| ControlFlow::Break(())).unwrap().is_none(), "it can be cancelled");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let memory = rows(60, |row| usize::from(row >= 3));
        let model = model(&memory);
        let nothing = memory.clone().limit(0);
        let lesson = Lesson { model: &model, corrections: &nothing, memory: &memory, seed: 1 };
        let error = teach(&lesson, &mut |_| ControlFlow::Continue(())).err().unwrap();
        assert_eq!(error.to_string(), "the corrections hold no pictures");
    }
}
