//! Evaluation: how well a network reads a whole dataset.

use crate::predict::Predictor;
use nn_core::loss::{Targets, cross_entropy, mean_squared_error};
use nn_core::metrics::{Confusion, Score, argmax};
use nn_core::{Loss, Network, Peers};
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
    evaluate_among(None, network, data, preprocessing, loss)
}

/// [`evaluate`] with the same bits, where several processes with the same network and data each read some of the samples. All
/// call it.
///
/// # Panics
/// When pictures or classes are not those of the network.
pub fn evaluate_among(
    peers: Option<&dyn Peers>,
    network: &Network,
    data: &Dataset,
    preprocessing: &Preprocessing,
    loss: Loss,
) -> Evaluation {
    let classes = network.outputs();
    assert_eq!((data.features(), data.classes().len()), (network.inputs(), classes), "the data belongs to the network");
    let predictor = Predictor::new(network, preprocessing);
    let outputs = match peers {
        Some(peers) => predictor.outputs_among(peers, data.pixels()),
        None => predictor.outputs(data.pixels()),
    };
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nn_core::{Architecture, Shape};
    use nn_data::Size;
    use std::sync::{Barrier, Mutex};

    /// Threads in the place of processes, for one message.
    struct Thread<'a> {
        rank: usize,
        ranks: usize,
        message: &'a Mutex<Vec<f32>>,
        sent: &'a Barrier,
    }

    impl Peers for Thread<'_> {
        fn rank(&self) -> usize {
            self.rank
        }

        fn ranks(&self) -> usize {
            self.ranks
        }

        fn send(&self, own: &[f32], bounds: &dyn Fn(usize) -> usize) -> u64 {
            let mut message = self.message.lock().unwrap();
            message.resize(bounds(self.ranks), f32::NAN);
            message[bounds(self.rank)..bounds(self.rank + 1)].copy_from_slice(own);
            0
        }

        fn receive(&self, _: u64, values: &mut [f32]) {
            self.sent.wait();
            values.copy_from_slice(&self.message.lock().unwrap());
        }
    }

    #[test]
    fn processes_that_share_the_samples_measure_what_one_measures() {
        let pixels: Vec<u8> = (0..4 * 700).map(|i| (i * 37 % 251) as u8).collect(); // three batches
        let data = Dataset::from_names(Size::new(2, 2, 1), pixels, &["a", "b"].repeat(350), vec![]).unwrap();
        let network = Network::new(Architecture::new(Shape::new(2, 2, 1)).dense(2).softmax(), 1).unwrap();
        let (preprocessing, loss) = (Preprocessing::picture(2, 2, 1), Loss::cross_entropy());
        let alone = evaluate(&network, &data, &preprocessing, loss);
        for ranks in [2, 3, 5] {
            let (message, sent) = (Mutex::default(), Barrier::new(ranks));
            let measure = |rank| {
                let thread = Thread { rank, ranks, message: &message, sent: &sent };
                evaluate_among(Some(&thread), &network, &data, &preprocessing, loss)
            };
            std::thread::scope(|scope| {
                let threads: Vec<_> = (0..ranks).map(|rank| scope.spawn(move || measure(rank))).collect();
                for thread in threads {
                    let shared = thread.join().unwrap();
                    assert_eq!(shared.score.loss_sum.to_bits(), alone.score.loss_sum.to_bits());
                    assert_eq!(shared.probabilities, alone.probabilities);
                }
            });
        }
    }
}
