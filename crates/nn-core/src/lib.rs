//! Neural networks from first principles, on the CPU: layers, backpropagation, optimizers and training, without files,
//! pictures or windows.
//!
//! # Conventions
//!
//! - A batch is a column-major matrix and **a column is a sample**: `X` is features x batch, `Y = W X + b`, `dW = dY X^T`,
//!   `dX = W^T dY`. A sample is a contiguous slice, and so is a shard of a batch.
//! - Pictures are **channels last** ([`Shape`]). Dense weights are stored one unit per row, as in PyTorch.
//! - `d<name>` is dL/d`<name>`. `backward` overwrites the gradients that it computes.
//! - Parameters, gradients, statistics and optimizer state are flat `f32` arrays; [`Network::tensors`] names their parts.
//! - A layer is immutable and owns no buffer; everything that changes in a pass lies in a [`Workspace`].
//! - Everything random takes a seed. The same seed gives the same bits on any number of threads.
//! - Errors come from building a network or trainer; a training step never returns one (it panics on a batch that does not
//!   fit).
//!
//! # Example
//!
//! A network that learns exclusive or:
//!
//! ```
//! use nn_core::{Adam, Architecture, Loss, Network, Shape, Trainer};
//!
//! let x = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0]; // four samples of two values
//! let labels = [0, 1, 1, 0];
//! let architecture = Architecture::new(Shape::flat(2)).dense(8).tanh().dense(2).softmax();
//! let network = Network::new(architecture, 1)?;
//! let mut trainer = Trainer::new(network, Loss::cross_entropy(), Adam::default(), 1)?;
//! for _ in 0..200 {
//!     trainer.step(&x, &labels, 0.05);
//! }
//! let p = trainer.network().predict(&x); // two probabilities per sample
//! assert!(p[1] < 0.1 && p[3] > 0.9 && p[5] > 0.9 && p[7] < 0.1, "{p:?}");
//! # Ok::<(), nn_core::Error>(())
//! ```
//!
//! # Modules, in reading order
//!
//! [`Shape`], [`Architecture`]: the description of a network. [`layer`]: the contract; [`layers`]: the textbook, one layer
//! per file; [`kernels`]: the fast loops behind it, which a reader may skip. [`loss`]. [`Network`], [`Workspace`]: a pass
//! forward and back. [`Optimizer`], [`Schedule`], [`Trainer`]: learning. [`metrics`]. [`Kinds`] and [`check`]: layers of
//! your own. [`guide`]: backpropagation derived, with the function and the test of each formula.

mod error;
pub mod guide;
mod init;
pub mod kernels;
pub mod layer;
pub mod layers;
pub mod loss;
pub mod metrics;
mod network;
mod optimizer;
pub mod rng;
mod schedule;
mod shape;
mod spec;
mod trainer;

pub use error::Error;
pub use init::Init;
pub use kernels::share::{Peers, Share};
pub use layers::build::Kinds;
pub use layers::checks as check;
pub use loss::{Loss, Target};
pub use network::Network;
pub use network::need::Need;
pub use network::tensors::Tensor;
pub use network::workspace::{Trace, Workspace};
pub use optimizer::{Adam, AdamW, Optimizer, Sgd, Update};
pub use schedule::Schedule;
pub use shape::Shape;
pub use spec::text::{layers_to_text, parse_layers};
pub use spec::{Activation, Architecture, LayerSpec, Numbers};
pub use trainer::sharing::Sharing;
pub use trainer::{OptimizerState, Trainer};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
