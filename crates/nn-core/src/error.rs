//! What can be wrong with a network's description, its parameters or a batch.

use crate::shape::Shape;

/// Everything that nn-core refuses. All of it is found when a network or trainer is built; a training step returns
/// no error, and panics only on a batch that does not fit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A layer cannot work on what arrives at it.
    #[error("layer {index} ({layer}): {reason} (its input is {input})")]
    Layer {
        /// Position in the architecture, counted from 1.
        index: usize,
        /// The layer as the architecture names it.
        layer: String,
        /// Shape that arrives at the layer.
        input: Shape,
        /// What is wrong.
        reason: String,
    },
    /// The architecture as a whole makes no network.
    #[error("{0}")]
    Architecture(String),
    /// Parameters do not belong to the architecture.
    #[error("the architecture has {expected} {what}, but {found} were given")]
    Count {
        /// `parameters` or `statistics`.
        what: &'static str,
        /// How many the architecture has.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// An optimizer's state that belongs to another optimizer.
    #[error("the optimizer keeps {expected} numbers, but {found} were given: it is not the one that trained so far")]
    Moments {
        /// How many the optimizer keeps.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// A loss that does not go with the network's last layer.
    #[error("{0}")]
    Loss(String),
}
