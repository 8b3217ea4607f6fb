//! A reader: a model made ready once, which then reads any number of pictures.

use crate::evaluate::{Evaluation, evaluate};
use crate::features::examples::Examples;
use crate::hint::Hint;
use crate::model::Model;
use crate::predict::{Buffers, Predictor};
use crate::verdict::{Verdict, is_blank};
use image::DynamicImage;
use nn_core::metrics::argmax;
use nn_core::{Loss, Trace, Workspace};
use nn_data::{Dataset, Prepared};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Reads pictures with a model. Everything that depends on the model alone is computed when the reader is made.
pub struct Reader {
    model: Arc<Model>,
    predictor: Predictor,
    buffers: Buffers,
    traced: Workspace,
    hint: Option<Hint>,
    examples: Arc<Examples>,
}

/// A model's answer to a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The most probable class, as an index into the model's classes.
    pub class: usize,
    /// Its probability, 0 to 1.
    pub probability: f32,
    /// How far the answer can be relied on.
    pub verdict: Verdict,
    /// The probability of each class, corrected by the model's calibration; 0 for classes that a hint leaves out.
    pub probabilities: Vec<f32>,
}

impl Answer {
    /// The same answer, relied on one step less if the preprocessing found the picture `doubtful` (see [`Prepared`]): not
    /// sure rather than sure, and no character rather than not sure.
    #[must_use]
    pub fn unsure_if(mut self, doubtful: bool) -> Self {
        if doubtful {
            self.verdict = if self.verdict == Verdict::Sure { Verdict::Unsure } else { Verdict::Nothing };
        }
        self
    }
}

impl Reader {
    /// A reader for a model.
    pub fn new(model: impl Into<Arc<Model>>) -> Self {
        let model = model.into();
        let predictor = Predictor::new(&model.network, &model.preprocessing);
        let examples = Arc::new(Examples::new(&model.classes));
        Self { model, predictor, buffers: Buffers::default(), traced: Workspace::default(), hint: None, examples }
    }

    /// Lets the answers of [`Reader::read`] and [`Reader::read_prepared`] lean towards examples, whose features this model has
    /// made. Their new classes are answers too; a hint is one for [`Reader::classes`].
    #[must_use]
    pub fn examples(mut self, examples: Arc<Examples>) -> Self {
        self.examples = examples;
        self
    }

    /// The classes of its answers: the model's, and after them those that only examples have.
    pub fn classes(&self) -> &[String] {
        self.examples.classes()
    }

    /// The features of the picture that was read last by [`Reader::read`] or [`Reader::read_prepared`]: the values of the
    /// network's last hidden layer, for [`Examples::add`].
    pub fn features(&self) -> &[f32] {
        &self.buffers.features
    }

    /// The features of prepared pictures that stand one after the other (features x pictures), computed on all threads of the
    /// pool, for [`Neighbours`](crate::Neighbours).
    pub fn features_of(&self, pixels: &[u8]) -> Vec<f32> {
        self.predictor.features(pixels)
    }

    /// Lets answers be of the classes that the hint allows, or of all with `None`.
    #[must_use]
    pub fn hint(mut self, hint: Option<Hint>) -> Self {
        self.hint = hint;
        self
    }

    /// The model that it reads with.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// Reads a picture of any size.
    pub fn read(&mut self, picture: &DynamicImage) -> Answer {
        let Prepared { pixels, doubtful } = self.model.preprocessing.prepare(picture);
        self.read_prepared(&pixels).unsure_if(doubtful)
    }

    /// Reads a picture that the model's preprocessing has made: bytes, row by row, channels last.
    ///
    /// # Panics
    /// When it does not have the size of the model's input.
    pub fn read_prepared(&mut self, pixels: &[u8]) -> Answer {
        assert_eq!(pixels.len(), self.model.preprocessing.features(), "one prepared picture");
        let probabilities = self.predictor.probabilities_of_one(pixels, &mut self.buffers);
        self.answer(probabilities, Some(&self.buffers.features), pixels)
    }

    /// Reads prepared pictures that stand one after the other, on all threads of the pool.
    pub fn read_many(&self, pixels: &[u8]) -> Vec<Answer> {
        let probabilities = self.predictor.probabilities(pixels);
        let pictures = pixels.chunks_exact(self.model.preprocessing.features());
        let each = probabilities.chunks_exact(self.model.classes.len()).zip(pictures);
        each.map(|(probabilities, pixels)| self.answer(probabilities.to_vec(), None, pixels)).collect()
    }

    /// Reads a dataset whose classes are the model's, with the probabilities that [`Reader::read`] gives.
    ///
    /// # Panics
    /// When pictures or classes are not those of the model.
    pub fn evaluate(&self, data: &Dataset, loss: Loss) -> Evaluation {
        let mut evaluation = evaluate(&self.model.network, data, &self.model.preprocessing, loss);
        if let Some(hint) = &self.hint {
            hint.apply(&mut evaluation.probabilities);
            evaluation.recount(data.labels());
        }
        self.calibrate(&mut evaluation.probabilities);
        evaluation
    }

