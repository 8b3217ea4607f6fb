//! Convolution of a batch, forward and back, together with the max pooling and the activation behind it: the convolved
//! picture then stays in the near caches.
//!
//! A batch is cut into parts of whole pictures, which are computed on all threads; the gradients of the kernels of the parts
//! are added in their order.

mod direct;
mod frame;
pub mod kernels;
mod patches;
mod way;
mod winograd;

use self::kernels::Kernels;
use self::patches::Patches;
use self::way::Way;
use crate::kernels::pooling::Squares;
use crate::kernels::share::Share;
use crate::kernels::simd::lines;
use crate::kernels::{epilogue, parallel};
use crate::shape::Shape;
use crate::spec::Activation;
use rayon::prelude::*;

/// A convolution for pictures of one shape, with what runs in the same pass.
pub struct Convolution {
    input: Shape,
    kernels: Kernels,
    /// Shape of the result: pooled, where a pooling runs in the same pass.
    pub output: Shape,
    /// The pooling behind the convolution. It may change places with an activation, which never falls.
    pool: Option<Squares>,
    /// The activation behind the convolution.
    activation: Option<Activation>,
    forward: Way,
    /// The convolution that leads from the gradient of the output to that of the input.
    backward: Way,
}

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

/// The pictures that are computed at once on the way forward.
struct Group<'a> {
    x: &'a [f32],
    y: &'a mut [f32],
    places: Option<&'a mut [u32]>,
    scratch: &'a mut [f32],
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
    /// A convolution of pictures of shape `input`.
    ///
    /// # Errors
    /// The reason why these kernels cannot work on `input`.
    pub fn new(input: Shape, kernels: Kernels) -> Result<Self, String> {
        let output = kernels.output(input)?;
        let Kernels { size: kernel, stride, padding, .. } = kernels;
        let [from, to] = [input, output].map(|s| [s.height, s.width, s.channels]);
        let (padding, back) = (padding as isize, (kernel - 1 - padding) as isize);
        let forward = Patches { source: from, output: to, kernel, stride, dilation: 1, padding };
        let backward = Patches { source: to, output: from, kernel, stride: 1, dilation: stride, padding: back };
        let [forward, backward] = [forward, backward].map(Way::new);
        Ok(Self { input, kernels, output, pool: None, activation: None, forward, backward })
    }

    /// The same with a max pooling of `size` x `size` pixels and an activation behind it, in either order.
    ///
    /// # Errors
    /// Where no square of that size fits.
    pub fn followed_by(self, pool: Option<usize>, activation: Option<Activation>) -> Result<Self, String> {
        let pool = pool.map(|size| Squares::new(self.output, size, size)).transpose()?;
        let output = pool.map_or(self.output, |squares| squares.output);
        Ok(Self { pool, activation, output, ..self })
    }

    /// Number of weights of all kernels.
    pub fn weights(&self) -> usize {
        self.kernels.size.pow(2) * self.input.channels * self.kernels.outputs
    }

    /// Scratch values for all kernels: turned, and as they are needed on the way forward or back.
    fn kernel_scratch(&self) -> [usize; 2] {
        let weights = self.weights();
        let arranged = self.forward.arranged(weights).max(self.backward.arranged(weights));
        [weights, arranged].map(lines::whole)
    }

    /// Number of scratch values for `batch` pictures: those of the kernels, and for each part its scratch and its gradient.
    pub fn scratch_values(&self, batch: usize) -> usize {
        let [turned, arranged] = self.kernel_scratch();
        let [way, convolved] = self.part_scratch();
        lines::with_room(turned + arranged + Share::whole(batch).count() * (way + convolved + self.gradient()))
    }

    /// Number of scratch indices for `batch` pictures.
    pub fn scratch_indices(&self, batch: usize) -> usize {
        let share = Share::whole(batch);
        share.count() * self.places(share.size())
    }

    /// Scratch values of each part: of a way, and the convolved pictures of a group where they are pooled.
    fn part_scratch(&self) -> [usize; 2] {
        let convolved = self.pool.map_or(0, |squares| squares.inputs() * self.forward.group());
        let way = self.forward.scratch().max(self.backward.scratch());
        [way, convolved].map(lines::whole)
    }

    /// Values of the gradient of arranged kernels and biases.
    fn gradient(&self) -> usize {
        lines::whole(self.forward.arranged(self.weights()) + self.kernels.outputs)
    }

    /// Number of indices for some pictures.
    fn places(&self, pictures: usize) -> usize {
        self.pool.map_or(1, |squares| squares.outputs()) * pictures
    }

    /// Values per input picture and per output picture.
    fn sizes(&self) -> (usize, usize) {
        (self.input.features().unwrap_or(1), self.output.features().unwrap_or(1))
    }

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

    /// Computes `dx` and `grads`.
    pub fn backward(&self, pass: Backward<'_>) {
        let [turned, arranged] = self.kernel_scratch();
        let (turned, rest) = lines::aligned(pass.values).split_at_mut(turned);
        let (arranged, scratch) = rest.split_at_mut(arranged);
        let turned = &mut turned[..self.weights()];
        let w = if pass.dx.is_some() {
            self.turn(&pass.params[..self.weights()], turned);
            self.backward.arrange(turned, arranged)
        } else {
            &[] // not needed
        };
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
        let sums = &mut arranged[..self.forward.arranged(self.weights())];
        sums.fill(0.0);
        db.fill(0.0);
        for part in gradients.chunks_exact(gradient) {
            sums.iter_mut().chain(&mut *db).zip(part).for_each(|(sum, value)| *sum += value);
        }
        self.forward.restore(sums, dw);
    }

    /// The way back of a part, with `w` for the convolution back.
    fn backward_part(&self, w: &[f32], part: Part<'_>) {
        let Part { x, y, dy, mut dx, places, scratch, gradient } = part;
        let (inputs, outputs) = self.sizes();
        let (scratch, z) = scratch.split_at_mut(self.part_scratch()[0]);
        let (dw, db) = gradient.split_at_mut(self.forward.arranged(self.weights()));
        let db = &mut db[..self.kernels.outputs];
        epilogue::back(self.activation, y, dy, db);
        dw.fill(0.0);
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
            self.forward.correlate(x, dz, dw, scratch);
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
