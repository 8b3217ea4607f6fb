//! The model file: a network, its class names and its preprocessing in one checked MessagePack file.
//!
//! A file is a MessagePack map with named fields, framed by a format name and a checksum (see `file/format.rs`). It is written
//! whole or not at all, the same model always gives the same bytes, and a file that is cut short, altered, newer than
//! this program or impossible is an [`Error`] that says so.
//!
//! ```
//! use nn_core::{Activation, Architecture, LayerSpec, Network, Shape};
//! use nn_data::Preprocessing;
//! use nn_io::{Model, TrainingNote};
//!
//! let layers = vec![LayerSpec::dense(16), Activation::Relu.into(), LayerSpec::dense(2), LayerSpec::Softmax];
//! let network = Network::new(Architecture { input: Shape::new(28, 28, 1), layers }, 1)?;
//! let model = Model {
//!     network,
//!     classes: vec!["cat".into(), "dog".into()],
//!     preprocessing: Preprocessing::mnist(),
//!     calibration: None,
//!     note: TrainingNote { seed: 1, ..TrainingNote::default() },
//! };
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("pets.mpk");
//! model.save(&path)?;
//! assert_eq!(Model::load(&path)?.classes, ["cat", "dog"]);
//!
//! let mut bytes = model.to_bytes()?;
//! bytes[100] ^= 1;
//! let error = Model::from_bytes(&bytes).expect_err("the checksum finds it");
//! assert!(error.to_string().starts_with("damaged"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calibrate;
mod calibration;
mod error;
mod evaluate;
mod evidence;
mod features;
mod file;
mod hint;
mod model;
mod predict;
mod reader;
mod verdict;

pub use calibrate::{ReliabilityBin, calibrate, calibration_error, reliability};
pub use calibration::{Calibration, certainty};
pub use error::Error;
pub use evaluate::{Evaluation, evaluate, evaluate_among};
pub use evidence::evidence;
pub use features::examples::Examples;
pub use features::neighbours::Neighbours;
pub use file::checkpoint::{Best, Checkpoint};
pub use file::format::read as read_within_limit;
pub use hint::Hint;
pub use model::{Model, TrainingNote, compact};
pub use predict::reading_need;
pub use reader::{Answer, Reader};
pub use verdict::Verdict;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
