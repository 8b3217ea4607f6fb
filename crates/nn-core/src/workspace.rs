//! The buffers of a pass through a network.

use crate::Shape;
use crate::layer::{Cache, Layer};

/// The buffers of a pass: outputs, gradients and caches. It grows to the largest batch it has seen; use one a thread.
#[derive(Default)]
pub struct Workspace {
    pub(crate) batch: usize,
    pub(crate) seed: u64,
    pub(crate) outputs: Vec<Vec<f32>>,
    pub(crate) caches: Vec<Cache>,
    pub(crate) dy: Vec<f32>,
    pub(crate) dx: Vec<f32>,
}

impl Workspace {
    /// Makes room for `batch` samples in a network of these layers.
    pub(crate) fn fit<'l>(&mut self, layers: impl ExactSizeIterator<Item = &'l dyn Layer>, batch: usize) {
        self.batch = batch;
        self.outputs.resize_with(layers.len(), Vec::new);
        self.caches.resize_with(layers.len(), Cache::default);
        let mut largest = 0;
        for (layer, (y, cache)) in layers.zip(self.outputs.iter_mut().zip(&mut self.caches)) {
            let features = layer.output().features().unwrap_or(0) * batch;
            largest = largest.max(features);
            y.resize(features, 0.0);
            let room = layer.cache(batch);
            cache.values.resize(room.values, 0.0);
            cache.indices.resize(room.indices, 0);
        }
        self.dy.resize(largest.max(self.dy.len()), 0.0);
        self.dx.resize(largest.max(self.dx.len()), 0.0);
    }

    /// The last output and room for its gradient.
    pub(crate) fn output_and_gradient(&mut self, stages_back: usize) -> (&[f32], &mut [f32]) {
        let y = &self.outputs[self.outputs.len() - 1 - stages_back];
        (y, &mut self.dy[..y.len()])
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
