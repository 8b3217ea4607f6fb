//! The initial values of parameters.

use crate::rng::Rng;

/// The distribution of a layer's initial parameters. `fan_in` and `fan_out` are the inputs and outputs of one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Init {
    /// He before a ReLU, Glorot otherwise.
    #[default]
    Auto,
    /// Uniform within sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010): for tanh, sigmoid and softmax.
    Glorot,
    /// Normal of variance 2 / fan_in (He et al. 2015): for ReLU.
    He,
    /// Normal of variance 1 / fan_in (LeCun et al. 1998).
    LeCun,
    /// Uniform in `[-a, a)`, whatever the layer's size: `Uniform(0.5)` is the textbook's.
    Uniform(f32),
    /// Every value the same.
    Constant(f32),
}

impl Init {
    /// Fills `values` from `rng`.
    pub fn fill(self, values: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut Rng) {
        match self {
            Self::Constant(c) => values.fill(c),
            Self::Uniform(a) => uniform(values, a, rng),
            Self::Auto | Self::Glorot => uniform(values, (6.0 / (fan_in + fan_out) as f32).sqrt(), rng),
            Self::He => normal(values, (2.0 / fan_in as f32).sqrt(), rng),
            Self::LeCun => normal(values, (1.0 / fan_in as f32).sqrt(), rng),
        }
    }
}

fn uniform(values: &mut [f32], a: f32, rng: &mut Rng) {
    values.iter_mut().for_each(|v| *v = (2.0 * rng.uniform() - 1.0) * a);
}

fn normal(values: &mut [f32], std: f32, rng: &mut Rng) {
    values.iter_mut().for_each(|v| *v = rng.normal() * std);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variance(init: Init) -> f32 {
        let mut v = vec![0.0; 200_000];
        init.fill(&mut v, 50, 30, &mut Rng::new(3));
        v.iter().map(|x| x * x).sum::<f32>() / v.len() as f32
    }

    #[test]
    fn variances_are_the_formulas() {
        for (init, expected) in [
            (Init::Glorot, 2.0 / 80.0),
            (Init::He, 2.0 / 50.0),
            (Init::LeCun, 1.0 / 50.0),
            (Init::Uniform(0.5), 1.0 / 12.0),
            (Init::Constant(0.5), 0.25),
        ] {
            let v = variance(init);
            assert!((v / expected - 1.0).abs() < 0.02, "{init:?}: {v} instead of {expected}");
        }
    }
}
