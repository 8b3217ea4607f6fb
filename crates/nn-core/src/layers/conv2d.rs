//! Convolution: the same small weighted sum at every place of a picture.
//!
//! ```text
//! Z[o, y, x] = b[o] + sum over i, j, c of W[o, j, i, c] X[s y + i - p, s x + j - p, c],   Y = f(Z)
//! ```
//!
//! with kernel rows `i`, kernel columns `j`, input channels `c`, stride `s` and padding `p` (zeros outside). With the
//! patches of all output pixels as columns of a matrix `P` (see `window.rs`) this is the dense layer once more:
//!
//! ```text
//! Z = W P + b,   dW = dZ P^T,   db = the sum of dZ over all pixels
//! dX[y, x, c] = sum over o, i, j of W[o, j, i, c] dZ[o, (y + p - i) / s, (x + p - j) / s]
//! ```
//!
//! where only whole quotients count. The last is a convolution again: of `dZ`, spread out by the stride, with the
//! kernel turned by 180 degrees and inputs and outputs exchanged. So one product serves all three.

use super::window::Window;
use crate::layer::{Backward, Forward, Layer, Room, Slot};
use crate::linalg::{View, add_product_by_rows, product, product_by_rows};
use crate::{Activation, Init, Shape, parallel};
use rayon::prelude::*;

/// Columns of a product at least, where there are pictures enough: several small pictures go through together.
const COLUMNS: usize = 256;

/// `y = f(convolution of x + b)`. Parameters: `weight` (outputs x (kernel columns x kernel rows x input channels)),
/// `bias` (outputs).
pub struct Conv2d {
    input: Shape,
    output: Shape,
    init: Init,
    activation: Option<Activation>,
    forward: Window,
    backward: Window,
}

impl Conv2d {
    /// `outputs` square kernels of `kernel` pixels, moved by `stride` pixels over pictures with `padding` zeros around.
    pub fn new(
        input: Shape,
        outputs: usize,
        kernel: usize,
        stride: usize,
        padding: usize,
        init: Init,
    ) -> Result<Self, String> {
        super::features(input)?;
        if outputs == 0 || kernel == 0 || stride == 0 {
            return Err("outputs, kernel and stride must be at least 1".into());
        }
        if kernel > 2 * input.height.max(input.width) {
            return Err(format!("a kernel of {kernel}x{kernel} is more than the picture can use"));
        }
        let weights = kernel.checked_pow(2).and_then(|n| n.checked_mul(input.channels)?.checked_mul(outputs));
        weights.ok_or("its weights would not fit in memory")?;
        if padding >= kernel {
            return Err(format!("a padding of {padding} is more than a kernel of {kernel} can use"));
        }
        let side = |length: usize| (length + 2 * padding).checked_sub(kernel).map(|rest| rest / stride + 1);
        let too_small = || format!("a kernel of {kernel}x{kernel} does not fit");
        let (height, width) = side(input.height).zip(side(input.width)).ok_or_else(too_small)?;
        let output = Shape::new(height, width, outputs);
        output.features().ok_or("its output would not fit in memory")?;
        let forward = Window {
            source: [input.height, input.width, input.channels],
            output: [height, width],
            kernel,
            stride,
            dilation: 1,
            padding: padding as isize,
        };
        let backward = Window {
            source: [height, width, outputs],
            output: [input.height, input.width],
            kernel,
            stride: 1,
            dilation: stride,
            padding: (kernel - 1 - padding) as isize,
        };
        Ok(Self { input, output, init, activation: None, forward, backward })
    }

    /// Pictures that go through at once.
    fn group(&self, batch: usize) -> usize {
        (COLUMNS / (self.output.height * self.forward.row())).clamp(1, batch.max(1))
    }

    fn weights(&self) -> usize {
        self.output.channels * self.forward.patch()
    }

    /// Scratch of a piece of the batch: the stacks, the product's columns of a group, and its part of `dw` and `db`.
    fn scratch(&self, batch: usize) -> [usize; 3] {
        let (group, (f, b)) = (self.group(batch), (&self.forward, &self.backward));
        let stacks = f.stack_len().max(b.stack_len()) * group;
        let wide = (f.columns(group) * self.output.channels).max(b.columns(group) * self.input.channels);
        [stacks, wide, self.weights() + self.output.channels]
    }

    /// Samples in a piece of the batch.
    fn piece(&self, batch: usize) -> usize {
        let group = self.group(batch);
        parallel::samples_a_sum(self.output.features().unwrap_or(1), batch).next_multiple_of(group)
    }

