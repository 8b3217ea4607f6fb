//! A network's description, as plain data: an input shape and a list of layers.

pub(crate) mod text;

use crate::init::Init;
use crate::shape::Shape;
use std::collections::BTreeMap;

/// A network's description: the shape of its input, and the layers in order. Shapes in between are inferred.
///
/// ```
/// use nn_core::{Architecture, Shape};
/// let built = Architecture::new(Shape::flat(2)).dense(8).tanh().dense(2).softmax();
/// assert_eq!(built, Architecture::parse(Shape::flat(2), "dense:8, tanh, dense:2, softmax")?);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Architecture {
    /// Shape of one sample.
    pub input: Shape,
    /// The layers, first to last.
    pub layers: Vec<LayerSpec>,
}

/// One layer's description.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum LayerSpec {
    /// `y = W x + b` on the flattened sample.
    Dense {
        /// Number of units.
        outputs: usize,
        /// The initial weights; biases start at 0, or like the weights where that is [`Init::Uniform`].
        init: Init,
    },
    /// A function of each value by itself.
    Activation(Activation),
    /// Turns scores into probabilities: `y_i = e^{x_i} / sum_j e^{x_j}`.
    Softmax,
    /// Convolution with square kernels.
    Conv2d {
        /// Number of kernels, which is the number of output channels.
        outputs: usize,
        /// Height and width of a kernel in pixels.
        kernel: usize,
        /// Pixels from one position of the kernel to the next.
        stride: usize,
        /// Pixels of zeros around the picture; `kernel / 2` keeps the size for odd kernels and stride 1.
        padding: usize,
        /// The initial weights; biases start at 0.
        init: Init,
    },
    /// Brings each channel to mean 0 and variance 1 over the batch, then to a learnt mean and deviation.
    BatchNorm,
    /// The largest value of each square of `size` x `size` pixels, channel by channel.
    MaxPool {
        /// Height and width of a square; pixels left over at the right or bottom edge are dropped.
        size: usize,
    },
    /// The mean of each square of `size` x `size` pixels, channel by channel; of the whole picture where no size is given.
    AveragePool {
        /// Height and width of a square; pixels left over at the right or bottom edge are dropped.
        size: Option<usize>,
    },
    /// In training, zeroes each value with probability `rate` and scales the others by `1 / (1 - rate)`.
    Dropout {
        /// Share of values that are dropped, `0 <= rate < 1`.
        rate: f32,
    },
    /// A layer of a kind that users add themselves, looked up by its name in [`crate::Kinds`].
    Custom {
        /// The name of the kind.
        kind: String,
        /// Its settings.
        numbers: Numbers,
    },
}

/// The settings of a custom layer: numbers by name.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Numbers(BTreeMap<String, f32>);

impl Numbers {
    /// Returns the number of this name, or `default` where it is not set.
    ///
    /// # Errors
    /// Where the number is not finite, as a file may hold any.
    pub fn number(&self, name: &str, default: f32) -> Result<f32, String> {
        let number = self.0.get(name).copied().unwrap_or(default);
        if number.is_finite() { Ok(number) } else { Err(format!("{name} must be a finite number, not {number}")) }
    }

    /// Goes through all names and numbers, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f32)> {
        self.0.iter().map(|(name, number)| (&name[..], *number))
    }
}

impl<N: Into<String>> FromIterator<(N, f32)> for Numbers {
    fn from_iter<I: IntoIterator<Item = (N, f32)>>(numbers: I) -> Self {
        Self(numbers.into_iter().map(|(name, number)| (name.into(), number)).collect())
    }
}

/// A function of each value by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Activation {
    /// `max(x, 0)`.
    Relu,
    /// `x` where positive, else `slope * x`, with `slope >= 0`.
    LeakyRelu {
        /// Slope left of zero; 0.01 is usual.
        slope: f32,
    },
    /// `1 / (1 + e^-x)`.
    Sigmoid,
    /// Hyperbolic tangent.
    Tanh,
}

impl Architecture {
    /// A description without layers yet, for samples of shape `input`.
    pub fn new(input: Shape) -> Self {
        Self { input, layers: vec![] }
    }

    /// Appends a layer.
    pub fn layer(mut self, layer: impl Into<LayerSpec>) -> Self {
        self.layers.push(layer.into());
        self
    }

    /// Appends a dense layer of `outputs` units.
    pub fn dense(self, outputs: usize) -> Self {
        self.layer(LayerSpec::dense(outputs))
    }

    /// Appends a convolution that keeps the picture's size: `outputs` kernels of `kernel` x `kernel` pixels.
    pub fn conv(self, outputs: usize, kernel: usize) -> Self {
        self.layer(LayerSpec::conv(outputs, kernel))
    }

    /// Appends a batch normalisation.
    pub fn batch_norm(self) -> Self {
        self.layer(LayerSpec::BatchNorm)
    }

    /// Appends a max pooling of squares of `size` x `size` pixels.
    pub fn max_pool(self, size: usize) -> Self {
        self.layer(LayerSpec::MaxPool { size })
    }

    /// Appends an average pooling of squares of `size` x `size` pixels.
    pub fn average_pool(self, size: usize) -> Self {
        self.layer(LayerSpec::AveragePool { size: Some(size) })
    }

    /// Appends a dropout of a share `rate` of the values.
    pub fn dropout(self, rate: f32) -> Self {
        self.layer(LayerSpec::Dropout { rate })
    }

    /// Appends a ReLU.
    pub fn relu(self) -> Self {
        self.layer(Activation::Relu)
    }

    /// Appends a hyperbolic tangent.
    pub fn tanh(self) -> Self {
        self.layer(Activation::Tanh)
    }

    /// Appends a sigmoid.
    pub fn sigmoid(self) -> Self {
        self.layer(Activation::Sigmoid)
    }

    /// Appends a softmax.
    pub fn softmax(self) -> Self {
        self.layer(LayerSpec::Softmax)
    }
}

impl LayerSpec {
    /// A dense layer of `outputs` units, initialised for the activation that follows it.
    pub fn dense(outputs: usize) -> Self {
        Self::Dense { outputs, init: Init::Auto }
    }

    /// A convolution that keeps the picture's size: stride 1, an odd `kernel`, half of it as padding.
    pub fn conv(outputs: usize, kernel: usize) -> Self {
        Self::Conv2d { outputs, kernel, stride: 1, padding: kernel / 2, init: Init::Auto }
    }

    /// A layer of a kind that is registered in [`crate::Kinds`], with its default settings.
    pub fn custom(kind: &str) -> Self {
        Self::Custom { kind: kind.into(), numbers: Numbers::default() }
    }

    /// Sets a number of a custom layer; changes nothing for other layers, which have fields.
    pub fn set(mut self, name: &str, number: f32) -> Self {
        if let Self::Custom { numbers, .. } = &mut self {
            numbers.0.insert(name.into(), number);
        }
        self
    }

    /// Returns the activation that this describes, if it is one.
    pub fn as_activation(&self) -> Option<Activation> {
        if let Self::Activation(activation) = self { Some(*activation) } else { None }
    }
}

impl From<Activation> for LayerSpec {
    fn from(activation: Activation) -> Self {
        Self::Activation(activation)
    }
}
