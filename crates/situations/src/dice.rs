//! Random numbers for sizes, places and colours.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::colour::Colour;

/// A source of random numbers that a seed decides.
pub struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// A source for several numbers: the number of a situation and that of a picture, for instance.
    pub fn new(numbers: &[u64]) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(nn_data::seed_from(numbers)))
    }

    /// A number, uniformly distributed from `from` to `to`.
    pub fn between(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.0.random::<f32>()
    }

    /// A whole number from `from` to `to`, both included.
    pub fn whole(&mut self, from: usize, to: usize) -> usize {
        self.0.random_range(from..=to)
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.between(0.0, 1.0) < probability
    }

    /// One of several things.
    pub fn one_of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.whole(0, things.len() - 1)]
    }

    /// Nearly normally distributed with mean 0 and deviation 1: the sum of three uniform numbers.
    pub fn normal(&mut self) -> f32 {
        (0..3).map(|_| self.between(-1.0, 1.0)).sum()
    }

    /// A grey between two values (0 to 255), with a slight tint.
    pub fn grey(&mut self, from: f32, to: f32) -> Colour {
        let grey = self.between(from, to);
        [0; 3].map(|_| (grey + self.between(-3.0, 3.0)).clamp(0.0, 255.0))
    }

    /// A colour that is far from grey: one channel is high, one low.
    pub fn colour(&mut self) -> Colour {
        let mut colour = [self.between(170.0, 255.0), self.between(40.0, 200.0), self.between(0.0, 60.0)];
        colour.rotate_left(self.whole(0, 2));
        if self.chance(0.5) {
            colour.swap(0, 2);
        }
        colour
    }
}