    /// The kernel turned by 180 degrees, inputs and outputs exchanged: input channels x (columns x rows x outputs).
    fn turn(&self, w: &[f32], turned: &mut [f32]) {
        let (inputs, outputs, places) = (self.input.channels, self.output.channels, self.forward.kernel.pow(2));
        for (o, kernel) in w.chunks_exact(places * inputs).enumerate() {
            for (place, values) in kernel.chunks_exact(inputs).enumerate() {
                for (c, value) in values.iter().enumerate() {
                    turned[(c * places + places - 1 - place) * outputs + o] = *value;
                }
            }
        }
    }
}

/// Stacks the pictures in `x`, one after the other.
fn stack(window: &Window, x: &[f32], stacks: &mut [f32]) {
    let source: usize = window.source.iter().product();
    for (x, stack) in x.chunks_exact(source).zip(stacks.chunks_exact_mut(window.stack_len())) {
        window.stack(x, stack);
    }
}

impl Layer for Conv2d {
    fn output(&self) -> Shape {
        self.output
    }

    fn params(&self) -> Vec<Slot> {
        let (rows, columns, init) = (self.output.channels, self.forward.patch(), self.init);
        vec![
            Slot { name: "weight", rows, columns, init, decay: true },
            Slot { name: "bias", rows, columns: 1, init: Init::Constant(0.0), decay: false },
        ]
    }

    fn fuse(&mut self, activation: Activation) -> bool {
        let free = self.activation.is_none();
        self.activation.get_or_insert(activation);
        free
    }

    /// The turned kernels, and scratch for each piece.
    fn cache(&self, batch: usize) -> Room {
        let pieces = batch.div_ceil(self.piece(batch));
        Room { values: self.weights() + pieces * self.scratch(batch).iter().sum::<usize>(), indices: 0 }
    }

    fn forward(&self, pass: Forward<'_>) {
        let (w, b) = pass.params.split_at(self.weights());
        let (window, channels) = (&self.forward, self.output.channels);
        let w = View::by_rows(w, channels, window.patch());
        let (group, piece, [stack_len, wide_len, sums]) =
            (self.group(pass.batch), self.piece(pass.batch), self.scratch(pass.batch));
        let (inputs, outputs) = (pass.x.len() / pass.batch, pass.y.len() / pass.batch);
        let scratch = pass.cache.values[self.weights()..].par_chunks_mut(stack_len + wide_len + sums);
        let pieces = pass.x.par_chunks(piece * inputs).zip(pass.y.par_chunks_mut(piece * outputs));
        parallel::each(pieces.zip(scratch), |((x, y), scratch)| {
            let (stacks, wide) = scratch.split_at_mut(stack_len);
            for (x, y) in x.chunks(group * inputs).zip(y.chunks_mut(group * outputs)) {
                let pictures = x.len() / inputs;
                stack(window, x, stacks);
                let wide = &mut wide[..window.columns(pictures) * channels];
                product(wide, w, window.patches(stacks, pictures));
                window.narrow(wide, channels, y);
                Activation::add_bias(self.activation, b, y);
            }
        });
    }

