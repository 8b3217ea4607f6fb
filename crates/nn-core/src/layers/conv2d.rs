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
//! kernel turned by 180 degrees and inputs and outputs exchanged. There are two ways to compute each: straight from the
//! picture where channels fill vectors (`direct.rs`), and as a matrix product with any shape (`patches.rs`).
//!
//! A max pooling behind the layer is fused: `Y = f(max Z + b)`, as an activation that never falls may change places with a
//! maximum. The whole `Z` of a picture stays in the near caches then.

use crate::init::Init;
use crate::kernels::convolution::Way;
use crate::kernels::convolution::patches::Patches;
use crate::kernels::parallel;
use crate::kernels::pooling::Squares;
use crate::layer::{Affine, Backward, Forward, Layer, Room, Slot};
use crate::shape::Shape;
use crate::spec::{Activation, LayerSpec};
use rayon::prelude::*;

/// `y = f(convolution of x + b)`. Parameters: `weight` (kernel rows x kernel columns x input channels x outputs: unlike
/// others, the values of a unit do not lie side by side), `bias` (outputs).
pub struct Conv2d {
    input: Shape,
    output: Shape,
    kernel: usize,
    init: Init,
    activation: Option<Activation>,
    pool: Option<Squares>,
    forward: Way,
    backward: Way,
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
        input.features_within_limit()?;
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
        let [from, to] = [input, output].map(|s| [s.height, s.width, s.channels]);
        let (forward, back) = (padding as isize, (kernel - 1 - padding) as isize);
        let forward = Patches { source: from, output: to, kernel, stride, dilation: 1, padding: forward };
        let backward = Patches { source: to, output: from, kernel, stride: 1, dilation: stride, padding: back };
        let [forward, backward] = [forward, backward].map(Way::new);
        Ok(Self { input, output, kernel, init, activation: None, pool: None, forward, backward })
    }

    fn weights(&self) -> usize {
        self.kernel.pow(2) * self.input.channels * self.output.channels
    }

    /// Samples in a piece of the batch.
    fn piece(&self, batch: usize) -> usize {
        parallel::samples_a_sum(self.output.features().unwrap_or(1), batch).next_multiple_of(self.forward.group())
    }

    /// What each piece has of its own: scratch, `z` of a group where that is pooled, and its part of `dw` and `db`.
    fn room(&self) -> [usize; 3] {
        let z = self.pool.map_or(0, |squares| squares.inputs() * self.forward.group());
        [self.forward.scratch().max(self.backward.scratch()), z, self.weights() + self.output.channels]
    }

    /// Indices of some pictures: the place of each pooled value.
    fn places(&self, pictures: usize) -> usize {
        self.pool.map_or(1, |squares| squares.outputs()) * pictures
    }

    /// Computes `y`, where it is pooled by `pool`.
    fn run(&self, pass: Forward<'_>, pool: impl Fn(&Squares, &[f32], &mut [f32], &mut [u32]) + Sync) {
        let (w, b) = pass.params.split_at(self.weights());
        let (arranged, rooms) = pass.cache.values[self.weights()..].split_at_mut(self.weights());
        let w = self.forward.arrange(w, arranged);
        let (inputs, outputs) = (pass.x.len() / pass.batch, pass.y.len() / pass.batch);
        let (piece, group, [scratch, z, sums]) = (self.piece(pass.batch), self.forward.group(), self.room());
        let batch = pass.x.par_chunks(piece * inputs).zip(pass.y.par_chunks_mut(piece * outputs));
        let own = rooms.par_chunks_mut(scratch + z + sums).zip(pass.cache.indices.par_chunks_mut(self.places(piece)));
        parallel::each(batch.zip(own), |((x, y), (room, places))| {
            let (scratch, z) = room.split_at_mut(scratch);
            let groups = x.chunks(group * inputs).zip(y.chunks_mut(group * outputs));
            for ((x, y), places) in groups.zip(places.chunks_mut(self.places(group))) {
                match &self.pool {
                    None => self.forward.convolve(w, x, y, scratch),
                    Some(squares) => {
                        let z = &mut z[..x.len() / inputs * squares.inputs()];
                        self.forward.convolve(w, x, z, scratch);
                        pool(squares, z, y, places);
                    }
                }
                Activation::add_bias(self.activation, b, y);
            }
        });
    }

    /// The kernel turned by 180 degrees, inputs and outputs exchanged.
    fn turn(&self, w: &[f32], turned: &mut [f32]) {
        let (inputs, outputs) = (self.input.channels, self.output.channels);
        let places = w.chunks_exact(inputs * outputs).rev();
        for (w, turned) in places.zip(turned.chunks_exact_mut(inputs * outputs)) {
            for (c, w) in w.chunks_exact(outputs).enumerate() {
                w.iter().enumerate().for_each(|(o, w)| turned[o * inputs + c] = *w);
            }
        }
    }
}

impl Layer for Conv2d {
    fn output(&self) -> Shape {
        self.output
    }

