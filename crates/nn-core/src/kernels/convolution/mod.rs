//! Convolution of a batch, forward and back, together with the max pooling and the activation behind it: the convolved
//! picture then stays in the near caches.
//!
//! A batch is cut into parts of whole pictures, which are computed on all threads; the gradients of the kernels of the parts
//! are added in their order.

mod backward;
mod direct;
mod forward;
mod frame;
pub mod kernels;
mod patches;
mod pooled;
mod way;
mod winograd;

pub use self::backward::Backward;
pub use self::forward::Forward;

use self::kernels::Kernels;
use self::patches::Patches;
use self::pooled::Pooled;
use self::way::Way;
use crate::kernels::pooling::Squares;
use crate::kernels::share::Share;
use crate::kernels::simd::lines;
use crate::shape::Shape;
use crate::spec::Activation;

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
    /// The way back from the pooled values alone, where it is the faster.
    pooled: Option<Pooled>,
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
        Ok(Self { input, kernels, output, pool: None, activation: None, forward, backward, pooled: None })
    }

    /// The same with a max pooling of `size` x `size` pixels and an activation behind it, in either order.
    ///
    /// # Errors
    /// Where no square of that size fits.
    pub fn followed_by(self, pool: Option<usize>, activation: Option<Activation>) -> Result<Self, String> {
        let pool = pool.map(|size| Squares::new(self.output, size, size)).transpose()?;
        let output = pool.map_or(self.output, |squares| squares.output);
        let pooled = pool.and_then(|squares| Pooled::new(self.input, self.kernels, squares));
        Ok(Self { pool, activation, output, pooled, ..self })
    }

    /// Number of weights of all kernels.
    pub fn weights(&self) -> usize {
        self.kernels.size.pow(2) * self.input.channels * self.kernels.outputs
    }

    /// Scratch values for all kernels: turned, and as they are needed on the way forward or back.
    fn kernel_scratch(&self) -> [usize; 2] {
        let weights = self.weights();
        let forward = self.forward.arranged(weights);
        let [turned, back] = match &self.pooled {
            Some(pooled) => [0, pooled.arranged()],
            None => [weights, self.backward.arranged(weights)],
        };
        [turned, forward.max(back)].map(lines::whole)
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

    /// Values of the gradient of arranged kernels.
    fn arranged_gradient(&self) -> usize {
        self.pooled.as_ref().map_or_else(|| self.forward.arranged(self.weights()), Pooled::arranged)
    }

    /// Scratch values of each part: of a way, and the convolved pictures of a group where they are pooled.
    fn part_scratch(&self) -> [usize; 2] {
        let convolved = self.pool.map_or(0, |squares| squares.inputs() * self.forward.group());
        let back = self.pooled.as_ref().map_or_else(|| self.backward.scratch(), Pooled::scratch);
        [self.forward.scratch().max(back), convolved].map(lines::whole)
    }

    /// Values of the gradient of arranged kernels and biases.
    fn gradient(&self) -> usize {
        lines::whole(self.arranged_gradient() + self.kernels.outputs)
    }

    /// Number of indices for some pictures.
    fn places(&self, pictures: usize) -> usize {
        self.pool.map_or(1, |squares| squares.outputs()) * pictures
    }

    /// Values per input picture and per output picture.
    fn sizes(&self) -> (usize, usize) {
        (self.input.features().unwrap_or(1), self.output.features().unwrap_or(1))
    }
}
