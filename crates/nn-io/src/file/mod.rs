//! The files that this crate reads and writes: a model, a checkpoint, and the frame that both share.

// What strangers wrote decides every index here: `get` in place of brackets.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

pub(crate) mod checkpoint;
pub(crate) mod format;
mod model;
