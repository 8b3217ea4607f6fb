//! The checks that every layer goes through; call them in the tests of your own layers.
//!
//! ```
//! use nn_core::{Kinds, LayerSpec, Shape, check};
//! check::layer(&LayerSpec::dense(4), &Kinds::default(), Shape::flat(7), 5);
//! ```

#[cfg(not(target_arch = "wasm32"))] // there is no proptest
#[cfg(test)]
mod conv2d;
#[cfg(test)]
mod golden;
pub(crate) mod harness;

pub use harness::{gradients, layer};
