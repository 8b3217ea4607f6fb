//! The passes through a network: prediction, training forward, training back.

use crate::kernels::share::Share;
use crate::layer::{Backward, Forward};
use crate::network::workspace::{Trace, Workspace};
use crate::network::{Network, Stage};
use crate::rng::mix;

/// The samples of a batch that go through the first stages of a network.
#[derive(Clone, Copy)]
pub(crate) struct BatchShare<'a> {
    /// The whole batch: inputs x batch.
    pub x: &'a [f32],
    /// The samples that go through.
    pub share: Share<'a>,
    /// The stages; all but a last softmax where the loss computes it.
    pub stages: usize,
}

impl Network {
    /// Predicts a batch `x` (inputs x batch) in buffers of `workspace` and returns the outputs (outputs x batch).
    ///
    /// # Panics
    /// Where `x` is empty or not a whole number of samples.
    pub fn infer<'w>(&self, x: &[f32], workspace: &'w mut Workspace) -> &'w [f32] {
        self.run(self.whole(x), workspace, |stage, pass| stage.infer(pass));
        workspace.outputs.last().map_or(&[], |y| y)
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
            self.run(self.whole(x), &mut workspace, |stage, pass| {
                if stage.layer.mixes_samples() { stage.layer.forward(pass) } else { stage.infer(pass) }
            });
            for (stage, cache) in self.stages.iter().zip(&workspace.caches) {
                stage.layer.absorb(&mut self.stats[stage.stats.clone()], cache, 1.0 / n as f32);
            }
        }
    }

    /// All samples of the batch `x`, for all stages.
    fn whole<'x>(&self, x: &'x [f32]) -> BatchShare<'x> {
        let inputs = self.inputs();
        let batch = x.len() / inputs;
        assert!(batch > 0 && x.len() == batch * inputs, "a batch is a whole number of samples of {inputs}");
        BatchShare { x, share: Share::whole(batch), stages: self.stages.len() }
    }

    /// The training pass of a share of a batch.
    pub(crate) fn forward(&self, batch: BatchShare<'_>, seed: u64, w: &mut Workspace) {
        w.seed = seed;
        self.run(batch, w, |stage, pass| stage.layer.forward(pass));
    }

    fn run(&self, batch: BatchShare<'_>, w: &mut Workspace, step: impl Fn(&Stage, Forward<'_>)) {
        let BatchShare { x, share, stages } = batch;
        w.resize(self.stages.iter().map(|stage| &*stage.layer), share.batch());
        for (i, stage) in self.stages[..stages].iter().enumerate() {
            let (before, rest) = w.outputs.split_at_mut(i);
            let params = &self.params[stage.params.clone()];
            let stats = &self.stats[stage.stats.clone()];
            let x = share.of(before.last().map_or(x, |y| &y[..]));
            let (y, cache) = (share.of_mut(&mut rest[0]), &mut w.caches[i]);
            step(stage, Forward { params, stats, x, y, cache, seed: mix(&[w.seed, i as u64]), share });
        }
    }

    /// Goes back from the gradient of the result of `forward`, in `w.deltas`, to those of all outputs and to `grads`. Where
    /// processes share the batch, the inputs and gradients of layers that defer theirs are exchanged meanwhile.
    pub(crate) fn backward(&self, batch: BatchShare<'_>, w: &mut Workspace, grads: &mut [f32]) {
        let BatchShare { x, share, stages } = batch;
        for (i, stage) in self.stages[..stages].iter().enumerate().rev() {
            let params = &self.params[stage.params.clone()];
            let grads = &mut grads[stage.params.clone()];
            let (before, after) = w.deltas.split_at_mut(i);
            let dx = before.last_mut().map(|dx| share.of_mut(dx));
            let dy = share.of_mut(&mut after[0]);
            let x = share.of(if i == 0 { x } else { &w.outputs[i - 1] });
            let (y, cache) = (share.of(&w.outputs[i]), &mut w.caches[i]);
            let seed = mix(&[w.seed, i as u64]);
            stage.layer.backward(Backward { params, x, y, dy, dx, grads, cache, seed, share });
            if let Some(peers) = share.peers().filter(|_| stage.defers_weight_gradient()) {
                let tickets = [x, share.of(&after[0])].map(|own| share.send_samples(peers, own));
                w.awaited.push((i, tickets));
            }
        }
        if let Some(peers) = share.peers() {
            w.receive(peers, self.inputs());
        }
    }

    /// Moves the running statistics by `share` of the way towards what a training pass left in `w`.
    pub(crate) fn absorb(&mut self, w: &Workspace, share: f32) {
        for (stage, cache) in self.stages.iter().zip(&w.caches) {
            stage.layer.absorb(&mut self.stats[stage.stats.clone()], cache, share);
        }
    }
}
