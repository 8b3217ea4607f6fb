//! A training run between two epochs: what a checkpoint keeps.

use crate::error::Error;
use crate::recipe::Recipe;
use nn_core::{Network, OptimizerState, Trainer};
use nn_data::{Dataset, Preprocessing, Size};
use nn_io::{Best, Checkpoint};
use std::borrow::Cow;

/// The state of a run: the trainer, the epochs done, and the best network so far.
pub struct Run {
    /// Network and optimizer.
    pub trainer: Trainer,
    /// Epochs done.
    pub epoch: u32,
    /// The best network on the validation set so far; `None` without one.
    pub best: Option<Best>,
}

/// After this many steps less than 1 % of a running average is still what it began with.
const SETTLED: u64 = 50;
/// The averages are measured on at most this many samples.
const MEASURED: usize = 1000;

impl Run {
    /// A fresh run on pictures of `size` with a number of classes.
    ///
    /// # Errors
    /// When the recipe makes no network, or one that its loss cannot train.
    pub fn new(recipe: &Recipe, size: Size, classes: usize) -> Result<Self, Error> {
        recipe.validate()?;
        let network = Network::new(recipe.architecture(size, classes), recipe.seed)?;
        Ok(Self { trainer: trainer(recipe, network)?, epoch: 0, best: None })
    }

    /// Returns the bytes of memory that a run on `samples` pictures of `size` with a number of classes needs, beside the
    /// pictures: network, optimizer, batches, and the table of confusions. Takes none of it.
    ///
    /// # Errors
    /// When the recipe makes no network.
    pub fn need(recipe: &Recipe, size: Size, classes: usize, samples: usize) -> Result<u64, Error> {
        recipe.validate()?;
        let network = Network::need_of(recipe.architecture(size, classes), recipe.batch_size.min(samples))?;
        let table = (classes * classes * size_of::<usize>()) as u64;
        Ok(network.training(recipe.optimizer().moments() as u64).saturating_add(table))
    }

    /// A run that goes on from a trained network.
    ///
    /// # Errors
    /// When the recipe's loss cannot train it.
    pub fn with_network(recipe: &Recipe, network: Network) -> Result<Self, Error> {
        recipe.validate()?;
        Ok(Self { trainer: trainer(recipe, network)?, epoch: 0, best: None })
    }

    /// The run that a checkpoint kept, to go on by `recipe`.
    ///
    /// # Errors
    /// When the optimizer is another than the checkpoint's.
    pub fn resume(recipe: &Recipe, checkpoint: Checkpoint) -> Result<Self, Error> {
        recipe.validate()?;
        let mut resumed = trainer(recipe, checkpoint.model.network)?;
        let [first, second] = checkpoint.moments;
        resumed.restore(OptimizerState { step: checkpoint.step, first, second })?;
        Ok(Self { trainer: resumed, epoch: checkpoint.epoch, best: checkpoint.best })
    }

    /// The newest network as it reads pictures. After few steps the running averages of batch normalisation still hold
    /// much of what they began with; then they are measured anew on the training set, without distortion.
    pub fn network(&self, train: &Dataset, preprocessing: &Preprocessing) -> Cow<'_, Network> {
        let network = self.trainer.network();
        if self.trainer.state().step >= SETTLED || network.stats().is_empty() {
            return Cow::Borrowed(network);
        }
        // Every n-th sample, all in one batch, so that it holds samples of all classes.
        let every = train.len().div_ceil(MEASURED).max(1);
        let samples = train.select(&(0..train.len()).step_by(every).collect::<Vec<_>>());
        let mut x = vec![0.0; samples.pixels().len()];
        preprocessing.to_input(samples.pixels(), &mut x);
        let mut network = network.clone();
        network.measure_statistics([&x[..]]);
        Cow::Owned(network)
    }

    /// Ends the run with the network that is to be used: the best where training has kept one, else the newest.
    pub fn into_network(self, train: &Dataset, preprocessing: &Preprocessing) -> Network {
        let Some(best) = &self.best else { return self.network(train, preprocessing).into_owned() };
        let mut network = self.trainer.into_network();
        network.params_mut().copy_from_slice(&best.params);
        network.stats_mut().copy_from_slice(&best.stats);
        network
    }
}

fn trainer(recipe: &Recipe, network: Network) -> Result<Trainer, Error> {
    Ok(Trainer::new(network, recipe.loss(), recipe.optimizer(), recipe.seed)?.clip(recipe.clip))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::fit::{Data, fit};
    use crate::options::AugmentLevel;
    use crate::preset::Preset;
    use nn_core::LayerSpec;
    use std::ops::ControlFlow;

    /// A hundred dim pictures, bright on the left or on the right, and a network with batch normalisation that has made so
    /// many steps on them.
    fn after(steps: u32) -> (Dataset, Run) {
        let pixels =
            (0..100u8).flat_map(|i| if i % 2 == 0 { [20 + i % 9, 9, i % 7, 4] } else { [9, 20 + i % 9, 4, i % 7] });
        let labels = ["left", "right"].repeat(50);
        let data = Dataset::from_names(Size::new(2, 2, 1), pixels.collect(), &labels, vec![]).unwrap();
        let mut recipe = Recipe { augment: AugmentLevel::None, fade: 0.0, epochs: steps, ..Preset::Mlp.recipe() };
        recipe.layers = vec![LayerSpec::dense(8), LayerSpec::BatchNorm];
        (recipe.batch_size, recipe.lr) = (100, 0.05);
        let mut run = Run::new(&recipe, data.size(), 2).unwrap();
        let preprocessing = Preprocessing::picture(2, 2, 1);
        let what = Data { train: &data, validation: None, negatives: None, preprocessing: &preprocessing };
        fit(&mut run, &recipe, &what, &mut |_| ControlFlow::Continue(()));
        (data, run)
    }

    #[test]
    fn after_few_steps_a_network_reads_as_it_was_trained() {
        let (data, run) = after(12);
        let preprocessing = Preprocessing::picture(2, 2, 1);
        let raw = run.trainer.network().stats().to_vec();
        let network = run.into_network(&data, &preprocessing);
        assert!(raw.iter().zip(network.stats()).all(|(raw, measured)| raw != measured));
        let loss = nn_core::Loss::CrossEntropy { label_smoothing: 0.0 };
        assert_eq!(nn_io::evaluate(&network, &data, &preprocessing, loss).score.correct, 100);
    }

    #[test]
    fn after_many_steps_the_averages_stay() {
        let (data, run) = after(60);
        assert!(matches!(run.network(&data, &Preprocessing::picture(2, 2, 1)), Cow::Borrowed(_)));
    }
}
