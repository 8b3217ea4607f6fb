//! The messages between the page and its workers: bytes, because they share no memory.

use nn_data::{Ink, StrokeSample};
use nn_io::Answer;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A request to a worker.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// Read by this model from now on.
    Open {
        /// The name of its file.
        name: String,
        /// The content of its file.
        #[serde(with = "serde_bytes")]
        file: Vec<u8>,
    },
    /// Read a drawing.
    Read {
        /// A number that comes back with the answer.
        version: u64,
        /// The strokes.
        ink: Ink,
        /// The diameter of the pen as a part of the paper's side.
        pen: f32,
    },
    /// Look at a picture of the user.
    Look {
        /// The name of its file.
        name: String,
        /// The content of its file.
        #[serde(with = "serde_bytes")]
        file: Vec<u8>,
    },
    /// Read the picture that was looked at last.
    ReadPicture {
        /// A number that comes back with the answer.
        version: u64,
    },
    /// Train a network.
    Train(Box<TrainingOrder>),
}

/// All that a training needs: data and choices. A choice that is empty is left to the training.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TrainingOrder {
    /// The preset that the recipe begins with, by its name.
    pub preset: String,
    /// The hidden layers as text.
    pub layers: String,
    /// The distortion of the pictures, by its name.
    pub augment: String,
    /// Passes over the samples; 0 leaves it to the training.
    pub epochs: u32,
    /// Pictures: none, a CSV file, or the two files of IDX, pictures first.
    pub files: Vec<NamedFile>,
    /// Drawings.
    pub drawings: Vec<StrokeSample>,
    /// The diameter of the pen that draws them, as a part of the paper's side.
    pub pen: f32,
    /// The file of the open model, which a network for few drawings begins with.
    #[serde(with = "serde_bytes")]
    pub open_model: Vec<u8>,
}

/// A file with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedFile {
    /// Its name.
    pub name: String,
    /// Its content.
    #[serde(with = "serde_bytes")]
    pub content: Vec<u8>,
}

/// News from a worker.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// The model is open.
    Opened {
        /// The name of its file.
        name: String,
        /// Its classes, in the order of its outputs.
        classes: Vec<String>,
        /// Height and width of the pictures that it sees.
        size: [usize; 2],
    },
    /// The drawing or the picture is read.
    Read {
        /// The number of the question.
        version: u64,
        /// The answer.
        answer: Answer,
        /// The picture that the network saw, in shades of grey.
        #[serde(with = "serde_bytes")]
        seen: Vec<u8>,
        /// The time that it took, in seconds.
        seconds: f64,
    },
    /// The picture can be read.
    Looked {
        /// The name of its file.
        name: String,
        /// Width and height of the preview.
        size: [usize; 2],
        /// The picture as it is shown: red, green, blue and opacity of each pixel.
        #[serde(with = "serde_bytes")]
        preview: Vec<u8>,
    },
    /// A sentence about how the training understands its data.
    Noted(String),
    /// The training has come so far.
    Progress(TrainingNews),
    /// An epoch is done.
    Epoch {
        /// How far it is now; the score is that on the samples held back, where there are some.
        progress: TrainingNews,
        /// The model as it is now.
        #[serde(with = "serde_bytes")]
        model: Vec<u8>,
    },
    /// The training has ended.
    Trained {
        /// The best model, calibrated.
        #[serde(with = "serde_bytes")]
        model: Vec<u8>,
        /// The report, as HTML; none where it could not be drawn.
        report: Option<String>,
    },
    /// The model cannot be opened; one sentence says why.
    NotOpened(String),
    /// The picture cannot be read; one sentence says why.
    NotLooked(String),
    /// The drawing or the picture cannot be read; one sentence says why.
    NotRead(String),
    /// The training cannot go on; one sentence says why.
    TrainingFailed(String),
}

/// How far a training is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrainingNews {
    /// Epochs done, with the part of the one that goes on.
    pub at: f64,
    /// Epochs that it is to do.
    pub epochs: u32,
    /// Whether some samples are held back, so that the score after each epoch is theirs.
    pub is_held_back: bool,
    /// Mean loss per sample since the last news.
    pub loss: f64,
    /// Share of right answers since the last news, 0 to 1.
    pub accuracy: f64,
    /// Training samples per second.
    pub samples_per_second: f64,
}

/// A message as bytes.
///
/// # Errors
/// Where it cannot be written, which no message of this file causes.
pub fn to_bytes(message: &impl Serialize) -> anyhow::Result<Vec<u8>> {
    Ok(rmp_serde::to_vec(message)?)
}

/// The message that bytes hold.
///
/// # Errors
/// Where they hold none of this kind.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> anyhow::Result<T> {
    Ok(rmp_serde::from_slice(bytes)?)
}
