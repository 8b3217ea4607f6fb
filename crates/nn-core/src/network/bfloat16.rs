//! A network for prediction whose dense layers have weights of 16 bits.

use crate::network::Network;

impl Network {
    /// Returns the same network with the weights of dense layers rounded to bfloat16, which has 8 significant bits. Predicting one or
    /// two samples then reads half as much memory, which bounds the speed of large dense layers: one sample takes `784-512-256-10` about
    /// half of the time. Answers change a little, as the example `bfloat16` measures. It is for prediction: a [`Trainer`](crate::Trainer)
    /// goes on from the rounded weights in `f32`. What builds a network anew, [`Network::folded`] or a file, takes rounded weights of
    /// 32 bits; so this comes last. Weights of both lengths are kept, half as much again.
    ///
    /// ```
    /// use nn_core::{Architecture, Network, Shape};
    /// let architecture = Architecture::new(Shape::flat(2)).dense(1);
    /// let network = Network::from_parts(architecture, vec![1.0, 1.003, /* bias */ 0.1], vec![])?;
    /// assert_eq!(network.bfloat16().params(), [1.0, 1.0, 0.1]); // the next number after 1 is 1.0078125
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    pub fn bfloat16(&self) -> Self {
        let mut network = self.clone();
        for stage in &mut network.stages {
            let params = &mut network.params[stage.params.clone()];
            let words = stage.layer.shortcuts().map(|shortcuts| shortcuts.shorten(params)).unwrap_or_default();
            stage.short.resize(words.len());
            stage.short.copy_from_slice(&words);
        }
        network
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::shape::Shape;
    use crate::spec::Architecture;

    #[test]
    fn short_weights_predict_as_the_same_numbers_in_f32_do() {
        let architecture = Architecture::parse(Shape::new(5, 5, 1), "conv:8x3, relu, dense:37, tanh, dense:4").unwrap();
        let network = Network::new(architecture.clone(), 1).unwrap();
        let short = network.bfloat16();
        let rounded = Network::from_parts(architecture, short.params().to_vec(), vec![]).unwrap();
        assert!(network.params() != rounded.params());
        let mut rng = Rng::new(2);
        let x: Vec<f32> = (0..25 * 12).map(|_| rng.normal()).collect();
        for samples in [1, 2, 3, 12] {
            let x = &x[..25 * samples];
            let expected = rounded.predict(x);
            for y in [short.predict(x), short.clone().predict(x)] {
                assert!(y.iter().zip(&expected).all(|(y, e)| (y - e).abs() < 1e-5), "{samples}: {y:?} {expected:?}");
            }
        }
    }

    #[test]
    fn changed_weights_are_used() {
        let architecture = Architecture::new(Shape::flat(3)).dense(2);
        let mut network = Network::new(architecture.clone(), 1).unwrap().bfloat16();
        network.params_mut().fill(1.0);
        assert_eq!(network.predict(&[1.0, 2.0, 3.0]), [7.0; 2]);
        let mut again = network.bfloat16();
        again.tensor_mut("1.weight").unwrap().fill(2.0);
        assert_eq!(again.predict(&[1.0, 2.0, 3.0]), [13.0; 2]);
        let mut copy = Network::new(architecture, 2).unwrap().bfloat16();
        copy.copy_from(&network);
        assert_eq!(copy.predict(&[1.0, 2.0, 3.0]), [7.0; 2]);
    }
}
