//! The training loop.

pub mod range_test;

use crate::recipe::Recipe;
use crate::run::Run;
use nn_core::Trainer;
use nn_core::metrics::Score;
use nn_data::{Batch, Batches, Dataset, Preprocessing};
use nn_io::{Best, evaluate_among};
use std::ops::ControlFlow;
use web_time::Instant;

/// The data that a network is trained on.
pub struct Data<'a> {
    /// Samples to learn.
    pub train: &'a Dataset,
    /// Samples held back, by which the best epoch is chosen.
    pub validation: Option<&'a Dataset>,
    /// Pictures of none of the classes, which the network learns to be unsure of: see [`Batches::negatives`].
    pub negatives: Option<&'a Dataset>,
    /// How pictures become input.
    pub preprocessing: &'a Preprocessing,
}

/// An event during training.
pub enum Event<'a> {
    /// A step was made.
    Step {
        /// The epoch, from 1.
        epoch: u32,
        /// Steps made in this epoch.
        step: usize,
        /// Steps in an epoch.
        steps: usize,
        /// Scores of this epoch so far.
        score: Score,
        /// The learning rate of the step.
        lr: f32,
        /// The run as it stands; its epoch is the last whole one.
        run: &'a Run,
        /// The factor by which the rates of the schedule are multiplied from the next step on, 1 at first. The listener
        /// may change it.
        factor: &'a mut f32,
    },
    /// An epoch ended.
    Epoch {
        /// Its results.
        report: &'a EpochReport,
        /// The run as it stands, for a checkpoint.
        run: &'a Run,
        /// The factor of the learning rate, as in a step.
        factor: &'a mut f32,
    },
}

/// Results of an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochReport {
    /// The epoch, from 1.
    pub epoch: u32,
    /// Score on the training samples as they went by: distorted, with dropout, while the network changed.
    pub train: Score,
    /// Score on the validation set afterwards.
    pub validation: Option<Score>,
    /// Learning rate at the end of the epoch.
    pub lr: f32,
    /// Duration of the training steps.
    pub seconds: f64,
}

impl EpochReport {
    /// Training samples a second.
    pub fn samples_per_second(&self) -> f64 {
        self.train.samples as f64 / self.seconds
    }
}

/// Why training ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// All epochs are done.
    Done,
    /// There was no better epoch on the validation set for the epochs of the recipe's patience.
    NoProgress,
    /// The listener said stop.
    Stopped,
    /// The loss was not finite; the network stands as after the last whole epoch (or as it began).
    Diverged {
        /// The epoch, from 1.
        epoch: u32,
        /// The step of the epoch, from 1.
        step: usize,
        /// The learning rate of the step.
        lr: f32,
    },
}

/// The batches of a training, not yet distorted.
pub(crate) fn batches_of<'a>(recipe: &Recipe, data: &Data<'a>) -> Batches<'a> {
    let batches =
        Batches::of(data.train, data.preprocessing).size(recipe.batch_size).seed(recipe.seed).negatives(data.negatives);
    if recipe.balance { batches.balanced() } else { batches }
}

