//! The errors of building a network or a trainer.

use crate::shape::Shape;

/// Everything that nn-core refuses. It is found when a network or a trainer is built; a training step never returns an
/// error, and panics only on a batch that does not fit.
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
        /// The reason why it cannot.
        reason: String,
    },
    /// A list of layers that cannot be read.
    #[error("layer {index} of the list, {text:?}: {reason}")]
    Text {
        /// Position in the list, counted from 1.
        index: usize,
        /// The layer as it was written.
        text: String,
        /// The reason why it cannot be read.
        reason: String,
    },
    /// The architecture as a whole does not describe a network.
    #[error("{0}")]
    Architecture(String),
    /// Parameters or statistics that do not belong to the architecture.
    #[error("the architecture has {expected} {what}, but {found} were given")]
    Count {
        /// `parameters` or `statistics`.
        what: &'static str,
        /// Number that the architecture has.
        expected: usize,
        /// Number that was given.
        found: usize,
    },
    /// The state of another optimizer.
    #[error("the optimizer keeps {expected} numbers, but {found} were given: it is not the one that trained so far")]
    Moments {
        /// Number that the optimizer keeps.
        expected: usize,
        /// Number that was given.
        found: usize,
    },
    /// A loss that the network's last layer does not suit.
    #[error("{0}")]
    Loss(String),
}
