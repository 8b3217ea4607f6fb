//! The snapshots of a training, from its beginning to now, as many as the memory for them holds.

use crate::snapshot::Snapshot;
use std::sync::Arc;

/// The memory that the networks of all snapshots may take, in bytes.
const MEMORY: usize = 64 << 20;
/// The fewest and the most snapshots.
const SNAPSHOTS: (usize, usize) = (8, 100);

/// Snapshots in their order. The first and the newest are always there; where all would be too many, those between them
/// are thinned out evenly.
#[derive(Clone, Default)]
pub struct Timeline {
    kept: Vec<Arc<Snapshot>>,
    /// The least distance between two of them, in epochs.
    gap: f64,
}

impl Timeline {
    /// All of them.
    pub fn all(&self) -> &[Arc<Snapshot>] {
        &self.kept
    }

    /// The newest.
    pub fn newest(&self) -> Option<&Arc<Snapshot>> {
        self.kept.last()
    }

    /// Adds the newest.
    pub fn push(&mut self, snapshot: Snapshot) {
        if let [.., before, last] = &self.kept[..]
            && last.at - before.at < self.gap
        {
            self.kept.pop();
        }
        let bytes = size_of_val(snapshot.model.network.params());
        self.kept.push(Arc::new(snapshot));
        let most = (MEMORY / bytes.max(1)).clamp(SNAPSHOTS.0, SNAPSHOTS.1);
        if self.kept.len() > most {
            let last = self.kept.len() - 1;
            self.gap = 2.0 * (self.kept[last].at - self.kept[0].at) / most as f64;
            let mut number = 0..;
            self.kept.retain(|_| number.next().is_some_and(|i| i % 2 == 0 || i == last));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nn_core::{Architecture, Network, Shape};
    use nn_data::{Dataset, Preprocessing, Size};
    use nn_train::{Data, Preset};

    #[test]
    fn a_long_training_keeps_its_beginning_its_end_and_an_even_choice_between_them() {
        let samples = Dataset::from_names(Size::new(1, 1, 1), vec![0, 9], &["a", "b"], vec![]).unwrap();
        let preprocessing = Preprocessing::picture(1, 1, 1);
        let data = Data { train: &samples, validation: None, negatives: None, preprocessing: &preprocessing };
        let probe = crate::snapshot::Probe::new(&data, &Preset::Mlp.recipe());
        let network = Network::new(Architecture::new(Shape::flat(1)).dense(2).softmax(), 1).unwrap();
        let mut timeline = Timeline::default();
        for epoch in 0..1000 {
            timeline.push(probe.look(network.clone(), f64::from(epoch)));
            assert!(timeline.all().len() <= SNAPSHOTS.1);
            assert_eq!(timeline.newest().unwrap().at, f64::from(epoch));
        }
        let at: Vec<f64> = timeline.all().iter().map(|snapshot| snapshot.at).collect();
        assert_eq!(at[0], 0.0);
        assert!(at.len() >= SNAPSHOTS.1 / 3, "{at:?}");
        let widest = at.windows(2).map(|two| two[1] - two[0]).fold(0.0, f64::max);
        assert!(widest <= 3.0 * 1000.0 / at.len() as f64, "{at:?}");
    }
}
