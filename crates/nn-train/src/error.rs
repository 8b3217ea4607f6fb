//! What can be wrong with a recipe or a checkpoint.

/// Everything that nn-train refuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A layer list that makes no sense.
    #[error("layer {index} of the list, {text:?}: {reason}")]
    Layers {
        /// Position in the list, counted from 1.
        index: usize,
        /// The layer as it was written.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A setting out of its range.
    #[error("{0}")]
    Setting(String),
    /// The network cannot be built.
    #[error(transparent)]
    Network(#[from] nn_core::Error),
    /// Datasets that do not go together.
    #[error(transparent)]
    Data(#[from] nn_data::Error),
}
