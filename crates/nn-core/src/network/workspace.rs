//! The buffers of a pass through a network.

use crate::layer::{Cache, Layer};
use crate::shape::Shape;

/// The buffers of a pass: outputs, gradients and caches. It grows to the largest batch it has seen; use one a thread.
#[derive(Default)]
pub struct Workspace {
    pub(crate) batch: usize,
    pub(crate) seed: u64,
    pub(crate) outputs: Vec<Vec<f32>>,
    pub(crate) caches: Vec<Cache>,
    /// dL/d`outputs`, where a pass goes back.
    pub(crate) deltas: Vec<Vec<f32>>,
}

impl Workspace {
    /// Makes room for `batch` samples in a network of these layers.
    pub(crate) fn fit<'l>(&mut self, layers: impl ExactSizeIterator<Item = &'l dyn Layer>, batch: usize) {
        self.batch = batch;
        self.outputs.resize_with(layers.len(), Vec::new);
        self.caches.resize_with(layers.len(), Cache::default);
        for (layer, (y, cache)) in layers.zip(self.outputs.iter_mut().zip(&mut self.caches)) {
            y.resize(layer.output().features().unwrap_or(0) * batch, 0.0);
            let room = layer.cache(batch);
            cache.values.resize(room.values, 0.0);
            cache.indices.resize(room.indices, 0);
        }
    }

    /// The output of the last stage, or of one `back` before it, and room for its gradient.
    pub(crate) fn result_and_gradient(&mut self, back: usize) -> (&[f32], &mut [f32]) {
        self.fit_back();
        let stage = self.outputs.len() - 1 - back;
        (&self.outputs[stage], &mut self.deltas[stage])
    }

    /// Makes room for the gradients of all outputs.
    fn fit_back(&mut self) {
        self.deltas.resize_with(self.outputs.len(), Vec::new);
        for (delta, y) in self.deltas.iter_mut().zip(&self.outputs) {
            delta.resize(y.len(), 0.0);
        }
    }

    /// The input of a stage (`x` for the first) and the gradient that its `backward` left in `dy`, with the batch size.
    pub(crate) fn input_and_gradient<'a>(&'a self, stage: usize, x: &'a [f32]) -> (&'a [f32], &'a [f32], usize) {
        let x = if stage == 0 { x } else { &self.outputs[stage - 1] };
        (x, &self.deltas[stage], self.batch)
    }
}

/// What a stage of a network made of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Trace<'a> {
    /// The layer, and the activation that it has fused: `dense:100, relu`.
    pub name: &'a str,
    /// The shape of one sample.
    pub shape: Shape,
    /// The values, a sample after the other.
    pub values: &'a [f32],
}
