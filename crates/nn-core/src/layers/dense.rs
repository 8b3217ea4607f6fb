//! Dense layer: every output is a weighted sum of every input.
//!
//! With a batch `X` of samples as columns (inputs x batch), weights `W` (outputs x inputs) and biases `b`:
//!
//! ```text
//! Y  = f(Z),  Z = W X + b          f: the activation behind the layer when it is fused, else the identity
//! dZ = dY * f'(Z)                  element by element; f' is computed from Y
//! dW = dZ X^T                      since Z_os = sum_i W_oi X_is, dL/dW_oi = sum_s dZ_os X_is (see `update.rs`)
//! db = the sum of dZ over the batch
//! dX = W^T dZ
//! ```

use super::activation::bias_sums;
use crate::init::Init;
use crate::kernels::matrix::{View, product_in_pieces};
use crate::kernels::matvec::matvec;
use crate::layer::{Affine, Backward, Forward, Layer, Room, Slot};
use crate::shape::Shape;
use crate::spec::{Activation, LayerSpec};

/// `y = f(W x + b)`. Parameters: `weight` (outputs x inputs, row after row), `bias` (outputs).
pub struct Dense {
    inputs: usize,
    outputs: usize,
    init: Init,
    activation: Option<Activation>,
}

impl Dense {
    /// A layer of `outputs` units on the flattened `input`.
    pub fn new(input: Shape, outputs: usize, init: Init) -> Result<Self, String> {
        let inputs = input.features_within_limit()?;
        if outputs == 0 {
            return Err("a dense layer needs at least one output".into());
        }
        outputs
            .checked_mul(inputs)
            .and_then(|n| n.checked_add(outputs))
            .ok_or("its weights would not fit in memory")?;
        Ok(Self { inputs, outputs, init, activation: None })
    }
}

impl Layer for Dense {
    fn output(&self) -> Shape {
        Shape::flat(self.outputs)
    }

    fn params(&self) -> Vec<Slot> {
        let (rows, columns, init) = (self.outputs, self.inputs, self.init);
        let bias = if matches!(init, Init::Uniform(_)) { init } else { Init::Constant(0.0) };
        vec![
            Slot { name: "weight", rows, columns, init, decay: true },
            Slot { name: "bias", rows, columns: 1, init: bias, decay: false },
        ]
    }

    fn fuse(&mut self, next: &LayerSpec) -> bool {
        Activation::fuse(&mut self.activation, next)
    }

    /// Scratch for the sums of the bias' gradient.
    fn cache(&self, batch: usize) -> Room {
        Room { values: bias_sums(self.outputs, self.outputs, batch), indices: 0 }
    }

    fn forward(&self, pass: Forward<'_>) {
        let (w, b) = pass.params.split_at(self.outputs * self.inputs);
        if pass.batch == 1 {
            matvec(pass.y, w, pass.x);
            return Activation::finish(self.activation, b, std::iter::once(pass.y));
        }
        let w = View::by_rows(w, self.outputs, self.inputs);
        product_in_pieces(pass.y, w, View::by_columns(pass.x, self.inputs, pass.batch), |piece| {
            Activation::finish(self.activation, &b[piece.rows.clone()], piece.columns());
        });
    }

    fn backward(&self, pass: Backward<'_>) {
        let (w, _) = pass.params.split_at(self.outputs * self.inputs);
        let (_, db) = pass.grads.split_at_mut(self.outputs * self.inputs);
        Activation::backward_batch(self.activation, pass.y, pass.dy, db, pass.batch, &mut pass.cache.values);
        if let Some(dx) = pass.dx {
            let dz = View::by_columns(pass.dy, self.outputs, pass.batch);
            product_in_pieces(dx, View::by_rows(w, self.outputs, self.inputs).t(), dz, |_| {});
        }
    }

    fn then_affine(&self, params: &mut [f32], affine: &Affine) -> bool {
        let (w, b) = params.split_at_mut(self.outputs * self.inputs);
        let coefficients = affine.scale.iter().zip(&affine.shift);
        for ((w, b), (scale, shift)) in w.chunks_exact_mut(self.inputs).zip(b).zip(coefficients) {
            w.iter_mut().for_each(|w| *w *= scale);
            *b = *b * scale + shift;
        }
        true
    }

    fn outer(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::checks::harness::check;

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
        assert!(Dense::new(Shape::flat(1 << 40), 1 << 40, Init::Auto).is_err());
    }
}
