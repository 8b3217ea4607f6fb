//! A network: layers in a row, their parameters in one flat array, and a pass forward and back.

mod fold;
pub(crate) mod workspace;

use crate::error::Error;
use crate::layer::{Backward, Forward, Layer, Slot};
use crate::network::workspace::{Trace, Workspace};
use crate::rng::{Rng, mix};
use crate::spec::{Activation, Architecture, LayerSpec};
use crate::trainer::update::Block;
use std::ops::Range;

/// Layers in a row with their parameters. Prediction takes `&self` and may run on many threads at once.
pub struct Network {
    architecture: Architecture,
    stages: Vec<Stage>,
    pub(crate) params: Vec<f32>,
    stats: Vec<f32>,
}

/// A layer, together with those behind it that it has fused, and its place in the flat arrays.
pub(crate) struct Stage {
    pub layer: Box<dyn Layer>,
    name: String,
    pub params: Range<usize>,
    pub stats: Range<usize>,
}

impl Network {
    /// A network with fresh parameters, the same for the same seed. Neighbours are fused where a layer can.
    pub fn new(architecture: Architecture, seed: u64) -> Result<Self, Error> {
        Self::build(architecture, true)?.initialised(seed)
    }

    /// The same network with every layer run by itself: the reference that the fused one must equal.
    pub fn new_unfused(architecture: Architecture, seed: u64) -> Result<Self, Error> {
        Self::build(architecture, false)?.initialised(seed)
    }

    /// A network with given parameters and statistics, for example of a file. Takes no memory before the counts agree.
    pub fn from_parts(architecture: Architecture, params: Vec<f32>, stats: Vec<f32>) -> Result<Self, Error> {
        let network = Self::build(architecture, true)?;
        let (p, s) = network.counts();
        for (what, expected, found) in [("parameters", p, params.len()), ("statistics", s, stats.len())] {
            if expected != found {
                return Err(Error::Count { what, expected, found });
            }
        }
        Ok(Self { params, stats, ..network })
    }

    /// The layers without their parameters.
    fn build(architecture: Architecture, fuse: bool) -> Result<Self, Error> {
        let mut stages: Vec<Stage> = Vec::new();
        let (mut shape, mut params, mut stats) = (architecture.input, 0usize, 0usize);
        for (i, spec) in architecture.layers.iter().enumerate() {
            let next = architecture.layers.get(i + 1).and_then(LayerSpec::as_activation);
            let fail = |reason| Error::Layer { index: i + 1, layer: spec.to_string(), input: shape, reason };
            let layer = spec.build(shape, next).map_err(fail)?;
            if let (Some(last), true) = (stages.last_mut(), fuse)
                && last.layer.fuse(spec)
            {
                last.name += &format!(", {spec}");
                shape = last.layer.output();
                continue;
            }
            let place = |slots: Vec<Slot>, from: &mut usize| {
                let end =
                    slots.iter().try_fold(*from, |sum, slot| sum.checked_add(slot.rows.checked_mul(slot.columns)?));
                let range = *from..end.ok_or_else(|| fail("its parameters would not fit in memory".into()))?;
                *from = range.end;
                Ok::<_, Error>(range)
            };
            let (params, stats) = (place(layer.params(), &mut params)?, place(layer.stats(), &mut stats)?);
            shape = layer.output();
            stages.push(Stage { layer, name: spec.to_string(), params, stats });
        }
        if stages.is_empty() {
            return Err(Error::Architecture("a network needs at least one layer".into()));
        }
        Ok(Self { architecture, stages, params: vec![], stats: vec![] })
    }

