//! The guide: backpropagation, derived layer by layer in the notation of this code.
//!
#![doc = include_str!("guide.md")]

use crate::error::Error;
use crate::loss::{Loss, Target};
use crate::network::Network;
use crate::optimizer::Sgd;
use crate::trainer::Trainer;

pub mod notation {
    #![doc = include_str!("notation.md")]
}
pub mod dense {
    #![doc = include_str!("dense.md")]
}
pub mod activations {
    #![doc = include_str!("activations.md")]
}
pub mod losses {
    #![doc = include_str!("losses.md")]
}
pub mod convolution {
    #![doc = include_str!("convolution.md")]
}
pub mod pooling {
    #![doc = include_str!("pooling.md")]
}
pub mod batch_norm {
    #![doc = include_str!("batch_norm.md")]
}
pub mod dropout {
    #![doc = include_str!("dropout.md")]
}
pub mod learning {
    #![doc = include_str!("learning.md")]
}

/// Returns the gradient of the mean loss over the batch `x` (inputs x batch) by every parameter, in the order of
/// [`Network::params`]: plain descent at a learning rate of 1 moves the parameters by just that.
///
/// # Errors
/// As [`Trainer::new`].
///
/// # Panics
/// As [`Trainer::step`].
pub fn gradient<'t>(
    network: &Network,
    loss: Loss,
    x: &[f32],
    target: impl Into<Target<'t>>,
) -> Result<Vec<f32>, Error> {
    let mut trainer = Trainer::new(network.clone(), loss, Sgd::default(), 1)?;
    trainer.step(x, target, 1.0);
    let after = trainer.network().params();
    Ok(network.params().iter().zip(after).map(|(before, after)| before - after).collect())
}

/// Returns the mean loss over the batch `x` (inputs x batch) as training computes it.
///
/// # Errors
/// As [`Trainer::new`].
///
/// # Panics
/// As [`Trainer::step`].
pub fn loss<'t>(network: &Network, loss: Loss, x: &[f32], target: impl Into<Target<'t>>) -> Result<f64, Error> {
    Ok(Trainer::new(network.clone(), loss, Sgd::default(), 1)?.step(x, target, 0.0).loss())
}
