//! Random numbers: one seed from several numbers, so that every sample of every epoch has its own generator.

use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// One seed from several numbers, for instance the run's seed, the epoch and the sample.
///
/// Starting from 0, each number is xored into the state and the state goes through one step of SplitMix64
/// (Steele, Lea and Flood 2014): add 0x9e3779b97f4a7c15, then two multiply-xorshift rounds. The order matters.
pub fn seed_from(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |state, number| {
        let z = (state ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

/// The generator of this crate (xoshiro256++), started from several numbers.
pub(crate) fn generator(numbers: &[u64]) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed_from(numbers))
}

/// A random number, uniformly distributed between `from` and `to`.
pub(crate) fn uniform(rng: &mut impl Rng, from: f32, to: f32) -> f32 {
    from + (to - from) * rng.random::<f32>()
}

/// A random number, nearly normally distributed, with mean 0 and variance 1: the sum of four uniform ones of 16 bits
/// (with a variance of 2^32 / 12 each). The same bits on every machine.
pub(crate) fn normal(rng: &mut impl Rng) -> f32 {
    let bits = rng.next_u64();
    let sum: i32 = (0..4).map(|k| i32::from((bits >> (16 * k)) as u16)).sum();
    (sum - 2 * 65535) as f32 * (3.0f32.sqrt() / 65536.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn neighbours_differ_and_values_stay() {
        assert_eq!(seed_from(&[0]), 0xe220_a839_7b1d_cdaf, "the first number of SplitMix64 from 0");
        assert_ne!(seed_from(&[1, 2]), seed_from(&[2, 1]));
        let seeds: HashSet<u64> = (0..10).flat_map(|e| (0..1000).map(move |i| seed_from(&[1, e, i]))).collect();
        assert_eq!(seeds.len(), 10_000);
    }

    #[test]
    fn numbers_are_normal_enough() {
        let mut rng = generator(&[2]);
        let drawn: Vec<f64> = (0..100_000).map(|_| f64::from(normal(&mut rng))).collect();
        let moment = |k: i32| drawn.iter().map(|v| v.powi(k)).sum::<f64>() / drawn.len() as f64;
        assert!(moment(1).abs() < 0.01 && (moment(2) - 1.0).abs() < 0.02 && moment(3).abs() < 0.03);
        assert!((moment(4) - 2.7).abs() < 0.05, "3 for the normal distribution, 2.7 for the sum of four");
    }
}
