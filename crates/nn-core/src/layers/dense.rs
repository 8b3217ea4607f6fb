//! Dense layer: every output is a weighted sum of every input.
//!
//! With a batch `X` of samples as columns (inputs x batch), weights `W` (outputs x inputs) and biases `b`:
//!
//! ```text
//! Y  = f(Z),  Z = W X + b          f: the activation behind the layer where both run in one pass, else the identity
//! dZ = dY * f'(Z)                  element by element; f' is computed from Y
//! dW = dZ X^T                      since Z_os = sum_i W_oi X_is + b_o, dL/dW_oi = sum_s dZ_os X_is
//! db = the sum of dZ over the batch
//! dX = W^T dZ                      since dL/dX_is = sum_o W_oi dZ_os
//! ```
//!
//! ```
//! use nn_core::{Architecture, Network, Shape};
//! let architecture = Architecture::new(Shape::flat(2)).dense(2);
//! let params = vec![1.0, 2.0, 3.0, 4.0, /* biases */ 0.5, 0.0]; // W = [1 2; 3 4]
//! let network = Network::from_parts(architecture, params, vec![])?;
//! assert_eq!(network.predict(&[10.0, 1.0]), [12.5, 34.0]);
//! # Ok::<(), nn_core::Error>(())
//! ```

use crate::init::Init;
use crate::kernels::bfloat16;
use crate::kernels::dense::outputs;
use crate::kernels::dense::rows::{self, Left, Right};
use crate::kernels::epilogue::{self, Activated};
use crate::kernels::few::{FEW, few};
use crate::kernels::share::Share;
use crate::layer::{Backward, CacheSize, Forward, Layer, Slot};
use crate::layers::shortcuts::{ScaleShift, Shortcuts, WeightBlock, WeightGradient};
use crate::shape::Shape;
use crate::spec::Activation;

/// The number of outputs from which on it pays to arrange the inputs for the gradients of the weights.
const MANY: usize = 128;

/// `y = f(W x + b)`. Parameters: `weight` (outputs x inputs, row after row), `bias` (outputs).
pub struct Dense {
    inputs: usize,
    outputs: usize,
    init: Init,
    activation: Option<Activation>,
}

impl Dense {
    /// A layer of `outputs` units on the flattened `input`.
    ///
    /// # Errors
    /// Where there are no inputs or outputs, or the weights would not fit in memory.
    pub fn new(input: Shape, outputs: usize, init: Init) -> Result<Self, String> {
        let inputs = input.features_within_limit()?;
        if outputs == 0 {
            return Err("a dense layer needs at least one output".into());
        }
        let params = outputs.checked_mul(inputs).and_then(|weights| weights.checked_add(outputs));
        params.ok_or("its weights would not fit in memory")?;
        Ok(Self { inputs, outputs, init, activation: None })
    }

    /// The same layer with the activation behind it, computed in the same pass.
    pub fn with_activation(self, activation: Option<Activation>) -> Self {
        Self { activation, ..self }
    }

    /// Adds the bias to `y` of a few samples, and applies the activation.
    fn activate(&self, params: &[f32], y: &mut [f32]) {
        let b = &params[self.outputs * self.inputs..];
        epilogue::add_bias_to_columns(self.activation, b, y.chunks_exact_mut(self.outputs));
    }
}

impl Layer for Dense {
    fn output(&self) -> Shape {
        Shape::flat(self.outputs)
    }

    fn params(&self) -> Vec<Slot> {
        let bias = if matches!(self.init, Init::Uniform(_)) { self.init } else { Init::Constant(0.0) };
        vec![
            Slot::weights(&[self.outputs, self.inputs], (self.inputs, self.outputs), self.init),
            Slot::vector("bias", self.outputs, bias),
        ]
    }

    /// Scratch for the sums of `db`, and for the product with many samples.
    fn cache(&self, batch: usize) -> CacheSize {
        let product = if batch < FEW { 0 } else { outputs::room(self.inputs, batch) };
        CacheSize { values: product.max(Share::whole(batch).count() * self.outputs), indices: 0 }
    }

