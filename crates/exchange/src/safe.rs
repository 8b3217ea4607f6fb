//! Safetensors: the weights alone, under PyTorch's names and in its order.
//!
//! A network here is the `nn.Sequential` of the same layers there; `src/torch.rs` says how names and orders correspond.

use crate::error::Error;
use crate::torch::{as_torch, input_shapes};
use nn_core::Network;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, serialize};

/// Returns the weights of a network as a safetensors file: `0.weight`, `0.bias` and so on, 32-bit floats. The metadata name
/// input and layers, which nn-embed reads.
///
/// # Errors
/// None for the networks that there are.
pub fn to_safetensors(network: &Network) -> Result<Vec<u8>, Error> {
    let shapes = input_shapes(network);
    let arrays = network.tensors().into_iter().map(|tensor| {
        let torch = as_torch(network, &shapes, &tensor);
        let bytes: Vec<u8> = torch.from.iter().flat_map(|from| tensor.values[*from].to_le_bytes()).collect();
        (torch.name, torch.shape, bytes)
    });
    let arrays: Vec<_> = arrays.collect();
    let views = arrays
        .iter()
        .map(|(name, shape, bytes)| TensorView::new(Dtype::F32, shape.clone(), bytes).map(|view| (name.clone(), view)));
    let metadata =
        [("layers".to_string(), format!("{} -> {}", network.architecture().input, network.architecture()))].into();
    Ok(serialize(views.collect::<Result<Vec<_>, _>>()?, Some(metadata))?)
}

/// Returns the network `like` with the weights of a safetensors file in their place.
///
/// # Errors
/// Where the bytes are no such file, a tensor is missing, has another shape or no finite 32-bit floats, or is one too many.
pub fn from_safetensors(bytes: &[u8], like: &Network) -> Result<Network, Error> {
    let file = SafeTensors::deserialize(bytes)?;
    let (mut network, shapes) = (like.clone(), input_shapes(like));
    let mut known = vec![];
    for tensor in like.tensors() {
        let torch = as_torch(like, &shapes, &tensor);
        let fail = |problem: String| Error::Weights(format!("{}: {problem}", torch.name));
        let view = file.tensor(&torch.name).map_err(|_| fail("the file has no such tensor".into()))?;
        if view.dtype() != Dtype::F32 {
            return Err(fail(format!("32-bit floats are needed, not {:?}", view.dtype())));
        }
        if view.shape() != torch.shape {
            return Err(fail(format!("the shape is {:?}, where the network has {:?}", view.shape(), torch.shape)));
        }
        let place = network.tensor_mut(&tensor.name).ok_or_else(|| fail("the network has no such tensor".into()))?;
        for (value, from) in view.data().as_chunks::<4>().0.iter().zip(&torch.from) {
            place[*from] = f32::from_le_bytes(*value);
        }
        if place.iter().any(|value| !value.is_finite()) {
            return Err(fail("not all values are finite".into()));
        }
        known.push(torch.name);
    }
    // PyTorch counts the batches that a normalisation has seen; nothing here needs that.
    let counts = |name: &str| name.ends_with(".num_batches_tracked");
    let unknown =
        file.names().into_iter().filter(|name| !counts(name) && !known.iter().any(|known| known == name)).min();
    match unknown {
        Some(name) => Err(Error::Weights(format!("{name}: the network has no such tensor"))),
        None => Ok(network),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nn_core::{Architecture, Shape};

    fn network(text: &str, seed: u64) -> Network {
        Network::new(Architecture::parse(Shape::new(6, 6, 1), text).unwrap(), seed).unwrap()
    }

    const LAYERS: &str = "conv:3x3, relu, pool:2, batchnorm, dense:4, softmax";

    #[test]
    fn weights_come_back() {
        let (first, second) = (network(LAYERS, 1), network(LAYERS, 2));
        let bytes = to_safetensors(&first).unwrap();
        let back = from_safetensors(&bytes, &second).unwrap();
        assert_eq!((back.params(), back.stats()), (first.params(), first.stats()));
        assert_ne!(second.params(), first.params());
    }

    #[test]
    fn weights_that_do_not_fit_are_refused_by_name() {
        let bytes = to_safetensors(&network(LAYERS, 1)).unwrap();
        let error = |layers| from_safetensors(&bytes, &network(layers, 1)).unwrap_err().to_string();
        assert_eq!(
            error("conv:4x3, relu, pool:2, batchnorm, dense:4, softmax"),
            "0.weight: the shape is [3, 1, 3, 3], where the network has [4, 1, 3, 3]"
        );
        assert_eq!(error("conv:3x3, relu, pool:2, dense:4, softmax"), "4.weight: the file has no such tensor");
        assert_eq!(error("conv:3x3, relu"), "3.bias: the network has no such tensor");
        assert!(
            from_safetensors(b"nothing", &network(LAYERS, 1))
                .unwrap_err()
                .to_string()
                .starts_with("no safetensors file")
        );
    }
}
