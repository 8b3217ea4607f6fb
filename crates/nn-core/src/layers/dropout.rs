//! Dropout: in training each value is zeroed by chance, so that no unit may rely on a single other one.
//!
//! `y = x m / (1 - rate)` with `m` 0 with probability `rate`, else 1 (Srivastava et al. 2014, in the inverted form that
//! leaves prediction alone). `dx = dy m / (1 - rate)`. The mask is a hash of the pass's seed and the position, so it is
//! computed again on the way back instead of being kept.

use crate::kernels::math::vectorized;
use crate::kernels::parallel;
use crate::layer::{Backward, Forward, Layer};
use crate::shape::Shape;
use rayon::prelude::*;

/// Zeroes values by chance in training; the identity in prediction.
pub struct Dropout {
    shape: Shape,
    rate: f32,
}

impl Dropout {
    /// Drops a share `rate` of the values of samples of shape `input`.
    pub fn new(input: Shape, rate: f32) -> Result<Self, String> {
        input.features_within_limit()?;
        if !(0.0..1.0).contains(&rate) {
            return Err(format!("the rate must be at least 0 and below 1, not {rate}"));
        }
        Ok(Self { shape: input, rate })
    }

    /// `y = x m / (1 - rate)` for the mask of `seed`.
    fn mask(&self, x: &[f32], y: &mut [f32], seed: u64) {
        let drop_below = (self.rate as f64 * 2f64.powi(32)) as u32;
        let (scale, low, high) = (1.0 / (1.0 - self.rate), seed as u32, (seed >> 32) as u32);
        let size = parallel::samples_a_piece(1);
        parallel::each(x.par_chunks(size).zip(y.par_chunks_mut(size)).enumerate(), |(piece, (x, y))| {
            vectorized(
                #[inline(always)]
                || {
                    for (i, (x, y)) in x.iter().zip(&mut *y).enumerate() {
                        let kept = hash((piece * size + i) as u32 ^ low).wrapping_add(high) >= drop_below;
                        *y = if kept { x * scale } else { 0.0 };
                    }
                },
            );
        });
    }
}

/// The finaliser of MurmurHash3 (Appleby): 32 well-mixed bits of a counter, in operations that vectors have.
#[inline(always)]
fn hash(mut h: u32) -> u32 {
    h = (h ^ (h >> 16)).wrapping_mul(0x85EB_CA6B);
    h = (h ^ (h >> 13)).wrapping_mul(0xC2B2_AE35);
    h ^ (h >> 16)
}

impl Layer for Dropout {
    fn output(&self) -> Shape {
        self.shape
    }

    fn forward(&self, pass: Forward<'_>) {
        self.mask(pass.x, pass.y, pass.seed);
    }

    fn infer(&self, pass: Forward<'_>) {
        pass.y.copy_from_slice(pass.x);
    }

    fn backward(&self, pass: Backward<'_>) {
        if let Some(dx) = pass.dx {
            self.mask(pass.dy, dx, pass.seed);
        }
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
    fn drops_the_share_it_promises_and_keeps_the_mean() {
        let layer = Dropout::new(Shape::flat(100_000), 0.3).unwrap();
        let (x, mut y) = (vec![1.0f32; 100_000], vec![0.0f32; 100_000]);
        for seed in [0, 1, u64::MAX] {
            layer.mask(&x, &mut y, crate::rng::mix(&[seed]));
            let dropped = y.iter().filter(|y| **y == 0.0).count() as f32 / 1e5;
            let mean = y.iter().sum::<f32>() / 1e5;
            assert!((dropped - 0.3).abs() < 0.01 && (mean - 1.0).abs() < 0.01, "{dropped} {mean}");
        }
    }

    #[test]
    fn infer_is_the_identity_and_rates_are_checked() {
        let layer = Dropout::new(Shape::flat(2), 0.5).unwrap();
        let mut y = [0.0; 2];
        let cache = &mut Default::default();
        layer.infer(Forward { params: &[], stats: &[], x: &[1.0, 2.0], y: &mut y, cache, seed: 0, batch: 1 });
        assert_eq!(y, [1.0, 2.0]);
        for rate in [-0.1, 1.0, f32::NAN] {
            assert!(Dropout::new(Shape::flat(2), rate).is_err());
        }
    }
}
