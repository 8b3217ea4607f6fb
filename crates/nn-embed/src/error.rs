//! The errors.

use core::fmt;

/// Why a network cannot be read or asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no safetensors file of a network.
    Format(&'static str),
    /// A layer cannot be read, or its weights are missing or have another size.
    Layer {
        /// The layer, from 1.
        number: usize,
        /// The problem.
        problem: &'static str,
    },
    /// A sample has another number of values than the network takes.
    Input {
        /// The number of values that the network takes.
        expected: usize,
        /// The number of values of the sample.
        found: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(problem) => write!(f, "no network: {problem}"),
            Self::Layer { number, problem } => write!(f, "layer {number} {problem}"),
            Self::Input { expected, found } => write!(f, "the network takes {expected} values, not {found}"),
        }
    }
}

impl core::error::Error for Error {}
