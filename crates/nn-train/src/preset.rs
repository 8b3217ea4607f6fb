//! Presets: recipes with a name.

use crate::options::{AugmentLevel, LossKind, OptimizerKind};
use crate::recipe::Recipe;
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
    /// Colour photographs of things in 32x32: four blocks of convolution, pictures mirrored and moved.
    Vehicles,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Cnn, Self::Deep, Self::Mlp, Self::Textbook, Self::Vehicles];

    /// The name as commands have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cnn => "cnn",
            Self::Deep => "deep",
            Self::Mlp => "mlp",
            Self::Textbook => "textbook",
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
        let recipe = Recipe {
            preset: self.name().into(),
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
            seed: 1,
        };
        match self {
            Self::Cnn => {
                let tail = [vec![DROP], dense(128), vec![DROP]];
                Recipe {
                    layers: [pooled(16), pooled(32), conv(64)].into_iter().chain(tail).flatten().collect(),
                    fade: 1.0,
                    shifts: Shifts::Five,
                    ..recipe
                }
            }
            Self::Deep => {
                let blocks = [conv(16), pooled(32), conv(48), pooled(48), conv(96), pooled(96)];
                let tail = [vec![DROP], dense(192), vec![DROP]];
                Recipe {
                    layers: blocks.into_iter().chain(tail).flatten().collect(),
                    augment: AugmentLevel::Strong,
                    fade: 1.0,
                    shifts: Shifts::Nine,
                    epochs: 34,
                    ..recipe
                }
            }
            Self::Mlp => {
                Recipe { layers: [dense(800), dense(512)].concat(), lr: 2e-3, weight_decay: 0.1, epochs: 17, ..recipe }
            }
            Self::Textbook => Recipe {
                layers: [100, 50].into_iter().flat_map(|n| [LayerSpec::dense(n), Activation::Tanh.into()]).collect(),
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
            Self::Vehicles => {
                let tail = [vec![DROP], dense(128), vec![DROP]];
                let blocks = [pooled(32), pooled(64), pooled(96), conv(96)];
                let (epochs, batch_size, augment) = (40, 64, AugmentLevel::Photo);
                Recipe {
                    layers: blocks.into_iter().chain(tail).flatten().collect(),
                    epochs,
                    batch_size,
                    augment,
                    ..recipe
                }
            }
        }
    }
}

/// Drops a fifth of the values.
const DROP: LayerSpec = LayerSpec::Dropout { rate: 0.2 };

/// Convolution by 3x3 kernels, normalised.
fn conv(kernels: usize) -> Vec<LayerSpec> {
    vec![LayerSpec::conv(kernels, 3), LayerSpec::BatchNorm, Activation::Relu.into()]
}

/// Convolution by 3x3 kernels, pooled, normalised: in this order only a quarter of the pixels is normalised.
fn pooled(kernels: usize) -> Vec<LayerSpec> {
    vec![LayerSpec::conv(kernels, 3), LayerSpec::MaxPool { size: 2 }, LayerSpec::BatchNorm, Activation::Relu.into()]
}

/// A dense layer, normalised.
fn dense(units: usize) -> Vec<LayerSpec> {
    vec![LayerSpec::dense(units), LayerSpec::BatchNorm, Activation::Relu.into()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::hidden_layers;
    use nn_data::Size;

    #[test]
    fn every_preset_is_sound_and_its_layers_survive_as_text() {
        for preset in Preset::ALL {
            let recipe = preset.recipe();
            recipe.validate().unwrap();
            assert_eq!(Preset::from_name(&recipe.preset), Some(preset));
            assert_eq!(hidden_layers(&nn_core::layers_to_text(&recipe.layers)).unwrap(), recipe.layers);
            crate::Run::new(&recipe, Size::new(28, 28, 1), 10).unwrap();
        }
    }
}
