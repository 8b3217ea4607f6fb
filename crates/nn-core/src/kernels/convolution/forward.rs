//! The way forward through a convolution.

use super::Convolution;
use crate::kernels::share::Share;
use crate::kernels::simd::lines;
use crate::kernels::{epilogue, parallel};
use rayon::prelude::*;

/// The arguments of [`Convolution::forward`].
pub struct Forward<'a> {
    /// Kernels and then biases.
    pub params: &'a [f32],
    /// The pictures.
    pub x: &'a [f32],
    /// The results to write.
    pub y: &'a mut [f32],
    /// Scratch of [`Convolution::scratch_values`] values.
    pub values: &'a mut [f32],
    /// The positions of pooled values, [`Convolution::scratch_indices`] of them.
    pub indices: &'a mut [u32],
    /// Whether to note positions for the way back.
    pub training: bool,
    /// The pictures of the batch that `x` holds.
    pub share: Share<'a>,
}

/// The pictures that are computed at once on the way forward.
struct Group<'a> {
    x: &'a [f32],
    y: &'a mut [f32],
    places: Option<&'a mut [u32]>,
    scratch: &'a mut [f32],
}

impl Convolution {
    /// Computes `y`.
    pub fn forward(&self, pass: Forward<'_>) {
        let (w, b) = pass.params.split_at(self.weights());
        let [turned, arranged] = self.kernel_scratch();
        let (arranged, scratch) = lines::aligned(pass.values)[turned..].split_at_mut(arranged);
        let w = self.forward.arrange(w, arranged);
        let (inputs, outputs) = self.sizes();
        let size = pass.share.size();
        let own: usize = self.part_scratch().iter().sum();
        let part = |x: &[f32], y: &mut [f32], scratch: &mut [f32], mut places: Option<&mut [u32]>| {
            let group = self.forward.group();
            for (n, (x, y)) in x.chunks(group * inputs).zip(y.chunks_mut(group * outputs)).enumerate() {
                let each = self.places(group);
                let places = places.as_deref_mut().map(|places| places.chunks_mut(each).nth(n).unwrap_or_default());
                self.convolve_group(w, Group { x, y, places, scratch });
                epilogue::add_bias(self.activation, b, y);
            }
        };
        if !pass.training && !parallel::in_pool() {
            // Part after part in the same scratch, which stays in the nearest cache.
            let parts = pass.x.chunks(size * inputs).zip(pass.y.chunks_mut(size * outputs));
            return parts.for_each(|(x, y)| part(x, y, &mut scratch[..own], None));
        }
        let parts = pass.x.par_chunks(size * inputs).zip(pass.y.par_chunks_mut(size * outputs));
        let owned = scratch.par_chunks_mut(own).zip(pass.indices.par_chunks_mut(self.places(size)));
        parallel::each(parts.zip(owned), |((x, y), (scratch, places))| {
            part(x, y, scratch, pass.training.then_some(places));
        });
    }

    /// Convolves and pools a group of pictures, noting positions where there is room for them.
    fn convolve_group(&self, w: &[f32], group: Group<'_>) {
        let Group { x, y, places, scratch } = group;
        let (scratch, z) = scratch.split_at_mut(self.part_scratch()[0]);
        let Some(squares) = &self.pool else { return self.forward.convolve(w, x, y, scratch) };
        let z = &mut z[..x.len() / self.sizes().0 * squares.inputs()];
        self.forward.convolve(w, x, z, scratch);
        match places {
            Some(places) => squares.largest(z, y, places),
            None => squares.maxima(z, y),
        }
    }
}
