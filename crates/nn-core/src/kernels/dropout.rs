//! Zeroing values by chance. The mask is a hash of a seed and the position, so nobody has to keep it.

use crate::kernels::parallel;
use crate::kernels::simd::vectorized;
use rayon::prelude::*;

/// `y = x m / (1 - rate)`, where `m` is 0 with probability `rate` and else 1: the same mask for the same seed. `x` stands in
/// its batch from value `first` on.
pub fn drop_values(x: &[f32], y: &mut [f32], rate: f32, seed: u64, first: usize) {
    let drop_below = (rate as f64 * 2f64.powi(32)) as u32;
    let scale = 1.0 / (1.0 - rate);
    let (low, high) = (seed as u32, (seed >> 32) as u32);
    let size = parallel::samples_per_chunk(1);
    parallel::each(x.par_chunks(size).zip(y.par_chunks_mut(size)).enumerate(), |(chunk, (x, y))| {
        vectorized(
            #[inline(always)]
            || {
                for (i, (x, y)) in x.iter().zip(&mut *y).enumerate() {
                    let kept = hash((first + chunk * size + i) as u32 ^ low).wrapping_add(high) >= drop_below;
                    *y = if kept { x * scale } else { 0.0 };
                }
            },
        );
    });
}

/// The finaliser of MurmurHash3 (Appleby): 32 well-mixed bits of a counter, in operations that vectors have.
#[inline(always)]
fn hash(mut h: u32) -> u32 {
    h = (h ^ (h >> 16)).wrapping_mul(0x85EB_CA6B);
    h = (h ^ (h >> 13)).wrapping_mul(0xC2B2_AE35);
    h ^ (h >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::mix;

    #[test]
    fn drops_the_share_it_promises_and_keeps_the_mean() {
        let x = vec![1.0f32; 100_000];
        let mut y = vec![0.0f32; 100_000];
        for seed in [0, 1, u64::MAX] {
            drop_values(&x, &mut y, 0.3, mix(&[seed]), 0);
            let dropped = y.iter().filter(|y| **y == 0.0).count() as f32 / 1e5;
            let mean = y.iter().sum::<f32>() / 1e5;
            assert!((dropped - 0.3).abs() < 0.01 && (mean - 1.0).abs() < 0.01, "{dropped} {mean}");
        }
    }
}
