//! The order in which PyTorch and ONNX keep numbers: channels first, and units before inputs.
//!
//! ```text
//! kernels       here [row, column, input, output]     there [output, input, row, column]
//! dense weights here [output, (row, column, channel)]  there [output, (channel, row, column)]
//! ```
//!
//! for the first dense layer behind a picture; all other tensors are the same in both. A network here is an `nn.Sequential` there, in which an
//! `nn.Flatten` stands before that layer, and the names begin with the positions in it.

use nn_core::{LayerSpec, Network, Shape, Tensor, Workspace};

/// A tensor under PyTorch's name and in its order.
pub struct TorchTensor {
    /// The position of its layer, from 0 as in `nn.Sequential`, and its name: `0.weight`.
    pub name: String,
    /// Its dimensions, the slowest first.
    pub shape: Vec<usize>,
    /// For each value there, the index of the value here.
    pub from: Vec<usize>,
}

/// Returns the position of a layer in PyTorch's `nn.Sequential`, from 0.
fn position(network: &Network, layer: usize) -> usize {
    let architecture = network.architecture();
    let is_picture = |spec: &LayerSpec| {
        matches!(spec, LayerSpec::Conv2d { .. } | LayerSpec::MaxPool { .. } | LayerSpec::AveragePool { .. })
    };
    let first = architecture.layers.iter().position(|spec| matches!(spec, LayerSpec::Dense { .. }));
    let flattened = first.filter(|first| {
        architecture.input.height * architecture.input.width > 1 || architecture.layers[..*first].iter().any(is_picture)
    });
    layer + flattened.is_some_and(|first| layer >= first) as usize
}

/// Returns how PyTorch has a tensor of a network. `inputs` are the shapes of the samples that the layers take.
pub fn as_torch(network: &Network, inputs: &[Shape], tensor: &Tensor<'_>) -> TorchTensor {
    let (number, own) = tensor.name.split_once('.').unwrap_or(("1", &tensor.name));
    let layer = number.parse::<usize>().map_or(0, |number| number.saturating_sub(1));
    let name = match own {
        "gamma" => "weight",
        "beta" => "bias",
        "mean" => "running_mean",
        "variance" => "running_var",
        other => other,
    };
    let is_dense = matches!(network.architecture().layers.get(layer), Some(LayerSpec::Dense { .. }));
    let (shape, from) = match tensor.shape[..] {
        [rows, columns, inputs, outputs] => {
            (vec![outputs, inputs, rows, columns], reordered(&[rows, columns, inputs, outputs], &[3, 2, 0, 1]))
        }
        [outputs, _] if is_dense => {
            let Shape { height, width, channels } = inputs[layer];
            (tensor.shape.clone(), reordered(&[outputs, height, width, channels], &[0, 3, 1, 2]))
        }
        _ => (tensor.shape.clone(), (0..tensor.values.len()).collect()),
    };
    TorchTensor { name: format!("{}.{name}", position(network, layer)), shape, from }
}

/// Returns the shape of the samples that each layer takes.
pub fn input_shapes(network: &Network) -> Vec<Shape> {
    let architecture = network.architecture();
    let mut shapes = vec![architecture.input];
    let x = vec![0.0; network.inputs()];
    let mut workspace = Workspace::default();
    for stage in network.infer_traced(&x, &mut workspace) {
        // The layers of a stage run in one pass; the shape between them follows from their descriptions.
        for layer in stage.layers {
            let before = shapes[shapes.len() - 1];
            shapes.push(behind(layer, before).unwrap_or(stage.shape));
        }
    }
    shapes
}

/// The shape behind a layer that can stand within a stage; `None` for those that a stage ends with.
fn behind(layer: &LayerSpec, before: Shape) -> Option<Shape> {
    match *layer {
        LayerSpec::Activation(_) | LayerSpec::Softmax | LayerSpec::BatchNorm | LayerSpec::Dropout { .. } => {
            Some(before)
        }
        LayerSpec::Dense { outputs, .. } => Some(Shape::flat(outputs)),
        LayerSpec::MaxPool { size } => Some(Shape::new(before.height / size, before.width / size, before.channels)),
        LayerSpec::Conv2d { outputs, kernel, stride, padding, .. } => {
            let along = |pixels: usize| (pixels + 2 * padding).saturating_sub(kernel) / stride.max(1) + 1;
            Some(Shape::new(along(before.height), along(before.width), outputs))
        }
        _ => None,
    }
}

/// For an array of `shape` whose axes come into the order `axes`, the old index of each value.
fn reordered(shape: &[usize; 4], axes: &[usize; 4]) -> Vec<usize> {
    let stride = |axis: usize| shape[axis + 1..].iter().product::<usize>();
    let mut from = vec![0];
    for &axis in axes {
        let steps = (0..shape[axis]).map(|i| i * stride(axis));
        from = from.iter().flat_map(|at| steps.clone().map(move |step| at + step)).collect();
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use nn_core::Architecture;

    #[test]
    fn kernels_and_dense_weights_change_their_order() {
        assert_eq!(reordered(&[1, 2, 1, 3], &[3, 2, 0, 1]), [0, 3, 1, 4, 2, 5]);
        let text = "conv:4x3, pool:2, relu, batchnorm, dropout:0.5, dense:5, tanh, dense:3, softmax";
        let network = Network::new(Architecture::parse(Shape::new(6, 4, 2), text).unwrap(), 1).unwrap();
        let shapes = input_shapes(&network);
        assert_eq!(shapes.len(), 10);
        assert_eq!(
            (shapes[1], shapes[2], shapes[5], shapes[6]),
            (Shape::new(6, 4, 4), Shape::new(3, 2, 4), Shape::new(3, 2, 4), Shape::flat(5))
        );
        let tensors = network.tensors();
        let torch: Vec<TorchTensor> = tensors.iter().map(|tensor| as_torch(&network, &shapes, tensor)).collect();
        let names: Vec<&str> = torch.iter().map(|tensor| &tensor.name[..]).collect();
        let batch_norm = ["3.weight", "3.bias", "3.running_mean", "3.running_var"];
        assert_eq!(
            names,
            [&["0.weight", "0.bias"][..], &batch_norm, &["6.weight", "6.bias", "8.weight", "8.bias"]].concat()
        );
        assert_eq!(torch[0].shape, [4, 2, 3, 3]);
        // The second input of the dense layer there is the second column of the first channel; here it is the fifth value.
        assert_eq!(torch[6].from[..3], [0, 4, 8]);
        assert!(torch.iter().zip(&tensors).all(|(torch, tensor)| torch.from.len() == tensor.values.len()));
    }
}
