//! The contract that every layer keeps.
//!
//! A batch is a column-major matrix whose columns are samples, so sample `s` of a batch `x` is the slice
//! `x[s * features..][..features]`. A layer is immutable and owns no buffer: parameters, gradients and activations are
//! slices that the caller lends, and what `backward` needs to remember from `forward` lies in a [`Cache`].

use crate::init::Init;
use crate::shape::Shape;
use crate::spec::LayerSpec;

/// A step from `x` to `y`, and back from dL/dy to dL/dx.
pub trait Layer: Send + Sync {
    /// Shape of one sample of `y`.
    fn output(&self) -> Shape;

    /// The parameters in the order in which they lie in `params`.
    fn params(&self) -> Vec<Slot> {
        vec![]
    }

    /// The running statistics in the order in which they lie in `stats`: what training measures and prediction uses.
    fn stats(&self) -> Vec<Slot> {
        vec![]
    }

    /// Takes over the layer right behind; `false` where it cannot. Saves a way through memory.
    fn fuse(&mut self, _next: &LayerSpec) -> bool {
        false
    }

    /// Size of the cache for `batch` samples.
    fn cache(&self, _batch: usize) -> Room {
        Room::default()
    }

    /// Writes `y`, as in training.
    fn forward(&self, pass: Forward<'_>);

    /// Writes `y`, as in prediction. Only layers that behave differently in training have their own.
    fn infer(&self, pass: Forward<'_>) {
        self.forward(pass);
    }

    /// Overwrites `dx` and the layer's `grads`, except those of `outer` weights; may use `dy` as scratch.
    fn backward(&self, pass: Backward<'_>);

    /// Whether the first slot is a matrix whose gradient is `dZ X^T`, an outer product, with the `dZ` (rows x batch) that
    /// `backward` leaves in `dy`. The layer does not compute it then: the step does, in blocks of rows that are used at
    /// once, so that the largest gradients of a network never reach memory.
    fn outer(&self) -> bool {
        false
    }

    /// What the layer does in prediction, where that is `scale x + shift` by channel.
    fn as_affine(&self, _params: &[f32], _stats: &[f32]) -> Option<Affine> {
        None
    }

    /// Changes the parameters so that `y` becomes `scale y + shift` by channel; `false` where it cannot. The layer has fused
    /// nothing yet.
    fn then_affine(&self, _params: &mut [f32], _affine: &Affine) -> bool {
        false
    }

    /// Whether a sample's `y` depends on the other samples of a training batch, which must stay whole then.
    fn mixes_samples(&self) -> bool {
        false
    }

    /// Folds what `forward` measured into the running statistics.
    fn absorb(&self, _stats: &mut [f32], _cache: &Cache) {}
}

/// A named range of a layer's parameters or statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// `weight`, `bias` …
    pub name: &'static str,
    /// Rows of the matrix, which is stored row after row; one row a unit.
    pub rows: usize,
    /// Columns of the matrix: inputs of a unit.
    pub columns: usize,
    /// How the values start.
    pub init: Init,
    /// Whether weight decay applies (to weights, not to biases).
    pub decay: bool,
}

impl Slot {
    /// Number of values.
    pub fn len(&self) -> usize {
        self.rows * self.columns
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// `scale x + shift`, one of each for each channel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Affine {
    /// Factors.
    pub scale: Vec<f32>,
    /// What is added then.
    pub shift: Vec<f32>,
}

/// Size of a [`Cache`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Number of values.
    pub values: usize,
    /// Number of indices.
    pub indices: usize,
}

/// What a layer remembers between `forward` and `backward`, and its scratch space.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// Values, as the layer likes.
    pub values: Vec<f32>,
    /// Positions, as the layer likes.
    pub indices: Vec<u32>,
}

/// What a layer gets to compute `y`.
pub struct Forward<'a> {
    /// The layer's parameters.
    pub params: &'a [f32],
    /// The layer's running statistics.
    pub stats: &'a [f32],
    /// Input: features x batch.
    pub x: &'a [f32],
    /// Output to write: features x batch.
    pub y: &'a mut [f32],
    /// The layer's cache, of the size that `cache(batch)` tells.
    pub cache: &'a mut Cache,
    /// Seed of this pass through this layer, for what is random.
    pub seed: u64,
    /// Number of samples.
    pub batch: usize,
}

/// What a layer gets to compute `dx` and `grads`.
pub struct Backward<'a> {
    /// The layer's parameters.
    pub params: &'a [f32],
    /// Input of the forward pass.
    pub x: &'a [f32],
    /// Output of the forward pass.
    pub y: &'a [f32],
    /// dL/dy; scratch afterwards, or dL/dz of [`Layer::outer`].
    pub dy: &'a mut [f32],
    /// dL/dx to write; `None` for the first layer, where nobody wants it.
    pub dx: Option<&'a mut [f32]>,
    /// dL/dparams to write.
    pub grads: &'a mut [f32],
    /// The cache that `forward` filled.
    pub cache: &'a mut Cache,
    /// The seed of the forward pass.
    pub seed: u64,
    /// Number of samples.
    pub batch: usize,
}
