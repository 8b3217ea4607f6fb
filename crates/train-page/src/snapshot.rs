//! A snapshot: a network while it learns, and how it reads at that moment.

use nn_core::metrics::{Confusion, Score, argmax};
use nn_core::{Loss, Network};
use nn_data::{Dataset, Preprocessing, Shifts, Size};
use nn_io::{Evaluation, Model, TrainingNote, evaluate};
use nn_train::{Data, Recipe};
use std::sync::Arc;

/// The most samples that are read for a snapshot.
const SAMPLES: usize = 500;
/// The most mistakes that a snapshot shows.
const MISTAKES: usize = 12;

/// A network at one moment of its training.
pub struct Snapshot {
    /// Epochs done by then, with the part of the one that was going on.
    pub at: f64,
    /// The model: it reads as any other.
    pub model: Arc<Model>,
    /// How it reads.
    pub measured: Arc<ProbeScore>,
}

/// How the network of a snapshot reads the samples of the probe.
pub struct ProbeScore {
    /// Loss and accuracy.
    pub score: Score,
    /// Whether the network does not learn these samples.
    pub is_held_back: bool,
    /// How often each class was taken for each.
    pub confusion: Confusion,
    /// The worst mistakes, the one with the most probable wrong answer first.
    pub mistakes: Vec<Mistake>,
}

impl ProbeScore {
    /// The memory that it takes, in bytes.
    pub fn bytes(&self) -> usize {
        let pictures: usize = self.mistakes.iter().map(|mistake| mistake.pixels.len() + size_of::<Mistake>()).sum();
        pictures + self.confusion.classes().pow(2) * size_of::<usize>() + size_of::<Self>()
    }
}

/// A sample that was read wrongly.
pub struct Mistake {
    /// Its picture: rows from the top, channels last.
    pub pixels: Vec<u8>,
    /// Its class.
    pub label: usize,
    /// The class that it was taken for, and the probability of that.
    pub answer: (usize, f32),
}

/// The samples that every snapshot of a training is measured on, and all that stays the same.
pub struct Probe {
    samples: Dataset,
    is_held_back: bool,
    preprocessing: Preprocessing,
    loss: Loss,
}

impl Probe {
    /// Up to 500 of the samples held back or, without any, of the training samples, evenly spread.
    pub fn new(data: &Data<'_>, recipe: &Recipe) -> Self {
        let from = data.validation.unwrap_or(data.train);
        let every = from.len().div_ceil(SAMPLES).max(1);
        let samples = from.select(&(0..from.len()).step_by(every).collect::<Vec<_>>());
        let (preprocessing, loss) = (data.preprocessing.clone(), recipe.loss());
        Self { samples, is_held_back: data.validation.is_some(), preprocessing, loss }
    }

    /// The snapshot of a network that has done `at` epochs. Pictures are read in one view, which is quicker.
    pub fn look(&self, network: Network, at: f64) -> Snapshot {
        let one_view = Preprocessing { shifts: Shifts::One, ..self.preprocessing.clone() };
        let evaluation = evaluate(&network, &self.samples, &one_view, self.loss);
        let (mistakes, is_held_back) = (self.mistakes(&evaluation), self.is_held_back);
        let Evaluation { score, confusion, .. } = evaluation;
        let measured = Arc::new(ProbeScore { score, is_held_back, confusion, mistakes });
        Snapshot { at, model: self.as_model(network), measured }
    }

    /// The model that a network makes, without a note.
    pub fn as_model(&self, network: Network) -> Arc<Model> {
        Arc::new(Model {
            network,
            classes: self.samples.classes().to_vec(),
            preprocessing: self.preprocessing.clone(),
            calibration: None,
            note: TrainingNote::default(),
        })
    }

