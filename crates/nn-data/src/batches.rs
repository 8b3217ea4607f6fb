//! Batches: shuffled, augmented and scaled input for the network, into buffers that are used again.

use rand::seq::SliceRandom;
use rayon::prelude::*;

use crate::augment::Augment;
use crate::augment::warp::Buffers;
use crate::dataset::Dataset;
use crate::preprocess::{Preprocessing, size_bar};
use crate::random::{generator, seed_from};

/// Samples that one task fills.
const CHUNK: usize = 16;

/// The input of one training step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Features x batch, column-major: each sample's values stand together.
    pub x: Vec<f32>,
    /// The class of each sample.
    pub labels: Vec<u32>,
}

impl Batch {
    /// Number of samples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no sample.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

/// Goes through a dataset in batches, every epoch in another order.
///
/// All that is random comes from the seed: the order of an epoch from (seed, epoch), a sample's distortion from
/// (seed, epoch, index of the sample) by [`seed_from`]. So it depends neither on the batch size nor on the threads. A sample's
/// `n`-th repetition in an epoch, where classes are [balanced](Batches::balanced), counts as sample `index + n * len`.
#[derive(Debug)]
pub struct Batches<'a> {
    dataset: &'a Dataset,
    preprocessing: &'a Preprocessing,
    augment: Augment,
    batch_size: usize,
    seed: u64,
    epoch: u64,
    /// The samples of each class, where every class is to come equally often.
    balanced: Option<Vec<Vec<usize>>>,
    order: Vec<usize>,
    position: usize,
    tasks: Vec<Task>,
}

/// What a task needs beside the batch.
#[derive(Debug, Default)]
struct Task {
    pixels: Vec<u8>,
    buffers: Buffers,
    warped: Vec<f32>,
}

impl<'a> Batches<'a> {
    /// Batches of epoch 0. `preprocessing` scales the pixels; the pictures are in its frame already.
    ///
    /// # Panics
    /// When the pictures are not of the size of the preprocessing, or the batch size is 0.
    pub fn new(
        dataset: &'a Dataset,
        preprocessing: &'a Preprocessing,
        augment: Augment,
        batch_size: usize,
        seed: u64,
    ) -> Self {
        assert_eq!(dataset.size(), preprocessing.size(), "pictures have the size of the network's input");
        assert!(batch_size > 0, "a batch has samples");
        let batch_size = batch_size.min(dataset.len().max(1));
        let tasks = (0..batch_size.div_ceil(CHUNK)).map(|_| Default::default()).collect();
        let (order, position) = ((0..dataset.len()).collect(), 0);
        let mut batches = Self {
            dataset,
            preprocessing,
            augment,
            batch_size,
            seed,
            epoch: 0,
            balanced: None,
            order,
            position,
            tasks,
        };
        batches.start_epoch(0);
        batches
    }

    /// The same, with every class that has samples equally often in each epoch, whose length stays: of the frequent
    /// classes other samples come in each epoch, those of the rare ones come again, distorted otherwise.
    pub fn balanced(mut self) -> Self {
        let mut classes = vec![vec![]; self.dataset.classes().len()];
        self.dataset.labels().iter().enumerate().for_each(|(i, &label)| classes[label as usize].push(i));
        classes.retain(|samples| !samples.is_empty());
        self.balanced = Some(classes);
        self.start_epoch(0);
        self
    }

    /// Distorts by `augment` from the next batch on.
    pub fn set_augment(&mut self, augment: Augment) {
        self.augment = augment;
    }

    /// Batches in an epoch; the last may be smaller than the others.
    pub fn batches_per_epoch(&self) -> usize {
        self.dataset.len().div_ceil(self.batch_size)
    }

