//! The weights in a safetensors file, under the names that PyTorch gives them.

use crate::error::Error;
use crate::signal::Extent;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use safetensors::{Dtype, SafeTensors};

/// The weights of a network, and the layer whose turn it is.
pub struct StoredWeights<'a> {
    file: SafeTensors<'a>,
    /// The layer, from 0.
    number: usize,
    /// PyTorch has a layer more before the first dense layer behind a picture: the one that flattens it.
    flattened: bool,
    has_dense: bool,
    is_of_pictures: bool,
}

impl<'a> StoredWeights<'a> {
    /// Reads a file, and the text of the layers in its metadata.
    pub fn read(bytes: &'a [u8]) -> Result<(String, Self), Error> {
        let format = |problem| move |_| Error::Format(problem);
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(format("the head cannot be read"))?;
        let text = metadata.metadata().as_ref().and_then(|words| words.get("layers"));
        let text = text.ok_or(Error::Format("the metadata name no layers"))?.clone();
        let file = SafeTensors::deserialize(bytes).map_err(format("the weights cannot be read"))?;
        Ok((text, Self { file, number: 0, flattened: false, has_dense: false, is_of_pictures: false }))
    }

    /// Goes on to a layer, described by `text`, that takes samples of this shape.
    pub fn enter(&mut self, number: usize, text: &str, shape: Extent) {
        self.number = number;
        self.is_of_pictures |= shape.height * shape.width > 1 || text.starts_with("conv") || text.contains("pool");
        if text.starts_with("dense") && !self.has_dense {
            self.has_dense = true;
            self.flattened = self.is_of_pictures;
        }
    }

    /// Returns an error about the layer.
    pub fn error(&self, problem: &'static str) -> Error {
        Error::Layer { number: self.number + 1, problem }
    }

    /// Returns `count` numbers of the layer: `weight`, `bias`, `running_mean` or `running_var`.
    pub fn get(&self, name: &str, count: Option<usize>) -> Result<Vec<f32>, Error> {
        let tensor = self.file.tensor(&format!("{}.{name}", self.number + usize::from(self.flattened)));
        let tensor = tensor.map_err(|_| self.error("lacks weights"))?;
        let (values, rest) = tensor.data().as_chunks::<4>();
        if tensor.dtype() != Dtype::F32 || !rest.is_empty() || Some(values.len()) != count {
            return Err(self.error("has weights of another size"));
        }
        Ok(values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }
}
