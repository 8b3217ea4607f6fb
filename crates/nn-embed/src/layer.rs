//! The layers, each in plain loops.

use crate::error::Error;
use crate::signal::{Extent, Signal};
use crate::weights::StoredWeights;
use alloc::vec::Vec;

/// The constant that keeps the root of batch normalisation away from zero.
const EPSILON: f32 = 1e-5;

/// A layer with its weights.
#[derive(Clone, Debug)]
pub enum EmbeddedLayer {
    /// `y = W x + b`; W has a row per output.
    Dense { weights: Vec<f32>, biases: Vec<f32> },
    /// Correlates with kernels of `size` x `size`: kernels x channels x rows x columns.
    Conv { kernels: Vec<f32>, biases: Vec<f32>, size: usize, stride: usize, padding: usize },
    /// `y = scale x + shift` per channel.
    BatchNorm { scale: Vec<f32>, shift: Vec<f32> },
    /// The largest value, or the mean, of squares of `size` pixels a side; without a size, the mean of a whole channel.
    Pool { size: Option<usize>, is_max: bool },
    /// `y = x` above 0, `slope x` below.
    Relu { slope: f32 },
    /// `y = 1 / (1 + e^-x)`
    Sigmoid,
    /// `y = tanh x`
    Tanh,
    /// `y = e^x / sum of e^x`
    Softmax,
}

impl EmbeddedLayer {
    /// Reads a layer as nn-core prints it, for samples of this shape; `None` for one that does nothing in prediction.
    pub fn read(text: &str, shape: Extent, weights: &StoredWeights<'_>) -> Result<Option<Self>, Error> {
        let (name, value) = text.split_once(':').map_or((text, None), |(name, value)| (name, Some(value)));
        let number = || value.and_then(|value| value.parse::<usize>().ok()).filter(|number| *number > 0);
        let unread = || weights.error("cannot be read");
        let layer = match name {
            "dense" => {
                let outputs = number().ok_or_else(unread)?;
                let biases = weights.get("bias", Some(outputs))?;
                Self::Dense { weights: weights.get("weight", outputs.checked_mul(shape.len()))?, biases }
            }
            "conv" => convolution(value.unwrap_or_default(), shape, weights)?,
            "batchnorm" => batch_norm(shape, weights)?,
            "pool" => Self::Pool { size: Some(number().ok_or_else(unread)?), is_max: true },
            "average-pool" if value.is_none() => Self::Pool { size: None, is_max: false },
            "average-pool" => Self::Pool { size: Some(number().ok_or_else(unread)?), is_max: false },
            "relu" => Self::Relu { slope: 0.0 },
            "leaky-relu" => Self::Relu { slope: value.and_then(|value| value.parse().ok()).ok_or_else(unread)? },
            "sigmoid" => Self::Sigmoid,
            "tanh" => Self::Tanh,
            "softmax" => Self::Softmax,
            "dropout" => return Ok(None),
            _ => return Err(weights.error("is not known")),
        };
        Ok(Some(layer))
    }

    /// The shape of its outputs; `None` where the layer does not fit samples of this shape.
    pub fn output(&self, shape: Extent) -> Option<Extent> {
        let Extent { height, width, channels } = shape;
        let output = match *self {
            Self::Dense { ref biases, .. } => Extent::flat(biases.len()),
            Self::Conv { ref biases, size, stride, padding, .. } => {
                let along =
                    |pixels: usize| Some(pixels.checked_add(padding.checked_mul(2)?)?.checked_sub(size)? / stride + 1);
                Extent { height: along(height)?, width: along(width)?, channels: biases.len() }
            }
            Self::Pool { size: Some(size), .. } => Extent { height: height / size, width: width / size, channels },
            Self::Pool { size: None, .. } => Extent::flat(channels),
            _ => shape,
        };
        output.checked()
    }

    /// Computes the outputs for a sample that the layer fits.
    pub fn apply(&self, x: &Signal) -> Signal {
        let Some(shape) = self.output(x.shape) else { return Signal::zeros(x.shape) };
        let values = match self {
            Self::Dense { weights, biases } => {
                let rows = weights.chunks_exact(x.values.len()).zip(biases);
                rows.map(|(row, bias)| bias + dot(row, &x.values)).collect()
            }
            Self::Conv { kernels, biases, size, stride, padding } => {
                convolve(x, shape, (kernels, biases), (*size, *stride, *padding))
            }
            Self::BatchNorm { scale, shift } => {
                let channels = x.channels().zip(scale).zip(shift);
                channels.flat_map(|((values, scale), shift)| values.iter().map(move |x| scale * x + shift)).collect()
            }
            Self::Pool { size: Some(size), is_max } => pool(x, shape, *size, *is_max),
            Self::Pool { size: None, .. } => {
                x.channels().map(|values| values.iter().sum::<f32>() / values.len() as f32).collect()
            }
            Self::Relu { slope } => x.values.iter().map(|x| if *x > 0.0 { *x } else { slope * x }).collect(),
            Self::Sigmoid => x.values.iter().map(|x| 1.0 / (1.0 + libm::expf(-x))).collect(),
            Self::Tanh => x.values.iter().map(|x| libm::tanhf(*x)).collect(),
            Self::Softmax => softmax(&x.values),
        };
        Signal { shape, values }
    }
}

