//! What the network makes of a drawing or a picture: computed on a worker, never in the paint code.

use super::thoughts::{Thought, thoughts};
use image::DynamicImage;
use nn_core::Workspace;
use nn_data::{Drawings, Ink};
use nn_io::Model;
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
    /// The probability of each class.
    pub probabilities: Vec<f32>,
    /// What the network saw: bytes, row by row, channels last; all black where there was no ink.
    pub seen: Vec<u8>,
    /// What its layers made of that.
    pub thoughts: Vec<Thought>,
    /// When the window asked.
    pub asked: Instant,
    /// What the preprocessing and the network took of the time since then.
    pub work: Duration,
}

impl Answer {
    /// Whether the network saw anything at all.
    pub fn is_blank(&self) -> bool {
        self.seen.iter().all(|&value| value == self.seen[0])
    }
}

/// Answers a question; `workspace` is kept for the next.
pub fn answer(question: Question, workspace: &mut Workspace) -> Answer {
    let Question { version, model, subject, asked } = question;
    let start = Instant::now();
    let seen = match subject {
        Subject::Drawing(ink, pen) => model.preprocessing.apply(&ink.rasterise(Drawings::SIDE, pen).into()),
        Subject::Picture(picture) => model.preprocessing.apply(&picture),
    };
    let probabilities = nn_train::answers(&model, &seen);
    let mut x = vec![0.0; seen.len()];
    model.preprocessing.to_input(&seen, &mut x);
    let thoughts = thoughts(&model.network.infer_traced(&x, workspace));
    Answer { version, probabilities, seen, thoughts, asked, work: start.elapsed() }
}
