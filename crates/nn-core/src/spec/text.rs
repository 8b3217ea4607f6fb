//! The text form of layers, printed and parsed: `conv:16x3, relu, pool:2, dense:100, tanh, dropout:0.3, dense:10, softmax`.

use crate::error::Error;
use crate::init::Init;
use crate::shape::Shape;
use crate::spec::{Activation, Architecture, LayerSpec, Numbers};
use std::fmt::{self, Display};
use std::str::FromStr;

const KNOWN: &str = "dense:UNITS, conv:KERNELSxSIZE, batchnorm, relu, leaky-relu:SLOPE, sigmoid, tanh, softmax, \
                     pool:SIZE, average-pool:SIZE, dropout:RATE";

impl Architecture {
    /// Reads the layers from text, separated by commas, for samples of shape `input`.
    ///
    /// # Errors
    /// [`Error::Text`] names the layer that cannot be read, and lists the layers that there are.
    pub fn parse(input: Shape, text: &str) -> Result<Self, Error> {
        Ok(Self { input, layers: parse_layers(text)? })
    }
}

/// Prints the layers; [`Architecture::parse`] reads them back.
impl Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&layers_to_text(&self.layers))
    }
}

/// Reads a list of layers, separated by commas.
///
/// ```
/// let layers = nn_core::parse_layers("dense:100, tanh, dropout:0.3")?;
/// assert_eq!(nn_core::layers_to_text(&layers), "dense:100, tanh, dropout:0.3");
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::Text`] names the layer that cannot be read, and lists the layers that there are.
pub fn parse_layers(text: &str) -> Result<Vec<LayerSpec>, Error> {
    parse_with(text, |_| false)
}

/// [`parse_layers`], where names for which `is_custom` returns `true` are custom layers: `swish:beta=1.5:gamma=2`.
pub(crate) fn parse_with(text: &str, is_custom: impl Fn(&str) -> bool) -> Result<Vec<LayerSpec>, Error> {
    let parts = text.split(',').map(str::trim).enumerate().filter(|(_, part)| !part.is_empty());
    let parse = |(i, part): (usize, &str)| {
        let name = part.split(':').next().unwrap_or(part).trim();
        let layer = if is_custom(name) { custom(name, &part[name.len()..]) } else { part.parse() };
        layer.map_err(|reason| Error::Text { index: i + 1, text: part.into(), reason })
    };
    parts.map(parse).collect()
}

/// Prints a list of layers; [`parse_layers`] reads it back.
pub fn layers_to_text(layers: &[LayerSpec]) -> String {
    layers.iter().map(LayerSpec::to_string).collect::<Vec<_>>().join(", ")
}

impl Display for LayerSpec {
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
            Self::Custom { kind, numbers } => {
                f.write_str(kind)?;
                numbers.iter().try_for_each(|(name, number)| write!(f, ":{name}={number}"))
            }
        }
    }
}

impl Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relu => f.write_str("relu"),
            Self::LeakyRelu { slope } => write!(f, "leaky-relu:{slope}"),
            Self::Sigmoid => f.write_str("sigmoid"),
            Self::Tanh => f.write_str("tanh"),
        }
    }
}

/// Reads one of this crate's own layers; the error is the reason why it cannot.
impl FromStr for LayerSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once(':').map_or((text, None), |(name, value)| (name, Some(value.trim())));
        let name = name.trim();
        let plain = |layer: Self| match value {
            None => Ok(layer),
            Some(value) => Err(format!("{name} takes no value, but {value:?} follows")),
        };
        match name {
            "dense" => Ok(Self::dense(number(name, value, "a number of units, such as dense:100")?)),
            "dropout" => Ok(Self::Dropout { rate: number(name, value, "a rate, such as dropout:0.3")? }),
            "conv" => convolution(value),
            "batchnorm" => plain(Self::BatchNorm),
            "pool" => Ok(Self::MaxPool { size: number(name, value, "a size, such as pool:2")? }),
            "average-pool" if value.is_none() => Ok(Self::AveragePool { size: None }),
            "average-pool" => {
                Ok(Self::AveragePool { size: Some(number(name, value, "a size, such as average-pool:2")?) })
            }
            "leaky-relu" if value.is_none() => Ok(Activation::LeakyRelu { slope: 0.01 }.into()),
            "leaky-relu" => {
                Ok(Activation::LeakyRelu { slope: number(name, value, "a slope, such as leaky-relu:0.01")? }.into())
            }
            "relu" => plain(Activation::Relu.into()),
            "sigmoid" => plain(Activation::Sigmoid.into()),
            "tanh" => plain(Activation::Tanh.into()),
            "softmax" => plain(Self::Softmax),
            _ => Err(format!("no such layer; there are {KNOWN}")),
        }
    }
}

/// Reads `KERNELSxSIZE`, then `sSTRIDE` and `pPADDING` where they are not 1 and half the size.
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

/// Reads the settings of a custom layer, `:NAME=NUMBER` each.
fn custom(kind: &str, settings: &str) -> Result<LayerSpec, String> {
    let read = |setting: &str| {
        let (name, number) = setting.split_once('=')?;
        Some((name.trim().to_string(), number.trim().parse().ok()?))
    };
    let settings = settings.split(':').skip(1);
    let numbers: Result<Numbers, String> = settings
        .map(|setting| read(setting).ok_or_else(|| format!("{setting:?} is not NAME=NUMBER, such as beta=1.5")))
        .collect::<Result<Vec<_>, _>>()
        .map(Numbers::from_iter);
    Ok(LayerSpec::Custom { kind: kind.into(), numbers: numbers? })
}

fn number<T: FromStr<Err: Display>>(name: &str, value: Option<&str>, wanted: &str) -> Result<T, String> {
    let value = value.ok_or_else(|| format!("{name} needs {wanted}"))?;
    value.parse().map_err(|_| format!("{value:?} is no value for {name}; it needs {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_is_read_as_it_is_printed() {
        let text = "conv:16x3, conv:8x5s2p0, batchnorm, pool:2, average-pool:3, average-pool, dense:100, relu, \
                    leaky-relu:0.2, sigmoid, tanh, dropout:0.25, softmax";
        assert_eq!(layers_to_text(&parse_layers(text).unwrap()), text);
        assert_eq!(parse_layers(" dense : 5,tanh, ").unwrap(), parse_layers("dense:5, tanh").unwrap());
        assert!(parse_layers("").unwrap().is_empty());
        let text = "dense:3, swish:beta=1.5:gamma=2, swish";
        assert_eq!(layers_to_text(&parse_with(text, |name| name == "swish").unwrap()), text);
    }

    #[test]
    fn errors_name_the_layer() {
        let error = |text: &str| parse_layers(text).unwrap_err().to_string();
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
        let error = parse_with("swish:beta", |_| true).unwrap_err().to_string();
        assert_eq!(error, "layer 1 of the list, \"swish:beta\": \"beta\" is not NAME=NUMBER, such as beta=1.5");
    }
}
