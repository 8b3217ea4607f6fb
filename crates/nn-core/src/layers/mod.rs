//! The textbook: the layers, one per file, each with its formula, the derivation of every gradient and an example.

mod activation;
mod average_pool;
mod batch_norm;
pub(crate) mod build;
pub mod checks;
mod conv2d;
mod dense;
mod dropout;
mod max_pool;
pub mod shortcuts;
pub(crate) mod softmax;

pub use crate::kernels::convolution::kernels::Kernels;
pub use activation::ActivationLayer;
pub use average_pool::AveragePool;
pub use batch_norm::BatchNorm;
pub use conv2d::Conv2d;
pub use dense::Dense;
pub use dropout::Dropout;
pub use max_pool::MaxPool;
pub use softmax::Softmax;
