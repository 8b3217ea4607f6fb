//! A network: layers in a row, their parameters in one flat array.

mod bfloat16;
mod fold;
mod gradient;
pub(crate) mod need;
pub(crate) mod passes;
pub(crate) mod tensors;
pub(crate) mod workspace;

use crate::error::Error;
use crate::kernels::simd::lines::Lines;
use crate::layer::{Forward, Layer, Slot};
use crate::layers::build::{self, Kinds};
use crate::rng::{Rng, mix};
use crate::spec::text::layers_to_text;
use crate::spec::{Architecture, LayerSpec};
use std::ops::Range;

/// Layers in a row with their parameters. Prediction takes `&self` and may run on many threads at once.
pub struct Network {
    architecture: Architecture,
    kinds: Kinds,
    pub(crate) stages: Vec<Stage>,
    pub(crate) params: Lines,
    stats: Vec<f32>,
}

/// A layer that runs one or several neighbouring descriptions in one pass, and its place in the flat arrays.
pub(crate) struct Stage {
    pub layer: Box<dyn Layer>,
    /// The descriptions in the architecture.
    layers: Range<usize>,
    pub params: Range<usize>,
    pub stats: Range<usize>,
    /// The weights as bfloat16, two in a word; empty where they are not used.
    short: Lines<u32>,
}

impl Stage {
    /// Predicts.
    fn infer(&self, pass: Forward<'_>) {
        let shortcuts = self.layer.shortcuts().filter(|_| !self.short.is_empty());
        if !shortcuts.is_some_and(|s| s.infer_short(&self.short, pass.params, pass.x, pass.y)) {
            self.layer.infer(pass);
        }
    }

    /// Returns whether `backward` leaves the gradient of the weights to the optimizer's pass.
    pub fn defers_weight_gradient(&self) -> bool {
        self.layer.shortcuts().is_some_and(|shortcuts| shortcuts.defers_weight_gradient())
    }
}

impl Network {
    /// Builds a network of this crate's own layers with fresh parameters, the same for the same seed. Neighbours that can
    /// run in one pass over memory do.
    ///
    /// # Errors
    /// [`Error::Layer`] names the first layer that does not fit.
    pub fn new(architecture: Architecture, seed: u64) -> Result<Self, Error> {
        Self::build(architecture, &Kinds::default(), seed)
    }

    /// [`Network::new`] for an architecture that may have layers of your own `kinds`.
    ///
    /// # Errors
    /// [`Error::Layer`] names the first layer that does not fit or is of an unknown kind.
    pub fn build(architecture: Architecture, kinds: &Kinds, seed: u64) -> Result<Self, Error> {
        Self::assemble(architecture, kinds, true)?.initialised(seed)
    }

    /// The same network with every layer run by itself: the reference that the grouped one must equal.
    ///
    /// # Errors
    /// As [`Network::new`].
    pub fn new_ungrouped(architecture: Architecture, seed: u64) -> Result<Self, Error> {
        Self::assemble(architecture, &Kinds::default(), false)?.initialised(seed)
    }

    /// A network with given parameters and statistics, for example those of a file. Takes no memory before the counts
    /// agree.
    ///
    /// # Errors
    /// [`Error::Layer`], or [`Error::Count`] where the numbers do not belong to the architecture.
    pub fn from_parts(architecture: Architecture, params: Vec<f32>, stats: Vec<f32>) -> Result<Self, Error> {
        Self::from_parts_with(architecture, &Kinds::default(), params, stats)
    }

    /// [`Network::from_parts`] for an architecture that may have layers of your own `kinds`.
    ///
    /// # Errors
    /// As [`Network::from_parts`].
    pub fn from_parts_with(
        architecture: Architecture,
        kinds: &Kinds,
        params: Vec<f32>,
        stats: Vec<f32>,
    ) -> Result<Self, Error> {
        let network = Self::assemble(architecture, kinds, true)?;
        let (expected_params, expected_stats) = network.counts();
        for (what, expected, found) in
            [("parameters", expected_params, params.len()), ("statistics", expected_stats, stats.len())]
        {
            if expected != found {
                return Err(Error::Count { what, expected, found });
            }
        }
        Ok(Self { params: Lines::copied(&params).map_err(|_| too_many(params.len()))?, stats, ..network })
    }

    /// The layers without their parameters. They are built one by one first, so that every error names its layer.
    fn assemble(architecture: Architecture, kinds: &Kinds, grouped: bool) -> Result<Self, Error> {
        if architecture.layers.is_empty() {
            return Err(Error::Architecture("a network needs at least one layer".into()));
        }
        let mut stages = build_stages(&architecture, kinds, |_| 1)?;
        if grouped {
            stages = build_stages(&architecture, kinds, build::group_len)?;
        }
        Ok(Self { architecture, kinds: kinds.clone(), stages, params: Lines::default(), stats: vec![] })
    }

    fn initialised(mut self, seed: u64) -> Result<Self, Error> {
        let (params, stats) = self.counts();
        self.params = Lines::zeros(params).map_err(|_| too_many(params))?;
        self.stats = zeros(stats)?;
        let mut rng = Rng::new(mix(&[seed]));
        for stage in &self.stages {
            fill(stage.layer.params(), &mut self.params[stage.params.clone()], &mut rng);
            fill(stage.layer.stats(), &mut self.stats[stage.stats.clone()], &mut rng);
        }
        Ok(self)
    }

    /// Every layer of the architecture by itself.
    fn stages_one_by_one(&self) -> Result<Vec<Stage>, Error> {
        build_stages(&self.architecture, &self.kinds, |_| 1)
    }

