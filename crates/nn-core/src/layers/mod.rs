//! The layers, one a file, each with its formula, its gradient and their derivation.

mod activation;
mod average_pool;
mod batch_norm;
#[cfg(test)]
pub(crate) mod checks;
mod conv2d;
mod dense;
mod dropout;
mod max_pool;
mod softmax;

pub use activation::ActivationLayer;
pub use average_pool::AveragePool;
pub use batch_norm::BatchNorm;
pub use conv2d::Conv2d;
pub use dense::Dense;
pub use dropout::Dropout;
pub use max_pool::MaxPool;
pub use softmax::Softmax;
pub(crate) use softmax::softmax;
