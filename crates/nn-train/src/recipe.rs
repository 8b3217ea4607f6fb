//! A recipe: every setting of a training run, as plain data.

use crate::error::Error;
use crate::options::{AugmentLevel, Choice, LossKind, OptimizerKind};
use nn_core::{Activation, Adam, AdamW, Architecture, Init, LayerSpec, Loss, Optimizer, Schedule, Sgd, Shape};
use nn_data::{Augment, Shifts, Size};
use serde::{Deserialize, Serialize};

/// Every setting that decides which network a training makes from its data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The preset it began as.
    pub preset: String,
    /// The layers before the last dense one.
    pub layers: Vec<LayerSpec>,
    /// How dense layers start.
    pub init: Init,
    /// Activation of the outputs; a softmax where there is none.
    pub output: Option<Activation>,
    /// The loss.
    pub loss: LossKind,
    /// Share of each target that is spread over all classes (cross-entropy only).
    pub label_smoothing: f32,
    /// The optimizer.
    pub optimizer: OptimizerKind,
    /// Peak learning rate.
    pub lr: f32,
    /// How the learning rate moves.
    pub schedule: Schedule,
    /// Strength of weight decay: an L2 penalty, decoupled for AdamW.
    pub weight_decay: f32,
    /// Largest norm of a gradient.
    pub clip: Option<f32>,
    /// Passes over the training set.
    pub epochs: u32,
    /// Samples a step.
    pub batch_size: usize,
    /// Distortion of the training pictures.
    pub augment: AugmentLevel,
    /// Share of the epochs, the last, over which the distortion fades to nothing, so that the network ends on pictures
    /// as they are; 0 where it stays.
    #[serde(default)]
    pub fade: f32,
    /// In how many positions pictures are read when the network is asked; it learns one at a time.
    #[serde(rename = "views", default)]
    pub shifts: Shifts,
    /// Whether every class comes equally often in an epoch, however many samples it has.
    #[serde(default)]
    pub balance: bool,
    /// Share of the training set that is held back to choose the best epoch; 0 for none.
    pub validation: f32,
    /// Epochs without a better one on the validation set after which training stops.
    pub patience: Option<u32>,
    /// Whether the network of the last epoch is kept, and not that of the best one on the validation set.
    #[serde(default)]
    pub keep_last: bool,
    /// Seed of everything random.
    pub seed: u64,
}

/// Reads the hidden layers of a network from text, separated by commas: `conv:16x3, relu, pool:2, dense:100`.
///
/// # Errors
/// Names the layer that cannot be read, and the layers that there are; refuses a softmax, which follows from the classes.
pub fn hidden_layers(text: &str) -> Result<Vec<LayerSpec>, Error> {
    let layers = nn_core::parse_layers(text)?;
    if let Some(at) = layers.iter().position(|layer| *layer == LayerSpec::Softmax) {
        let reason = "the last dense layer and the softmax follow from the classes: leave it out".into();
        return Err(nn_core::Error::Text { index: at + 1, text: "softmax".into(), reason }.into());
    }
    Ok(layers)
}

impl Recipe {
    /// The network for pictures of `size` and a number of classes.
    pub fn architecture(&self, size: Size, classes: usize) -> Architecture {
        let mut layers = self.layers.clone();
        layers.push(LayerSpec::dense(classes));
        layers.push(self.output.map_or(LayerSpec::Softmax, LayerSpec::Activation));
        for layer in &mut layers {
            if let LayerSpec::Dense { init: init @ Init::Auto, .. }
            | LayerSpec::Conv2d { init: init @ Init::Auto, .. } = layer
            {
                *init = self.init;
            }
        }
        Architecture { input: Shape::new(size.height, size.width, size.channels), layers }
    }

    /// The distortion of an epoch, from 1.
    pub fn augment(&self, epoch: u32) -> Augment {
        let left = (self.epochs.saturating_sub(epoch)) as f32 / (self.epochs.max(2) - 1) as f32;
        let augment = self.augment.augment();
        if left < self.fade { augment.scaled(left / self.fade) } else { augment }
    }

    /// The loss with its settings.
    pub fn loss(&self) -> Loss {
        match self.loss {
            LossKind::CrossEntropy => Loss::CrossEntropy { label_smoothing: self.label_smoothing },
            LossKind::Mse => Loss::MeanSquaredError,
        }
    }