    /// Shuffles anew (Fisher-Yates) and starts from the first batch; the order depends on the seed and `epoch` only.
    pub fn start_epoch(&mut self, epoch: u64) {
        (self.epoch, self.position) = (epoch, 0);
        let mut rng = generator(&[self.seed, epoch]);
        match &mut self.balanced {
            None => self.order.iter_mut().enumerate().for_each(|(i, sample)| *sample = i),
            Some(classes) => {
                for samples in &mut *classes {
                    samples.sort_unstable(); // what former epochs left must not matter
                    samples.shuffle(&mut rng);
                }
                for (i, sample) in self.order.iter_mut().enumerate() {
                    let (class, turn) = (&classes[i % classes.len()], i / classes.len());
                    *sample = class[turn % class.len()] + turn / class.len() * self.dataset.len();
                }
            }
        }
        self.order.shuffle(&mut rng);
    }

    /// Fills the next batch, on all threads of the pool; `false` when the epoch is over.
    ///
    /// Once the buffers have grown to their size it allocates nothing, except to draw strokes and scribbles.
    pub fn next(&mut self, batch: &mut Batch) -> bool {
        let samples = &self.order[self.position..self.order.len().min(self.position + self.batch_size)];
        self.position += samples.len();
        let Self { dataset, preprocessing, augment, seed, epoch, .. } = *self;
        let (size, features) = (dataset.size(), dataset.features());
        batch.labels.clear();
        let of = |sample: usize| sample % dataset.len();
        batch.labels.extend(samples.iter().map(|&i| dataset.label(of(i))));
        batch.x.resize(samples.len() * features, 0.0);

        let classes = dataset.classes().len() as u32;
        let least = if augment.is_none() { 4 } else { 1 }; // copying is too little work to be split finely
        let tasks = batch.x.par_chunks_mut(CHUNK * features).zip(samples.par_chunks(CHUNK)).with_min_len(least);
        let tasks = tasks.zip(batch.labels.par_chunks_mut(CHUNK));
        tasks.zip(&mut self.tasks).for_each(|(((x, samples), labels), task)| {
            let Task { pixels, buffers, warped } = task;
            if augment.is_none() {
                // Copied first, so that the memory of several samples is waited for at once.
                pixels.clear();
                samples.iter().for_each(|&i| pixels.extend_from_slice(dataset.image(of(i))));
                preprocessing.to_input(pixels, x);
                return;
            }
            warped.resize(features, 0.0);
            for ((x, &i), label) in x.chunks_exact_mut(features).zip(samples).zip(labels) {
                let seed = seed_from(&[seed, epoch, i as u64]);
                let other = augment.substitute(dataset.drawing(of(i)), preprocessing, seed);
                let picture = other.as_ref().map_or(dataset.image(of(i)), |(pixels, _)| pixels);
                if !preprocessing.shows_size() {
                    augment.apply(picture, size, seed, warped, buffers);
                } else {
                    let share = size_bar::read(dataset.image(of(i)), size.width);
                    pixels.clear();
                    pixels.extend_from_slice(picture);
                    size_bar::write(pixels, size.width, None, |_| 0); // the bar must not be distorted
                    augment.apply(pixels, size, seed, warped, buffers);
                    let share = size_bar::varied(share, &mut generator(&[seed, 2]));
                    size_bar::write(warped, size.width, share, |value| value);
                }
                if let Some((_, Some(class))) = other {
                    *label = class % classes;
                }
                preprocessing.scale(warped, x);
            }
        });
        !samples.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::size::Size;
    use std::collections::HashSet;

    /// Sample i is a 6x6 picture of value i, of class i % 3.
    fn dataset(n: usize) -> Dataset {
        let names: Vec<String> = (0..n).map(|i| (i % 3).to_string()).collect();
        let pixels = (0..n).flat_map(|i| [i as u8; 36]).collect();
        Dataset::from_names(Size::new(6, 6, 1), pixels, &names, vec![]).unwrap()
    }

    /// All batches of an epoch.
    fn epoch(dataset: &Dataset, augment: Augment, batch_size: usize, seed: u64, epoch: u64) -> Vec<Batch> {
        let preprocessing = Preprocessing::centred(6, 6);
        let mut batches = Batches::new(dataset, &preprocessing, augment, batch_size, seed);
        batches.start_epoch(epoch);
        let mut batch = Batch::default();
        let mut all = vec![];
        while batches.next(&mut batch) {
            all.push(batch.clone());
        }
        assert!(batch.is_empty() && all.len() == batches.batches_per_epoch());
        all
    }

    fn order(batches: &[Batch]) -> Vec<usize> {
        let value = |x: &[f32]| (x[0] * 255.0).round() as usize;
        batches.iter().flat_map(|batch| batch.x.chunks_exact(36).map(value)).collect()
    }

    #[test]
    fn an_epoch_has_every_sample_once_with_its_label() {
        let batches = epoch(&dataset(100), Augment::none(), 30, 1, 0);
        assert_eq!(batches.iter().map(Batch::len).collect::<Vec<_>>(), [30, 30, 30, 10]);
        let mut seen = order(&batches);
        let labels: Vec<u32> = batches.iter().flat_map(|batch| batch.labels.clone()).collect();
        assert!(seen.iter().zip(&labels).all(|(i, &label)| i % 3 == label as usize));
        assert_ne!(seen, (0..100).collect::<Vec<_>>());
        seen.sort_unstable();
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
        assert!(batches[1].x[..36].iter().all(|x| *x == batches[1].x[0]), "a sample's values stand together");
    }

    #[test]
    fn seed_and_epoch_give_the_order_and_nothing_else_does() {
        let d = dataset(90);
        let first = order(&epoch(&d, Augment::none(), 30, 1, 0));
        assert_eq!(first, order(&epoch(&d, Augment::none(), 7, 1, 0)), "another batch size");
        assert_ne!(first, order(&epoch(&d, Augment::none(), 30, 1, 1)), "another epoch");
        assert_ne!(first, order(&epoch(&d, Augment::none(), 30, 2, 0)), "another seed");
    }

    #[test]
    fn balanced_classes_come_equally_often_and_repetitions_are_distorted_otherwise() {
        let names: Vec<String> = (0..100).map(|i| if i < 90 { "often" } else { "rare" }.into()).collect();
        let pixels = (0..100).flat_map(|i| (0..36).map(move |p| (p * 7) as u8 ^ i)).collect();
        let d = Dataset::from_names(Size::new(6, 6, 1), pixels, &names, vec![]).unwrap();
        let preprocessing = Preprocessing::centred(6, 6);
        let mut batches = Batches::new(&d, &preprocessing, Augment::full(), 100, 1).balanced();
        let (mut first, mut second) = (Batch::default(), Batch::default());
        assert!(batches.next(&mut first));
        batches.start_epoch(1);
        assert!(batches.next(&mut second) && !batches.next(&mut Batch::default()));
        assert_eq!(first.labels.iter().filter(|&&label| label == 1).count(), 50);
        assert_ne!(first.labels, second.labels, "another order");
        let pictures = first.x.chunks_exact(36);
        let distinct: HashSet<Vec<u32>> = pictures.map(|x| x.iter().map(|x| x.to_bits()).collect()).collect();
        assert_eq!(distinct.len(), 100, "ten pictures five times each, each time another distortion");
        let mut again = Batches::new(&d, &preprocessing, Augment::full(), 100, 1).balanced();
        again.start_epoch(1);
        assert!(again.next(&mut first) && first == second, "whatever went before");
    }

    #[test]
    fn threads_change_nothing() {
        let d = dataset(200);
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| epoch(&d, Augment::full(), 64, 3, 5))
        };
        let one = on(1);
        assert_eq!(one, on(2));
        assert_eq!(one, on(7));
        let flat = |batches: Vec<Batch>| batches.into_iter().flat_map(|batch| batch.x).collect::<Vec<_>>();
        assert_eq!(flat(one), flat(epoch(&d, Augment::full(), 13, 3, 5)), "another batch size");
    }

    #[test]
    fn a_batch_may_be_larger_than_the_dataset_which_may_be_empty() {
        assert_eq!(epoch(&dataset(5), Augment::light(), usize::MAX, 0, 0)[0].len(), 5);
        assert!(epoch(&dataset(5).limit(0), Augment::none(), 8, 0, 0).is_empty());
    }
}