/// Reads `KERNELSxSIZE`, then `sSTRIDE` and `pPADDING` where they are not 1 and half the size.
fn convolution(value: &str, shape: Extent, weights: &StoredWeights<'_>) -> Result<EmbeddedLayer, Error> {
    let read = || {
        let (outputs, rest) = value.split_once('x')?;
        let (rest, padding) = rest.split_once('p').map_or((rest, None), |(rest, padding)| (rest, Some(padding)));
        let (size, stride) = rest.split_once('s').unwrap_or((rest, "1"));
        let (outputs, size, stride): (usize, usize, usize) =
            (outputs.parse().ok()?, size.parse().ok()?, stride.parse().ok()?);
        let padding: usize = padding.map_or(Some(size / 2), |padding| padding.parse().ok())?;
        (outputs.min(size).min(stride) > 0 && padding < size).then_some((outputs, size, stride, padding))
    };
    let (outputs, size, stride, padding) = read().ok_or_else(|| weights.error("cannot be read"))?;
    let count = size.checked_mul(size).and_then(|area| area.checked_mul(shape.channels)?.checked_mul(outputs));
    let (kernels, biases) = (weights.get("weight", count)?, weights.get("bias", Some(outputs))?);
    Ok(EmbeddedLayer::Conv { kernels, biases, size, stride, padding })
}

fn batch_norm(shape: Extent, weights: &StoredWeights<'_>) -> Result<EmbeddedLayer, Error> {
    let [gamma, beta, mean, variance] =
        ["weight", "bias", "running_mean", "running_var"].map(|name| weights.get(name, Some(shape.channels)));
    let (gamma, beta, mean, variance) = (gamma?, beta?, mean?, variance?);
    let scale: Vec<f32> = gamma.iter().zip(variance).map(|(g, v)| g / libm::sqrtf(v + EPSILON)).collect();
    let shift = beta.iter().zip(&scale).zip(mean).map(|((b, scale), mean)| b - scale * mean).collect();
    Ok(EmbeddedLayer::BatchNorm { scale, shift })
}

fn convolve(
    x: &Signal,
    shape: Extent,
    (kernels, biases): (&[f32], &[f32]),
    (size, stride, padding): (usize, usize, usize),
) -> Vec<f32> {
    let mut y = Signal::zeros(shape);
    let (of_kernel, area) = (size * size, shape.height * shape.width);
    let each = y.values.chunks_exact_mut(area).zip(kernels.chunks_exact(of_kernel * x.shape.channels)).zip(biases);
    for ((y, kernel), bias) in each {
        y.fill(*bias);
        for (x_channel, kernel) in x.channels().zip(kernel.chunks_exact(of_kernel)) {
            for (place, y) in y.iter_mut().enumerate() {
                let (top, left) = (place / shape.width * stride, place % shape.width * stride);
                *y += at_place(x_channel, x.shape, kernel, size, (top, left, padding));
            }
        }
    }
    y.values
}

/// The product of a kernel of `size` x `size` with the pixels of a channel below it; beyond the border they are 0.
fn at_place(
    x: &[f32],
    Extent { height, width, .. }: Extent,
    kernel: &[f32],
    size: usize,
    (top, left, padding): (usize, usize, usize),
) -> f32 {
    let (first, end) = (padding.saturating_sub(left), size.min((width + padding).saturating_sub(left)));
    let mut sum = 0.0;
    for row in padding.saturating_sub(top)..size.min((height + padding).saturating_sub(top)) {
        let start = (top + row - padding) * width + left + first - padding;
        sum += dot(&kernel[row * size + first..row * size + end], &x[start..start + (end - first)]);
    }
    sum
}

fn pool(x: &Signal, shape: Extent, size: usize, is_max: bool) -> Vec<f32> {
    let mut y = Vec::with_capacity(shape.len());
    for channel in x.channels() {
        for place in 0..shape.height * shape.width {
            let (top, left) = (place / shape.width * size, place % shape.width * size);
            let start = |row| (top + row) * x.shape.width + left;
            let square = (0..size).flat_map(|row| &channel[start(row)..start(row) + size]);
            y.push(match is_max {
                true => square.fold(f32::NEG_INFINITY, |most, x| most.max(*x)),
                false => square.sum::<f32>() / (size * size) as f32,
            });
        }
    }
    y
}

fn softmax(x: &[f32]) -> Vec<f32> {
    let most = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = x.iter().map(|x| libm::expf(x - most)).collect();
    let sum: f32 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
