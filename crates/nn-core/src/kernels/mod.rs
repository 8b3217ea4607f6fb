//! The machine: fast loops on plain slices. Nothing here knows a layer, a network or a trainer.

pub(crate) mod channels;
pub(crate) mod convolution;
pub mod math;
pub mod matrix;
pub(crate) mod matvec;
pub(crate) mod parallel;
pub(crate) mod pooling;