    fn mistakes(&self, evaluation: &Evaluation) -> Vec<Mistake> {
        let mistake = |i: usize| {
            let (probabilities, label) = (evaluation.sample(i), self.samples.label(i) as usize);
            let answer = argmax(probabilities);
            let pixels = || self.samples.image(i).to_vec();
            (answer != label).then(|| Mistake { pixels: pixels(), label, answer: (answer, probabilities[answer]) })
        };
        let mut mistakes: Vec<Mistake> = (0..self.samples.len()).filter_map(mistake).collect();
        mistakes.sort_by(|a, b| b.answer.1.total_cmp(&a.answer.1));
        mistakes.truncate(MISTAKES);
        mistakes
    }
}

/// The weights of a network's first layer as maps over its input.
pub struct FirstWeights {
    /// Width and height of a map.
    pub size: [usize; 2],
    /// A map for each unit or kernel: rows from the top, the mean over the channels of the input.
    pub maps: Vec<Vec<f32>>,
}

impl FirstWeights {
    /// Those of the first layer with weights; `None` where it does not lie over the picture.
    pub fn of(network: &Network, input: Size) -> Option<Self> {
        let tensors = network.tensors();
        let first = tensors.iter().find(|tensor| tensor.name.ends_with(".weight"))?;
        let (size, channels, outputs) = match first.shape[..] {
            [outputs, inputs] if inputs == input.features() => ([input.width, input.height], input.channels, outputs),
            [rows, columns, inputs, outputs] => ([columns, rows], inputs, outputs),
            _ => return None,
        };
        let is_dense = first.shape.len() == 2;
        let places = size[0] * size[1];
        let weight = |output: usize, place: usize, channel: usize| match is_dense {
            true => first.values[(output * places + place) * channels + channel],
            false => first.values[(place * channels + channel) * outputs + output],
        };
        let mean = |output, place| (0..channels).map(|c| weight(output, place, c)).sum::<f32>() / channels as f32;
        let map = |output: usize| (0..places).map(|place| mean(output, place)).collect();
        Some(Self { size, maps: (0..outputs).map(map).collect() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nn_core::{Architecture, Shape};
    use nn_train::Preset;

    #[test]
    fn a_snapshot_knows_what_the_network_reads_and_its_worst_mistakes() {
        let pixels = vec![200, 0, 0, 200, 0, 60, 255, 0];
        let samples = Dataset::from_names(Size::new(1, 2, 1), pixels, &["l", "r", "l", "r"], vec![]).unwrap();
        let architecture = Architecture::new(Shape::new(1, 2, 1)).dense(2).softmax();
        let network = Network::from_parts(architecture, vec![9.0, 0.0, 0.0, 9.0, 0.0, 0.0], vec![]).unwrap();
        let preprocessing = Preprocessing::picture(2, 1, 1);
        let data = Data { train: &samples, validation: None, negatives: None, preprocessing: &preprocessing };
        let probe = Probe::new(&data, &Preset::Mlp.recipe());
        let snapshot = probe.look(network, 1.5);
        let measured = &snapshot.measured;
        assert_eq!((measured.score.correct, measured.score.samples, measured.is_held_back), (2, 4, false));
        assert_eq!([measured.confusion.count(0, 1), measured.confusion.count(1, 0)], [1, 1]);
        let worst: Vec<_> = measured.mistakes.iter().map(|m| (&m.pixels[..], m.label, m.answer.0)).collect();
        assert_eq!(worst, [(&[255, 0][..], 1, 0), (&[0, 60], 0, 1)]);
        let weights = FirstWeights::of(&snapshot.model.network, Size::new(1, 2, 1)).unwrap();
        assert_eq!((weights.size, weights.maps), ([2, 1], vec![vec![9.0, 0.0], vec![0.0, 9.0]]));
    }

    #[test]
    fn kernels_of_a_convolution_are_maps_too() {
        let architecture = Architecture::new(Shape::new(4, 4, 1)).conv(2, 3).relu().dense(2).softmax();
        let network = Network::new(architecture, 1).unwrap();
        let weights = FirstWeights::of(&network, Size::new(4, 4, 1)).unwrap();
        assert_eq!((weights.size, weights.maps.len(), weights.maps[0].len()), ([3, 3], 2, 9));
        assert_eq!([weights.maps[0][4], weights.maps[1][4]], [8, 9].map(|i| network.tensors()[0].values[i]));
    }
}
