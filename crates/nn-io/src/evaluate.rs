//! Evaluation: how well a network reads a whole dataset.

use crate::predict::Predictor;
use nn_core::loss::{Targets, cross_entropy, mean_squared_error};
use nn_core::metrics::{Confusion, Score, argmax};
use nn_core::{Loss, Network};
use nn_data::{Dataset, Preprocessing};

/// A network's answers on a dataset, and how good they are.
pub struct Evaluation {
    /// Loss (without label smoothing) and accuracy.
    pub score: Score,
    /// How often each class was taken for each.
    pub confusion: Confusion,
    /// Probabilities: classes x samples, those of a sample stand together.
    pub probabilities: Vec<f32>,
}

impl Evaluation {
    /// Counts right answers and mistakes anew by the probabilities; the loss stays.
    pub(crate) fn recount(&mut self, labels: &[u32]) {
        (self.confusion, self.score.correct) = count(&self.probabilities, labels, self.confusion.classes());
    }

    /// The probabilities of sample `i`, one for each class.
    pub fn sample(&self, i: usize) -> &[f32] {
        let classes = self.confusion.classes();
        &self.probabilities[i * classes..][..classes]
    }
}

/// Reads a dataset, whose classes are those of the network, on all threads of the pool.
///
/// # Panics
/// When pictures or classes are not those of the network.
pub fn evaluate(network: &Network, data: &Dataset, preprocessing: &Preprocessing, loss: Loss) -> Evaluation {
    let classes = network.outputs();
    assert_eq!((data.features(), data.classes().len()), (network.inputs(), classes), "the data belongs to the network");
    let predictor = Predictor::new(network, preprocessing);
    let outputs = predictor.outputs(data.pixels());
    let (confusion, correct) = count(&outputs, data.labels(), classes);
    let score = Score { loss_sum: loss_sum(loss, &outputs, data.labels(), classes), correct, samples: data.len() };
    Evaluation { score, confusion, probabilities: predictor.as_probabilities(outputs) }
}

/// Counts what each class was taken for, and the right answers; `outputs` are classes x samples.
fn count(outputs: &[f32], labels: &[u32], classes: usize) -> (Confusion, usize) {
    let mut confusion = Confusion::new(classes);
    let mut correct = 0;
    for (y, &label) in outputs.chunks_exact(classes).zip(labels) {
        let predicted = argmax(y);
        confusion.add(label as usize, predicted);
        correct += usize::from(predicted == label as usize);
    }
    (confusion, correct)
}

/// The sum of the loss over all samples, without label smoothing.
fn loss_sum(loss: Loss, outputs: &[f32], labels: &[u32], classes: usize) -> f64 {
    let mut gradient = vec![0.0; outputs.len()]; // computed with the loss, not needed here
    let targets = Targets { target: labels.into(), outputs: classes, scale: 1.0 };
    match loss {
        Loss::MeanSquaredError => mean_squared_error(outputs, targets, &mut gradient),
        _ => cross_entropy(outputs, targets, 0.0, &mut gradient),
    }
}
