//! The errors of recipes and checkpoints.

/// Everything that nn-train refuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting out of its range.
    #[error("{0}")]
    Setting(String),
    /// The layers cannot be read, or make no network.
    #[error(transparent)]
    Network(#[from] nn_core::Error),
    /// Datasets that do not go together.
    #[error(transparent)]
    Data(#[from] nn_data::Error),
}
