//! Predictions: a network's probabilities for prepared pictures, the mean over all shifted copies of each.

use nn_core::{LayerSpec, Network, Peers, Trace, Workspace};
use nn_data::Preprocessing;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// The most pictures that go through the network together.
const BATCH: usize = 256;
/// The most numbers between the layers of one batch, so that they stay in the near caches; where pictures have many, fewer
/// go together.
const VALUES: u64 = 1 << 20;

/// Returns the number of pictures that go through a network together.
fn batch_size(network: &Network) -> usize {
    (VALUES / network.need(1).values.max(1)).clamp(1, BATCH as u64) as usize
}

/// Returns the bytes of memory that a network needs to read many pictures on all threads of the pool.
pub fn reading_need(network: &Network) -> u64 {
    let batch = batch_size(network);
    network.need(batch).prediction().saturating_mul(rayon::current_num_threads() as u64)
}

/// A network ready for predictions: batch normalisation is merged into the layers before it.
pub(crate) struct Predictor {
    network: Network,
    preprocessing: Preprocessing,
    /// Buffers for the next pictures: those of a large batch take long to be made.
    spare: Mutex<Vec<Buffers>>,
}

/// Memory that is used again for the next pictures.
#[derive(Default)]
pub(crate) struct Buffers {
    workspace: Workspace,
    x: Vec<f32>,
    /// The features of the pictures that were read last: features x samples.
    pub features: Vec<f32>,
}

impl Predictor {
    pub fn new(network: &Network, preprocessing: &Preprocessing) -> Self {
        let folded = network.folded().unwrap_or_else(|_| network.clone()); // a network that was built can be folded
        Self { network: folded, preprocessing: preprocessing.clone(), spare: Mutex::default() }
    }

    /// Outputs (classes x samples) for prepared pictures that stand one after the other, computed on all threads.
    pub fn outputs(&self, pixels: &[u8]) -> Vec<f32> {
        let (inputs, classes) = (self.network.inputs(), self.network.outputs());
        let mut outputs = vec![0.0; pixels.len() / inputs * classes];
        let batch = batch_size(&self.network);
        let batches = outputs.par_chunks_mut(batch * classes).zip(pixels.par_chunks(batch * inputs));
        batches.for_each(|(y, pixels)| self.with_buffers(|buffers| self.add_outputs(pixels, buffers, y)));
        outputs
    }

    /// [`Predictor::outputs`] with the same bits, where each of several processes computes some of the batches.
    pub fn outputs_among(&self, peers: &dyn Peers, pixels: &[u8]) -> Vec<f32> {
        let (inputs, classes, batch) = (self.network.inputs(), self.network.outputs(), batch_size(&self.network));
        let samples = pixels.len() / inputs;
        let batches = samples.div_ceil(batch);
        let bound = |rank: usize| (batches * rank / peers.ranks() * batch).min(samples);
        let own = self.outputs(&pixels[bound(peers.rank()) * inputs..bound(peers.rank() + 1) * inputs]);
        let mut outputs = vec![0.0; samples * classes];
        peers.receive(peers.send(&own, &|rank| bound(rank) * classes), &mut outputs);
        outputs
    }

    /// Features (features x samples) of prepared pictures that stand one after the other, computed on all threads.
    pub fn features(&self, pixels: &[u8]) -> Vec<f32> {
        let (inputs, classes) = (self.network.inputs(), self.network.outputs());
        let batches = pixels.par_chunks(batch_size(&self.network) * inputs);
        let features = batches.map(|pixels| {
            self.with_buffers(|buffers| {
                self.add_outputs(pixels, buffers, &mut vec![0.0; pixels.len() / inputs * classes]);
                std::mem::take(&mut buffers.features)
            })
        });
        features.collect::<Vec<_>>().concat()
    }

    /// Runs something in buffers that nobody else uses meanwhile.
    fn with_buffers<T>(&self, run: impl FnOnce(&mut Buffers) -> T) -> T {
        let spare = || self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = spare().pop();
        let mut buffers = taken.unwrap_or_default();
        let result = run(&mut buffers);
        spare().push(buffers);
        result
    }

    /// Probabilities (classes x samples) for prepared pictures, computed on all threads.
    pub fn probabilities(&self, pixels: &[u8]) -> Vec<f32> {
        self.as_probabilities(self.outputs(pixels))
    }

    /// The probabilities for one prepared picture, on this thread.
    pub fn probabilities_of_one(&self, pixels: &[u8], buffers: &mut Buffers) -> Vec<f32> {
        let mut outputs = vec![0.0; self.network.outputs()];
        self.add_outputs(pixels, buffers, &mut outputs);
        self.as_probabilities(outputs)
    }

    /// Adds the mean over all shifted copies of the pictures to `y`, and leaves that of their features in the buffers. The
    /// copies of a single picture go through the network together, so that its weights are read once.
    fn add_outputs(&self, pixels: &[u8], Buffers { workspace, x, features }: &mut Buffers, y: &mut [f32]) {
        features.clear();
        let moves: Vec<_> = self.preprocessing.shifts.moves(self.preprocessing.size()).collect();
        let share = 1.0 / moves.len() as f32;
        let add = |sum: &mut [f32], copies: &[f32]| {
            for values in copies.chunks_exact(sum.len()) {
                sum.iter_mut().zip(values).for_each(|(sum, v)| *sum += v * share);
            }
        };
        let together = if pixels.len() == self.network.inputs() { moves.len() } else { 1 };
        for moves in moves.chunks(together) {
            x.resize(moves.len() * pixels.len(), 0.0);
            for (by, x) in moves.iter().zip(x.chunks_exact_mut(pixels.len())) {
                self.preprocessing.to_moved_input(pixels, *by, x);
            }
            let trace = self.network.infer_traced(x, workspace);
            add(y, trace.last().map_or(&[], |outputs| outputs.values));
            let last_hidden = hidden(&trace).unwrap_or(x);
            features.resize(last_hidden.len() / moves.len(), 0.0);
            add(features, last_hidden);
        }
    }

    /// Brings outputs that come from no softmax above 0, which keeps their order, and divides them by their sum.
    pub fn as_probabilities(&self, mut outputs: Vec<f32>) -> Vec<f32> {
        if !self.network.ends_in_softmax() {
            for y in outputs.chunks_exact_mut(self.network.outputs()) {
                y.iter_mut().for_each(|y| *y = if *y > 1e-6 { *y } else { 1e-6 * (*y - 1e-6).exp() });
                let sum: f32 = y.iter().sum();
                y.iter_mut().for_each(|y| *y /= sum);
            }
        }
        outputs
    }
}

/// The values of the last hidden layer, which the last dense layer reads; `None` where that reads the picture itself.
fn hidden<'t>(trace: &[Trace<'t>]) -> Option<&'t [f32]> {
    let is_dense = |stage: &Trace<'_>| stage.layers.iter().any(|layer| matches!(layer, LayerSpec::Dense { .. }));
    let last = trace.iter().rposition(is_dense)?;
    Some(trace.get(last.checked_sub(1)?)?.values)
}