    fn initialised(mut self, seed: u64) -> Result<Self, Error> {
        let (params, stats) = self.counts();
        (self.params, self.stats) = (zeros(params)?, zeros(stats)?);
        let mut rng = Rng::new(mix(&[seed]));
        for stage in &self.stages {
            let mut fill = |slots: Vec<Slot>, mut values: &mut [f32]| {
                for slot in slots {
                    let (head, tail) = values.split_at_mut(slot.len());
                    slot.init.fill(head, slot.columns, slot.rows, &mut rng);
                    values = tail;
                }
            };
            fill(stage.layer.params(), &mut self.params[stage.params.clone()]);
            fill(stage.layer.stats(), &mut self.stats[stage.stats.clone()]);
        }
        Ok(self)
    }

    /// Every layer of the architecture by itself.
    pub(crate) fn apart(&self) -> Result<Vec<Stage>, Error> {
        Ok(Self::build(self.architecture.clone(), false)?.stages)
    }

    /// Parameters and statistics that the layers need.
    fn counts(&self) -> (usize, usize) {
        self.stages.last().map_or((0, 0), |s| (s.params.end, s.stats.end))
    }

    /// The description that the network was built from.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// All parameters, layer after layer.
    pub fn params(&self) -> &[f32] {
        &self.params
    }

    /// All parameters, to be changed in place.
    pub fn params_mut(&mut self) -> &mut [f32] {
        &mut self.params
    }

    /// All running statistics, layer after layer.
    pub fn stats(&self) -> &[f32] {
        &self.stats
    }

    /// All running statistics, to be changed in place.
    pub fn stats_mut(&mut self) -> &mut [f32] {
        &mut self.stats
    }

    /// Takes over the parameters and statistics of a network of the same architecture.
    ///
    /// # Panics
    /// Where the architectures differ in size.
    pub fn copy_from(&mut self, other: &Self) {
        self.params.copy_from_slice(&other.params);
        self.stats.copy_from_slice(&other.stats);
    }

    /// The parameters as the optimizer goes through them: layer after layer, small ones together.
    pub(crate) fn blocks(&self) -> Vec<Vec<Block>> {
        let mut groups = vec![vec![]];
        for (stage, Stage { layer, params, .. }) in self.stages.iter().enumerate() {
            let mut from = params.start;
            for (i, slot) in layer.params().iter().enumerate() {
                let outer = (i == 0 && layer.outer()).then_some(stage);
                Block::add(&mut groups, Block::cut(from, slot, outer));
                from += slot.len();
            }
        }
        groups
    }

    /// Whether a training batch must stay whole.
    pub(crate) fn mixes_samples(&self) -> bool {
        self.stages.iter().any(|stage| stage.layer.mixes_samples())
    }

    /// Values that go in, a sample.
    pub fn inputs(&self) -> usize {
        self.architecture.input.features().unwrap_or(0)
    }

    /// Values that come out, a sample.
    pub fn outputs(&self) -> usize {
        self.stages.last().and_then(|s| s.layer.output().features()).unwrap_or(0)
    }

    /// Whether the last layer is a softmax, so that outputs are probabilities.
    pub fn ends_in_softmax(&self) -> bool {
        self.architecture.layers.last() == Some(&LayerSpec::Softmax)
    }

