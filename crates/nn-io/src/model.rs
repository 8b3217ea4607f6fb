//! A trained model: all it takes to turn a picture into the name of a class.

use crate::calibration::Calibration;
use crate::error::Error;
use nn_core::Network;
use nn_data::{Fit, Look, Preprocessing};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A network, what its outputs mean, and how its input is made from a picture.
#[derive(Clone, Debug)]
pub struct Model {
    /// The network; its input has the shape that `preprocessing` produces.
    pub network: Network,
    /// The name of each output, in order: as many as the network has outputs, all different.
    pub classes: Vec<String>,
    /// How a picture becomes the network's input.
    pub preprocessing: Preprocessing,
    /// How to correct its probabilities, and which answers are sure; `None` where that was not measured.
    pub calibration: Option<Calibration>,
    /// How the network came to be.
    pub note: TrainingNote,
}

/// How a network came to be: for people to read. No answer depends on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingNote {
    /// The datasets, as they were named on the command line.
    pub data: Vec<String>,
    /// The recipe.
    pub preset: String,
    /// The seed of all randomness.
    pub seed: u64,
    /// Epochs trained.
    pub epochs: u32,
    /// Samples in the training set.
    pub samples: u64,
    /// Share of the test set that was classified correctly, 0 to 1.
    pub test_accuracy: Option<f64>,
    /// The same on the validation set.
    pub validation_accuracy: Option<f64>,
    /// When, such as `2026-03-01`.
    pub date: String,
    /// The command that made it.
    pub command: String,
    /// The look of the training pictures, where that could be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
}

impl Model {
    /// The look of the pictures that the network learnt; of older models of characters, that of centred ink. `None` where
    /// it is not known, or a bar in the frame shows the size of the ink.
    pub fn look(&self) -> Option<Look> {
        match self.preprocessing.fit {
            Fit::Stretch => self.note.look,
            Fit::SizedInk | Fit::SizedPaperInk => None,
            Fit::CentreOfMass | Fit::Ink | Fit::PaperInk => self.note.look.or(Some(Look::CENTRED)),
        }
    }

    /// Checks that the parts belong together.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let (classes, outputs) = (self.classes.len(), self.network.outputs());
        let different: BTreeSet<_> = self.classes.iter().collect();
        let input = self.network.architecture().input;
        let made = &self.preprocessing;
        self.preprocessing.validate().map_err(|error| Error::Invalid(error.to_string()))?;
        if classes != outputs {
            return Err(Error::Invalid(format!("{classes} class names for {outputs} outputs")));
        }
        if different.len() != classes || self.classes.iter().any(String::is_empty) {
            return Err(Error::Invalid("a class name is empty or occurs twice".into()));
        }
        if [input.width, input.height, input.channels] != [made.width, made.height, made.channels].map(|n| n as usize) {
            let made = format!("{}x{}x{}", made.height, made.width, made.channels);
            return Err(Error::Invalid(format!("the network reads {input}, the preprocessing makes {made}")));
        }
        if let Some(problem) = self.calibration.and_then(|calibration| calibration.problem()) {
            return Err(Error::Invalid(problem));
        }
        let mut tensors = self.network.tensors().into_iter();
        if let Some(wrong) = tensors.find(|t| t.name.ends_with(".variance") && t.values.iter().any(|v| *v < 0.0)) {
            return Err(Error::Invalid(format!("{}: a variance is below 0", wrong.name)));
        }
        check_finite(self.network.params(), "parameters")?;
        check_finite(self.network.stats(), "statistics")
    }
}

/// Rounds weights to 11 significant bits, as many as numbers of half precision have. The model file is as long as before, but
/// compresses to little more than half of that, which counts for pages and packages that carry it.
///
/// ```
/// let mut weights = [1.0, -0.123_456_79, 0.0];
/// nn_io::compact(&mut weights);
/// assert_eq!(weights, [1.0, -0.123_474_12, 0.0]);
/// ```
pub fn compact(weights: &mut [f32]) {
    const CUT: u32 = 24 - 11; // of the 24 significant bits
    for weight in weights {
        let bits = weight.to_bits();
        let half = (1 << (CUT - 1)) - 1 + (bits >> CUT & 1); // to the nearest, to the even one where both are as near
        let rounded = f32::from_bits((bits + half) & !((1 << CUT) - 1));
        if rounded.is_finite() {
            *weight = rounded;
        }
    }
}

/// Refuses NaN and infinity.
pub(crate) fn check_finite(numbers: &[f32], what: &str) -> Result<(), Error> {
    match numbers.iter().position(|number| !number.is_finite()) {
        Some(at) => Err(Error::Invalid(format!("number {} of the {what} is {}", at + 1, numbers[at]))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nn_core::{Architecture, Shape};

    #[test]
    fn compact_weights_are_near_and_stay() {
        let exact: Vec<f32> = (0..1000).map(|i| (i as f32 * 0.37).sin() * 10f32.powi(i % 7 - 3)).collect();
        let mut weights = exact.clone();
        compact(&mut weights);
        assert!(weights.iter().zip(&exact).all(|(now, was)| (now - was).abs() <= was.abs() / 2048.0));
        assert!(weights.iter().all(|weight| weight.to_bits().trailing_zeros() >= 13));
        let once = weights.clone();
        compact(&mut weights);
        assert_eq!(weights, once);
        let mut extreme = [f32::MAX, f32::MIN, f32::MIN_POSITIVE, 0.0];
        compact(&mut extreme);
        assert!(extreme.iter().all(|weight| weight.is_finite()));
    }

    #[test]
    fn a_variance_below_0_is_refused() {
        let architecture = Architecture::new(Shape::new(1, 2, 1)).dense(2).batch_norm().softmax();
        let mut model = Model {
            network: Network::new(architecture, 1).unwrap(),
            classes: vec!["left".into(), "right".into()],
            preprocessing: Preprocessing::picture(2, 1, 1),
            calibration: None,
            note: TrainingNote::default(),
        };
        assert!(model.check().is_ok());
        model.network.tensor_mut("2.variance").unwrap()[1] = -1.0;
        assert!(model.check().unwrap_err().to_string().contains("2.variance: a variance is below 0"));
    }
}
