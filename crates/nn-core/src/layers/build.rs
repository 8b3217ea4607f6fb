//! From descriptions to layers: the registry of kinds, the one match over them, and which neighbours run in one pass.

use crate::error::Error;
use crate::init::Init;
use crate::layer::Layer;
use crate::layers::activation::ActivationLayer;
use crate::layers::average_pool::AveragePool;
use crate::layers::batch_norm::BatchNorm;
use crate::layers::conv2d::Conv2d;
use crate::layers::dense::Dense;
use crate::layers::dropout::Dropout;
use crate::layers::max_pool::MaxPool;
use crate::layers::softmax::Softmax;
use crate::shape::Shape;
use crate::spec::text::parse_with;
use crate::spec::{Activation, Architecture, LayerSpec, Numbers};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Builds a custom layer from its settings, for samples of a shape; the error is the reason why it cannot.
type Constructor = dyn Fn(&Numbers, Shape) -> Result<Box<dyn Layer>, String> + Send + Sync;

/// The kinds of layers that a network may consist of: this crate's own, and those that users add.
///
/// ```no_run
/// use nn_core::{Architecture, Kinds, LayerSpec, Network, Shape};
/// # use nn_core::layer::{Backward, Forward, Layer};
/// # struct Swish(Shape);
/// # impl Swish { fn new(shape: Shape, _: f32) -> Self { Self(shape) } }
/// # impl Layer for Swish {
/// #     fn output(&self) -> Shape { self.0 }
/// #     fn forward(&self, _: Forward<'_>) {}
/// #     fn backward(&self, _: Backward<'_>) {}
/// # }
/// let kinds = Kinds::default().with("swish", |numbers, input| {
///     Ok(Box::new(Swish::new(input, numbers.number("beta", 1.0)?)))
/// });
/// let architecture = Architecture::new(Shape::flat(2)).dense(8).layer(LayerSpec::custom("swish").set("beta", 1.5));
/// let network = Network::build(architecture, &kinds, 1)?;
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Kinds {
    custom: BTreeMap<String, Arc<Constructor>>,
}

impl Kinds {
    /// Adds a kind, or replaces the one of this name. `construct` gets the settings of a layer and the shape of its input.
    ///
    /// # Panics
    /// Where this crate has a layer of this name.
    pub fn with(
        mut self,
        name: &str,
        construct: impl Fn(&Numbers, Shape) -> Result<Box<dyn Layer>, String> + Send + Sync + 'static,
    ) -> Self {
        let own = name.parse::<LayerSpec>().is_ok() || ["dense", "conv", "pool", "dropout"].contains(&name);
        assert!(!own, "nn-core has a layer {name:?} already");
        self.custom.insert(name.into(), Arc::new(construct));
        self
    }

    /// [`Architecture::parse`] with the kinds that users have added: `dense:8, swish:beta=1.5, dense:2, softmax`.
    ///
    /// # Errors
    /// [`Error::Text`] names the layer that cannot be read.
    pub fn parse(&self, input: Shape, text: &str) -> Result<Architecture, Error> {
        Ok(Architecture { input, layers: parse_with(text, |name| self.custom.contains_key(name))? })
    }

    /// Builds the layer that runs a group of descriptions in one pass, for samples of shape `input`. `next` stands behind
    /// the first of them. The error is the reason why it cannot.
    pub(crate) fn build(
        &self,
        group: &[LayerSpec],
        next: Option<&LayerSpec>,
        input: Shape,
    ) -> Result<Box<dyn Layer>, String> {
        let (first, behind) = group.split_first().ok_or("there is nothing to build")?;
        let activation = behind.iter().find_map(LayerSpec::as_activation);
        let next = next.and_then(LayerSpec::as_activation);
        Ok(match *first {
            LayerSpec::Dense { outputs, init } => {
                Box::new(Dense::new(input, outputs, initial(init, next))?.with_activation(activation))
            }
            LayerSpec::Conv2d { outputs, kernel: size, stride, padding, init } => {
                let kernels = crate::kernels::convolution::kernels::Kernels { outputs, size, stride, padding };
                let pool = behind.iter().find_map(|layer| match layer {
                    LayerSpec::MaxPool { size } => Some(*size),
                    _ => None,
                });
                Box::new(Conv2d::new(input, kernels, initial(init, next))?.followed_by(pool, activation)?)
            }
            LayerSpec::BatchNorm => Box::new(BatchNorm::new(input)?.with_activation(activation)),
            LayerSpec::MaxPool { size } => Box::new(MaxPool::new(input, size)?),
            LayerSpec::AveragePool { size } => Box::new(AveragePool::new(input, size)?),
            LayerSpec::Activation(activation) => Box::new(ActivationLayer::new(input, activation)?),
            LayerSpec::Softmax => Box::new(Softmax::new(input)?),
            LayerSpec::Dropout { rate } => Box::new(Dropout::new(input, rate)?),
            LayerSpec::Custom { ref kind, ref numbers } => {
                let construct = self.custom.get(kind).ok_or("unknown kind; add it to the kinds")?;
                construct(numbers, input)?
            }
        })
    }
}

/// Returns how many of the first layers run in one pass over memory: a dense layer or batch normalisation with the
/// activation behind it, a convolution with a max pooling too, in either order.
pub(crate) fn group_len(layers: &[LayerSpec]) -> usize {
    let (mut activation, mut pool) = match layers.first() {
        Some(LayerSpec::Dense { .. } | LayerSpec::BatchNorm) => (true, false),
        Some(LayerSpec::Conv2d { .. }) => (true, true),
        _ => (false, false),
    };
    let joins = |layer: &&LayerSpec| match layer {
        LayerSpec::Activation(_) => std::mem::take(&mut activation),
        LayerSpec::MaxPool { .. } => std::mem::take(&mut pool),
        _ => false,
    };
    1 + layers.iter().skip(1).take_while(joins).count()
}

/// Resolves [`Init::Auto`] for a layer before an activation.
fn initial(init: Init, next: Option<Activation>) -> Init {
    match (init, next) {
        (Init::Auto, Some(Activation::Relu | Activation::LeakyRelu { .. })) => Init::He,
        (Init::Auto, _) => Init::Glorot,
        (init, _) => init,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::text::parse_layers;

    #[test]
    fn neighbours_that_run_in_one_pass_are_grouped() {
        for (text, expected) in [
            ("dense:3, relu, tanh", 2),
            ("dense:3, pool:2", 1),
            ("batchnorm, relu", 2),
            ("conv:2x3, pool:2, relu, pool:2", 3),
            ("conv:2x3, relu, pool:2, relu", 3),
            ("conv:2x3, batchnorm, relu", 1),
            ("relu, relu", 1),
            ("pool:2", 1),
        ] {
            assert_eq!(group_len(&parse_layers(text).unwrap()), expected, "{text}");
        }
    }

    #[cfg(panic = "unwind")] // it catches a panic
    #[test]
    fn own_names_are_taken() {
        let taken = |name: &'static str| {
            std::panic::catch_unwind(|| Kinds::default().with(name, |_, _| Err("never".into()))).is_err()
        };
        assert!(taken("relu") && taken("dense") && !taken("swish"));
    }
}
