//! The contract that every layer keeps: mathematics only. What merely makes layers faster stands behind one door,
//! [`Layer::shortcuts`].
//!
//! A batch is a column-major matrix whose columns are samples, so sample `s` of a batch `x` is the slice
//! `x[s * features..][..features]`. A layer is immutable and owns no buffer: parameters, gradients and activations are
//! slices that the caller lends, and what `backward` needs to remember from `forward` lies in a [`Cache`].

use crate::init::Init;
use crate::kernels::share::Share;
use crate::layers::shortcuts::Shortcuts;
use crate::shape::Shape;

/// A step from `x` to `y`, and back from dL/dy to dL/dx. `examples/own_layer.rs` shows one written outside this crate.
pub trait Layer: Send + Sync {
    /// Returns the shape of one sample of `y`.
    fn output(&self) -> Shape;

    /// Returns the parameters in the order in which they lie in `params`.
    fn params(&self) -> Vec<Slot> {
        vec![]
    }

    /// Returns the running statistics, which training measures and prediction uses, in the order in which they lie in
    /// `stats`.
    fn stats(&self) -> Vec<Slot> {
        vec![]
    }

    /// Returns the size of the cache for a batch of `batch` samples.
    fn cache(&self, _batch: usize) -> CacheSize {
        CacheSize::default()
    }

    /// Computes `y` as in training.
    fn forward(&self, pass: Forward<'_>);

    /// Computes `y` as in prediction. Only layers that behave differently in training have their own.
    fn infer(&self, pass: Forward<'_>) {
        self.forward(pass);
    }

    /// Computes `dx` and the layer's `grads`, overwriting both; may use `dy` as scratch.
    fn backward(&self, pass: Backward<'_>);

    /// Moves the running statistics by `share` of the way (0 to 1) towards what `forward` measured and left in the cache.
    fn absorb(&self, _stats: &mut [f32], _cache: &Cache, _share: f32) {}

    /// Returns `true` where a sample's `y` depends on the other samples of a training batch, which must stay whole then.
    fn mixes_samples(&self) -> bool {
        false
    }

    /// Returns `true` where the passes can compute a [`Share`] of a batch while other processes compute the rest: they
    /// complete every sum over samples, and everything random depends on the place in the whole batch.
    fn shares_batches(&self) -> bool {
        self.params().is_empty() && !self.mixes_samples()
    }

    /// Returns what this layer can do faster than by the methods above, if anything.
    fn shortcuts(&self) -> Option<&dyn Shortcuts> {
        None
    }
}

/// A named range of a layer's parameters or statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Its name within the layer: `weight`, `bias` …
    pub name: &'static str,
    /// Its dimensions, the slowest first: dense weights are `[outputs, inputs]`, one unit per row.
    pub shape: Vec<usize>,
    /// The distribution of the initial values.
    pub init: Init,
    /// Number of inputs and of outputs of one unit, for the initial values.
    pub fans: (usize, usize),
    /// Whether weight decay applies (to weights, not to biases).
    pub decay: bool,
}

impl Slot {
    /// Weights of units with `fans` inputs and outputs, to which weight decay applies.
    pub fn weights(shape: &[usize], fans: (usize, usize), init: Init) -> Self {
        Self { name: "weight", shape: shape.to_vec(), init, fans, decay: true }
    }

    /// `n` values of a `name`, to which no weight decay applies.
    pub fn vector(name: &'static str, n: usize, init: Init) -> Self {
        Self { name, shape: vec![n], init, fans: (1, n), decay: false }
    }

    /// Returns the number of values; `None` where it overflows.
    pub fn checked_len(&self) -> Option<usize> {
        self.shape.iter().try_fold(1usize, |product, n| product.checked_mul(*n))
    }

    /// Returns the number of values of a slot of a network, which fits in memory.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Returns `true` where the slot has no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Size of a [`Cache`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheSize {
    /// Number of values.
    pub values: usize,
    /// Number of indices.
    pub indices: usize,
}

/// The values that a layer keeps from `forward` for `backward`, and its scratch space.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// Values; each layer decides on their meaning.
    pub values: Vec<f32>,
    /// Positions; each layer decides on their meaning.
    pub indices: Vec<u32>,
}

/// The arguments of [`Layer::forward`] and [`Layer::infer`].
pub struct Forward<'a> {
    /// The layer's parameters.
    pub params: &'a [f32],
    /// The layer's running statistics.
    pub stats: &'a [f32],
    /// Input: features x the samples of `share`.
    pub x: &'a [f32],
    /// Output to write: features x the samples of `share`.
    pub y: &'a mut [f32],
    /// The layer's cache, as large as `cache` says for the whole batch.
    pub cache: &'a mut Cache,
    /// Seed of everything random in this pass through this layer.
    pub seed: u64,
    /// The samples of the batch that `x` holds.
    pub share: Share<'a>,
}

/// The arguments of [`Layer::backward`].
pub struct Backward<'a> {
    /// The layer's parameters.
    pub params: &'a [f32],
    /// Input of the forward pass.
    pub x: &'a [f32],
    /// Output of the forward pass.
    pub y: &'a [f32],
    /// dL/dy. Scratch afterwards, except where [`Shortcuts::defers_weight_gradient`]: then dL/dz.
    pub dy: &'a mut [f32],
    /// dL/dx to write; `None` for the first layer, where nothing needs it.
    pub dx: Option<&'a mut [f32]>,
    /// dL/dparams to write.
    pub grads: &'a mut [f32],
    /// The cache that `forward` filled.
    pub cache: &'a mut Cache,
    /// The seed of the forward pass.
    pub seed: u64,
    /// The samples of the batch that `x` holds.
    pub share: Share<'a>,
}