    /// Numbers of parameters and of statistics that the layers need.
    fn counts(&self) -> (usize, usize) {
        self.stages.last().map_or((0, 0), |s| (s.params.end, s.stats.end))
    }

    /// Returns the description that the network was built from.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// Returns all parameters, layer after layer. [`Network::tensors`] names them.
    pub fn params(&self) -> &[f32] {
        &self.params
    }

    /// Returns all parameters, to be changed in place. They are no longer bfloat16 then ([`Network::bfloat16`]).
    pub fn params_mut(&mut self) -> &mut [f32] {
        self.drop_short();
        &mut self.params
    }

    /// Drops the weights of 16 bits, as those of 32 bits change.
    pub(crate) fn drop_short(&mut self) {
        self.stages.iter_mut().for_each(|stage| stage.short = Lines::default());
    }

    /// Returns all running statistics, layer after layer.
    pub fn stats(&self) -> &[f32] {
        &self.stats
    }

    /// Returns all running statistics, to be changed in place.
    pub fn stats_mut(&mut self) -> &mut [f32] {
        &mut self.stats
    }

    /// Copies the parameters and statistics of a network of the same architecture.
    ///
    /// # Panics
    /// Where the architectures differ in size.
    pub fn copy_from(&mut self, other: &Self) {
        self.params_mut().copy_from_slice(&other.params);
        self.stats.copy_from_slice(&other.stats);
    }

    /// Returns whether a training batch must stay whole.
    pub(crate) fn mixes_samples(&self) -> bool {
        self.stages.iter().any(|stage| stage.layer.mixes_samples())
    }

    /// Returns the number of input values per sample.
    pub fn inputs(&self) -> usize {
        self.architecture.input.features().unwrap_or(0)
    }

    /// Returns the number of output values per sample.
    pub fn outputs(&self) -> usize {
        self.stages.last().and_then(|s| s.layer.output().features()).unwrap_or(0)
    }

    /// Returns whether the last layer is a softmax, so that outputs are probabilities.
    pub fn ends_in_softmax(&self) -> bool {
        self.architecture.layers.last() == Some(&LayerSpec::Softmax)
    }

    /// Returns a table of the layers as they run: their text, the shape of their output, their number of parameters.
    pub fn summary(&self) -> String {
        let line = |layer: &str, output: &str, params: usize| format!("{layer:<28} {output:>12} {params:>12}\n");
        let mut text = format!("{:<28} {:>12} {:>12}\n", "layer", "output", "parameters");
        text += &line("input", &self.architecture.input.to_string(), 0);
        for stage in &self.stages {
            let layers = layers_to_text(&self.architecture.layers[stage.layers.clone()]);
            text += &line(&layers, &stage.layer.output().to_string(), stage.params.len());
        }
        text + &line("total", "", self.params.len())
    }
}

/// Builds the layers; `group_len` says how many of the first of some descriptions run in one pass.
fn build_stages(
    architecture: &Architecture,
    kinds: &Kinds,
    group_len: impl Fn(&[LayerSpec]) -> usize,
) -> Result<Vec<Stage>, Error> {
    let specs = &architecture.layers;
    let mut stages: Vec<Stage> = Vec::new();
    let mut shape = architecture.input;
    let (mut params, mut stats) = (0, 0);
    let mut at = 0;
    while at < specs.len() {
        let end = at + group_len(&specs[at..]);
        let fail = |reason| Error::Layer { index: at + 1, layer: specs[at].to_string(), input: shape, reason };
        let layer = kinds.build(&specs[at..end], specs.get(at + 1), shape).map_err(fail)?;
        let too_large = || fail("its parameters would not fit in memory".into());
        let params = place(&layer.params(), &mut params).ok_or_else(too_large)?;
        let stats = place(&layer.stats(), &mut stats).ok_or_else(too_large)?;
        shape = layer.output();
        stages.push(Stage { layer, layers: at..end, params, stats, short: Lines::default() });
        at = end;
    }
    Ok(stages)
}

/// The range of some slots that begin at `from`, which moves to its end; `None` where that overflows.
fn place(slots: &[Slot], from: &mut usize) -> Option<Range<usize>> {
    let end = slots.iter().try_fold(*from, |sum, slot| sum.checked_add(slot.checked_len()?))?;
    let range = *from..end;
    *from = end;
    Some(range)
}

/// Fills some slots with their initial values.
fn fill(slots: Vec<Slot>, mut values: &mut [f32], rng: &mut Rng) {
    for slot in slots {
        let (head, tail) = values.split_at_mut(slot.len());
        slot.init.fill(head, slot.fans.0, slot.fans.1, rng);
        values = tail;
    }
}

/// The error where there is not memory enough for `n` parameters.
fn too_many(n: usize) -> Error {
    Error::Architecture(format!("{n} parameters do not fit in memory"))
}

/// `n` zeros, where the memory can be had.
fn zeros(n: usize) -> Result<Vec<f32>, Error> {
    let mut values = Vec::new();
    values.try_reserve_exact(n).map_err(|_| too_many(n))?;
    values.resize(n, 0.0);
    Ok(values)
}

impl Clone for Network {
    fn clone(&self) -> Self {
        let grouped = self.stages.len() < self.architecture.layers.len();
        match Self::assemble(self.architecture.clone(), &self.kinds, grouped) {
            Ok(mut network) => {
                network.stages.iter_mut().zip(&self.stages).for_each(|(new, old)| new.short.clone_from(&old.short));
                Self { params: self.params.clone(), stats: self.stats.clone(), ..network }
            }
            Err(_) => unreachable!("the architecture was built before"),
        }
    }
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.summary())
    }
}
