//! Layers as text: `dense:100, tanh, dropout:0.3`.

use crate::error::Error;
use nn_core::{Activation, Init, LayerSpec};
use std::fmt::Display;
use std::str::FromStr;

const KNOWN: &str = "dense:UNITS, conv:KERNELSxSIZE, batchnorm, relu, leaky-relu:SLOPE, sigmoid, tanh, pool:SIZE, \
                     average-pool:SIZE, dropout:RATE";

/// Reads a list of layers, separated by commas.
///
/// ```
/// let layers = nn_train::layers::parse("dense:100, tanh, dropout:0.3")?;
/// assert_eq!(nn_train::layers::to_text(&layers), "dense:100, tanh, dropout:0.3");
/// # Ok::<(), nn_train::Error>(())
/// ```
///
/// # Errors
/// [`Error::Layers`] names the layer that cannot be read, and what can stand there.
pub fn parse(text: &str) -> Result<Vec<LayerSpec>, Error> {
    let parts = text.split(',').map(str::trim).enumerate().filter(|(_, part)| !part.is_empty());
    parts
        .map(|(i, part)| one(part).map_err(|reason| Error::Layers { index: i + 1, text: part.into(), reason }))
        .collect()
}

/// The list that [`parse`] reads back.
pub fn to_text(layers: &[LayerSpec]) -> String {
    layers.iter().map(LayerSpec::to_string).collect::<Vec<_>>().join(", ")
}

fn one(text: &str) -> Result<LayerSpec, String> {
    let (name, value) = text.split_once(':').map_or((text, None), |(name, value)| (name.trim(), Some(value.trim())));
    let plain = |layer: LayerSpec| match value {
        None => Ok(layer),
        Some(value) => Err(format!("{name} takes no value, but {value:?} follows")),
    };
    match name {
        "dense" => Ok(LayerSpec::dense(number(name, value, "a number of units, such as dense:100")?)),
        "dropout" => Ok(LayerSpec::Dropout { rate: number(name, value, "a rate, such as dropout:0.3")? }),
        "conv" => convolution(value),
        "batchnorm" => plain(LayerSpec::BatchNorm),
        "pool" => Ok(LayerSpec::MaxPool { size: number(name, value, "a size, such as pool:2")? }),
        "average-pool" if value.is_none() => Ok(LayerSpec::AveragePool { size: None }),
        "average-pool" => {
            Ok(LayerSpec::AveragePool { size: Some(number(name, value, "a size, such as average-pool:2")?) })
        }
        "leaky-relu" if value.is_none() => Ok(Activation::LeakyRelu { slope: 0.01 }.into()),
        "leaky-relu" => {
            Ok(Activation::LeakyRelu { slope: number(name, value, "a slope, such as leaky-relu:0.01")? }.into())
        }
        "relu" => plain(Activation::Relu.into()),
        "sigmoid" => plain(Activation::Sigmoid.into()),
        "tanh" => plain(Activation::Tanh.into()),
        "softmax" => Err("the last dense layer and the softmax follow from the classes: leave it out".into()),
        _ => Err(format!("no such layer; there are {KNOWN}")),
    }
}

/// `KERNELSxSIZE`, then `sSTRIDE` and `pPADDING` where they are not 1 and half the size.
fn convolution(value: Option<&str>) -> Result<LayerSpec, String> {
    let wanted = "kernels and their size, such as conv:16x3, or conv:16x3s2p0 with stride and padding";
    let value = value.ok_or_else(|| format!("conv needs {wanted}"))?;
    let read = || {
        let (outputs, rest) = value.split_once('x')?;
        let (rest, padding) = rest.split_once('p').map_or((rest, None), |(rest, padding)| (rest, Some(padding)));
        let (kernel, stride) = rest.split_once('s').unwrap_or((rest, "1"));
        let (outputs, kernel, stride) = (outputs.parse().ok()?, kernel.parse().ok()?, stride.parse().ok()?);
        let padding = padding.map_or(Some(kernel / 2), |padding| padding.parse().ok())?;
        Some(LayerSpec::Conv2d { outputs, kernel, stride, padding, init: Init::Auto })
    };
    read().ok_or_else(|| format!("{value:?} is no value for conv; it needs {wanted}"))
}

fn number<T: FromStr<Err: Display>>(name: &str, value: Option<&str>, wanted: &str) -> Result<T, String> {
    let value = value.ok_or_else(|| format!("{name} needs {wanted}"))?;
    value.parse().map_err(|_| format!("{value:?} is no value for {name}; it needs {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_is_read_as_it_is_written() {
        let text = "conv:16x3, conv:8x5s2p0, batchnorm, pool:2, average-pool:3, average-pool, dense:100, relu, \
                    leaky-relu:0.2, sigmoid, tanh, dropout:0.25";
        assert_eq!(to_text(&parse(text).unwrap()), text);
        assert_eq!(parse(" dense : 5,tanh, ").unwrap(), parse("dense:5, tanh").unwrap());
        assert!(parse("").unwrap().is_empty());
    }

    #[test]
    fn errors_name_the_layer() {
        let error = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(
            error("dense:5, dens:3"),
            format!("layer 2 of the list, \"dens:3\": no such layer; there are {KNOWN}")
        );
        assert_eq!(
            error("dense:x"),
            r#"layer 1 of the list, "dense:x": "x" is no value for dense; it needs a number of units, such as dense:100"#
        );
        assert!(error("conv:3").contains("such as conv:16x3"));
        assert!(error("dense").contains("needs a number of units"));
        assert!(error("tanh:3").contains("takes no value"));
        assert!(error("softmax").contains("leave it out"));
    }
}