    /// Returns the values that each layer of the network makes of a prepared picture.
    pub fn layers(&mut self, pixels: &[u8]) -> Vec<Trace<'_>> {
        let mut x = vec![0.0; pixels.len()];
        self.model.preprocessing.to_input(pixels, &mut x);
        self.model.network.infer_traced(&x, &mut self.traced)
    }

    fn calibrate(&self, probabilities: &mut [f32]) {
        if let Some(calibration) = &self.model.calibration {
            calibration.apply(probabilities, self.model.classes.len());
        }
    }

    fn answer(&self, mut probabilities: Vec<f32>, features: Option<&[f32]>, pixels: &[u8]) -> Answer {
        let calibration = self.model.calibration.as_ref();
        self.calibrate(&mut probabilities);
        if let Some(features) = features {
            self.examples.join(features, &mut probabilities);
        }
        let mut verdict = Verdict::of(&probabilities, calibration);
        if is_blank(pixels, self.model.preprocessing.channels as usize) {
            verdict = Verdict::Nothing;
        }
        if let Some(hint) = &self.hint {
            // A hint makes one of a few classes probable, whatever the picture shows. That it shows a character at all is
            // known without the hint.
            hint.apply(&mut probabilities);
        }
        let class = argmax(&probabilities);
        let probability = probabilities[class];
        if verdict != Verdict::Nothing {
            verdict = Verdict::of(&probabilities, calibration);
        }
        Answer { class, probability, verdict, probabilities }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::calibration::Calibration;
    use crate::model::TrainingNote;
    use nn_core::{Architecture, LayerSpec, Network, Shape};
    use nn_data::{Preprocessing, Shifts, Size};

    /// A model of two classes that compares the left pixel with the right one.
    fn model() -> Model {
        let architecture =
            Architecture { input: Shape::new(1, 2, 1), layers: vec![LayerSpec::dense(2), LayerSpec::Softmax] };
        let network = Network::from_parts(architecture, vec![4.0, 0.0, 0.0, 4.0, 0.0, 0.0], vec![]).unwrap();
        Model {
            network,
            classes: vec!["left".into(), "right".into()],
            preprocessing: Preprocessing { shifts: Shifts::Five, ..Preprocessing::picture(2, 1, 1) },
            calibration: None,
            note: TrainingNote::default(),
        }
    }

    #[test]
    fn one_rule_decides_whether_an_answer_is_sure() {
        let mut reader = Reader::new(model());
        let verdicts = |reader: &mut Reader| {
            [[255, 0], [20, 0], [0, 0], [90, 90]].map(|pixels| reader.read_prepared(&pixels).verdict)
        };
        assert_eq!(verdicts(&mut reader), [Verdict::Sure, Verdict::Unsure, Verdict::Nothing, Verdict::Nothing]);
        let calibration =
            Calibration { temperature: 1.0, unsure: 0.99, nothing: 0.6, false_alarms: 0.0, error: 0.0, certainty: 0.0 };
        let mut reader = Reader::new(Model { calibration: Some(calibration), ..model() });
        assert_eq!(verdicts(&mut reader), [Verdict::Unsure, Verdict::Nothing, Verdict::Nothing, Verdict::Nothing]);
    }

    #[test]
    fn what_is_doubtful_is_relied_on_one_step_less() {
        let mut reader = Reader::new(model());
        let mut of = |pixels: [u8; 2], doubtful| reader.read_prepared(&pixels).unsure_if(doubtful).verdict;
        assert_eq!([of([255, 0], false), of([255, 0], true)], [Verdict::Sure, Verdict::Unsure]);
        assert_eq!([of([20, 0], false), of([20, 0], true)], [Verdict::Unsure, Verdict::Nothing]);
    }

    #[test]
    fn examples_count_at_once_and_may_be_of_new_classes() {
        let mut reader = Reader::new(model());
        let doubtful = [255, 200];
        assert_eq!(reader.read_prepared(&doubtful).class, 0);
        let mut examples = Examples::new(&reader.model().classes);
        examples.add(reader.features(), "right");
        let mut reader = reader.examples(Arc::new(examples.clone()));
        assert_eq!(reader.read_prepared(&doubtful).class, 1);
        assert_eq!(reader.read_prepared(&[255, 0]).class, 0, "what is far from it stays");
        reader.read_prepared(&[120, 130]);
        (0..3).for_each(|_| examples.add(reader.features(), "both"));
        let mut reader = reader.examples(Arc::new(examples));
        assert_eq!(reader.classes(), ["left", "right", "both"]);
        let answer = reader.read_prepared(&[130, 120]);
        assert_eq!((answer.class, answer.probabilities.len()), (2, 3));
        assert_eq!(reader.read_prepared(&[90, 90]).verdict, Verdict::Nothing, "a blank picture shows nothing");
        let hint = Hint::parse("left, both", reader.classes()).unwrap();
        let answer = reader.hint(Some(hint)).read_prepared(&[0, 255]);
        assert!(answer.class != 1 && answer.probabilities[1] == 0.0, "{answer:?}");
    }

    #[test]
    fn one_picture_many_pictures_and_a_dataset_get_the_same_answers() {
        let calibration =
            Calibration { temperature: 2.0, unsure: 0.6, nothing: 0.4, false_alarms: 0.0, error: 0.0, certainty: 0.0 };
        let mut reader = Reader::new(Model { calibration: Some(calibration), ..model() });
        let pixels: Vec<u8> = (0..40).map(|i| (i * 37 % 256) as u8).collect();
        let many = reader.read_many(&pixels);
        let single: Vec<Answer> = pixels.chunks(2).map(|pixels| reader.read_prepared(pixels)).collect();
        assert_eq!(many, single);
        let features: Vec<f32> = pixels
            .chunks(2)
            .flat_map(|pixels| {
                reader.read_prepared(pixels);
                reader.features().to_vec()
            })
            .collect();
        assert_eq!(reader.features_of(&pixels), features);
        let classes = reader.model().classes.clone();
        let data = Dataset::new(Size::new(1, 2, 1), pixels.clone(), vec![0; 20], classes, vec![]).unwrap();
        let evaluation = reader.evaluate(&data, Loss::CrossEntropy { label_smoothing: 0.0 });
        assert!((0..20).all(|i| evaluation.sample(i) == many[i].probabilities));
        assert_eq!(evaluation.score.correct, many.iter().filter(|answer| answer.class == 0).count());
    }
}
