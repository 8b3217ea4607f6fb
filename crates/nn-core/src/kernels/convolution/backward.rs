//! The way back through a convolution.

use super::Convolution;
use super::pooled::{Gradient, Pooled};
use crate::kernels::share::Share;
use crate::kernels::simd::lines;
use crate::kernels::{epilogue, parallel};
use rayon::prelude::*;

/// The arguments of [`Convolution::backward`].
pub struct Backward<'a> {
    /// Kernels and then biases.
    pub params: &'a [f32],
    /// The pictures.
    pub x: &'a [f32],
    /// The results of the way forward.
    pub y: &'a [f32],
    /// Their gradient; scratch afterwards.
    pub dy: &'a mut [f32],
    /// The gradient of the pictures to write, if it is needed.
    pub dx: Option<&'a mut [f32]>,
    /// The gradient of kernels and biases to write.
    pub grads: &'a mut [f32],
    /// Scratch of [`Convolution::scratch_values`] values.
    pub values: &'a mut [f32],
    /// The positions that the way forward noted.
    pub indices: &'a [u32],
    /// The pictures of the batch that `x` holds.
    pub share: Share<'a>,
}

/// A part of a batch on the way back.
struct Part<'a> {
    x: &'a [f32],
    y: &'a [f32],
    dy: &'a mut [f32],
    dx: Option<&'a mut [f32]>,
    places: &'a [u32],
    scratch: &'a mut [f32],
    gradient: &'a mut [f32],
}

impl Convolution {
    /// Computes `dx` and `grads`.
    pub fn backward(&self, pass: Backward<'_>) {
        let [turned, arranged] = self.kernel_scratch();
        let (turned, rest) = lines::aligned(pass.values).split_at_mut(turned);
        let (arranged, scratch) = rest.split_at_mut(arranged);
        let w = if pass.dx.is_some() { self.arrange_back(pass.params, turned, arranged) } else { &[] }; // or not needed
        let (inputs, outputs) = self.sizes();
        let (size, own) = (pass.share.size(), pass.share.parts());
        let (each, gradient) = (self.part_scratch().iter().sum::<usize>(), self.gradient());
        let (scratch, gradients) = scratch.split_at_mut(each * pass.share.count());
        let gradients = &mut gradients[..gradient * pass.share.count()];
        let of_parts = gradients[own.start * gradient..own.end * gradient].par_chunks_mut(gradient);
        let parts = pass.x.par_chunks(size * inputs).zip(pass.y.par_chunks(size * outputs));
        let owned = pass.indices.par_chunks(self.places(size)).zip(scratch.par_chunks_mut(each)).zip(of_parts);
        let parts = parts.zip(pass.dy.par_chunks_mut(size * outputs)).zip(owned);
        match pass.dx {
            None => parallel::each(parts, |(((x, y), dy), ((places, scratch), gradient))| {
                self.backward_part(w, Part { x, y, dy, dx: None, places, scratch, gradient });
            }),
            Some(dx) => {
                let parts = parts.zip(dx.par_chunks_mut(size * inputs));
                parallel::each(parts, |((((x, y), dy), ((places, scratch), gradient)), dx)| {
                    self.backward_part(w, Part { x, y, dy, dx: Some(dx), places, scratch, gradient });
                });
            }
        }
        pass.share.complete_parts(gradients);
        let (dw, db) = pass.grads.split_at_mut(self.weights());
        let sums = &mut arranged[..self.arranged_gradient()];
        sums.fill(0.0);
        db.fill(0.0);
        for part in gradients.chunks_exact(gradient) {
            sums.iter_mut().chain(&mut *db).zip(part).for_each(|(sum, value)| *sum += value);
        }
        match &self.pooled {
            Some(pooled) => pooled.restore(sums, dw),
            None => self.forward.restore(sums, dw),
        }
    }

    /// The kernels of `params` as the way back needs them.
    fn arrange_back<'a>(&self, params: &[f32], turned: &'a mut [f32], arranged: &'a mut [f32]) -> &'a [f32] {
        let w = &params[..self.weights()];
        match &self.pooled {
            Some(pooled) => pooled.arrange(w, arranged),
            None => {
                let turned = &mut turned[..w.len()];
                self.turn(w, turned);
                self.backward.arrange(turned, arranged)
            }
        }
    }

    /// The way back of a part, with kernels from [`Convolution::arrange_back`].
    fn backward_part(&self, w: &[f32], part: Part<'_>) {
        let (dw, db) = part.gradient.split_at_mut(self.arranged_gradient());
        epilogue::back(self.activation, part.y, part.dy, &mut db[..self.kernels.outputs]);
        dw.fill(0.0);
        let part = Part { gradient: dw, ..part };
        match &self.pooled {
            Some(pooled) => self.back_from_pooled(pooled, w, part),
            None => self.back_from_all(w, part),
        }
    }

    /// The way back of a part from pooled values alone.
    fn back_from_pooled(&self, pooled: &Pooled, w: &[f32], part: Part<'_>) {
        let Part { x, dy, dx, places, scratch, gradient, .. } = part;
        let (inputs, outputs) = self.sizes();
        let of_pictures = dy.chunks(outputs).zip(places.chunks(outputs)).map(|(dy, places)| Gradient { dy, places });
        for (x, from) in x.chunks(inputs).zip(of_pictures.clone()) {
            pooled.correlate(x, from, gradient, scratch);
        }
        for (dx, from) in dx.into_iter().flat_map(|dx| dx.chunks_mut(inputs)).zip(of_pictures) {
            pooled.convolve(w, from, dx, scratch);
        }
    }

    /// The way back of a part from all pixels of the convolution.
    fn back_from_all(&self, w: &[f32], part: Part<'_>) {
        let Part { x, dy, mut dx, places, scratch, gradient, .. } = part;
        let (inputs, outputs) = self.sizes();
        let (scratch, z) = scratch.split_at_mut(self.part_scratch()[0]);
        let group = self.forward.group();
        let groups = x.chunks(group * inputs).zip(dy.chunks(group * outputs)).zip(places.chunks(self.places(group)));
        for (i, ((x, dy), places)) in groups.enumerate() {
            let pictures = x.len() / inputs;
            let dz = match &self.pool {
                None => dy,
                Some(squares) => {
                    let dz = &mut z[..pictures * squares.inputs()];
                    squares.spread(dz, dy, places);
                    dz
                }
            };
            self.forward.correlate(x, dz, gradient, scratch);
            if let Some(dx) = &mut dx {
                let dx = &mut dx[i * group * inputs..][..x.len()];
                let group = self.backward.group();
                for (dx, dz) in dx.chunks_mut(group * inputs).zip(dz.chunks(group * (dz.len() / pictures))) {
                    self.backward.convolve(w, dz, dx, scratch);
                }
            }
        }
    }

    /// The kernels turned by 180 degrees, inputs and outputs exchanged.
    fn turn(&self, w: &[f32], turned: &mut [f32]) {
        let (inputs, outputs) = (self.input.channels, self.kernels.outputs);
        let places = w.chunks_exact(inputs * outputs).rev();
        for (w, turned) in places.zip(turned.chunks_exact_mut(inputs * outputs)) {
            for (c, w) in w.chunks_exact(outputs).enumerate() {
                w.iter().enumerate().for_each(|(o, w)| turned[o * inputs + c] = *w);
            }
        }
    }
}
