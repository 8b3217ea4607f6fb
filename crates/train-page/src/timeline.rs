//! The snapshots of a training, from its beginning to now, as many as memory and the disk have room for.

use crate::shelf::FiledModel;
use crate::snapshot::{ProbeScore, Snapshot};
use nn_io::Model;
use std::sync::Arc;

/// The memory that all snapshots may take, with everything in them, in bytes.
const MEMORY: usize = 64 << 20;
/// The room that networks may take in files beside that, in bytes.
const DISK: usize = 512 << 20;
/// The most snapshots.
const SNAPSHOTS: usize = 100;

/// Snapshots in their order. The first and the newest are always there; where all would be too many, those between them
/// are thinned out evenly. Where memory ends, the networks of the older ones go to files.
#[derive(Clone)]
pub struct Timeline {
    kept: Vec<Moment>,
    /// The least distance between two of them, in epochs.
    gap: f64,
    /// The room in memory, and that in files; none where there can be no files.
    memory: usize,
    disk: usize,
}

impl Default for Timeline {
    fn default() -> Self {
        Self { kept: vec![], gap: 0.0, memory: MEMORY, disk: 0 }
    }
}

/// A snapshot, or all of it but the network, which is in a file.
#[derive(Clone)]
pub enum Moment {
    /// It is in memory.
    Here(Arc<Snapshot>),
    /// Its network is in a file.
    Filed(Arc<FiledSnapshot>),
}

/// A snapshot whose network is in a file.
pub struct FiledSnapshot {
    /// Epochs done by then.
    at: f64,
    measured: Arc<ProbeScore>,
    model: FiledModel,
    /// The room that the network takes, in bytes.
    bytes: usize,
}

impl FiledSnapshot {
    /// Reads the network; this takes a moment, so do it on a worker.
    ///
    /// # Errors
    /// When somebody has removed or changed the file.
    pub fn read(&self) -> anyhow::Result<Snapshot> {
        let model = Arc::new(self.model.read()?);
        Ok(Snapshot { at: self.at, model, measured: self.measured.clone() })
    }
}

impl Moment {
    /// Epochs done by then.
    pub fn at(&self) -> f64 {
        match self {
            Self::Here(snapshot) => snapshot.at,
            Self::Filed(filed) => filed.at,
        }
    }

    fn measured(&self) -> &ProbeScore {
        match self {
            Self::Here(snapshot) => &snapshot.measured,
            Self::Filed(filed) => &filed.measured,
        }
    }

    /// The bytes in memory, and those in a file.
    fn bytes(&self) -> [usize; 2] {
        match self {
            Self::Here(snapshot) => [model_bytes(&snapshot.model) + snapshot.measured.bytes(), 0],
            Self::Filed(filed) => [filed.measured.bytes(), filed.bytes],
        }
    }
}

/// The bytes that a model takes: parameters, statistics, and the names of classes.
fn model_bytes(model: &Model) -> usize {
    let names: usize = model.classes.iter().map(|name| name.len() + size_of::<String>()).sum();
    size_of_val(model.network.params()) + size_of_val(model.network.stats()) + names
}

impl Timeline {
    /// All of them.
    pub fn all(&self) -> &[Moment] {
        &self.kept
    }

    /// The newest, which is always in memory.
    pub fn newest(&self) -> Option<&Arc<Snapshot>> {
        match self.kept.last()? {
            Moment::Here(snapshot) => Some(snapshot),
            Moment::Filed(_) => None,
        }
    }

    /// Lets networks go to files.
    pub fn allow_files(&mut self) {
        self.disk = DISK;
    }

    /// Adds the newest.
    pub fn push(&mut self, snapshot: Snapshot) {
        if let [.., before, last] = &self.kept[..]
            && last.at() - before.at() < self.gap
        {
            self.kept.pop();
        }
        self.kept.push(Moment::Here(Arc::new(snapshot)));
        self.thin();
    }

