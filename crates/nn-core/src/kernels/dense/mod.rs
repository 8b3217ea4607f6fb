//! The three products of a dense layer, `Y = W X`, `dX = W^T dZ` and `dW = dZ X^T`, in tiles of our own.
//!
//! A tile of the result is held in registers while both factors stream by. Each sum runs over all its products in order, one after
//! the other, so its bits depend neither on how work is cut nor on the number of samples.
//!
//! No matrix is copied where it can be read as it stands. [`outputs`] transposes the samples, which are fewer than the weights;
//! [`rows`] reads rows of samples or weights in place.

pub(crate) mod outputs;
pub(crate) mod rows;

/// Multiply-adds in a piece of a product, at most: about 40 us of work.
const PIECE: usize = 4 << 20;

/// Random values for tests.
#[cfg(test)]
fn noise(n: usize, seed: u64) -> Vec<f32> {
    let mut rng = crate::rng::Rng::new(seed);
    (0..n).map(|_| rng.normal()).collect()
}
