//! What the network makes of a drawing or a picture: computed on a worker, never in the paint code.

use super::activations::{LayerPicture, layer_pictures};
use image::DynamicImage;
use nn_data::{Drawings, Ink};
use nn_io::{Model, Reader};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is to be read.
pub struct Question {
    /// The drawing's version, to tell answers apart.
    pub version: u64,
    /// By which model.
    pub model: Arc<Model>,
    /// What was drawn or opened.
    pub subject: Subject,
    /// When the window asked.
    pub asked: Instant,
}

/// A drawing or a picture.
pub enum Subject {
    /// Strokes, by a pen of such a part of the paper.
    Drawing(Ink, f32),
    /// A picture file's contents.
    Picture(Arc<DynamicImage>),
}

/// What the network says.
pub struct Answer {
    /// The version of the drawing that was read.
    pub version: u64,
    /// What the model reads.
    pub answer: nn_io::Answer,
    /// The prepared picture: bytes, row by row, channels last; all black where no ink was found.
    pub seen: Vec<u8>,
    /// The values of its layers as pictures.
    pub layers: Vec<LayerPicture>,
    /// When the window asked.
    pub asked: Instant,
    /// What the preprocessing and the network took of the time since then.
    pub work: Duration,
}

/// Answers a question. The reader of the last question is used again while the model stays the same.
pub fn answer(question: Question, kept: &mut Option<Reader>) -> Answer {
    let Question { version, model, subject, asked } = question;
    let start = Instant::now();
    let same = kept.take().filter(|reader| Arc::ptr_eq(reader.model(), &model));
    let reader = kept.insert(same.unwrap_or_else(|| Reader::new(model.clone())));
    let seen = match subject {
        Subject::Drawing(ink, pen) => model.preprocessing.apply(&ink.rasterise(Drawings::SIDE, pen).into()),
        Subject::Picture(picture) => model.preprocessing.apply(&picture),
    };
    let answer = reader.read_prepared(&seen);
    let layers = layer_pictures(&reader.layers(&seen));
    Answer { version, answer, seen, layers, asked, work: start.elapsed() }
}
