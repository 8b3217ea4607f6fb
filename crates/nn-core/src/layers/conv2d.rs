//! Convolution: the same small weighted sum at every place of a picture.
//!
//! ```text
//! Z[o, y, x] = b[o] + sum over i, j, c of W[i, j, c, o] X[s y + i - p, s x + j - p, c],   Y = f(Z)
//! ```
//!
//! with kernel rows `i`, kernel columns `j`, input channels `c`, outputs `o`, stride `s` and padding `p` (zeros outside):
//!
//! ```text
//! dW[i, j, c, o] = sum over y, x of dZ[o, y, x] X[s y + i - p, s x + j - p, c],   db[o] = sum over y, x of dZ[o, y, x]
//! dX[y, x, c] = sum over o, i, j of W[i, j, c, o] dZ[o, (y + p - i) / s, (x + p - j) / s]
//! ```
//!
//! where only whole quotients count. The last is a convolution again: of `dZ`, spread out by the stride, with the
//! kernel turned by 180 degrees and inputs and outputs exchanged. `kernels/convolution` computes all three.
//!
//! A max pooling behind the layer runs in the same pass: `Y = f(max Z + b)`, as an activation that never falls may change
//! places with a maximum.
//!
//! ```
//! use nn_core::{Architecture, Network, Shape};
//! let architecture = Architecture::new(Shape::new(2, 3, 1)).conv(1, 1).max_pool(2); // one kernel of one pixel
//! let network = Network::from_parts(architecture, vec![2.0, /* bias */ 1.0], vec![])?;
//! let picture = [1.0, 2.0, 9.0, //
//!                3.0, 4.0, 9.0];
//! assert_eq!(network.predict(&picture), [9.0]); // 2 * 4 + 1; the third column belongs to no square
//! # Ok::<(), nn_core::Error>(())
//! ```

use crate::init::Init;
use crate::kernels::convolution::kernels::Kernels;
use crate::kernels::convolution::{self, Convolution};
use crate::layer::{Backward, CacheSize, Forward, Layer, Slot};
use crate::layers::shortcuts::{ScaleShift, Shortcuts};
use crate::shape::Shape;
use crate::spec::Activation;

/// `y = f(convolution of x + b)`. Parameters: `weight` (kernel rows x kernel columns x input channels x outputs: unlike
/// dense weights, the values of a unit do not lie side by side), `bias` (outputs).
pub struct Conv2d {
    inputs: usize,
    kernels: Kernels,
    init: Init,
    convolution: Convolution,
}

impl Conv2d {
    /// Convolves pictures of shape `input` with `kernels`.
    ///
    /// # Errors
    /// The reason why these kernels cannot work on `input`.
    pub fn new(input: Shape, kernels: Kernels, init: Init) -> Result<Self, String> {
        Ok(Self { inputs: input.channels, kernels, init, convolution: Convolution::new(input, kernels)? })
    }

    /// The same layer with a max pooling of `pool` x `pool` pixels and an activation behind it, in either order, computed
    /// in the same pass.
    ///
    /// # Errors
    /// Where no square of that size fits.
    pub fn followed_by(self, pool: Option<usize>, activation: Option<Activation>) -> Result<Self, String> {
        Ok(Self { convolution: self.convolution.followed_by(pool, activation)?, ..self })
    }

    fn run(&self, pass: Forward<'_>, training: bool) {
        let Forward { params, x, y, cache, share, .. } = pass;
        let (values, indices) = (&mut cache.values[..], &mut cache.indices[..]);
        self.convolution.forward(convolution::Forward { params, x, y, values, indices, training, share });
    }
}

impl Layer for Conv2d {
    fn output(&self) -> Shape {
        self.convolution.output
    }

    fn params(&self) -> Vec<Slot> {
        let Kernels { outputs, size, .. } = self.kernels;
        let fans = (size * size * self.inputs, outputs);
        vec![
            Slot::weights(&[size, size, self.inputs, outputs], fans, self.init),
            Slot::vector("bias", outputs, Init::Constant(0.0)),
        ]
    }

    fn cache(&self, batch: usize) -> CacheSize {
        let (values, indices) = (self.convolution.scratch_values(batch), self.convolution.scratch_indices(batch));
        CacheSize { values, indices }
    }

    fn forward(&self, pass: Forward<'_>) {
        self.run(pass, true);
    }

    fn infer(&self, pass: Forward<'_>) {
        self.run(pass, false);
    }

    fn backward(&self, pass: Backward<'_>) {
        let Backward { params, x, y, dy, dx, grads, cache, share, .. } = pass;
        let (values, indices) = (&mut cache.values[..], &cache.indices[..]);
        self.convolution.backward(convolution::Backward { params, x, y, dy, dx, grads, values, indices, share });
    }

    fn shares_batches(&self) -> bool {
        true
    }

    fn shortcuts(&self) -> Option<&dyn Shortcuts> {
        Some(self)
    }
}

impl Shortcuts for Conv2d {
    /// Weights and then biases lie with the outputs fastest, so each scale meets every `outputs`-th value.
    fn apply_scale_shift(&self, params: &mut [f32], by: &ScaleShift) -> bool {
        let outputs = by.scale.len();
        params.chunks_exact_mut(outputs).for_each(|w| w.iter_mut().zip(&by.scale).for_each(|(w, s)| *w *= s));
        let biases = params.len() - outputs;
        params[biases..].iter_mut().zip(&by.shift).for_each(|(b, shift)| *b += shift);
        true
    }
}
