//! Teaching: a trained network learns from its user's drawings, and does not forget what it knew.
//!
//! Only the head learns, and it is drawn back to where it was: its loss is the sum of the drawings' losses and `pull / 2` times
//! the squared change of its parameters (L2-SP: Li et al., "Explicit inductive bias for transfer learning with convolutional
//! networks", 2018). So nothing is needed of the data that the model came from, and a model can be taught wherever it is. One
//! drawing changes little, many change much. Whether to keep the new network is for a person to decide.

use crate::error::Error;
use crate::head::{Halves, with_head};
use nn_core::metrics::argmax;
use nn_core::{Loss, Network, Sgd, Trainer};
use nn_data::Dataset;
use nn_io::{Model, evaluate};
use std::ops::ControlFlow;

/// This share of the drawings that the model reads rightly is held back, where there are at least `ENOUGH` of them.
const HELD_BACK: f64 = 0.25;
const ENOUGH: usize = 20;
/// The pull back to where the head was, as a multiple of the mean square length of the features. Chosen on two thirds of UNIPEN's
/// test writers, each with ten corrections: 2 lets others lose 0.17 points of accuracy, 3 0.06; 6 helps half as much as 3.
const PULL: f32 = 3.0;
/// Steps: enough to come to rest.
const STEPS: usize = 60;
/// A difference that chance makes less often than this is real.
const SIGNIFICANT: f64 = 0.05;

/// A lesson: the model, and the drawings that it is to learn.
pub struct Lesson<'a> {
    /// The model as it is.
    pub model: &'a Model,
    /// The user's drawings with their right labels: prepared pictures of the model's classes.
    pub drawings: &'a Dataset,
    /// Seed of the choice of drawings that are held back.
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
    /// Those of the other drawings that the lesson did not show, where there are many.
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
/// When there is nothing to learn, pictures or classes are not the model's, or the network does not end in a dense layer
/// and its activation.
pub fn teach(
    lesson: &Lesson<'_>,
    listener: &mut (dyn FnMut(f32) -> ControlFlow<()> + Send),
) -> Result<Option<Taught>, Error> {
    let Lesson { model, drawings, seed } = *lesson;
    if drawings.is_empty() {
        return Err(Error::Setting("there are no drawings to learn from".into()));
    }
    if drawings.size() != model.preprocessing.size() || drawings.classes() != model.classes {
        return Err(Error::Setting("the drawings do not have the size or the classes of the model".into()));
    }
    let right = is_right(&model.network, model, drawings);
    let of = |wanted: bool| drawings.select(&(0..drawings.len()).filter(|&i| right[i] == wanted).collect::<Vec<_>>());
    let (corrections, others) = (of(false), of(true));
    let share = if others.len() < ENOUGH { 0.0 } else { HELD_BACK };
    let (kept, held_back) = others.split(share, seed);
    let shown = Dataset::concat(vec![corrections.clone(), kept])?.with_classes(&model.classes)?;

    let halves = Halves::of(&model.network)?;
    let mut x = vec![0.0; shown.pixels().len()];
    model.preprocessing.to_input(shown.pixels(), &mut x);
    let (features, labels) = (halves.features(&x), shown.labels());
    let Some(head) = learnt(halves.head, loss(model), (&features, labels), listener)? else { return Ok(None) };
    let network = with_head(&model.network, &head);
    let compare = |data: &Dataset| compared(&is_right(&model.network, model, data), &is_right(&network, model, data));
    Ok(Some(Taught {
        corrections: compare(&corrections),
        others: compare(&others),
        held_back: compare(&held_back),
        network,
    }))
}

/// The head after the lesson: plain gradient descent on the whole batch of features and labels, by steps as large as the
/// curvature of the loss allows. `None` where the listener stopped it.
fn learnt(
    head: Network,
    loss: Loss,
    (x, labels): (&[f32], &[u32]),
    listener: &mut (dyn FnMut(f32) -> ControlFlow<()> + Send),
) -> Result<Option<Network>, Error> {
    let samples = labels.len() as f32;
    let length = 1.0 + x.iter().map(|v| v * v).sum::<f32>() / samples; // of the features, and 1 for the bias
    let pull = PULL * length;
    let rate = 1.0 / (pull + samples * length / 2.0);
    let start = head.params().to_vec();
    let mut trainer = Trainer::new(head, loss, Sgd::default(), 0)?;
    for step in 1..=STEPS {
        trainer.step(x, labels, rate * samples); // the trainer's gradient is that of the mean
        let params = trainer.network_mut().params_mut().iter_mut().zip(&start);
        params.for_each(|(now, was)| *now += rate * pull * (was - *now));
        if listener(step as f32 / STEPS as f32).is_break() {
            return Ok(None);
        }
    }
    Ok(Some(trainer.into_network()))
}