    /// The optimizer with its settings.
    pub fn optimizer(&self) -> Box<dyn Optimizer> {
        let weight_decay = self.weight_decay;
        let sgd = |momentum, nesterov| Box::new(Sgd { momentum, nesterov, weight_decay });
        let adam = Adam { weight_decay, ..Adam::default() };
        match self.optimizer {
            OptimizerKind::Sgd => sgd(0.0, false),
            OptimizerKind::Momentum => sgd(0.9, false),
            OptimizerKind::Nesterov => sgd(0.9, true),
            OptimizerKind::Adam => Box::new(adam),
            OptimizerKind::Adamw => Box::new(AdamW(adam)),
        }
    }

    /// Every setting and its value, by the names that commands use where there are some.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".into());
        let output = self.output.map_or(LayerSpec::Softmax, LayerSpec::Activation);
        let hidden = self.layers.iter().map(LayerSpec::to_string);
        let layers: Vec<String> = hidden.chain(["dense:classes".into(), output.to_string()]).collect();
        vec![
            ("preset", self.preset.clone()),
            ("layers", layers.join(", ")),
            ("initialisation", format!("{:?}", self.init)),
            ("loss", self.loss.name().into()),
            ("label smoothing", self.label_smoothing.to_string()),
            ("optimizer", self.optimizer.name().into()),
            ("learning rate", self.lr.to_string()),
            ("schedule", self.schedule.name().into()),
            ("weight decay", self.weight_decay.to_string()),
            ("gradient clipping", or_none(self.clip.map(|c| c.to_string()))),
            ("epochs", self.epochs.to_string()),
            ("batch size", self.batch_size.to_string()),
            ("augmentation", self.augment.name().into()),
            ("augmentation fades over the last", self.fade.to_string()),
            ("views at prediction", self.shifts.count().to_string()),
            ("classes balanced", self.balance.to_string()),
            ("validation share", self.validation.to_string()),
            ("patience", or_none(self.patience.map(|p| p.to_string()))),
            ("epoch kept", if self.keep_last { "the last" } else { "the best on the validation set" }.into()),
            ("seed", self.seed.to_string()),
        ]
    }

    /// Checks that every setting is in its range.
    ///
    /// # Errors
    /// [`Error::Setting`] names the first that is not.
    pub fn validate(&self) -> Result<(), Error> {
        let positive = self.lr.is_finite() && self.lr > 0.0;
        for (good, what) in [
            (positive, format!("the learning rate must be above 0, not {}", self.lr)),
            (self.epochs > 0, "at least one epoch is needed".into()),
            (self.batch_size > 0, "a batch needs at least one sample".into()),
            (
                self.batch_size > 1 || !self.layers.contains(&LayerSpec::BatchNorm),
                "batch normalisation needs batches of at least two samples".into(),
            ),
            (
                self.clip.is_none_or(|c| c.is_finite() && c > 0.0),
                "the largest norm of a gradient must be above 0".into(),
            ),
            ((0.0..1.0).contains(&self.validation), "the validation share must be at least 0 and below 1".into()),
            ((0.0..=1.0).contains(&self.fade), "the share of epochs over which distortion fades must be 0 to 1".into()),
            (self.patience != Some(0), "the patience must be at least one epoch".into()),
            (
                self.patience.is_none() || !self.keep_last,
                "patience waits for the best epoch, so the last cannot be kept".into(),
            ),
            (
                self.weight_decay.is_finite() && self.weight_decay >= 0.0,
                format!("weight decay must be at least 0, not {}", self.weight_decay),
            ),
            (
                self.loss == LossKind::Mse || self.output.is_none(),
                "cross-entropy needs a softmax at the end; use the loss mse with other outputs".into(),
            ),
        ] {
            if !good {
                return Err(Error::Setting(what));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preset;

    #[test]
    fn distortion_fades_over_the_last_epochs() {
        let recipe = Recipe { epochs: 11, fade: 0.5, ..Preset::Cnn.recipe() };
        let full = recipe.augment.augment();
        for epoch in 1..=6 {
            assert_eq!(recipe.augment(epoch), full, "epoch {epoch}");
        }
        let rotate: Vec<f32> = (6..=11).map(|epoch| recipe.augment(epoch).rotate / full.rotate).collect();
        assert!(rotate.iter().zip([1.0, 0.8, 0.6, 0.4, 0.2, 0.0]).all(|(a, b)| (a - b).abs() < 1e-6), "{rotate:?}");
        assert!(recipe.augment(11).is_none());
        assert_eq!(Recipe { fade: 0.0, ..recipe.clone() }.augment(11), full);
        assert!(Recipe { epochs: 1, ..recipe }.augment(1).is_none(), "the only epoch is the last");
    }

    #[test]
    fn a_softmax_among_hidden_layers_is_refused() {
        let error = hidden_layers("dense:5, softmax").unwrap_err().to_string();
        assert!(error.starts_with("layer 2 of the list, \"softmax\": ") && error.ends_with("leave it out"), "{error}");
    }
}