    fn forward(&self, pass: Forward<'_>) {
        let (w, b) = pass.params.split_at(self.outputs * self.inputs);
        if pass.share.samples().len() < FEW {
            few(pass.y, w, pass.x, self.inputs);
            return self.activate(pass.params, pass.y);
        }
        outputs::outputs(pass.y, (w, pass.x), self.inputs, &mut pass.cache.values, |piece| {
            epilogue::add_bias_to_columns(self.activation, &b[piece.rows.clone()], piece.columns());
        });
    }

    /// dZ, db and dX; `weight_gradient` computes dW.
    fn backward(&self, pass: Backward<'_>) {
        let db = &mut pass.grads[self.outputs * self.inputs..];
        let Backward { y, share, .. } = pass;
        Activated { activation: self.activation, y, share }.back(pass.dy, db, &mut pass.cache.values);
        if let Some(dx) = pass.dx {
            let (w, _) = pass.params.split_at(self.outputs * self.inputs);
            rows::product_by_samples(dx, pass.dy, w, self.outputs);
        }
    }

    fn shares_batches(&self) -> bool {
        true
    }

    fn shortcuts(&self) -> Option<&dyn Shortcuts> {
        Some(self)
    }
}

impl Shortcuts for Dense {
    fn defers_weight_gradient(&self) -> bool {
        true
    }

    fn arranged_input(&self, batch: usize) -> usize {
        if self.outputs < MANY { 0 } else { self.inputs.saturating_mul(batch) }
    }

    fn arrange_input(&self, x: &[f32], to: &mut [f32]) {
        rows::arrange(x, self.inputs, to);
    }

    fn weight_gradient(&self, block: &WeightBlock, pass: WeightGradient<'_>) {
        let dz = Left { values: &pass.dz[block.rows.start..], row: 1, step: self.outputs };
        let x = Right {
            values: pass.x,
            width: self.inputs,
            columns: block.columns.clone(),
            arranged: self.outputs >= MANY,
        };
        rows::product(pass.dw, dz, x, pass.add);
    }

    fn shorten(&self, params: &mut [f32]) -> Vec<u32> {
        bfloat16::shorten(&mut params[..self.outputs * self.inputs], self.inputs)
    }

    fn infer_short(&self, weights: &[u32], params: &[f32], x: &[f32], y: &mut [f32]) -> bool {
        let few = x.len() <= bfloat16::FEW * self.inputs;
        if few {
            bfloat16::few(y, weights, x, self.inputs);
            self.activate(params, y);
        }
        few
    }

    /// `scale (W x + b) + shift = (scale W) x + (scale b + shift)`.
    fn apply_scale_shift(&self, params: &mut [f32], by: &ScaleShift) -> bool {
        let (w, b) = params.split_at_mut(self.outputs * self.inputs);
        for (o, row) in w.chunks_exact_mut(self.inputs).enumerate() {
            row.iter_mut().for_each(|w| *w *= by.scale[o]);
            b[o] = b[o] * by.scale[o] + by.shift[o];
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::checks::harness::check;
    use crate::spec::LayerSpec;

    #[test]
    fn keeps_the_contract() {
        for (inputs, outputs, batch) in [(3, 2, 1), (7, 5, 4), (33, 10, 17)] {
            check(LayerSpec::dense(outputs), Shape::flat(inputs), batch);
        }
        check(LayerSpec::dense(6), Shape::new(2, 3, 2), 3);
    }

    #[test]
    fn refuses_sizes_that_make_no_sense() {
        assert!(Dense::new(Shape::flat(3), 0, Init::Auto).is_err());
        assert!(Dense::new(Shape::flat(0), 3, Init::Auto).is_err());
        assert!(Dense::new(Shape::flat(usize::MAX / 2), usize::MAX / 2, Init::Auto).is_err());
    }
}
