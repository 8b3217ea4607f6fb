//! The passes through a network: prediction, training forward, training back.

use crate::layer::{Backward, Forward, Layer};
use crate::network::Network;
use crate::network::workspace::{Trace, Workspace};
use crate::rng::mix;

impl Network {
    /// Predicts a batch `x` (inputs x batch) in buffers of `workspace` and returns the outputs (outputs x batch).
    ///
    /// # Panics
    /// Where `x` is empty or not a whole number of samples.
    pub fn infer<'w>(&self, x: &[f32], workspace: &'w mut Workspace) -> &'w [f32] {
        self.run(x, workspace, self.stages.len(), |layer, pass| layer.infer(pass))
    }

    /// Predicts like [`Network::infer`] and returns the output of every stage, the first stage first.
    ///
    /// # Panics
    /// As [`Network::infer`].
    pub fn infer_traced<'w>(&'w self, x: &[f32], workspace: &'w mut Workspace) -> Vec<Trace<'w>> {
        self.infer(x, workspace);
        let stages = self.stages.iter().zip(&workspace.outputs);
        let layers = &self.architecture.layers;
        let trace = stages.map(|(stage, values)| Trace {
            layers: &layers[stage.layers.clone()],
            shape: stage.layer.output(),
            values,
        });
        trace.collect()
    }

    /// Predicts like [`Network::infer`], in buffers of its own.
    ///
    /// # Panics
    /// As [`Network::infer`].
    pub fn predict(&self, x: &[f32]) -> Vec<f32> {
        self.infer(x, &mut Workspace::default()).to_vec()
    }

    /// Measures the running statistics anew as the mean over `batches`, each inputs x batch: after a short training the
    /// averages still hold a share of their start. Nothing is dropped out; batches that are empty are passed over.
    ///
    /// # Panics
    /// Where a batch is not a whole number of samples.
    pub fn measure_statistics<'x>(&mut self, batches: impl IntoIterator<Item = &'x [f32]>) {
        let mut workspace = Workspace::default();
        for (n, x) in (1..).zip(batches.into_iter().filter(|x| !x.is_empty())) {
            self.run(x, &mut workspace, self.stages.len(), |layer, pass| {
                if layer.mixes_samples() { layer.forward(pass) } else { layer.infer(pass) }
            });
            for (stage, cache) in self.stages.iter().zip(&workspace.caches) {
                stage.layer.absorb(&mut self.stats[stage.stats.clone()], cache, 1.0 / n as f32);
            }
        }
    }

    /// The training pass through all layers, or all but a last softmax where the loss computes it.
    pub(crate) fn forward<'w>(&self, x: &[f32], seed: u64, to_scores: bool, w: &'w mut Workspace) -> &'w [f32] {
        w.seed = seed;
        self.run(x, w, self.stages.len() - to_scores as usize, |layer, pass| layer.forward(pass))
    }

    fn run<'w>(
        &self,
        x: &[f32],
        w: &'w mut Workspace,
        stages: usize,
        step: impl Fn(&dyn Layer, Forward<'_>),
    ) -> &'w [f32] {
        let inputs = self.inputs();
        let batch = x.len() / inputs;
        assert!(batch > 0 && x.len() == batch * inputs, "a batch is a whole number of samples of {inputs}");
        w.resize(self.stages.iter().map(|stage| &*stage.layer), batch);
        for (i, stage) in self.stages[..stages].iter().enumerate() {
            let (before, rest) = w.outputs.split_at_mut(i);
            let params = &self.params[stage.params.clone()];
            let stats = &self.stats[stage.stats.clone()];
            let x = before.last().map_or(x, |y| &y[..]);
            let (y, cache) = (&mut rest[0][..], &mut w.caches[i]);
            step(&*stage.layer, Forward { params, stats, x, y, cache, seed: mix(&[w.seed, i as u64]), batch });
        }
        &w.outputs[stages - 1]
    }

    /// Goes back from the gradient of the result of `forward`, in `w.deltas`, to those of all outputs and to `grads`.
    pub(crate) fn backward(&self, x: &[f32], to_scores: bool, w: &mut Workspace, grads: &mut [f32]) {
        let batch = w.batch;
        for (i, stage) in self.stages.iter().enumerate().rev().skip(to_scores as usize) {
            let params = &self.params[stage.params.clone()];
            let grads = &mut grads[stage.params.clone()];
            let (before, after) = w.deltas.split_at_mut(i);
            let (dx, dy) = (before.last_mut().map(|dx| &mut dx[..]), &mut after[0][..]);
            let x = if i == 0 { x } else { &w.outputs[i - 1] };
            let (y, cache) = (&w.outputs[i], &mut w.caches[i]);
            let seed = mix(&[w.seed, i as u64]);
            stage.layer.backward(Backward { params, x, y, dy, dx, grads, cache, seed, batch });
        }
    }

    /// Moves the running statistics by `share` of the way towards what a training pass left in `w`.
    pub(crate) fn absorb(&mut self, w: &Workspace, share: f32) {
        for (stage, cache) in self.stages.iter().zip(&w.caches) {
            stage.layer.absorb(&mut self.stats[stage.stats.clone()], cache, share);
        }
    }
}
