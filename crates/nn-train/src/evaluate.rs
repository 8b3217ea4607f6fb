//! Evaluation: a network's answers on a whole dataset.

use nn_core::metrics::{Confusion, Score, argmax};
use nn_core::{Loss, Network, Workspace};
use nn_data::{Dataset, Preprocessing};
use nn_io::Model;
use rayon::prelude::*;

/// Samples that go through the network at a time.
const BATCH: usize = 256;

/// A network's answers on a dataset, and how good they are.
pub struct Evaluation {
    /// Loss (without label smoothing) and accuracy.
    pub score: Score,
    /// Which class was taken for which.
    pub confusion: Confusion,
    /// Probabilities: classes x samples, a sample contiguous.
    pub probabilities: Vec<f32>,
}

impl Evaluation {
    /// Probabilities of a sample.
    pub fn sample(&self, i: usize) -> &[f32] {
        let classes = self.confusion.classes();
        &self.probabilities[i * classes..][..classes]
    }
}

/// Runs a dataset whose classes are the network's through it, on all threads of the pool.
///
/// # Panics
/// When pictures or classes are not those of the network.
pub fn evaluate(network: &Network, data: &Dataset, preprocessing: &Preprocessing, loss: Loss) -> Evaluation {
    let classes = network.outputs();
    assert_eq!((data.features(), data.classes().len()), (network.inputs(), classes), "the data belongs to the network");
    let outputs = outputs(network, data.pixels(), preprocessing);
    let mut evaluation =
        Evaluation { score: Score::default(), confusion: Confusion::new(classes), probabilities: vec![] };
    for (y, &label) in outputs.chunks_exact(classes).zip(data.labels()) {
        let (truth, predicted) = (label as usize, argmax(y));
        evaluation.confusion.add(truth, predicted);
        let loss_sum = match loss {
            Loss::MeanSquaredError => {
                let error = |(i, y): (usize, &f32)| f64::from(*y - f32::from(i == truth)).powi(2);
                y.iter().enumerate().map(error).sum::<f64>() / classes as f64
            }
            _ if y[truth] < 1e-12 => -1e-12f64.ln(),
            _ => -f64::from(y[truth]).ln(), // NaN stays NaN
        };
        evaluation.score += Score { loss_sum, correct: usize::from(predicted == truth), samples: 1 };
    }
    evaluation.probabilities = as_probabilities(network, outputs);
    evaluation
}

/// Probabilities (classes x samples) for preprocessed pictures, one after the other.
pub fn probabilities(network: &Network, pixels: &[u8], preprocessing: &Preprocessing) -> Vec<f32> {
    as_probabilities(network, outputs(network, pixels, preprocessing))
}

/// A model's answers to preprocessed pictures: probabilities (classes x samples), corrected where the model knows how.
pub fn answers(model: &Model, pixels: &[u8]) -> Vec<f32> {
    let mut answers = probabilities(&model.network, pixels, &model.preprocessing);
    if let Some(calibration) = &model.calibration {
        calibration.apply(&mut answers, model.classes.len());
    }
    answers
}

/// The network's outputs, the mean over all views, computed in parallel.
fn outputs(network: &Network, pixels: &[u8], preprocessing: &Preprocessing) -> Vec<f32> {
    let folded = network.folded(); // a network that was built can be
    let network = folded.as_ref().unwrap_or(network);
    let (inputs, classes) = (network.inputs(), network.outputs());
    let mut outputs = vec![0.0; pixels.len() / inputs * classes];
    outputs.par_chunks_mut(BATCH * classes).zip(pixels.par_chunks(BATCH * inputs)).for_each_init(
        || (Workspace::default(), vec![]),
        |(workspace, x), (y, pixels)| {
            x.resize(pixels.len(), 0.0);
            let views = preprocessing.views.moves(preprocessing.size());
            let share = 1.0 / views.len() as f32;
            for by in views {
                preprocessing.to_moved_input(pixels, by, x);
                y.iter_mut().zip(network.infer(x, workspace)).for_each(|(y, view)| *y += view * share);
            }
        },
    );
    outputs
}

/// Outputs that come from no softmax are brought above 0, which keeps their order, and divided by their sum.
fn as_probabilities(network: &Network, mut outputs: Vec<f32>) -> Vec<f32> {
    if !network.ends_in_softmax() {
        for y in outputs.chunks_exact_mut(network.outputs()) {
            y.iter_mut().for_each(|y| *y = if *y > 1e-6 { *y } else { 1e-6 * (*y - 1e-6).exp() });
            let sum: f32 = y.iter().sum();
            y.iter_mut().for_each(|y| *y /= sum);
        }
    }
    outputs
}
