//! Predicts with a network that was trained elsewhere, on a machine without an operating system: `no_std`, an allocator, and
//! plain loops. It reads what `classify export MODEL --to weights.safetensors` writes:
//!
//! ```no_run
//! # fn run(pixels: &[f32]) -> Result<(), nn_embed::Error> {
//! static WEIGHTS: &[u8] = &[]; // include_bytes!("weights.safetensors")
//!
//! let network = nn_embed::EmbeddedNetwork::from_safetensors(WEIGHTS)?;
//! let probabilities = network.predict(pixels)?;
//! # Ok(())
//! # }
//! ```
//!
//! The input is what the network takes in Barnacle: prepared pictures, each value divided by 255, less the mean, divided by
//! the standard deviation of its channel (0 and 1 for drawings). Every layer of nn-core is there, and the outputs differ
//! from nn-core's by the rounding of sums alone.
#![no_std]

extern crate alloc;

mod error;
mod layer;
mod signal;
mod weights;

pub use error::Error;

use crate::layer::EmbeddedLayer;
use crate::signal::{Extent, Signal};
use crate::weights::StoredWeights;
use alloc::vec::Vec;

/// A network that predicts.
#[derive(Clone, Debug)]
pub struct EmbeddedNetwork {
    input: Extent,
    layers: Vec<EmbeddedLayer>,
    outputs: usize,
}

impl EmbeddedNetwork {
    /// Reads a network from a safetensors file that names its layers in the metadata, as `classify export` writes it.
    ///
    /// # Errors
    /// Where the bytes are no such file, or its weights are not those of the layers.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, Error> {
        let (text, mut weights) = StoredWeights::read(bytes)?;
        let (input, layers) = text.split_once(" -> ").ok_or(Error::Format("the layers have no input"))?;
        let input: Extent = input.parse()?;
        let mut shape = input;
        let mut read = Vec::new();
        for (number, text) in layers.split(',').map(str::trim).enumerate() {
            weights.enter(number, text, shape);
            let Some(layer) = EmbeddedLayer::read(text, shape, &weights)? else { continue };
            shape =
                layer.output(shape).ok_or(Error::Layer { number: number + 1, problem: "does not fit its input" })?;
            read.push(layer);
        }
        Ok(Self { input, layers: read, outputs: shape.len() })
    }

    /// Returns the number of values per sample: height x width x channels.
    pub fn inputs(&self) -> usize {
        self.input.len()
    }

    /// Returns the number of outputs per sample.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Returns the outputs for one sample: row by row, the channels of a pixel beside each other.
    ///
    /// # Errors
    /// [`Error::Input`] where `x` has another length than [`EmbeddedNetwork::inputs`].
    pub fn predict(&self, x: &[f32]) -> Result<Vec<f32>, Error> {
        if x.len() != self.inputs() {
            return Err(Error::Input { expected: self.inputs(), found: x.len() });
        }
        let sample = Signal::from_pixels(self.input, x);
        Ok(self.layers.iter().fold(sample, |sample, layer| layer.apply(&sample)).into_pixels())
    }
}
