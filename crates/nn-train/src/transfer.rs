//! Transfer: a network begins with what a trained model knows, so that few drawings are enough.
//!
//! The layers and their parameters are the model's. Of its last dense layer, the rows of classes that both know are kept;
//! other classes begin at random (Yosinski et al., "How transferable are features in deep neural networks?", 2014).

use crate::error::Error;
use crate::head::cut;
use crate::options::{AugmentLevel, LossKind};
use crate::preset::Preset;
use crate::recipe::Recipe;
use nn_core::Network;
use nn_data::Size;
use nn_io::Model;

impl Recipe {
    /// The name of the preset of a network that begins with a trained model.
    pub const TRANSFER: &str = "transfer";

    /// The recipe of a network that begins with the layers and parameters of `model`: small steps, and drawings distorted
    /// as hands differ.
    ///
    /// # Errors
    /// When the model's network does not end in a dense layer and its activation.
    pub fn transfer(model: &Model) -> Result<Self, Error> {
        let (hidden, output) = cut(&model.network.architecture().layers)?;
        let augment = if model.preprocessing.fit.finds_ink() { AugmentLevel::Hand } else { AugmentLevel::Full };
        Ok(Self {
            preset: Self::TRANSFER.into(),
            layers: hidden.to_vec(),
            output,
            loss: if output.is_none() { LossKind::CrossEntropy } else { LossKind::Mse },
            lr: 3e-4,
            augment,
            fade: 1.0,
            shifts: model.preprocessing.shifts,
            ..Preset::Cnn.recipe()
        })
    }

    /// The network of this recipe for `classes`, with the parameters of `model`.
    ///
    /// # Errors
    /// When the recipe has other layers than the model.
    pub fn transferred(&self, model: &Model, classes: &[String]) -> Result<Network, Error> {
        let made = &model.preprocessing;
        let size = Size::new(made.width as usize, made.height as usize, made.channels as usize);
        let mut network = Network::new(self.architecture(size, classes.len()), self.seed)?;
        let last = format!("{}.", self.layers.len() + 1);
        for tensor in model.network.tensors() {
            let found = network.tensor_mut(&tensor.name);
            let values = found.ok_or_else(|| Error::Setting("the recipe's layers are not the model's".into()))?;
            if !tensor.name.starts_with(&last) {
                values.copy_from_slice(tensor.values);
                continue;
            }
            let width = tensor.shape.iter().skip(1).product();
            for (row, class) in values.chunks_exact_mut(width).zip(classes) {
                if let Some(at) = model.classes.iter().position(|known| known == class) {
                    row.copy_from_slice(&tensor.values[at * width..][..width]);
                }
            }
        }
        Ok(network)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nn_core::Shape;
    use nn_data::Preprocessing;
    use nn_io::TrainingNote;

    fn model(architecture: nn_core::Architecture) -> Model {
        Model {
            network: Network::new(architecture, 5).unwrap(),
            classes: ["a".into(), "b".into(), "c".into()].to_vec(),
            preprocessing: Preprocessing::ink(4, 4),
            calibration: None,
            note: TrainingNote::default(),
        }
    }

    #[test]
    fn known_classes_keep_their_rows_and_features_stay() {
        let input = Shape::new(4, 4, 1);
        let model = model(nn_core::Architecture::new(input).dense(5).batch_norm().dense(3).softmax());
        let recipe = Recipe::transfer(&model).unwrap();
        let network = recipe.transferred(&model, &["c".into(), "new".into()]).unwrap();
        let [old, new] = [model.network.tensors(), network.tensors()];
        assert_eq!(old[..6], new[..6], "dense and batch normalisation");
        let [weight, bias] = [&new[6].values, &new[7].values];
        assert_eq!((weight[..5].to_vec(), bias[0]), (old[6].values[10..].to_vec(), old[7].values[2]));
        assert!(old[6].values.windows(5).all(|row| row != &weight[5..]), "a new class begins at random");
    }

    #[test]
    fn networks_that_end_otherwise_are_refused() {
        let model = model(nn_core::Architecture::new(Shape::new(4, 4, 1)).dense(3));
        assert!(Recipe::transfer(&model).unwrap_err().to_string().contains("does not end"));
    }
}
