//! Models, checkpoints, and weights from elsewhere.

use exchange::from_safetensors;
use image::GrayImage;
use nn_core::{Architecture, Network, Shape};
use nn_embed::EmbeddedNetwork;
use nn_io::{Checkpoint, Model, Reader};

/// Larger networks are not run.
const MOST: usize = 1 << 16;

/// Reads a model file; a model that is accepted is written, read again, and reads a picture.
pub(crate) fn model(bytes: &[u8]) {
    let Ok(model) = Model::from_bytes(bytes) else { return };
    if let Ok(written) = model.to_bytes() {
        assert!(Model::from_bytes(&written).is_ok(), "a model that was written is read");
    }
    if model.preprocessing.features() < MOST && model.network.params().len() < MOST {
        Reader::new(model).read(&GrayImage::from_fn(9, 9, |x, y| image::Luma([(x * y * 4) as u8])).into());
    }
}

/// Reads a checkpoint.
pub(crate) fn checkpoint(bytes: &[u8]) {
    if let Ok(checkpoint) = Checkpoint::from_bytes(bytes) {
        let written = checkpoint.to_bytes();
        assert!(written.is_ok_and(|bytes| Checkpoint::from_bytes(&bytes).is_ok()), "what was written is read");
    }
}

/// Reads a safetensors file: into a network that is known, and as the network that its metadata describe.
pub(crate) fn safetensors(bytes: &[u8]) {
    let layers = Architecture::parse(Shape::new(6, 6, 1), "conv:3x3, relu, pool:2, batchnorm, dense:4, softmax");
    if let Some(like) = layers.ok().and_then(|layers| Network::new(layers, 1).ok())
        && let Ok(network) = from_safetensors(bytes, &like)
    {
        let _ = network.predict(&[0.5; 36]);
    }
    if let Ok(network) = EmbeddedNetwork::from_safetensors(bytes)
        && network.inputs() < MOST
    {
        let _ = network.predict(&vec![0.5; network.inputs()]);
    }
}
