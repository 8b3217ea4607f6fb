//! The layers of a network as ONNX operators.
//!
//! A sample is a picture with its channels last, as here; with its channels first, as ONNX convolves it; or a plain vector, channels last. A layer
//! asks for the form that it needs.

use crate::error::Error;
use crate::int8::{Weights, is_weight};
use crate::onnx::graph::{Graph, Value, float, int, ints};
use crate::torch::{as_torch, input_shapes};
use nn_core::{Activation, LayerSpec, Network, Shape, Tensor};

/// The constant that keeps the root of batch normalisation away from zero.
const EPSILON: f32 = 1e-5;

/// The form of the samples of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    /// samples x height x width x channels
    ChannelsLast,
    /// samples x channels x height x width
    ChannelsFirst,
    /// samples x values
    Vector,
}

/// A network on its way into a graph.
pub struct Chain<'a> {
    graph: &'a mut Graph,
    network: &'a Network,
    weights: Weights,
    tensors: Vec<Tensor<'a>>,
    shapes: Vec<Shape>,
    value: Value,
    form: Form,
}

impl<'a> Chain<'a> {
    /// A network before its first layer is in the graph.
    pub fn new(graph: &'a mut Graph, network: &'a Network, weights: Weights) -> Self {
        let (tensors, shapes) = (network.tensors(), input_shapes(network));
        Self { graph, network, weights, tensors, shapes, value: Value::new(), form: Form::ChannelsLast }
    }

    /// Appends all layers behind `value` (samples x height x width x channels) and returns their output: samples x values.
    ///
    /// # Errors
    /// [`Error::Layer`] for a layer of a user's own.
    pub fn add(mut self, value: Value) -> Result<Value, Error> {
        self.value = value;
        let network = self.network;
        for (i, layer) in network.architecture().layers.iter().enumerate() {
            self.add_layer(i, layer)?;
        }
        self.bring_into(Form::Vector, self.shapes.len() - 1);
        Ok(self.value)
    }

    fn add_layer(&mut self, i: usize, layer: &LayerSpec) -> Result<(), Error> {
        match *layer {
            LayerSpec::Dense { .. } => {
                self.bring_into(Form::Vector, i);
                let (w, b) = (self.own_order(i, "weight"), self.own_order(i, "bias"));
                self.then("Gemm", &[w, b], vec![int("transB", 1)]);
            }
            LayerSpec::Conv2d { kernel, stride, padding, .. } => {
                self.bring_into(Form::ChannelsFirst, i);
                let (w, b) = (self.torch_order(i, "weight"), self.torch_order(i, "bias"));
                let sizes =
                    [("kernel_shape", vec![kernel; 2]), ("strides", vec![stride; 2]), ("pads", vec![padding; 4])];
                self.then("Conv", &[w, b], sizes.iter().map(|(name, sizes)| ints(name, sizes)).collect());
            }
            LayerSpec::BatchNorm => {
                self.bring_into(Form::ChannelsFirst, i);
                let constants = ["gamma", "beta", "mean", "variance"].map(|name| self.own_order(i, name));
                self.then("BatchNormalization", &constants, vec![float("epsilon", EPSILON)]);
            }
            LayerSpec::MaxPool { size } => self.pool("MaxPool", i, Some(size)),
            LayerSpec::AveragePool { size: Some(size) } => self.pool("AveragePool", i, Some(size)),
            LayerSpec::AveragePool { size: None } => self.pool("GlobalAveragePool", i, None),
            LayerSpec::Activation(activation) => self.activate(i, activation)?,
            LayerSpec::Softmax => {
                self.bring_into(Form::Vector, i);
                self.then("Softmax", &[], vec![int("axis", 1)]);
            }
            LayerSpec::Dropout { .. } => {} // prediction drops nothing
            _ => return Err(Error::Layer { index: i + 1, layer: layer.to_string() }),
        }
        Ok(())
    }

    fn pool(&mut self, operator: &str, i: usize, size: Option<usize>) {
        self.bring_into(Form::ChannelsFirst, i);
        let sizes = size.map(|size| vec![ints("kernel_shape", &[size; 2]), ints("strides", &[size; 2])]);
        self.then(operator, &[], sizes.unwrap_or_default());
    }

    fn activate(&mut self, i: usize, activation: Activation) -> Result<(), Error> {
        match activation {
            Activation::Relu => self.then("Relu", &[], vec![]),
            Activation::LeakyRelu { slope } => self.then("LeakyRelu", &[], vec![float("alpha", slope)]),
            Activation::Sigmoid => self.then("Sigmoid", &[], vec![]),
            Activation::Tanh => self.then("Tanh", &[], vec![]),
            _ => return Err(Error::Layer { index: i + 1, layer: LayerSpec::from(activation).to_string() }),
        }
        Ok(())
    }

    /// Appends an operator on the current value and constants.
    fn then(&mut self, operator: &str, constants: &[Value], attributes: Vec<crate::onnx::messages::Attribute>) {
        let inputs: Vec<&Value> = std::iter::once(&self.value).chain(constants).collect();
        self.value = self.graph.add(operator, &inputs, attributes);
    }

    /// Brings the samples before layer `i` into a form.
    fn bring_into(&mut self, form: Form, i: usize) {
        let Shape { height, width, channels } = self.shapes[i];
        if self.form == form {
            return;
        }
        // Every way leads by channels last.
        match self.form {
            Form::ChannelsFirst => self.then("Transpose", &[], vec![ints("perm", &[0, 2, 3, 1])]),
            Form::Vector => {
                let sizes = [-1, height as i64, width as i64, channels as i64];
                let shape = self.graph.ints(&format!("shape_{height}x{width}x{channels}"), &sizes);
                self.then("Reshape", &[shape], vec![]);
            }
            Form::ChannelsLast => {}
        }
        match form {
            Form::ChannelsFirst => self.then("Transpose", &[], vec![ints("perm", &[0, 3, 1, 2])]),
            Form::Vector => self.then("Flatten", &[], vec![int("axis", 1)]),
            Form::ChannelsLast => {}
        }
        self.form = form;
    }

    /// The constant that holds a tensor of layer `i` as it lies here.
    fn own_order(&mut self, i: usize, name: &str) -> Value {
        let name = format!("{}.{name}", i + 1);
        match self.tensors.iter().find(|tensor| tensor.name == name) {
            Some(tensor) => self.constant(&name, &tensor.shape.clone(), tensor.values.to_vec()),
            None => name,
        }
    }

    /// The constant that holds a tensor of layer `i` in PyTorch's order, which is that of ONNX.
    fn torch_order(&mut self, i: usize, name: &str) -> Value {
        let name = format!("{}.{name}", i + 1);
        let Some(tensor) = self.tensors.iter().find(|tensor| tensor.name == name) else { return name };
        let torch = as_torch(self.network, &self.shapes, tensor);
        let values = torch.from.iter().map(|from| tensor.values[*from]).collect();
        self.constant(&name, &torch.shape, values)
    }

    fn constant(&mut self, name: &str, dims: &[usize], values: Vec<f32>) -> Value {
        match self.weights {
            Weights::Int8 if is_weight(name) => self.graph.eight_bits(name, dims, &values),
            _ => self.graph.floats(name, dims, values),
        }
    }
}
