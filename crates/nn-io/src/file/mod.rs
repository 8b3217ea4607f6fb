//! The files that this crate reads and writes: a model, a checkpoint, and the frame that both share.

pub(crate) mod checkpoint;
pub(crate) mod format;
mod model;
