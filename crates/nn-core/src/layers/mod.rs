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

/// A sample has at most so many values anywhere in a network: 64 times a photograph of 1024x1024. A file could ask for any
/// number by a few bytes.
const MOST: usize = 1 << 26;

/// Number of values of `input`, or the reason why a layer cannot take it.
fn features(input: Shape) -> Result<usize, String> {
    let features = input.features().filter(|&n| n <= MOST);
    features.ok_or_else(|| format!("an input needs at least one value, and at most {MOST}"))
}
