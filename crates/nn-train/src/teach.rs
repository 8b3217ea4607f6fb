//! Teaching: a trained network learns from its user's drawings, and does not forget what it knew.
//!
//! The drawings, several times over, are mixed with samples of the data that the network came from. Pictures that are held
//! back from both show whether the new network reads worse than the old one. Whether to keep it is for a person to decide.

use crate::error::Error;
use crate::few::Chosen;
use crate::fit::{Data, Event, fit};
use crate::options::{AugmentLevel, LossKind, OptimizerKind};
use crate::preset::Preset;
use crate::recipe::Recipe;
use crate::run::Run;
use nn_core::metrics::argmax;
use nn_core::{Network, Schedule};
use nn_data::{Dataset, Fit};
use nn_io::{Model, evaluate};
use std::ops::ControlFlow;

/// Most samples of the old data to go over again, and to hold back.
const REHEARSED: usize = 5000;
const HELD_BACK: usize = 2000;
/// This share of the drawings that the model reads rightly is held back, where there are at least `ENOUGH` of them.
const HELD_DRAWINGS: f64 = 0.25;
const ENOUGH: usize = 20;
/// The drawings are repeated until they are a third of the samples in the lesson, or at least `LEAST`, but none more than
/// `MOST` times.
const LEAST: usize = 600;
const MOST: usize = 60;
/// A difference that chance makes less often than this is real.
const SIGNIFICANT: f64 = 0.05;

/// A lesson: the model, and the drawings that it is to learn.
pub struct Lesson<'a> {
    /// The model as it is.
    pub model: &'a Model,
    /// The user's drawings with their right labels: prepared pictures of the model's classes.
    pub drawings: &'a Dataset,
    /// Other data that the model came from, prepared likewise; empty for a model that came from the drawings alone.
    pub memory: &'a Dataset,
    /// Seed of all that is random.
    pub seed: u64,
}

/// A network that has learnt, and how it reads beside the old one.
pub struct Taught {
    /// The network that has learnt.
    pub network: Network,
    /// The drawings that the old network reads wrongly: the corrections. All were taught.
    pub corrections: Compared,
    /// The user's other drawings. Most were taught.
    pub others: Compared,
    /// Pictures that neither lesson nor rehearsal showed: of the data that the model came from, and of the user's other
    /// drawings where these are many.
    pub held_back: Compared,
}

/// How two networks read the same pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// The number of pictures.
    pub samples: usize,
    /// How many the old network reads rightly.
    pub before: usize,
    /// How many the new network reads rightly.
    pub after: usize,
    /// How many the old network reads rightly and the new one wrongly.
    pub lost: usize,
}

impl Compared {
    /// How many the old network reads wrongly and the new one rightly.
    pub fn won(&self) -> usize {
        self.after + self.lost - self.before
    }

    /// Whether the new network reads worse by a margin that matters: it makes a quarter more mistakes, and chance would
    /// seldom make it look so. Chance is judged by the exact test of McNemar (1947): of the pictures that one network reads
    /// rightly and the other wrongly, as many should be lost as won.
    ///
    /// ```
    /// use nn_train::Compared;
    /// let compared = |before, lost, won| Compared { samples: 2000, before, after: before + won - lost, lost };
    /// assert!(!compared(1990, 1, 0).is_worse() && !compared(1990, 9, 4).is_worse(), "chance");
    /// assert!(compared(1990, 5, 0).is_worse() && compared(1990, 12, 2).is_worse());
    /// assert!(!compared(1700, 60, 30).is_worse(), "330 mistakes instead of 300");
    /// assert!(compared(1700, 120, 30).is_worse(), "390 mistakes instead of 300");
    /// ```
    pub fn is_worse(&self) -> bool {
        let (mistakes_before, mistakes_after) = (self.samples - self.before, self.samples - self.after);
        if 4 * mistakes_after <= 5 * mistakes_before {
            return false;
        }
        let (lost, differing) = (self.lost, self.lost + self.won());
        // The probability that a fair coin, thrown `differing` times, shows heads at least `lost` times.
        let mut probability = 0.5f64.powi(differing as i32); // of `differing` heads
        let mut at_least = probability;
        for heads in (lost..differing).rev() {
            probability *= (heads + 1) as f64 / (differing - heads) as f64;
            at_least += probability;
        }
        at_least < SIGNIFICANT
    }
}

