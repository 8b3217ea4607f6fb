//! A training run between two epochs: what a checkpoint keeps.

use crate::error::Error;
use crate::recipe::Recipe;
use nn_core::{Network, OptimizerState, Trainer};
use nn_data::Size;
use nn_io::{Best, Checkpoint};

/// The state of a run: the trainer, the epochs done, and the best network so far.
pub struct Run {
    /// Network and optimizer.
    pub trainer: Trainer,
    /// Epochs done.
    pub epoch: u32,
    /// The best network on the validation set so far; `None` without one.
    pub best: Option<Best>,
}

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
        let mut trainer = trainer(recipe, checkpoint.model.network)?;
        let [first, second] = checkpoint.moments;
        trainer.restore(OptimizerState { step: checkpoint.step, first, second })?;
        Ok(Self { trainer, epoch: checkpoint.epoch, best: checkpoint.best })
    }

    /// Puts the best network in place of the newest, where training has kept one.
    pub fn take_best(&mut self) {
        if let Some(best) = &self.best {
            self.trainer.network_mut().params_mut().copy_from_slice(&best.params);
            self.trainer.network_mut().stats_mut().copy_from_slice(&best.stats);
        }
    }
}

fn trainer(recipe: &Recipe, network: Network) -> Result<Trainer, Error> {
    Ok(Trainer::new(network, recipe.loss(), recipe.optimizer(), recipe.seed)?.clip(recipe.clip))
}
