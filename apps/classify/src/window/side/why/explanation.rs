//! The reasons of an answer: the ink that speaks for it, and the training pictures that the network finds most alike.

use super::training_pictures::TrainingPictures;
use nn_io::{Answer, Model, evidence};
use ui::answer::candidates;

/// Training pictures that are shown.
const ALIKE: usize = 5;

/// The reasons of one answer.
pub struct Explanation {
    /// The evidence for the answer and, where there is another class, for the answer rather than the next best. Empty
    /// where the class is none of the network's, but of kept drawings alone.
    pub evidence: Vec<Evidence>,
    /// The training pictures that are most alike, the most alike first.
    pub alike: Vec<AlikePicture>,
}

/// The part of each pixel in a score.
pub struct Evidence {
    /// The class that the ink speaks for.
    pub class: usize,
    /// The class that it is held against.
    pub rather_than: Option<usize>,
    /// A value per pixel, row by row: above 0 for the class.
    pub parts: Vec<f32>,
}

/// A training picture that the network finds alike.
pub struct AlikePicture {
    /// Its pixels, as the network sees them.
    pub pixels: Vec<u8>,
    /// The name of its class.
    pub class: String,
    /// The cosine of the angle between its features and those of the drawing.
    pub likeness: f32,
}

impl Explanation {
    /// The reasons of an answer to a prepared picture with these features.
    pub fn new(
        model: &Model,
        seen: &[u8],
        answer: &Answer,
        features: &[f32],
        training: Option<&TrainingPictures>,
    ) -> Self {
        let known = |class: &usize| *class < model.classes.len();
        let next = candidates(answer).into_iter().find(known);
        let held_against = [None].into_iter().chain(next.map(Some));
        let of = |rather_than| {
            let class = answer.class;
            Evidence { class, rather_than, parts: evidence(model, seen, class, rather_than) }
        };
        let evidence = held_against.filter(|_| known(&answer.class)).map(of).collect();
        Self { evidence, alike: training.map_or(vec![], |training| training.most_alike(features, ALIKE)) }
    }
}