    /// Predictions (outputs x batch) for a batch `x` (inputs x batch), in buffers of `workspace`.
    ///
    /// # Panics
    /// Where `x` is empty or not a whole number of samples.
    pub fn infer<'w>(&self, x: &[f32], workspace: &'w mut Workspace) -> &'w [f32] {
        self.run(x, workspace, self.stages.len(), |layer, pass| layer.infer(pass))
    }

    /// [`Network::infer`], showing what every stage made of the batch, the first stage first.
    ///
    /// # Panics
    /// As [`Network::infer`].
    pub fn infer_traced<'w>(&'w self, x: &[f32], workspace: &'w mut Workspace) -> Vec<Trace<'w>> {
        self.infer(x, workspace);
        let trace = |(stage, values): (&'w Stage, &'w Vec<f32>)| Trace {
            name: &stage.name,
            shape: stage.layer.output(),
            values,
        };
        self.stages.iter().zip(&workspace.outputs).map(trace).collect()
    }

    /// [`Network::infer`] in buffers of its own.
    pub fn predict(&self, x: &[f32]) -> Vec<f32> {
        self.infer(x, &mut Workspace::default()).to_vec()
    }

    /// The training pass through all layers, or all but a last softmax that the loss takes over.
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
        let batch = x.len() / self.inputs();
        assert!(
            batch > 0 && x.len() == batch * self.inputs(),
            "a batch is a whole number of samples of {}",
            self.inputs()
        );
        w.fit(self.stages.iter().map(|stage| &*stage.layer), batch);
        for (i, stage) in self.stages[..stages].iter().enumerate() {
            let (before, rest) = w.outputs.split_at_mut(i);
            let (params, stats) = (&self.params[stage.params.clone()], &self.stats[stage.stats.clone()]);
            let (x, y, cache) = (before.last().map_or(x, |y| &y[..]), &mut rest[0][..], &mut w.caches[i]);
            step(&*stage.layer, Forward { params, stats, x, y, cache, seed: mix(&[w.seed, i as u64]), batch });
        }
        &w.outputs[stages - 1]
    }

    /// Back from the gradient of what `forward` returned, in `w.deltas`, to those of all outputs and to `grads`.
    pub(crate) fn backward(&self, x: &[f32], to_scores: bool, w: &mut Workspace, grads: &mut [f32]) {
        let batch = w.batch;
        for (i, stage) in self.stages.iter().enumerate().rev().skip(to_scores as usize) {
            let (params, grads) = (&self.params[stage.params.clone()], &mut grads[stage.params.clone()]);
            let (before, after) = w.deltas.split_at_mut(i);
            let (dx, dy) = (before.last_mut().map(|dx| &mut dx[..]), &mut after[0][..]);
            let x = if i == 0 { x } else { &w.outputs[i - 1] };
            let (y, cache) = (&w.outputs[i], &mut w.caches[i]);
            let seed = mix(&[w.seed, i as u64]);
            stage.layer.backward(Backward { params, x, y, dy, dx, grads, cache, seed, batch });
        }
    }

    /// Folds the statistics that a training pass left in `w` into the running ones.
    pub(crate) fn absorb(&mut self, w: &Workspace) {
        for (stage, cache) in self.stages.iter().zip(&w.caches) {
            stage.layer.absorb(&mut self.stats[stage.stats.clone()], cache);
        }
    }

    /// A table of the layers as they run: what each is, its output and its parameters.
    pub fn summary(&self) -> String {
        let mut text = format!("{:<28} {:>12} {:>12}\n", "layer", "output", "parameters");
        text += &format!("{:<28} {:>12} {:>12}\n", "input", self.architecture.input.to_string(), 0);
        for stage in &self.stages {
            text +=
                &format!("{:<28} {:>12} {:>12}\n", stage.name, stage.layer.output().to_string(), stage.params.len());
        }
        text + &format!("{:<28} {:>12} {:>12}\n", "total", "", self.params.len())
    }
}

/// `n` zeros, where the memory can be had.
fn zeros(n: usize) -> Result<Vec<f32>, Error> {
    let mut values = Vec::new();
    let room = values.try_reserve_exact(n);
    room.map_err(|_| Error::Architecture(format!("{n} parameters do not fit in memory")))?;
    values.resize(n, 0.0);
    Ok(values)
}

impl LayerSpec {
    fn as_activation(&self) -> Option<Activation> {
        if let Self::Activation(activation) = self { Some(*activation) } else { None }
    }
}

impl Clone for Network {
    fn clone(&self) -> Self {
        let fused = self.stages.len() < self.architecture.layers.len();
        match Self::build(self.architecture.clone(), fused) {
            Ok(network) => Self { params: self.params.clone(), stats: self.stats.clone(), ..network },
            Err(_) => unreachable!("the architecture was built before"),
        }
    }
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.summary())
    }
}
