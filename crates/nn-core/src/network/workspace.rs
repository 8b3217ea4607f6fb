//! The buffers of a pass through a network.

use crate::kernels::share::Peers;
use crate::layer::{Cache, Layer};
use crate::shape::Shape;
use crate::spec::LayerSpec;

/// The buffers of a pass: outputs, gradients and caches, all for a whole batch. It grows to the largest batch that it has seen. Use one per
/// thread.
#[derive(Default)]
pub struct Workspace {
    pub(crate) batch: usize,
    pub(crate) seed: u64,
    pub(crate) outputs: Vec<Vec<f32>>,
    pub(crate) caches: Vec<Cache>,
    /// dL/d`outputs`, where a pass goes back.
    pub(crate) deltas: Vec<Vec<f32>>,
    /// The whole batch, where this process was given only its share of it.
    pub(crate) input: Vec<f32>,
    /// The stages whose inputs and gradients are under way from other processes, with the tickets of both.
    pub(crate) awaited: Vec<(usize, [u64; 2])>,
}

impl Workspace {
    /// Resizes the buffers for `batch` samples in a network of these layers.
    pub(crate) fn resize<'l>(&mut self, layers: impl ExactSizeIterator<Item = &'l dyn Layer>, batch: usize) {
        self.batch = batch;
        self.input.clear();
        self.outputs.resize_with(layers.len(), Vec::new);
        self.caches.resize_with(layers.len(), Cache::default);
        for (layer, (y, cache)) in layers.zip(self.outputs.iter_mut().zip(&mut self.caches)) {
            y.resize(layer.output().features().unwrap_or(0) * batch, 0.0);
            let size = layer.cache(batch);
            cache.values.resize(size.values, 0.0);
            cache.indices.resize(size.indices, 0);
        }
    }

    /// Returns the output of the last stage, or of the one `back` before it, and the buffer for its gradient.
    pub(crate) fn result_and_gradient(&mut self, back: usize) -> (&[f32], &mut [f32]) {
        self.deltas.resize_with(self.outputs.len(), Vec::new);
        for (delta, y) in self.deltas.iter_mut().zip(&self.outputs) {
            delta.resize(y.len(), 0.0);
        }
        let stage = self.outputs.len() - 1 - back;
        (&self.outputs[stage], &mut self.deltas[stage])
    }

    /// Returns the input of a stage (`x` for the first) and the gradient that its `backward` left in `dy`.
    pub(crate) fn input_and_gradient<'a>(&'a self, stage: usize, x: &'a [f32]) -> (&'a [f32], &'a [f32]) {
        let x = match stage {
            0 if self.input.is_empty() => x,
            0 => &self.input,
            _ => &self.outputs[stage - 1],
        };
        (x, &self.deltas[stage])
    }

    /// Waits for what other processes send of the inputs and gradients of stages.
    pub(crate) fn receive(&mut self, peers: &dyn Peers, inputs: usize) {
        for (stage, [x, dz]) in self.awaited.drain(..) {
            match stage {
                0 => {
                    self.input.resize(inputs * self.batch, 0.0);
                    peers.receive(x, &mut self.input);
                }
                _ => peers.receive(x, &mut self.outputs[stage - 1]),
            }
            peers.receive(dz, &mut self.deltas[stage]);
        }
    }
}

/// The output of one stage of a network for a batch.
#[derive(Clone, Copy, Debug)]
pub struct Trace<'a> {
    /// The layers that the stage runs in one pass, such as a dense layer and its activation.
    pub layers: &'a [LayerSpec],
    /// The shape of one sample.
    pub shape: Shape,
    /// The values, one sample after the other.
    pub values: &'a [f32],
}
