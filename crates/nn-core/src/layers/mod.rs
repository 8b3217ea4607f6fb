//! The layers, one a file, each with its formula, its gradient and their derivation.

mod activation;
mod average_pool;
mod batch_norm;
mod conv2d;
mod dense;
mod dropout;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod harness;
mod max_pool;
mod softmax;
mod squares;
mod wide;

pub use activation::ActivationLayer;
pub use average_pool::AveragePool;
pub use batch_norm::BatchNorm;
pub use conv2d::Conv2d;
pub use dense::Dense;
pub use dropout::Dropout;
pub use max_pool::MaxPool;
pub use softmax::Softmax;
pub(crate) use softmax::softmax;

use crate::Shape;

/// Number of values of `input`, or the reason why a layer cannot take it.
fn features(input: Shape) -> Result<usize, String> {
    input.features().ok_or_else(|| "an input needs at least one value, and no more than fit in memory".into())
}