    /// Every second of them goes, where all are too many.
    fn thin(&mut self) {
        while self.kept.len() > 2 && self.is_full() {
            let last = self.kept.len() - 1;
            self.gap = 2.0 * (self.kept[last].at() - self.kept[0].at()) / last as f64;
            let mut number = 0..;
            self.kept.retain(|_| number.next().is_some_and(|i| i % 2 == 0 || i == last));
        }
    }

    /// Returns whether they need more room than there is, or more of the memory with what cannot go to files.
    fn is_full(&self) -> bool {
        let bytes: usize = self.kept.iter().flat_map(Moment::bytes).sum();
        let newest = self.newest().map_or(0, |newest| model_bytes(&newest.model));
        let stays = newest + self.kept.iter().map(|moment| moment.measured().bytes()).sum::<usize>();
        self.kept.len() > SNAPSHOTS || bytes > self.memory + self.disk || stays > self.memory
    }

    /// The snapshots whose networks have to go to files, the oldest first.
    pub fn to_file(&self) -> Vec<Arc<Snapshot>> {
        let mut bytes: usize = self.kept.iter().map(|moment| moment.bytes()[0]).sum();
        let mut found = vec![];
        for moment in &self.kept[..self.kept.len().saturating_sub(1)] {
            if let Moment::Here(snapshot) = moment
                && bytes > self.memory
                && self.disk > 0
            {
                bytes -= model_bytes(&snapshot.model);
                found.push(snapshot.clone());
            }
        }
        found
    }

