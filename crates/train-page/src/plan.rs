//! The plan of a training: the choices that a person makes before it starts.

use anyhow::Result;
use nn_data::Shifts;
use nn_train::{AugmentLevel, Choice, Preset, Recipe, hidden_layers};
use std::fmt::Write;
use std::path::PathBuf;

/// The choices. Where one is `None` or empty, it is as recommended.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingPlan {
    /// The datasets, as they were typed.
    pub data: Vec<PathBuf>,
    /// Architecture and recipe to begin with.
    pub preset: Preset,
    /// The hidden layers as text; the preset's where it is empty.
    pub layers: String,
    /// Passes over the training set.
    pub epochs: Option<u32>,
    /// The distortion of the training pictures.
    pub augment: Option<AugmentLevel>,
    /// Share of the training set that is held back to choose the best epoch.
    pub held_back: f32,
    /// Whether few drawings begin with nothing, too.
    pub begins_with_nothing: bool,
}

impl Default for TrainingPlan {
    fn default() -> Self {
        Self {
            data: vec![],
            preset: Preset::Cnn,
            layers: String::new(),
            epochs: None,
            augment: None,
            held_back: 0.1,
            begins_with_nothing: false,
        }
    }
}

impl TrainingPlan {
    /// The recipe of the preset with what was chosen.
    ///
    /// # Errors
    /// When the layers cannot be read, or a setting is out of its range.
    pub fn recipe(&self) -> Result<Recipe> {
        let mut recipe = self.preset.recipe();
        if self.has_layers() {
            recipe.layers = hidden_layers(&self.layers)?;
            recipe.shifts = Shifts::One; // the preset's views are about its own layers
        }
        let recipe = self.applied(recipe);
        recipe.validate()?;
        Ok(recipe)
    }

    /// A recipe with the choices that do not concern the network.
    pub fn applied(&self, recipe: Recipe) -> Recipe {
        Recipe {
            epochs: self.epochs.unwrap_or(recipe.epochs),
            augment: self.augment.unwrap_or(recipe.augment),
            validation: self.held_back,
            ..recipe
        }
    }

    /// Whether the network is the recommended one, so that a trained one may take its place.
    pub fn takes_any_network(&self) -> bool {
        self.preset == Preset::Cnn && !self.has_layers() && !self.begins_with_nothing
    }

    fn has_layers(&self) -> bool {
        !self.layers.trim().is_empty()
    }

    /// The command that trains the same network, where `held_back` of its data is held back.
    pub fn command(&self, held_back: f32) -> String {
        let mut command = String::from("train --data");
        for path in self.data.iter().map(|path| path.display().to_string()) {
            command += &if path.contains(' ') { format!(" {path:?}") } else { format!(" {path}") };
        }
        let mut flag = |name: &str, value: &dyn std::fmt::Display| _ = write!(command, " --{name} {value}");
        if !self.takes_any_network() {
            flag("preset", &self.preset.name());
        }
        if self.has_layers() {
            flag("layers", &format_args!("{:?}", self.layers.trim()));
        }
        if let Some(epochs) = self.epochs {
            flag("epochs", &epochs);
        }
        if let Some(augment) = self.augment {
            flag("augment", &augment.name());
        }
        if held_back > 0.0 {
            flag("validation", &held_back);
        }
        command
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn choices_change_the_recipe_and_stand_in_the_command() {
        let plan = TrainingPlan { data: vec!["a b".into(), "c".into()], ..TrainingPlan::default() };
        assert_eq!(plan.command(0.1), "train --data \"a b\" c --validation 0.1");
        assert_eq!(plan.recipe().unwrap(), Recipe { validation: 0.1, ..Preset::Cnn.recipe() });
        let (preset, layers) = (Preset::Mlp, " dense:8, relu".into());
        let (epochs, augment) = (Some(3), Some(AugmentLevel::Light));
        let plan = TrainingPlan { preset, layers, epochs, augment, held_back: 0.0, ..plan };
        let recipe = plan.recipe().unwrap();
        assert_eq!((recipe.layers.len(), recipe.epochs, recipe.augment), (2, 3, AugmentLevel::Light));
        assert!(plan.command(0.0).ends_with("--preset mlp --layers \"dense:8, relu\" --epochs 3 --augment light"));
        assert!(TrainingPlan { layers: "dense".into(), ..plan.clone() }.recipe().is_err());
        assert!(!plan.takes_any_network());
    }
}
