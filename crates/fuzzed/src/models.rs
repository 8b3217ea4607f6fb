//! Models and checkpoints.

use image::GrayImage;
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
