//! What a network is, as plain data: an input shape and a list of layers.

use crate::init::Init;
use crate::layer::Layer;
use crate::layers::{ActivationLayer, AveragePool, BatchNorm, Conv2d, Dense, Dropout, MaxPool, Softmax};
use crate::shape::Shape;
use std::fmt;

/// A network's description: what goes in, and the layers in order. Sizes in between are inferred.
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
        /// Start of the weights; biases start at 0, or like the weights where that is [`Init::Uniform`].
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
        /// Pixels from one place of the kernel to the next.
        stride: usize,
        /// Pixels of zeros around the picture; `kernel / 2` keeps the size for odd kernels and stride 1.
        padding: usize,
        /// Start of the weights; biases start at 0.
        init: Init,
    },
    /// Brings each channel to mean 0 and variance 1 over the batch, then to a learnt mean and deviation.
    BatchNorm,
    /// The largest value of each square of `size` x `size` pixels, channel by channel.
    MaxPool {
        /// Height and width of a square; a rest at the right or bottom edge is dropped.
        size: usize,
    },
    /// The mean of each square of `size` x `size` pixels, channel by channel; of the whole picture where there is no size.
    AveragePool {
        /// Height and width of a square; a rest at the right or bottom edge is dropped.
        size: Option<usize>,
    },
    /// In training, zeroes each value with probability `rate` and scales the others by `1 / (1 - rate)`.
    Dropout {
        /// Share of values that are dropped, `0 <= rate < 1`.
        rate: f32,
    },
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
        /// Slope left of zero, 0.01 by habit.
        slope: f32,
    },
    /// `1 / (1 + e^-x)`.
    Sigmoid,
    /// Hyperbolic tangent.
    Tanh,
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

    /// The layer that this describes, for samples of shape `input`; `next` is the activation right behind it, if any.
    /// The error says what is wrong; [`crate::Network`] adds where. This is the only place that builds layers.
    pub(crate) fn build(&self, input: Shape, next: Option<Activation>) -> Result<Box<dyn Layer>, String> {
        Ok(match *self {
            Self::Dense { outputs, init } => Box::new(Dense::new(input, outputs, init.before(next))?),
            Self::Conv2d { outputs, kernel, stride, padding, init } => {
                Box::new(Conv2d::new(input, outputs, kernel, stride, padding, init.before(next))?)
            }
            Self::BatchNorm => Box::new(BatchNorm::new(input)?),
            Self::MaxPool { size } => Box::new(MaxPool::new(input, size)?),
            Self::AveragePool { size } => Box::new(AveragePool::new(input, size)?),
            Self::Activation(activation) => Box::new(ActivationLayer::new(input, activation)?),
            Self::Softmax => Box::new(Softmax::new(input)?),
            Self::Dropout { rate } => Box::new(Dropout::new(input, rate)?),
        })
    }
}

impl Init {
    fn before(self, next: Option<Activation>) -> Self {
        match (self, next) {
            (Self::Auto, Some(Activation::Relu | Activation::LeakyRelu { .. })) => Self::He,
            (Self::Auto, _) => Self::Glorot,
            (init, _) => init,
        }
    }
}

impl From<Activation> for LayerSpec {
    fn from(activation: Activation) -> Self {
        Self::Activation(activation)
    }
}

impl fmt::Display for LayerSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dense { outputs, .. } => write!(f, "dense:{outputs}"),
            Self::Conv2d { outputs, kernel, stride, padding, .. } => {
                write!(f, "conv:{outputs}x{kernel}")?;
                if *stride != 1 {
                    write!(f, "s{stride}")?;
                }
                if *padding != kernel / 2 { write!(f, "p{padding}") } else { Ok(()) }
            }
            Self::BatchNorm => f.write_str("batchnorm"),
            Self::MaxPool { size } => write!(f, "pool:{size}"),
            Self::AveragePool { size: Some(size) } => write!(f, "average-pool:{size}"),
            Self::AveragePool { size: None } => f.write_str("average-pool"),
            Self::Activation(activation) => activation.fmt(f),
            Self::Softmax => f.write_str("softmax"),
            Self::Dropout { rate } => write!(f, "dropout:{rate}"),
        }
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relu => f.write_str("relu"),
            Self::LeakyRelu { slope } => write!(f, "leaky-relu:{slope}"),
            Self::Sigmoid => f.write_str("sigmoid"),
            Self::Tanh => f.write_str("tanh"),
        }
    }
}
