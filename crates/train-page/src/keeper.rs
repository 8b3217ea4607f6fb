//! The keeper of a checkpoint: a training that ends before its time leaves the epochs that it has done.

use anyhow::Result;
use nn_io::Checkpoint;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Checkpoints are written at least this far apart.
const INTERVAL: Duration = Duration::from_secs(10);
/// One is kept ready in memory at least this far apart: short epochs have little time for it.
const READY: Duration = Duration::from_secs(1);

/// Returns the file for the checkpoint of a new training, relative to `home`: `runs/window.checkpoint` or, as long as one of an
/// earlier training is there, the same with a number.
pub fn free(home: &Path) -> PathBuf {
    let name = |n: u32| {
        PathBuf::from(if n == 1 { "runs/window.checkpoint".into() } else { format!("runs/window-{n}.checkpoint") })
    };
    (1..u32::MAX).map(name).find(|path| !home.join(path).exists()).unwrap_or_else(|| name(1))
}

/// Keeps the checkpoint of one training.
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
                std::fs::create_dir_all(folder)?;
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
    pub fn remove(self) {
        if self.epoch.is_some() {
            let _ = std::fs::remove_file(self.path);
        }
    }
}
