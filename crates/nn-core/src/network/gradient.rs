//! The way back through prediction to the input: which input values raise a score, and which lower it.

use crate::kernels::share::Share;
use crate::layer::{Backward, Forward};
use crate::layers::shortcuts::ScaleShift;
use crate::network::workspace::Workspace;
use crate::network::{Network, Stage};

impl Network {
    /// Returns the gradient of S = sum_i `weights`_i s_i with respect to `x` (both inputs x batch), sample by sample. The
    /// scores s are the values that a last softmax reads (the logits), or the outputs where no softmax is last.
    ///
    /// The pass is that of prediction: nothing is dropped out, and batch normalisation uses its running averages. Layers of
    /// your own that predict otherwise than they train are taken as in training, unless they are a
    /// `ScaleShift` in prediction.
    ///
    /// ```
    /// use nn_core::{Architecture, Network, Shape};
    /// let architecture = Architecture::new(Shape::flat(2)).dense(2).softmax();
    /// let network = Network::from_parts(architecture, vec![1.0, 2.0, 3.0, 5.0, 0.0, 0.0], vec![])?;
    /// // s_1 = x_1 + 2 x_2, s_2 = 3 x_1 + 5 x_2
    /// assert_eq!(network.input_gradient(&[7.0, 7.0], &[1.0, 0.0]), [1.0, 2.0]);
    /// assert_eq!(network.input_gradient(&[7.0, 7.0], &[1.0, -1.0]), [-2.0, -3.0]);
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    ///
    /// # Panics
    /// Where `x` is empty or not a whole number of samples, or `weights` are not as many as the outputs.
    pub fn input_gradient(&self, x: &[f32], weights: &[f32]) -> Vec<f32> {
        assert_eq!(weights.len(), self.outputs(), "a weight for each output");
        let batch = x.len() / self.inputs();
        assert!(batch > 0 && x.len() == batch * self.inputs(), "a batch is a whole number of samples");
        let Ok(mut stages) = self.stages_one_by_one() else { unreachable!("the architecture was built before") };
        stages.truncate(stages.len() - usize::from(self.ends_in_softmax()));
        let scales: Vec<Option<ScaleShift>> = stages.iter().map(|stage| self.in_prediction(stage)).collect();
        let (share, mut w) = (Share::whole(batch), Workspace::default());
        w.resize(stages.iter().map(|stage| &*stage.layer), batch);
        for (i, stage) in stages.iter().enumerate() {
            let (before, rest) = w.outputs.split_at_mut(i);
            let (params, stats) = (&self.params[stage.params.clone()], &self.stats[stage.stats.clone()]);
            let x = before.last().map_or(x, |y| &y[..]);
            let pass = Forward { params, stats, x, y: &mut rest[0], cache: &mut w.caches[i], seed: 0, share };
            match scales[i] {
                Some(_) => stage.layer.infer(pass),
                None => stage.layer.forward(pass), // it keeps what `backward` needs
            }
        }
        let mut dy = weights.repeat(batch);
        for (i, stage) in stages.iter().enumerate().rev() {
            let x = if i == 0 { x } else { &w.outputs[i - 1] };
            let mut dx = vec![0.0; x.len()];
            match &scales[i] {
                Some(ScaleShift { scale, .. }) => {
                    let by = scale.iter().cycle();
                    dx.iter_mut().zip(&dy).zip(by).for_each(|((dx, dy), scale)| *dx = dy * scale);
                }
                None => {
                    let (params, mut grads) = (&self.params[stage.params.clone()], vec![0.0; stage.params.len()]);
                    let (y, cache, dx) = (&w.outputs[i], &mut w.caches[i], Some(&mut dx[..]));
                    let (dy, grads) = (&mut dy[..], &mut grads[..]);
                    stage.layer.backward(Backward { params, x, y, dy, dx, grads, cache, seed: 0, share });
                }
            }
            dy = dx;
        }
        dy
    }

    /// The layer in prediction as a multiplication and an addition per channel, where that is all it does.
    fn in_prediction(&self, stage: &Stage) -> Option<ScaleShift> {
        let (params, stats) = (&self.params[stage.params.clone()], &self.stats[stage.stats.clone()]);
        stage.layer.shortcuts()?.as_scale_shift(params, stats)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::checks::harness::assert_close;
    use crate::rng::Rng;
    use crate::shape::Shape;
    use crate::spec::Architecture;

    #[test]
    fn the_gradient_of_prediction_is_that_of_central_differences() {
        let text = "conv:6x3, pool:2, batchnorm, tanh, dropout:0.5, conv:5x2, relu, batchnorm, dense:9, tanh, dropout:0.3, \
                    dense:4";
        let mut rng = Rng::new(3);
        for end in ["", ", softmax", ", tanh"] {
            let parse = |text: &str| Architecture::parse(Shape::new(6, 6, 2), text).unwrap();
            let mut network = Network::new(parse(&format!("{text}{end}")), 1).unwrap();
            network.params_mut().iter_mut().for_each(|p| *p += 0.2 * rng.normal());
            network.stats_mut().iter_mut().for_each(|s| *s += 0.5 * rng.uniform());
            let scored = parse(&format!("{text}{}", end.replace(", softmax", "")));
            let scored = Network::from_parts(scored, network.params().to_vec(), network.stats().to_vec()).unwrap();
            let mut x: Vec<f32> = (0..2 * network.inputs()).map(|_| rng.normal()).collect();
            let weights = [1.0, -1.0, 0.5, 0.0];
            let found = network.input_gradient(&x, &weights);
            let sum = |x: &[f32]| {
                let scores = scored.predict(x);
                scores.iter().zip(weights.iter().cycle()).map(|(s, w)| f64::from(s * w)).sum::<f64>()
            };
            let h = 2e-3f32;
            let mut moved = |i: usize, by: f32| {
                let at = std::mem::replace(&mut x[i], 0.0);
                x[i] = at + by;
                let sum = sum(&x);
                x[i] = at;
                sum
            };
            let difference = |i| ((moved(i, h) - moved(i, -h)) / (2.0 * f64::from(h))) as f32;
            let expected: Vec<f32> = (0..found.len()).map(difference).collect();
            assert_close(&found, &expected, 1e-2, &format!("the gradient to the input, with{end:?} at the end"));
        }
    }
}
