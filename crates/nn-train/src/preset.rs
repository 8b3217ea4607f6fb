//! Presets: recipes with a name.

use crate::{AugmentLevel, LossKind, OptimizerKind, Recipe};
use nn_core::{Activation, Init, LayerSpec, Schedule};

/// A documented architecture and recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// A perceptron that trains in about a minute on two cores: 800 and 512 units with batch normalisation, pictures
    /// distorted anew in every epoch.
    Mlp,
    /// The network of a first course: 100 and 50 tanh units, squared error, one sample at a time, nothing else.
    Textbook,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Mlp, Self::Textbook];

    /// The name as commands have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::Textbook => "textbook",
        }
    }

    /// The preset of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// Its recipe.
    pub fn recipe(self) -> Recipe {
        match self {
            Self::Mlp => Recipe {
                preset: self.name().into(),
                layers: [800, 512]
                    .into_iter()
                    .flat_map(|n| [LayerSpec::dense(n), LayerSpec::BatchNorm, Activation::Relu.into()])
                    .collect(),
                init: Init::Auto,
                output: None,
                loss: LossKind::CrossEntropy,
                label_smoothing: 0.05,
                optimizer: OptimizerKind::Adamw,
                lr: 2e-3,
                schedule: Schedule::OneCycle,
                weight_decay: 0.1,
                clip: None,
                epochs: 17,
                batch_size: 128,
                augment: AugmentLevel::Full,
                validation: 0.0,
                patience: None,
                seed: 1,
            },
            Self::Textbook => Recipe {
                preset: self.name().into(),
                layers: [100, 50].into_iter().flat_map(|n| [LayerSpec::dense(n), Activation::Tanh.into()]).collect(),
                init: Init::Uniform(0.5),
                output: Some(Activation::Tanh),
                loss: LossKind::Mse,
                label_smoothing: 0.0,
                optimizer: OptimizerKind::Sgd,
                lr: 0.1,
                schedule: Schedule::Constant,
                weight_decay: 0.0,
                clip: None,
                epochs: 20,
                batch_size: 1,
                augment: AugmentLevel::None,
                validation: 0.0,
                patience: None,
                seed: 1,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers;
    use nn_data::Size;

    #[test]
    fn every_preset_is_sound_and_its_layers_survive_as_text() {
        for preset in Preset::ALL {
            let recipe = preset.recipe();
            recipe.validate().unwrap();
            assert_eq!(Preset::from_name(&recipe.preset), Some(preset));
            assert_eq!(layers::parse(&layers::to_text(&recipe.layers)).unwrap(), recipe.layers);
            crate::Run::new(&recipe, Size::new(28, 28, 1), 10).unwrap();
        }
    }
}