impl Taught {
    /// Whether keeping the new network is advised: it has learnt more of the user's drawings than it has lost, and reads
    /// the held-back pictures no worse than chance explains.
    pub fn is_advised(&self) -> bool {
        let learnt = self.corrections.won() > self.others.lost || self.corrections.samples + self.others.lost == 0;
        learnt && !self.held_back.is_worse()
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
    let Lesson { model, drawings, memory, seed } = *lesson;
    if drawings.is_empty() {
        return Err(Error::Setting("there are no drawings to learn from".into()));
    }
    for (what, data) in [("the drawings", drawings), ("the data that the model came from", memory)] {
        let fits = data.size() == model.preprocessing.size() && data.classes() == model.classes;
        if !data.is_empty() && !fits {
            return Err(Error::Setting(format!("{what} do not have the size or the classes of the model")));
        }
    }
    let right = is_right(&model.network, model, drawings);
    let of = |wanted: bool| drawings.select(&(0..drawings.len()).filter(|&i| right[i] == wanted).collect::<Vec<_>>());
    let (corrections, others) = (of(false), of(true));
    let share = if others.len() < ENOUGH { 0.0 } else { HELD_DRAWINGS };
    let (kept, held_drawings) = others.split(share, seed);
    let (rehearsal, held_memory) = rehearsal(memory, seed);

    let lessons = Dataset::concat(vec![corrections.clone(), kept])?.with_classes(&model.classes)?;
    let times = ((rehearsal.len() / 2).max(LEAST) / lessons.len()).clamp(1, MOST);
    let train = Dataset::concat([vec![rehearsal], vec![lessons; times]].concat())?.with_classes(&model.classes)?;
    let Some(network) = trained(model, &train, seed, listener)? else { return Ok(None) };
    let held = Dataset::concat(vec![held_memory, held_drawings])?.with_classes(&model.classes)?;
    let compare = |data: &Dataset| compared(&is_right(&model.network, model, data), &is_right(&network, model, data));
    Ok(Some(Taught {
        corrections: compare(&corrections),
        others: compare(&others),
        held_back: compare(&held),
        network,
    }))
}

/// The network after the lesson; `None` where the listener stopped it.
fn trained(
    model: &Model,
    train: &Dataset,
    seed: u64,
    listener: &mut (dyn FnMut(f32) -> ControlFlow<()> + Send),
) -> Result<Option<Network>, Error> {
    let mut small_steps = recipe(model, seed);
    small_steps.adapt(train, &model.preprocessing, Chosen { epochs: false, augment: true });
    let mut run = Run::with_network(&small_steps, model.network.clone())?;
    let data = Data { train, validation: None, negatives: None, preprocessing: &model.preprocessing };
    let mut stopped = false;
    fit(&mut run, &small_steps, &data, &mut |event| {
        let Event::Step { epoch, step, steps, .. } = event else { return ControlFlow::Continue(()) };
        let answer = listener((epoch as f32 - 1.0 + step as f32 / steps as f32) / small_steps.epochs as f32);
        stopped |= answer.is_break();
        answer
    });
    Ok((!stopped).then(|| run.into_network(train, &model.preprocessing)))
}

/// Whether a network reads each sample rightly.
fn is_right(network: &Network, model: &Model, data: &Dataset) -> Vec<bool> {
    if data.is_empty() {
        return vec![];
    }
    let evaluation = evaluate(network, data, &model.preprocessing, recipe(model, 0).loss());
    (0..data.len()).map(|i| argmax(evaluation.sample(i)) == data.label(i) as usize).collect()
}

fn compared(before: &[bool], after: &[bool]) -> Compared {
    let count = |of: &dyn Fn(bool, bool) -> bool| before.iter().zip(after).filter(|(b, a)| of(**b, **a)).count();
    Compared {
        samples: before.len(),
        before: count(&|before, _| before),
        after: count(&|_, after| after),
        lost: count(&|before, after| before && !after),
    }
}

/// Splits the old data into samples to go over again and samples to hold back; returns both.
fn rehearsal(memory: &Dataset, seed: u64) -> (Dataset, Dataset) {
    let share = |wanted: usize, of: &Dataset, most: f64| (wanted as f64 / of.len().max(1) as f64).min(most);
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
    let is_ink = model.preprocessing.fit != Fit::Stretch;
    Recipe {
        preset: "teach".into(),
        loss: if softmax { LossKind::CrossEntropy } else { LossKind::Mse },
        optimizer: OptimizerKind::Adamw,
        lr: 1e-4,
        schedule: Schedule::Cosine,
        weight_decay: 0.0,
        epochs: 4,
        batch_size: 64,
        augment: if is_ink { AugmentLevel::Hand } else { AugmentLevel::Full },
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
        let data = Data { train: memory, validation: None, negatives: None, preprocessing: &preprocessing };
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
        let lesson = Lesson { model: &model, drawings: &corrections, memory: &memory, seed: 1 };
        let taught = teach(&lesson, &mut |done| {
            heard.push(done);
            ControlFlow::Continue(())
        });
        let taught = taught.unwrap().unwrap();
        assert!(taught.is_advised(), "{:?} {:?}", taught.corrections, taught.held_back);
        assert_eq!((taught.corrections.samples, taught.corrections.before), (10, 0));
        assert!(taught.corrections.after >= 5, "{:?}", taught.corrections);
        assert_eq!(taught.held_back.samples, 63, "a quarter of 250 pictures, class by class");
        assert!(heard.is_sorted() && heard.last() == Some(&1.0));
        assert!(teach(&lesson, &mut |_| ControlFlow::Break(())).unwrap().is_none(), "it can be cancelled");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let memory = rows(60, |row| usize::from(row >= 3));
        let model = model(&memory);
        let nothing = memory.clone().limit(0);
        let lesson = Lesson { model: &model, drawings: &nothing, memory: &memory, seed: 1 };
        let error = teach(&lesson, &mut |_| ControlFlow::Continue(())).err().unwrap();
        assert_eq!(error.to_string(), "there are no drawings to learn from");
    }

    #[test]
    fn a_model_of_the_drawings_alone_can_be_taught_and_another_seed_teaches_it_otherwise() {
        let known = rows(120, |row| usize::from(row >= 3)).select(&(0..120).filter(|i| i % 6 != 2).collect::<Vec<_>>());
        let model = model(&known);
        let new = rows(60, |_| 1).select(&(0..60).filter(|i| i % 6 == 2).collect::<Vec<_>>());
        let drawings = Dataset::concat(vec![known, new]).unwrap().with_classes(&model.classes).unwrap();
        let none = drawings.clone().limit(0);
        let taught = |seed| {
            let lesson = Lesson { model: &model, drawings: &drawings, memory: &none, seed };
            teach(&lesson, &mut |_| ControlFlow::Continue(())).unwrap().unwrap()
        };
        let [first, second] = [taught(1), taught(2)];
        for taught in [&first, &second] {
            assert!(taught.is_advised(), "{:?} {:?} {:?}", taught.corrections, taught.others, taught.held_back);
            let samples = [taught.corrections, taught.others, taught.held_back].map(|part| part.samples);
            assert_eq!(samples, [10, 100, 25]);
        }
        assert_ne!(first.network.params(), second.network.params());
    }

    #[test]
    fn a_lesson_that_loses_more_than_chance_explains_is_not_advised() {
        let part = |samples, before, lost, won| Compared { samples, before, after: before + won - lost, lost };
        let network = model(&rows(60, |row| usize::from(row >= 3))).network;
        let taught =
            |corrections, others, held_back| Taught { network: network.clone(), corrections, others, held_back };
        let advised = |corrections, others, held| taught(corrections, others, held).is_advised();
        let (ten, none) = (part(10, 0, 0, 8), Compared::default());
        assert!(advised(ten, none, part(2002, 1990, 1, 0)), "one picture of 2,002 is chance");
        assert!(advised(ten, part(50, 50, 2, 0), part(2000, 1990, 9, 6)));
        assert!(!advised(ten, none, part(2000, 1990, 20, 4)), "it forgets");
        assert!(!advised(part(10, 0, 0, 0), none, none), "it has learnt nothing");
        assert!(!advised(ten, part(50, 50, 8, 0), none), "it loses as many drawings as it wins");
        assert!(advised(none, part(30, 30, 0, 0), none), "there was nothing to correct");
    }
}
