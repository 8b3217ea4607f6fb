//! The reasons why a model cannot be exported or weights cannot be imported.

/// A failure, in one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// ONNX has no operator for a layer.
    #[error("layer {index} ({layer}) cannot be exported: ONNX has no such layer; export the weights as safetensors")]
    Layer {
        /// Its position, from 1.
        index: usize,
        /// Its description.
        layer: String,
    },
    /// The weights do not fit the network.
    #[error("{0}")]
    Weights(String),
    /// The bytes are no safetensors file.
    #[error("no safetensors file")]
    Safetensors(#[from] safetensors::SafeTensorError),
    /// A picture cannot be encoded.
    #[error(transparent)]
    Picture(#[from] image::ImageError),
    /// A file cannot be written.
    #[error(transparent)]
    Data(#[from] nn_data::Error),
}
