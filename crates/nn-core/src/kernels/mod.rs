//! The machine: fast loops on plain slices. Nothing here knows a layer, a network or a trainer.

pub(crate) mod bfloat16;
pub(crate) mod channels;
pub(crate) mod convolution;
pub(crate) mod dense;
pub(crate) mod dropout;
pub(crate) mod epilogue;
pub(crate) mod few;
pub mod math;
pub mod matrix;
pub(crate) mod normalise;
pub mod parallel;
pub(crate) mod pooling;
pub mod share;
pub mod simd;
