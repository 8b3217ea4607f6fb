//! A folder for the networks of a training that memory has no room for. It is removed with the last of them.

use nn_io::{Error, Model};
use std::fs::{File, create_dir_all, read_dir, remove_dir_all, remove_file, write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The beginning of the folder's name. What follows is the number of the process and that of the training in it.
const NAME: &str = "snapshots-";
/// The file in it that is locked as long as the folder is in use.
const LOCK: &str = "lock";

static TRAININGS: AtomicU64 = AtomicU64::new(0);

/// A folder for networks, which is removed with the last of them.
pub struct Shelf {
    folder: PathBuf,
    /// It is locked until this is dropped.
    lock: File,
    count: AtomicU64,
}

impl Shelf {
    /// An empty folder in the folder of runs, which is made where it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made, or its file cannot be locked.
    pub fn new(runs: &Path) -> std::io::Result<Self> {
        let number = TRAININGS.fetch_add(1, Ordering::Relaxed);
        let folder = runs.join(format!("{NAME}{}-{number}", std::process::id()));
        create_dir_all(&folder)?;
        let lock = File::create(folder.join(LOCK))?;
        let shelf = Self { folder, lock, count: AtomicU64::new(0) };
        shelf.lock.try_lock()?; // where this fails, the folder goes
        Ok(shelf)
    }

    /// Writes a model into a file of its own.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put(self: &Arc<Self>, model: &Model) -> anyhow::Result<FiledModel> {
        let path = self.folder.join(format!("{}.mpk", self.count.fetch_add(1, Ordering::Relaxed)));
        let filed = FiledModel { path, _shelf: self.clone() };
        write(&filed.path, model.to_bytes()?)?; // nobody else reads it, so it need not be whole after a power cut
        Ok(filed)
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        let _ = remove_dir_all(&self.folder);
    }
}

/// A model in a file of a shelf, which is removed with it.
pub struct FiledModel {
    path: PathBuf,
    _shelf: Arc<Shelf>,
}

impl FiledModel {
    /// Reads the model.
    ///
    /// # Errors
    /// When somebody has removed or changed the file.
    pub fn read(&self) -> Result<Model, Error> {
        Model::load(&self.path)
    }
}

impl Drop for FiledModel {
    fn drop(&mut self) {
        let _ = remove_file(&self.path);
    }
}

/// Removes the folders of shelves that no program uses any more: those of programs that were ended by force.
pub fn remove_abandoned(runs: &Path) {
    for folder in read_dir(runs).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let is_shelf = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(NAME));
        let lock = File::open(folder.join(LOCK)).ok().filter(|_| is_shelf);
        if lock.is_some_and(|lock| lock.try_lock().is_ok()) {
            let _ = remove_dir_all(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nn_core::{Architecture, Network, Shape};
    use nn_data::Preprocessing;
    use nn_io::TrainingNote;

    #[test]
    fn files_go_with_their_models_and_folders_with_their_trainings() {
        let runs = tempfile::tempdir().unwrap();
        let abandoned = runs.path().join("snapshots-1-0");
        create_dir_all(&abandoned).unwrap();
        write(abandoned.join(LOCK), "").unwrap();
        write(abandoned.join("0.mpk"), "left by a program that was killed").unwrap();
        let count = |folder: &Path| read_dir(folder).unwrap().count();
        let network = Network::new(Architecture::new(Shape::new(1, 2, 1)).dense(2).softmax(), 1).unwrap();
        let (classes, preprocessing) = (["a", "b"].map(String::from).to_vec(), Preprocessing::picture(2, 1, 1));
        let model = Model { network, classes, preprocessing, calibration: None, note: TrainingNote::default() };
        let shelf = Arc::new(Shelf::new(runs.path()).unwrap());
        let other = Shelf::new(runs.path()).unwrap();
        remove_abandoned(runs.path());
        assert!(!abandoned.exists());
        assert!(shelf.folder.exists() && other.folder.exists(), "those in use stay");
        let filed = [shelf.put(&model).unwrap(), shelf.put(&model).unwrap()];
        assert_eq!(filed[1].read().unwrap().network.params(), model.network.params());
        let [first, second] = filed;
        drop(first);
        assert_eq!(count(&shelf.folder), 2, "the lock and the second");
        drop((shelf, other));
        assert_eq!(count(runs.path()), 1, "the second still needs its folder");
        drop(second);
        assert_eq!(count(runs.path()), 0);
    }
}
