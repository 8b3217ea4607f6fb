//! Models for other programs: ONNX with a folder that proves it, and safetensors as PyTorch has them.
//!
//! - [`to_onnx`] writes a model as an ONNX graph: prepared pixels go in, calibrated probabilities come out. Its weights may
//!   take eight bits each: see [`with_int8_weights`].
//! - [`write_proof`] writes twenty pictures, the answers that this program gives to them, and programs that compare.
//! - [`to_safetensors`] and [`from_safetensors`] exchange weights under PyTorch's names and in its order.

mod error;
mod int8;
mod onnx;
mod proof;
mod safe;
mod torch;

pub use error::Error;
pub use int8::{Weights, with_int8_weights};
pub use onnx::{INPUT, OUTPUT, to_onnx};
pub use proof::write_proof;
pub use safe::{from_safetensors, to_safetensors};