    fn params(&self) -> Vec<Slot> {
        let (rows, columns, init) = (self.output.channels, self.kernel.pow(2) * self.input.channels, self.init);
        vec![
            Slot { name: "weight", rows, columns, init, decay: true },
            Slot { name: "bias", rows, columns: 1, init: Init::Constant(0.0), decay: false },
        ]
    }

    fn fuse(&mut self, next: &LayerSpec) -> bool {
        match *next {
            LayerSpec::MaxPool { size } if self.pool.is_none() => {
                self.pool = Squares::new(self.output, size, size).ok();
                self.output = self.pool.map_or(self.output, |squares| squares.output);
                self.pool.is_some()
            }
            _ => Activation::fuse(&mut self.activation, next),
        }
    }

    fn then_affine(&self, params: &mut [f32], affine: &Affine) -> bool {
        let outputs = affine.scale.len(); // weights and then biases: one for each output, again and again
        params.chunks_exact_mut(outputs).for_each(|w| w.iter_mut().zip(&affine.scale).for_each(|(w, s)| *w *= s));
        let biases = &mut params[self.weights()..];
        biases.iter_mut().zip(&affine.shift).for_each(|(b, shift)| *b += shift);
        true
    }

    /// The kernels turned, the kernels arranged, and what each piece needs.
    fn cache(&self, batch: usize) -> Room {
        let (piece, room) = (self.piece(batch), self.room().iter().sum::<usize>());
        let pieces = batch.div_ceil(piece);
        Room { values: 2 * self.weights() + pieces * room, indices: pieces * self.places(piece) }
    }

    fn forward(&self, pass: Forward<'_>) {
        self.run(pass, |squares, z, y, places| squares.largest(z, y, places));
    }

    fn infer(&self, pass: Forward<'_>) {
        self.run(pass, |squares, z, y, _| squares.maxima(z, y));
    }

    fn backward(&self, pass: Backward<'_>) {
        let (w, _) = pass.params.split_at(self.weights());
        let (turned, rest) = pass.cache.values.split_at_mut(self.weights());
        let (arranged, rooms) = rest.split_at_mut(self.weights());
        if pass.dx.is_some() {
            self.turn(w, turned);
        }
        let w = self.backward.arrange(turned, arranged);
        let (inputs, outputs) = (pass.x.len() / pass.batch, pass.y.len() / pass.batch);
        let (piece, group, [scratch, z, sums]) = (self.piece(pass.batch), self.forward.group(), self.room());
        let all = scratch + z + sums;
        let back =
            |x: &[f32], y: &[f32], dy: &mut [f32], places: &[u32], room: &mut [f32], mut dx: Option<&mut [f32]>| {
                let (scratch, rest) = room.split_at_mut(scratch);
                let (z, sums) = rest.split_at_mut(z);
                let (dw, db) = sums.split_at_mut(self.weights());
                Activation::backward_bias(self.activation, y, dy, db);
                dw.fill(0.0);
                let groups = x.chunks(group * inputs).zip(dy.chunks(group * outputs));
                for (i, ((x, dy), places)) in groups.zip(places.chunks(self.places(group))).enumerate() {
                    let dz = match &self.pool {
                        None => dy,
                        Some(squares) => {
                            let dz = &mut z[..x.len() / inputs * squares.inputs()];
                            squares.spread(dz, dy, places);
                            dz
                        }
                    };
                    self.forward.correlate(x, dz, dw, scratch);
                    if let Some(dx) = &mut dx {
                        let (dx, features) = (&mut dx[i * group * inputs..][..x.len()], dz.len() / (x.len() / inputs));
                        let group = self.backward.group();
                        for (dx, dz) in dx.chunks_mut(group * inputs).zip(dz.chunks(group * features)) {
                            self.backward.convolve(w, dz, dx, scratch);
                        }
                    }
                }
            };
        let batch = pass.x.par_chunks(piece * inputs).zip(pass.y.par_chunks(piece * outputs));
        let batch = batch.zip(pass.dy.par_chunks_mut(piece * outputs));
        let own = pass.cache.indices.par_chunks(self.places(piece)).zip(rooms.par_chunks_mut(all));
        let batch = batch.zip(own);
        match pass.dx {
            None => parallel::each(batch, |(((x, y), dy), (places, room))| back(x, y, dy, places, room, None)),
            Some(dx) => {
                parallel::each(batch.zip(dx.par_chunks_mut(piece * inputs)), |((((x, y), dy), (places, room)), dx)| {
                    back(x, y, dy, places, room, Some(dx))
                })
            }
        }
        pass.grads.fill(0.0);
        for room in rooms.chunks_exact(all) {
            pass.grads.iter_mut().zip(&room[scratch + z..]).for_each(|(sum, value)| *sum += value);
        }
        if let Way::Patches(patches) = &self.forward {
            let dw = &mut pass.grads[..self.weights()];
            arranged.copy_from_slice(dw);
            patches.swap(arranged, dw);
        }
    }
}

#[cfg(test)]
#[path = "checks/conv2d.rs"]
mod tests;
