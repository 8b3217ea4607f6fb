//! How well a network reads, measured as in prediction: on the test set, else on samples held back, else on the training set.

use nn_core::Network;
use nn_data::{Dataset, Preprocessing, Shifts};
use nn_io::{Evaluation, evaluate};
use nn_train::Recipe;

/// The samples that a network was measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasuredOn {
    /// A test set.
    Test,
    /// The part of the training set that was held back to choose the best epoch.
    Validation,
    /// The samples that the network learnt.
    Training,
}

impl MeasuredOn {
    /// The name, as in `metrics.jsonl`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Validation => "validation",
            Self::Training => "training",
        }
    }
}

/// A measurement.
pub struct Measured<'a> {
    /// The kind of samples.
    pub on: MeasuredOn,
    /// The samples.
    pub data: &'a Dataset,
    /// The network's answers to them.
    pub evaluation: Evaluation,
    /// The accuracy by one view of each picture, if the network reads pictures in several.
    pub one_view: Option<f64>,
}

impl<'a> Measured<'a> {
    /// Lets the network read samples of a kind.
    pub fn new(
        network: &Network,
        (on, data): (MeasuredOn, &'a Dataset),
        preprocessing: &Preprocessing,
        recipe: &Recipe,
    ) -> Self {
        let read = |preprocessing: &Preprocessing| evaluate(network, data, preprocessing, recipe.loss());
        let evaluation = read(preprocessing);
        let one_view = (!recipe.shifts.is_one()).then(|| {
            let preprocessing = Preprocessing { shifts: Shifts::One, ..preprocessing.clone() };
            read(&preprocessing).score.accuracy()
        });
        Self { on, data, evaluation, one_view }
    }

    /// The answers, if they are to a test set.
    pub fn test(&self) -> Option<&Evaluation> {
        (self.on == MeasuredOn::Test).then_some(&self.evaluation)
    }
}
