//! Presets: recipes with a name.

use crate::options::{AugmentLevel, LossKind, OptimizerKind};
use crate::recipe::{Recipe, hidden_layers};
use nn_core::{Activation, Init, LayerSpec, Schedule};
use nn_data::Shifts;

/// A documented architecture and recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// A convolutional network that trains in little more than a minute on two cores: 16, 32 and 64 kernels, 128 units.
    Cnn,
    /// A deeper one that takes less than 20 minutes: two convolutions before each pool, and more of everything.
    Deep,
    /// A perceptron that trains in about a minute on two cores: 800 and 512 units with batch normalisation, pictures
    /// distorted anew in every epoch.
    Mlp,
    /// The network of a first course: 100 and 50 tanh units, squared error, one sample at a time, nothing else.
    Textbook,
    /// At most 16,000 parameters, for devices with little memory: six convolutions of 8 to 24 kernels and nothing else.
    Tiny,
    /// Colour photographs of things in 32x32: four blocks of convolution, pictures mirrored and moved.
    Vehicles,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Cnn, Self::Deep, Self::Mlp, Self::Textbook, Self::Tiny, Self::Vehicles];

    /// The name as commands have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cnn => "cnn",
            Self::Deep => "deep",
            Self::Mlp => "mlp",
            Self::Textbook => "textbook",
            Self::Tiny => "tiny",
            Self::Vehicles => "vehicles",
        }
    }

    /// The preset of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// Width and height of the colour pictures that it is for, where it is for colour.
    pub fn colour(self) -> Option<(u32, u32)> {
        (self == Self::Vehicles).then_some((32, 32))
    }

    /// Its recipe.
    pub fn recipe(self) -> Recipe {
        let recipe = Recipe { preset: self.name().into(), layers: self.layers(), ..common() };
        match self {
            Self::Cnn => Recipe { fade: 1.0, shifts: Shifts::Five, ..recipe },
            Self::Deep => {
                Recipe { augment: AugmentLevel::Strong, fade: 1.0, shifts: Shifts::Nine, epochs: 34, ..recipe }
            }
            Self::Mlp => Recipe { lr: 2e-3, weight_decay: 0.1, epochs: 17, ..recipe },
            Self::Textbook => Recipe {
                init: Init::Uniform(0.5),
                output: Some(Activation::Tanh),
                loss: LossKind::Mse,
                label_smoothing: 0.0,
                optimizer: OptimizerKind::Sgd,
                lr: 0.1,
                schedule: Schedule::Constant,
                weight_decay: 0.0,
                epochs: 20,
                batch_size: 1,
                augment: AugmentLevel::None,
                ..recipe
            },
            // What so small a network makes of its last pictures matters: they stay distorted for most of the time.
            Self::Tiny => Recipe {
                lr: 6e-3,
                weight_decay: 0.01,
                label_smoothing: 0.03,
                fade: 0.25,
                shifts: Shifts::Five,
                epochs: 40,
                ..recipe
            },
            Self::Vehicles => Recipe { epochs: 40, batch_size: 64, augment: AugmentLevel::Photo, ..recipe },
        }
    }

    /// The hidden layers. A pool stands before the normalisation, so that only a quarter of the pixels is normalised.
    fn layers(self) -> Vec<LayerSpec> {
        let text = match self {
            Self::Cnn => {
                "conv:16x3, pool:2, batchnorm, relu, conv:32x3, pool:2, batchnorm, relu, conv:64x3, batchnorm, relu, \
                 dropout:0.2, dense:128, batchnorm, relu, dropout:0.2"
            }
            Self::Deep => {
                "conv:16x3, batchnorm, relu, conv:32x3, pool:2, batchnorm, relu, \
                 conv:48x3, batchnorm, relu, conv:48x3, pool:2, batchnorm, relu, \
                 conv:96x3, batchnorm, relu, conv:96x3, pool:2, batchnorm, relu, \
                 dropout:0.2, dense:192, batchnorm, relu, dropout:0.2"
            }
            Self::Mlp => "dense:800, batchnorm, relu, dense:512, batchnorm, relu",
            Self::Textbook => "dense:100, tanh, dense:50, tanh",
            Self::Tiny => {
                "conv:8x3, batchnorm, relu, conv:12x3, pool:2, batchnorm, relu, conv:16x3, batchnorm, relu, \
                 conv:16x3, pool:2, batchnorm, relu, conv:24x3, batchnorm, relu, conv:22x3, pool:2, batchnorm, relu"
            }
            Self::Vehicles => {
                "conv:32x3, pool:2, batchnorm, relu, conv:64x3, pool:2, batchnorm, relu, \
                 conv:96x3, pool:2, batchnorm, relu, conv:96x3, batchnorm, relu, \
                 dropout:0.2, dense:128, batchnorm, relu, dropout:0.2"
            }
        };
        hidden_layers(text).unwrap_or_default() // a test reads all of them
    }
}

/// The settings that most presets share.
fn common() -> Recipe {
    Recipe {
        preset: String::new(),
        layers: vec![],
        init: Init::Auto,
        output: None,
        loss: LossKind::CrossEntropy,
        label_smoothing: 0.05,
        optimizer: OptimizerKind::Adamw,
        lr: 3e-3,
        schedule: Schedule::OneCycle,
        weight_decay: 0.05,
        clip: None,
        epochs: 14,
        batch_size: 128,
        augment: AugmentLevel::Full,
        fade: 0.0,
        shifts: Shifts::One,
        balance: false,
        validation: 0.0,
        patience: None,
        keep_last: false,
        seed: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nn_data::Size;

    #[test]
    fn every_preset_is_sound_and_its_layers_survive_as_text() {
        for preset in Preset::ALL {
            let recipe = preset.recipe();
            assert!(recipe.layers.len() >= 4);
            recipe.validate().unwrap();
            assert_eq!(Preset::from_name(&recipe.preset), Some(preset));
            assert_eq!(hidden_layers(&nn_core::layers_to_text(&recipe.layers)).unwrap(), recipe.layers);
            let run = crate::Run::new(&recipe, Size::new(28, 28, 1), 10).unwrap();
            assert!(preset != Preset::Tiny || run.trainer.network().params().len() <= 16_000);
        }
    }
}