    fn backward(&self, pass: Backward<'_>) {
        let (w, _) = pass.params.split_at(self.weights());
        let (turned, scratch) = pass.cache.values.split_at_mut(self.weights());
        let (group, piece) = (self.group(pass.batch), self.piece(pass.batch));
        let [stack_len, wide_len, sums] = self.scratch(pass.batch);
        let (inputs, outputs) = (pass.x.len() / pass.batch, pass.y.len() / pass.batch);
        let (window, channels) = (&self.forward, self.output.channels);
        let batch = pass.x.par_chunks(piece * inputs).zip(pass.y.par_chunks(piece * outputs));
        let batch = batch.zip(pass.dy.par_chunks_mut(piece * outputs));
        let scratches = scratch.par_chunks_mut(stack_len + wide_len + sums);
        parallel::each(batch.zip(scratches), |(((x, y), dy), scratch)| {
            let (stacks, rest) = scratch.split_at_mut(stack_len);
            let (wide, sums) = rest.split_at_mut(wide_len);
            let (dw, db) = sums.split_at_mut(self.weights());
            Activation::backward_bias(self.activation, y, dy, db);
            for (i, (x, dy)) in x.chunks(group * inputs).zip(dy.chunks(group * outputs)).enumerate() {
                let pictures = x.len() / inputs;
                stack(window, x, stacks);
                let wide = &mut wide[..window.columns(pictures) * channels];
                window.widen(dy, channels, wide);
                let dz = View::by_columns(wide, channels, window.columns(pictures));
                let step = if i == 0 { product_by_rows } else { add_product_by_rows };
                step(dw, dz, window.patches(stacks, pictures).t());
            }
        });
        pass.grads.fill(0.0);
        for scratch in scratch.chunks_exact(stack_len + wide_len + sums) {
            pass.grads.iter_mut().zip(&scratch[stack_len + wide_len..]).for_each(|(sum, value)| *sum += value);
        }
        let Some(dx) = pass.dx else { return };
        let (window, channels) = (&self.backward, self.input.channels);
        self.turn(w, turned);
        let turned = View::by_rows(turned, channels, window.patch());
        let batch = dx.par_chunks_mut(piece * inputs).zip(pass.dy.par_chunks(piece * outputs));
        let scratches = scratch.par_chunks_mut(stack_len + wide_len + sums);
        parallel::each(batch.zip(scratches), |((dx, dy), scratch)| {
            let (stacks, wide) = scratch.split_at_mut(stack_len);
            for (dx, dy) in dx.chunks_mut(group * inputs).zip(dy.chunks(group * outputs)) {
                let pictures = dx.len() / inputs;
                stack(window, dy, stacks);
                let wide = &mut wide[..window.columns(pictures) * channels];
                product(wide, turned, window.patches(stacks, pictures));
                window.narrow(wide, channels, dx);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LayerSpec;
    use crate::layers::harness::{Bench, assert_close, check};
    use proptest::prelude::*;

    fn spec(outputs: usize, kernel: usize, stride: usize, padding: usize) -> LayerSpec {
        LayerSpec::Conv2d { outputs, kernel, stride, padding, init: Init::Auto }
    }

    /// The formula at the top of this file, as it stands.
    fn naive(bench: &Bench, input: Shape, output: Shape, kernel: usize, stride: usize, padding: usize) -> Vec<f32> {
        let (w, b) = bench.params.split_at(bench.params.len() - output.channels);
        let mut z = vec![];
        for x in bench.x.chunks(bench.x.len() / bench.batch) {
            for (y, x0, o) in (0..output.height)
                .flat_map(|y| (0..output.width).flat_map(move |x| (0..output.channels).map(move |o| (y, x, o))))
            {
                let mut sum = b[o] as f64;
                for (j, i, c) in
                    (0..kernel).flat_map(|j| (0..kernel).flat_map(move |i| (0..input.channels).map(move |c| (j, i, c))))
                {
                    let (row, column) =
                        ((y * stride + i).wrapping_sub(padding), (x0 * stride + j).wrapping_sub(padding));
                    if row < input.height && column < input.width {
                        let weight = w[((o * kernel + j) * kernel + i) * input.channels + c];
                        sum += weight as f64 * x[(row * input.width + column) * input.channels + c] as f64;
                    }
                }
                z.push(sum as f32);
            }
        }
        z
    }

    #[test]
    fn keeps_the_contract() {
        for (kernel, stride, padding) in [(3, 1, 1), (3, 1, 0), (5, 2, 2), (1, 1, 0), (2, 2, 0), (4, 3, 1)] {
            check(spec(3, kernel, stride, padding), Shape::new(6, 7, 2), 3);
        }
        check(spec(8, 3, 1, 1), Shape::new(4, 4, 16), 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn equals_the_formula(
            (height, width, channels) in (1usize..9, 1usize..9, 1usize..5),
            (outputs, kernel, stride, padding) in (1usize..5, 1usize..5, 1usize..4, 0usize..3),
            batch in 1usize..40,
        ) {
            let input = Shape::new(height, width, channels);
            let Ok(layer) = Conv2d::new(input, outputs, kernel, stride, padding, Init::He) else { return Ok(()) };
            let bench = Bench::new(&spec(outputs, kernel, stride, padding), input, batch);
            let expected = naive(&bench, input, layer.output(), kernel, stride, padding);
            assert_close(&bench.forward(), &expected, 1e-5, "forward");
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let new = |kernel, stride, padding| Conv2d::new(Shape::new(4, 4, 1), 2, kernel, stride, padding, Init::He);
        assert!(new(5, 1, 0).is_err() && new(3, 0, 0).is_err() && new(3, 1, 3).is_err() && new(0, 1, 0).is_err());
        assert_eq!(new(5, 1, 1).ok().map(|l| l.output()), Some(Shape::new(2, 2, 2)));
    }
}
