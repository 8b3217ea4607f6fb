//! The memory that a network needs, counted before any of it is taken.

use crate::error::Error;
use crate::layers::build::Kinds;
use crate::network::Network;
use crate::spec::Architecture;

/// Bytes of a number.
const NUMBER: u64 = size_of::<f32>() as u64;

/// The numbers that a network keeps, and those of a pass of one batch through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Parameters.
    pub params: u64,
    /// Inputs and outputs of all layers, for the whole batch.
    pub values: u64,
    /// The caches and the scratch space of all layers, with the inputs that some lay out for their gradients, for the whole batch.
    pub caches: u64,
}

impl Need {
    /// Returns the bytes of a training in which the optimizer keeps `moments` numbers per parameter: the network, its
    /// gradient, the copies of the last whole epoch and of the best, and those that a checkpoint makes.
    pub fn training(self, moments: u64) -> u64 {
        let copies = 7 + 3 * moments;
        NUMBER
            .saturating_mul(self.params.saturating_mul(copies).saturating_add(self.values.saturating_mul(2)))
            .saturating_add(NUMBER.saturating_mul(self.caches))
    }

    /// Returns the bytes of a prediction.
    pub fn prediction(self) -> u64 {
        NUMBER.saturating_mul(self.params.saturating_add(self.values).saturating_add(self.caches))
    }
}

impl Network {
    /// Counts what a network of this crate's own layers needs with batches of `batch` samples; takes no memory for it.
    ///
    /// # Errors
    /// [`Error::Layer`] names the first layer that does not fit.
    pub fn need_of(architecture: Architecture, batch: usize) -> Result<Need, Error> {
        Ok(Self::assemble(architecture, &Kinds::default(), true)?.need(batch))
    }

    /// Counts what the network needs with batches of `batch` samples.
    pub fn need(&self, batch: usize) -> Need {
        let sizes = |index: usize| {
            let layer = &self.stages[index].layer;
            let cache = layer.cache(batch);
            let arranged = layer.shortcuts().map_or(0, |shortcuts| shortcuts.arranged_input(batch));
            let scratch = [cache.values, cache.indices, arranged].map(|values| values as u64);
            (layer.output().features().unwrap_or(usize::MAX) as u64, scratch.into_iter().fold(0, u64::saturating_add))
        };
        let (mut values, mut caches) = (self.inputs() as u64, 0u64);
        for (outputs, cache) in (0..self.stages.len()).map(sizes) {
            values = values.saturating_add(outputs);
            caches = caches.saturating_add(cache);
        }
        Need { params: self.counts().0 as u64, values: values.saturating_mul(batch as u64), caches }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::network::workspace::Workspace;
    use crate::shape::Shape;

    #[test]
    fn the_need_is_what_a_pass_takes() {
        let architecture = || Architecture::new(Shape::new(8, 8, 1)).conv(4, 3).relu().max_pool(2).dense(5).softmax();
        let need = Network::need_of(architecture(), 7).unwrap();
        let network = Network::new(architecture(), 1).unwrap();
        let mut workspace = Workspace::default();
        network.infer(&vec![0.0; 7 * 64], &mut workspace);
        let outputs: usize = workspace.outputs.iter().map(Vec::len).sum();
        let caches: usize = workspace.caches.iter().map(|cache| cache.values.len() + cache.indices.len()).sum();
        assert_eq!(need.params, network.params().len() as u64);
        assert_eq!((need.values, need.caches), ((7 * 64 + outputs) as u64, caches as u64));
        assert_eq!(need, network.need(7));
        assert!(need.training(2) > need.training(0) && need.training(0) > need.prediction());
    }

    #[cfg(target_pointer_width = "64")] // fewer bits have no such numbers
    #[test]
    fn what_no_memory_holds_is_counted_all_the_same() {
        let architecture = Architecture::new(Shape::flat(784)).dense(60_000_000).dense(60_000_000).softmax();
        let need = Network::need_of(architecture, 1 << 20).unwrap();
        assert!(need.params > 1 << 51 && need.training(2) > need.params && need.values > 1 << 46);
    }
}
