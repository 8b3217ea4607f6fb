//! Dropout: in training each value is zeroed by chance, so that no unit may rely on a single other one.
//!
//! ```text
//! y = x m / (1 - rate),   dx = dy m / (1 - rate)       m is 0 with probability rate, else 1
//! ```
//!
//! (Srivastava et al. 2014, in the inverted form that leaves prediction alone: there `y = x`.) The mask `m` is a hash of
//! the pass's seed and the position, so `backward` computes it again instead of keeping it.
//!
//! ```
//! use nn_core::{Architecture, Network, Shape};
//! let network = Network::new(Architecture::new(Shape::flat(3)).dropout(0.5), 1)?;
//! assert_eq!(network.predict(&[1.0, 2.0, 3.0]), [1.0, 2.0, 3.0]); // prediction drops nothing
//! # Ok::<(), nn_core::Error>(())
//! ```

use crate::kernels::dropout::drop_values;
use crate::kernels::share::Share;
use crate::layer::{Backward, Forward, Layer};
use crate::layers::shortcuts::{ScaleShift, Shortcuts};
use crate::shape::Shape;

/// Zeroes values by chance in training; changes nothing in prediction.
pub struct Dropout {
    shape: Shape,
    rate: f32,
}

impl Dropout {
    /// Drops a share `rate` of the values of samples of shape `input`.
    ///
    /// # Errors
    /// Where `rate` is not at least 0 and below 1.
    pub fn new(input: Shape, rate: f32) -> Result<Self, String> {
        input.features_within_limit()?;
        if !(0.0..1.0).contains(&rate) {
            return Err(format!("the rate must be at least 0 and below 1, not {rate}"));
        }
        Ok(Self { shape: input, rate })
    }

    /// The place in the whole batch of the first value of a share.
    fn first(&self, share: Share<'_>) -> usize {
        share.samples().start * self.shape.features().unwrap_or(0)
    }
}

impl Layer for Dropout {
    fn output(&self) -> Shape {
        self.shape
    }

    fn forward(&self, pass: Forward<'_>) {
        drop_values(pass.x, pass.y, self.rate, pass.seed, self.first(pass.share));
    }

    fn infer(&self, pass: Forward<'_>) {
        pass.y.copy_from_slice(pass.x);
    }

    fn backward(&self, pass: Backward<'_>) {
        if let Some(dx) = pass.dx {
            drop_values(pass.dy, dx, self.rate, pass.seed, self.first(pass.share));
        }
    }

    fn shortcuts(&self) -> Option<&dyn Shortcuts> {
        Some(self)
    }
}

impl Shortcuts for Dropout {
    fn as_scale_shift(&self, _params: &[f32], _stats: &[f32]) -> Option<ScaleShift> {
        let channels = self.shape.channels;
        Some(ScaleShift { scale: vec![1.0; channels], shift: vec![0.0; channels] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::checks::harness::check_training;
    use crate::spec::LayerSpec;

    #[test]
    fn keeps_the_contract() {
        check_training(LayerSpec::Dropout { rate: 0.3 }, Shape::flat(20), 5);
    }

    #[test]
    fn infer_is_the_identity_and_rates_are_checked() {
        let layer = Dropout::new(Shape::flat(2), 0.5).unwrap();
        let mut y = [0.0; 2];
        let cache = &mut Default::default();
        layer.infer(Forward {
            params: &[],
            stats: &[],
            x: &[1.0, 2.0],
            y: &mut y,
            cache,
            seed: 0,
            share: Share::whole(1),
        });
        assert_eq!(y, [1.0, 2.0]);
        for rate in [-0.1, 1.0, f32::NAN] {
            assert!(Dropout::new(Shape::flat(2), rate).is_err());
        }
    }
}
