//! Seeds: one number from several, so that every sample of every epoch has a generator of its own.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// One seed from several numbers, for instance the run's seed, the epoch and the sample.
///
/// Starting from 0, each number is xored into the state and the state goes through one step of SplitMix64
/// (Steele, Lea and Flood 2014): add 0x9e3779b97f4a7c15, then two multiply-xorshift rounds. The order matters.
pub fn mix(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |state, number| {
        let z = (state ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

/// The generator of this crate (xoshiro256++), started from the mixed numbers.
pub(crate) fn generator(numbers: &[u64]) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(mix(numbers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn neighbours_differ_and_values_stay() {
        assert_eq!(mix(&[0]), 0xe220_a839_7b1d_cdaf, "the first number of SplitMix64 from 0");
        assert_ne!(mix(&[1, 2]), mix(&[2, 1]));
        let seeds: HashSet<u64> = (0..10).flat_map(|e| (0..1000).map(move |i| mix(&[1, e, i]))).collect();
        assert_eq!(seeds.len(), 10_000);
    }
}
