//! The keeper of a checkpoint: a training that ends before its time leaves the epochs that it has done.

use anyhow::Result;
use nn_io::Checkpoint;
use std::fs::{File, create_dir_all, remove_file};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Checkpoints are written at least this far apart.
const INTERVAL: Duration = Duration::from_secs(10);
/// One is kept ready in memory at least this far apart: short epochs have little time for it.
const READY: Duration = Duration::from_secs(1);

/// Makes an empty file for the checkpoint of a new training, which no other training takes, and returns its path relative to
/// `home`: `runs/window.checkpoint` or, as long as one of another training is there, the same with a number. Where no file
/// can be made, the keeper says so when it writes.
pub fn reserve(home: &Path) -> PathBuf {
    let name = |n: u32| {
        PathBuf::from(if n == 1 { "runs/window.checkpoint".into() } else { format!("runs/window-{n}.checkpoint") })
    };
    let is_taken = |path: &PathBuf| {
        let path = home.join(path);
        path.parent().is_some_and(|folder| create_dir_all(folder).is_ok())
            && File::create_new(path).is_err_and(|error| error.kind() == ErrorKind::AlreadyExists)
    };
    (1..u32::MAX).map(name).find(|path| !is_taken(path)).unwrap_or_else(|| name(1))
}

/// Keeps the checkpoint of one training. A file that no checkpoint has come into is removed with the keeper.
pub struct Keeper {
    path: PathBuf,
    written: Instant,
    readied: Option<Instant>,
    ready: Option<Checkpoint>,
    /// The epoch of the newest checkpoint in the file.
    epoch: Option<u32>,
}

impl Keeper {
    /// A keeper that writes to this file, whose folder is made where it is missing.
    pub fn new(path: PathBuf) -> Self {
        Self { path, written: Instant::now(), readied: None, ready: None, epoch: None }
    }

    /// Takes the checkpoint after an epoch, where one is due, and writes it from time to time.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn epoch(&mut self, checkpoint: impl FnOnce() -> Result<Checkpoint>) -> Result<()> {
        if self.readied.is_none_or(|at| at.elapsed() >= READY) {
            self.ready = Some(checkpoint()?);
            self.readied = Some(Instant::now());
        }
        if self.written.elapsed() >= INTERVAL { self.write().map(drop) } else { Ok(()) }
    }

    /// Writes the newest checkpoint; returns its epoch, or `None` where no epoch was finished.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self) -> Result<Option<u32>> {
        if let Some(checkpoint) = self.ready.take() {
            if let Some(folder) = self.path.parent() {
                create_dir_all(folder)?;
            }
            checkpoint.save(&self.path)?;
            self.epoch = Some(checkpoint.epoch);
            self.written = Instant::now();
        }
        Ok(self.epoch)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the file: the training has come to its end.
    pub fn remove(mut self) {
        self.epoch = None;
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if self.epoch.is_none() {
            let _ = remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn two_trainings_that_begin_together_have_a_file_each_which_goes_with_them() {
        let home = tempfile::tempdir().unwrap();
        let paths = [reserve(home.path()), reserve(home.path())];
        assert_eq!(paths, ["runs/window.checkpoint", "runs/window-2.checkpoint"].map(PathBuf::from));
        drop(Keeper::new(home.path().join(&paths[0])));
        assert!(!home.path().join(&paths[0]).exists() && home.path().join(&paths[1]).exists());
        assert_eq!(reserve(home.path()), paths[0]);
    }
}