/// The loss that suits the model's network.
fn loss(model: &Model) -> Loss {
    if model.network.ends_in_softmax() { Loss::cross_entropy() } else { Loss::MeanSquaredError }
}

/// Whether a network reads each sample rightly.
fn is_right(network: &Network, model: &Model, data: &Dataset) -> Vec<bool> {
    if data.is_empty() {
        return vec![];
    }
    let evaluation = evaluate(network, data, &model.preprocessing, loss(model));
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::fit::{Data, fit};
    use crate::options::AugmentLevel;
    use crate::preset::Preset;
    use crate::recipe::hidden_layers;
    use crate::run::Run;
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

    /// The model that takes rows 0 and 1 for `up` and 3 to 5 for `down`, and pictures of these rows.
    fn without_row_2() -> (Model, Dataset) {
        let known = rows(300, |row| usize::from(row >= 3)).select(&(0..300).filter(|i| i % 6 != 2).collect::<Vec<_>>());
        (model(&known), known)
    }

    /// Pictures of row 2, which is to be `down`.
    fn row_2(n: usize) -> Dataset {
        rows(6 * n, |_| 1).select(&(0..6 * n).filter(|i| i % 6 == 2).collect::<Vec<_>>())
    }

    fn taught(model: &Model, drawings: &Dataset) -> Taught {
        teach(&Lesson { model, drawings, seed: 1 }, &mut |_| ControlFlow::Continue(())).unwrap().unwrap()
    }

    #[test]
    fn corrections_are_learnt_and_the_rest_is_kept() {
        let (model, known) = without_row_2();
        let drawings = Dataset::concat(vec![row_2(10), known.clone().limit(40)]).unwrap();
        let drawings = drawings.with_classes(&model.classes).unwrap();
        let taught = taught(&model, &drawings);
        assert!(taught.is_advised(), "{:?} {:?}", taught.corrections, taught.others);
        assert_eq!((taught.corrections.samples, taught.corrections.before), (10, 0));
        assert!(taught.corrections.after >= 5, "{:?}", taught.corrections);
        assert_eq!([taught.others.samples, taught.held_back.samples, taught.held_back.lost], [40, 10, 0]);
        let others = is_right(&taught.network, &model, &known);
        assert!(others.iter().filter(|right| **right).count() >= 248, "of 250 that the lesson did not hold");
    }

    #[test]
    fn one_drawing_changes_less_than_many() {
        let (model, _) = without_row_2();
        let change = |n: usize| {
            let taught = taught(&model, &row_2(n));
            let both = taught.network.params().iter().zip(model.network.params());
            both.map(|(now, was)| (now - was).powi(2)).sum::<f32>().sqrt()
        };
        let [one, ten] = [1, 10].map(change);
        assert!(one > 0.0 && ten > 2.0 * one, "{one} {ten}");
    }

    #[test]
    fn a_lesson_tells_how_far_it_is_and_stops() {
        let (model, _) = without_row_2();
        let drawings = row_2(3);
        let lesson = Lesson { model: &model, drawings: &drawings, seed: 1 };
        let mut heard = vec![];
        let told = teach(&lesson, &mut |done| {
            heard.push(done);
            ControlFlow::Continue(())
        });
        assert!(told.unwrap().is_some() && heard.is_sorted() && heard.last() == Some(&1.0));
        assert!(teach(&lesson, &mut |_| ControlFlow::Break(())).unwrap().is_none());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let (model, known) = without_row_2();
        let refused = |drawings: &Dataset| {
            let lesson = Lesson { model: &model, drawings, seed: 1 };
            teach(&lesson, &mut |_| ControlFlow::Continue(())).err().unwrap().to_string()
        };
        assert_eq!(refused(&known.clone().limit(0)), "there are no drawings to learn from");
        let other = known.renamed(&["left".into(), "right".into()]);
        assert_eq!(refused(&other), "the drawings do not have the size or the classes of the model");
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