    /// The network of a snapshot is in a file now or, where it could not be written, has no place any more:
    /// then files take no more room than they do now.
    pub fn filed(&mut self, snapshot: &Arc<Snapshot>, model: Option<FiledModel>) {
        let is_it = |moment: &Moment| matches!(moment, Moment::Here(here) if Arc::ptr_eq(here, snapshot));
        let Some(place) = self.kept.iter().position(is_it) else { return };
        match model {
            Some(model) => {
                let (at, measured, bytes) = (snapshot.at, snapshot.measured.clone(), model_bytes(&snapshot.model));
                self.kept[place] = Moment::Filed(Arc::new(FiledSnapshot { at, measured, model, bytes }));
            }
            None => {
                self.disk = self.kept.iter().map(|moment| moment.bytes()[1]).sum();
                self.thin();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::shelf::Shelf;
    use crate::snapshot::Probe;
    use nn_core::{Architecture, Network, Shape};
    use nn_data::{Dataset, Preprocessing, Size};
    use nn_train::{Data, Preset};
    use std::fs::read_dir;
    use std::path::Path;

    /// Pushes a snapshot for each of some epochs, and lets `after` look at the timeline each time.
    fn filled(timeline: &mut Timeline, epochs: u32, mut after: impl FnMut(&mut Timeline)) {
        let samples = Dataset::from_names(Size::new(1, 1, 1), vec![0, 9], &["a", "b"], vec![]).unwrap();
        let preprocessing = Preprocessing::picture(1, 1, 1);
        let data = Data { train: &samples, validation: None, negatives: None, preprocessing: &preprocessing };
        let probe = Probe::new(&data, &Preset::Mlp.recipe());
        let network = Network::new(Architecture::new(Shape::flat(1)).dense(300).dense(2).softmax(), 1).unwrap();
        for epoch in 0..epochs {
            let mut network = network.clone();
            network.params_mut()[0] = epoch as f32;
            timeline.push(probe.look(network, f64::from(epoch)));
            assert_eq!(timeline.newest().unwrap().at, f64::from(epoch));
            after(timeline);
        }
    }

    fn bytes(timeline: &Timeline) -> [usize; 2] {
        let each = timeline.all().iter().map(Moment::bytes);
        each.fold([0, 0], |sum, bytes| [sum[0] + bytes[0], sum[1] + bytes[1]])
    }

    #[test]
    fn a_long_training_keeps_its_beginning_its_end_and_an_even_choice_between_them() {
        let mut timeline = Timeline::default();
        filled(&mut timeline, 1000, |timeline| assert!(timeline.all().len() <= SNAPSHOTS));
        let at: Vec<f64> = timeline.all().iter().map(Moment::at).collect();
        assert_eq!(at[0], 0.0);
        assert!(at.len() >= SNAPSHOTS / 3, "{at:?}");
        let widest = at.windows(2).map(|two| two[1] - two[0]).fold(0.0, f64::max);
        assert!(widest <= 3.0 * 1000.0 / at.len() as f64, "{at:?}");
    }

    #[test]
    fn what_memory_cannot_hold_goes_to_files_and_comes_back() {
        let runs = tempfile::tempdir().unwrap();
        let shelf = Arc::new(Shelf::new(runs.path()).unwrap());
        let mut timeline = Timeline::default();
        filled(&mut timeline, 1, |_| ());
        let [one, _] = bytes(&timeline);
        let mut timeline = Timeline { memory: 10 * one, disk: 0, ..Timeline::default() };
        filled(&mut timeline, 40, |timeline| assert!(bytes(timeline)[0] <= 10 * one));
        assert!(timeline.all().len() <= 10, "without files memory is all there is");
        let mut timeline = Timeline { memory: 10 * one, disk: 20 * one, ..Timeline::default() };
        filled(&mut timeline, 200, |timeline| {
            for snapshot in timeline.to_file() {
                timeline.filed(&snapshot, shelf.put(&snapshot.model).ok());
            }
            let [here, filed] = bytes(timeline);
            assert!(here <= 10 * one && here + filed <= 30 * one, "{here} {filed} {one}");
        });
        let filed: Vec<_> = timeline.all().iter().filter(|moment| matches!(moment, Moment::Filed(_))).collect();
        assert!(!filed.is_empty());
        for moment in filed {
            let Moment::Filed(filed) = moment else { continue };
            let read = filed.read().unwrap();
            assert_eq!((read.at, f64::from(read.model.network.params()[0])), (moment.at(), moment.at()));
        }
        let files = |runs: &Path| read_dir(runs).unwrap().map(|shelf| read_dir(shelf.unwrap().path()).unwrap().count());
        let here = timeline.all().iter().filter(|moment| matches!(moment, Moment::Here(_))).count();
        assert_eq!(files(runs.path()).sum::<usize>() - 1, timeline.all().len() - here, "thinned ones leave no file");
    }

    #[test]
    fn where_no_file_can_be_written_memory_is_all_there_is() {
        let mut timeline = Timeline::default();
        filled(&mut timeline, 1, |_| ());
        let [one, _] = bytes(&timeline);
        let mut timeline = Timeline { memory: 4 * one, disk: 100 * one, ..Timeline::default() };
        filled(&mut timeline, 9, |_| ());
        let to_file = timeline.to_file();
        assert_eq!((timeline.all().len(), to_file.len()), (9, 6), "a network less than all that is in a snapshot");
        timeline.filed(&to_file[0], None);
        assert!(bytes(&timeline)[0] <= 4 * one && timeline.to_file().is_empty());
    }

    #[test]
    fn a_disk_that_is_full_keeps_what_it_has() {
        let runs = tempfile::tempdir().unwrap();
        let shelf = Arc::new(Shelf::new(runs.path()).unwrap());
        let mut timeline = Timeline::default();
        filled(&mut timeline, 1, |_| ());
        let [one, _] = bytes(&timeline);
        let mut timeline = Timeline { memory: 4 * one, disk: 100 * one, ..Timeline::default() };
        let files = |timeline: &Timeline| timeline.all().iter().filter(|at| matches!(at, Moment::Filed(_))).count();
        filled(&mut timeline, 60, |timeline| {
            if let Some(snapshot) = timeline.to_file().first() {
                let has_room = files(timeline) < 8;
                timeline.filed(snapshot, has_room.then(|| shelf.put(&snapshot.model).unwrap()));
            }
            assert!(bytes(timeline)[0] <= 5 * one);
        });
        assert!((3..=8).contains(&files(&timeline)), "{}", files(&timeline));
    }
}