/// Trains from where `run` stands up to the recipe's last epoch, and tells `listener` of everything; its answer says go
/// on or stop. With a validation set, `run.best` keeps the best epoch, or the last as the recipe says ([`Run::into_network`]
/// gives it).
///
/// Where the run's trainer shares its batches with other processes, all of them call this with the same data; where one's
/// listener says stop, all stop.
///
/// Runs on the rayon pool of the calling thread: call it inside `ThreadPool::install`.
pub fn fit(
    run: &mut Run,
    recipe: &Recipe,
    data: &Data<'_>,
    listener: &mut (dyn FnMut(Event<'_>) -> ControlFlow<()> + Send),
) -> End {
    let sharing = run.trainer.sharing().clone();
    let mut batches = batches_of(recipe, data).share(move |samples| sharing.share(samples).samples());
    let steps = batches.batches_per_epoch();
    let all_steps = u64::from(recipe.epochs) * steps as u64;
    let mut factor = 1.0;
    let mut whole = run.trainer.network().clone(); // as after the last whole epoch
    for epoch in run.epoch + 1..=recipe.epochs {
        if is_patience_over(run, recipe) {
            break;
        }
        let start = Instant::now();
        let mut train = Score::default();
        let mut step = 0;
        let mut lr = 0.0;
        batches.set_augment(recipe.augment(epoch));
        let mut flow = batches.epoch(u64::from(epoch), |batch| {
            let done = u64::from(epoch - 1) * steps as u64 + step as u64;
            lr = factor * recipe.schedule.rate(recipe.lr, done, all_steps, 0);
            step += 1;
            let score = run.trainer.step(&batch.x, &batch.labels, lr);
            if !score.loss_sum.is_finite() {
                return ControlFlow::Break(End::Diverged { epoch, step, lr });
            }
            train += score;
            let event = Event::Step { epoch, step, steps, score: train, lr, run, factor: &mut factor };
            let stop = listener(event).is_break();
            if run.trainer.any(stop) { ControlFlow::Break(End::Stopped) } else { ControlFlow::Continue(()) }
        });
        if flow.is_continue() && overflows(&run.trainer, batches.latest()) {
            flow = ControlFlow::Break(End::Diverged { epoch, step, lr });
        }
        if let ControlFlow::Break(end) = flow {
            if end != End::Stopped {
                run.trainer.network_mut().copy_from(&whole);
            }
            return end;
        }
        let seconds = start.elapsed().as_secs_f64();
        run.epoch = epoch;
        whole.copy_from(run.trainer.network());
        let validation = data.validation.map(|set| validate(run, recipe, set, data));
        let report = EpochReport { epoch, train, validation, lr, seconds };
        let stop = listener(Event::Epoch { report: &report, run, factor: &mut factor }).is_break();
        if run.trainer.any(stop) && epoch < recipe.epochs {
            return End::Stopped;
        }
    }
    if is_patience_over(run, recipe) { End::NoProgress } else { End::Done }
}

/// Returns whether the network answers the last batch by numbers that are not finite: the effect of the last step shows in no
/// loss.
fn overflows(trainer: &Trainer, batch: &Batch) -> bool {
    let x = trainer.sharing().share(batch.len()).of(&batch.x);
    trainer.any(!trainer.network().predict(x).iter().all(|y| y.is_finite()))
}

/// Returns whether there was no better epoch for as many as the recipe waits: also of a run that ended so, and goes on.
fn is_patience_over(run: &Run, recipe: &Recipe) -> bool {
    recipe
        .patience
        .zip(run.best.as_ref())
        .is_some_and(|(patience, best)| run.epoch.saturating_sub(best.epoch) >= patience)
}

/// Scores the validation set, and keeps the network where it is the best so far, or the recipe keeps the last.
fn validate(run: &mut Run, recipe: &Recipe, set: &Dataset, data: &Data<'_>) -> Score {
    let network = run.network(data.train, data.preprocessing);
    let peers = run.trainer.sharing().peers();
    let score = evaluate_among(peers, &network, set, data.preprocessing, recipe.loss()).score;
    let (accuracy, loss) = (score.accuracy(), score.loss());
    let better = |best: &Best| accuracy > best.accuracy || (accuracy == best.accuracy && loss < best.loss);
    if recipe.keep_last || run.best.as_ref().is_none_or(better) {
        let [params, stats] = [network.params(), network.stats()].map(<[f32]>::to_vec);
        drop(network);
        run.best = Some(Best { accuracy, loss, epoch: run.epoch, params, stats });
    }
    score
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::options::AugmentLevel;
    use crate::preset::Preset;
    use nn_data::Size;

    /// A run over six pictures in batches of two, whose listener answers each event.
    fn trained(mut listener: impl FnMut(Event<'_>) -> ControlFlow<()> + Send) -> (Run, End) {
        let pixels = (0..6u8).flat_map(|i| [40 * i, 200 - 40 * i]).collect();
        let data = Dataset::from_names(Size::new(1, 2, 1), pixels, &["a", "b"].repeat(3), vec![]).unwrap();
        let mut recipe = Recipe { augment: AugmentLevel::None, fade: 0.0, batch_size: 2, ..Preset::Textbook.recipe() };
        (recipe.layers, recipe.epochs, recipe.lr) = (vec![], 2, 0.5);
        let mut run = Run::new(&recipe, data.size(), 2).unwrap();
        let preprocessing = Preprocessing::picture(2, 1, 1);
        let what = Data { train: &data, validation: None, negatives: None, preprocessing: &preprocessing };
        let end = fit(&mut run, &recipe, &what, &mut listener);
        (run, end)
    }

    #[test]
    fn a_listener_sees_each_step_and_changes_the_rate_of_those_to_come() {
        let (mut rates, mut params) = (vec![], vec![]);
        let (run, end) = trained(|event| {
            if let Event::Step { lr, run, factor, .. } = event {
                rates.push(lr);
                params.push(run.trainer.network().params().to_vec());
                *factor = if rates.len() < 3 { 0.5 } else { 2.0 };
            }
            ControlFlow::Continue(())
        });
        assert_eq!((rates, end), (vec![0.5, 0.25, 0.25, 1.0, 1.0, 1.0], End::Done));
        assert!(params.windows(2).all(|two| two[0] != two[1]), "each step shows its own network");
        assert_eq!(params.last().map(Vec::as_slice), Some(run.trainer.network().params()));
    }

    #[test]
    fn a_listener_that_changes_nothing_leaves_the_training_as_it_is() {
        let quiet = trained(|_| ControlFlow::Continue(())).0;
        let same = trained(|event| {
            if let Event::Step { factor, .. } = event {
                *factor = 1.0;
            }
            ControlFlow::Continue(())
        });
        assert_eq!(quiet.trainer.network().params(), same.0.trainer.network().params());
    }
}
