//! How datasets are read.

use std::path::PathBuf;

use crate::disk::memory::Memory;
use crate::files::range::Scale;
use crate::preprocess::Preprocessing;

/// The options of [`load`](crate::load).
#[derive(Debug, Clone, PartialEq)]
pub struct LoadOptions {
    /// Applied to pictures in folders, and to arrays if `arrays` says so.
    pub preprocessing: Preprocessing,
    /// The treatment of arrays (IDX, CSV, NumPy).
    pub arrays: Arrays,
    /// How the values of the arrays that these belong to became bytes ([`Loaded::scale`](crate::Loaded)): where the values
    /// may come from there, they become bytes in the same way, and where not, a line says so.
    pub scale: Option<Scale>,
    /// Swap rows and columns of arrays, as EMNIST's files need it.
    pub transpose: bool,
    /// List pictures that cannot be decoded instead of stopping at the first.
    pub skip_bad: bool,
    /// The most training samples to read: the first ones or, where these lack a class, the first of each class in turn.
    pub limit: Option<usize>,
    /// Read data without labels too: all of it is of one class with an empty name. Otherwise such data is an error.
    pub unlabelled: bool,
    /// A file that names the classes.
    pub classes: Option<PathBuf>,
    /// Turn the drawings of stroke files over, because their y points up.
    pub y_up: bool,
    /// Leave a test part that stands beside the training part alone.
    pub no_test: bool,
    /// The most memory that one dataset may need.
    pub memory: Memory,
    /// Take rows of fewer than 25 values for pictures.
    pub tiny: bool,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            preprocessing: Preprocessing::mnist(),
            arrays: Arrays::AsTheyAre,
            scale: None,
            transpose: false,
            skip_bad: false,
            limit: None,
            unlabelled: false,
            classes: None,
            y_up: false,
            no_test: false,
            memory: Memory::default(),
            tiny: false,
        }
    }
}

/// The treatment of arrays (IDX, CSV, NumPy).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrays {
    /// They are ready for the network, of whatever size.
    AsTheyAre,
    /// They go through the preprocessing, as pictures do.
    Preprocess,
}
