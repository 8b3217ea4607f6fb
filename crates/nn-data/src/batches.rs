//! Batches: shuffled, distorted and scaled input for the network, prepared while the network learns.

use crate::augment::warp::Buffers;
use crate::augment::{Augment, Sample};
use crate::dataset::Dataset;
use crate::preprocess::Preprocessing;
use crate::random::{generator, seed_from};
use rand::RngExt;
use rand::seq::SliceRandom;
use rayon::prelude::*;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

/// Samples that one task prepares.
const CHUNK: usize = 16;
/// The share of samples that a negative replaces.
const NEGATIVES: f32 = 0.06;

/// The input of one training step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Features x batch, column-major: the values of a sample stand together.
    pub x: Vec<f32>,
    /// The class of each sample.
    pub labels: Vec<u32>,
}

impl Batch {
    /// Number of samples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// True without samples.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

/// Hands out a dataset in batches, in another order in every epoch.
///
/// The seed decides everything random: the order of an epoch comes from (seed, epoch), the distortion of a sample from
/// (seed, epoch, index of the sample), by [`seed_from`]. So neither the batch size nor the number of threads matters.
/// Where classes are [balanced](Batches::balanced), the `n`-th repetition of a sample counts as sample `index + n * len`.
///
/// ```
/// # use nn_data::{Augment, Batches, Dataset, Preprocessing, Size};
/// # use std::ops::ControlFlow;
/// # let dataset = Dataset::from_names(Size::new(2, 2, 1), vec![0; 40], &["a"; 10], vec![])?;
/// let preprocessing = Preprocessing::picture(2, 2, 1);
/// let mut batches = Batches::of(&dataset, &preprocessing).augment(Augment::light()).size(4).seed(42);
/// let mut sizes = vec![];
/// for epoch in 1..=2 {
///     let _ = batches.epoch(epoch, |batch| {
///         sizes.push(batch.len()); // here a network learns, and the next batch is prepared meanwhile
///         ControlFlow::<()>::Continue(())
///     });
/// }
/// assert_eq!(sizes, [4, 4, 2, 4, 4, 2]);
/// # Ok::<(), nn_data::Error>(())
/// ```
pub struct Batches<'a> {
    dataset: &'a Dataset,
    preprocessing: &'a Preprocessing,
    augment: Augment,
    size: usize,
    seed: u64,
    /// The samples of each class, if every class is to come equally often.
    balanced: Option<Vec<Vec<usize>>>,
    negatives: Option<&'a Dataset>,
    share: Share,
    order: Vec<usize>,
    latest: Batch,
    ahead: Batch,
    tasks: Vec<Task>,
}

/// The samples to prepare, by the size of a batch.
type Share = Arc<dyn Fn(usize) -> Range<usize> + Send + Sync>;

/// The buffers of one task.
#[derive(Debug, Default)]
struct Task {
    pixels: Vec<u8>,
    distorted: Vec<f32>,
    buffers: Buffers,
}

/// The part of a batch that one task fills.
struct Part<'a> {
    samples: &'a [usize],
    x: &'a mut [f32],
    labels: &'a mut [u32],
}

impl<'a> Batches<'a> {
    /// Batches of 128 samples without distortion, seed 0. The pictures have gone through `preprocessing` already; here it
    /// scales their pixels.
    ///
    /// # Panics
    /// When the pictures do not have the size that the preprocessing gives.
    pub fn of(dataset: &'a Dataset, preprocessing: &'a Preprocessing) -> Self {
        assert_eq!(dataset.size(), preprocessing.size(), "pictures have the size of the network's input");
        Self {
            dataset,
            preprocessing,
            augment: Augment::none(),
            size: 128,
            seed: 0,
            balanced: None,
            negatives: None,
            share: Arc::new(|samples| 0..samples),
            order: vec![],
            latest: Batch::default(),
            ahead: Batch::default(),
            tasks: vec![],
        }
    }

    /// Distorts the pictures by `augment`.
    pub fn augment(mut self, augment: Augment) -> Self {
        self.augment = augment;
        self
    }

    /// Sets the number of samples per batch; the last of an epoch may have fewer.
    ///
    /// # Panics
    /// When it is 0.
    pub fn size(mut self, samples: usize) -> Self {
        assert!(samples > 0, "a batch has samples");
        self.size = samples;
        self
    }

    /// Sets the seed of orders and distortions.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Lets every class that has samples come equally often in each epoch, whose length stays. Of frequent classes each
    /// epoch takes other samples; samples of rare classes come several times, distorted differently.
    pub fn balanced(mut self) -> Self {
        let mut classes = vec![vec![]; self.dataset.classes().len()];
        self.dataset.labels().iter().enumerate().for_each(|(i, &label)| classes[label as usize].push(i));
        classes.retain(|samples| !samples.is_empty());
        self.balanced = Some(classes);
        self
    }

    /// Lets pictures of none of the classes (signs, say) take the place of 6 % of the samples, each time with a random
    /// class, so that the network learns to be unsure of them. Without any it changes nothing.
    ///
    /// # Panics
    /// When they do not have the size of the dataset's pictures.
    pub fn negatives(mut self, negatives: Option<&'a Dataset>) -> Self {
        assert!(
            negatives.is_none_or(|set| set.size() == self.dataset.size()),
            "negatives have the size of the pictures"
        );
        self.negatives = negatives.filter(|set| !set.is_empty());
        self
    }

    /// Prepares a share of each batch only: the samples that `share` returns for its size. The others count for nothing.
    pub fn share(mut self, share: impl Fn(usize) -> Range<usize> + Send + Sync + 'static) -> Self {
        self.share = Arc::new(share);
        self
    }

    /// Distorts by `augment` from the next epoch on.
    pub fn set_augment(&mut self, augment: Augment) {
        self.augment = augment;
    }

    /// Number of batches per epoch.
    pub fn batches_per_epoch(&self) -> usize {
        self.dataset.len().div_ceil(self.size)
    }

    /// The batch that was handed out last.
    pub fn latest(&self) -> &Batch {
        &self.latest
    }

    /// Hands each batch of an epoch to `step`, and prepares the next one while `step` runs, on all threads of the pool.
    /// Ends early when `step` breaks, and returns what it broke with.
    ///
    /// Once the buffers have grown to their size it allocates nothing, except to draw strokes and scribbles.
    pub fn epoch<B: Send>(
        &mut self,
        epoch: u64,
        mut step: impl FnMut(&Batch) -> ControlFlow<B> + Send,
    ) -> ControlFlow<B> {
        self.shuffle(epoch);
        let mut now = std::mem::take(&mut self.latest);
        let mut ahead = std::mem::take(&mut self.ahead);
        let mut flow = ControlFlow::Continue(());
        self.fill(&mut now, epoch, 0);
        for next in 1..=self.batches_per_epoch() {
            (flow, ()) = rayon::join(|| step(&now), || self.fill(&mut ahead, epoch, next));
            std::mem::swap(&mut now, &mut ahead);
            if flow.is_break() {
                break;
            }
        }
        self.latest = ahead;
        self.ahead = now;
        flow
    }

    /// Shuffles (Fisher-Yates); the order depends on the seed and `epoch` only.
    fn shuffle(&mut self, epoch: u64) {
        let mut rng = generator(&[self.seed, epoch]);
        self.order.clear();
        match &mut self.balanced {
            None => self.order.extend(0..self.dataset.len()),
            Some(classes) => {
                for samples in &mut *classes {
                    samples.sort_unstable(); // the order that an earlier epoch left must not matter
                    samples.shuffle(&mut rng);
                }
                self.order.extend((0..self.dataset.len()).map(|i| {
                    let class = &classes[i % classes.len()];
                    let turn = i / classes.len();
                    class[turn % class.len()] + turn / class.len() * self.dataset.len()
                }));
            }
        }
        self.order.shuffle(&mut rng);
    }

    /// Prepares the batch with this number, counted from 0; an empty one behind the last.
    fn fill(&mut self, batch: &mut Batch, epoch: u64, number: usize) {
        let mut tasks = std::mem::take(&mut self.tasks);
        let samples = self.order.chunks(self.size).nth(number).unwrap_or_default();
        let features = self.dataset.features();
        tasks.resize_with(tasks.len().max(samples.len().div_ceil(CHUNK)), Task::default);
        batch.labels.clear();
        batch.labels.extend(samples.iter().map(|&sample| self.dataset.label(self.index(sample))));
        batch.x.resize(samples.len() * features, 0.0);
        let least = if self.augment.is_none() { 4 } else { 1 }; // copying is too little work to be split finely
        let own = (self.share)(samples.len());
        let (x, labels) = (&mut batch.x[own.start * features..own.end * features], &mut batch.labels[own.clone()]);
        let inputs = x.par_chunks_mut(CHUNK * features).zip(labels.par_chunks_mut(CHUNK));
        let parts = samples[own].par_chunks(CHUNK).zip(inputs).with_min_len(least);
        parts.zip(&mut tasks).for_each(|((samples, (x, labels)), task)| {
            self.prepare(Part { samples, x, labels }, epoch, task);
        });
        self.tasks = tasks;
    }

    /// Prepares a part of a batch.
    fn prepare(&self, part: Part<'_>, epoch: u64, task: &mut Task) {
        let Self { dataset, preprocessing, .. } = *self;
        let Task { pixels, distorted, buffers } = task;
        if self.augment.is_none() && self.negatives.is_none() {
            // Copied first, so that the memory of several samples is waited for at once.
            pixels.clear();
            part.samples.iter().for_each(|&sample| pixels.extend_from_slice(dataset.image(self.index(sample))));
            return preprocessing.to_input(pixels, part.x);
        }
        let features = dataset.features();
        distorted.resize(features, 0.0);
        let inputs = part.x.chunks_exact_mut(features).zip(part.labels);
        for (&sample, (x, label)) in part.samples.iter().zip(inputs) {
            let seed = seed_from(&[self.seed, epoch, sample as u64]);
            let (from, index, class) = match self.negative(seed) {
                Some((negatives, index, number)) => (negatives, index, Some(number)),
                None => (dataset, self.index(sample), None),
            };
            let beside = dataset.image((seed_from(&[seed, 4]) % dataset.len() as u64) as usize);
            let sample = Sample { picture: from.image(index), strokes: from.drawing(index), beside, seed };
            let replaced = self.augment.sample(sample, preprocessing, distorted, buffers);
            if let Some(number) = class.or(replaced) {
                *label = number % dataset.classes().len() as u32;
            }
            preprocessing.scale(distorted, x);
        }
    }

    /// The negative that takes the place of the sample with this seed, if any: its set, its index there, and a random number
    /// to choose its class by.
    fn negative(&self, seed: u64) -> Option<(&Dataset, usize, u32)> {
        let negatives = self.negatives?;
        let mut rng = generator(&[seed, 3]);
        let chosen = rng.random::<f32>() < NEGATIVES;
        chosen.then(|| (negatives, rng.random_range(0..negatives.len()), rng.random()))
    }

    /// The place in the dataset of a sample, which may be a repetition.
    fn index(&self, sample: usize) -> usize {
        sample % self.dataset.len()
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
    fn epoch(dataset: &Dataset, augment: Augment, size: usize, seed: u64, epoch: u64) -> Vec<Batch> {
        let preprocessing = Preprocessing::centred(6, 6);
        let mut batches = Batches::of(dataset, &preprocessing).augment(augment).size(size).seed(seed);
        let all = all(&mut batches, epoch);
        assert_eq!(all.len(), batches.batches_per_epoch());
        assert!(all.is_empty() || batches.latest() == all.last().unwrap());
        all
    }

    fn all(batches: &mut Batches<'_>, epoch: u64) -> Vec<Batch> {
        let mut all = vec![];
        let _ = batches.epoch(epoch, |batch| {
            all.push(batch.clone());
            ControlFlow::<()>::Continue(())
        });
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
        let new = || Batches::of(&d, &preprocessing).augment(Augment::full()).size(100).seed(1).balanced();
        let mut batches = new();
        let first = all(&mut batches, 0).remove(0);
        let second = all(&mut batches, 1);
        assert_eq!(first.labels.iter().filter(|&&label| label == 1).count(), 50);
        assert_ne!(first.labels, second[0].labels, "another order");
        let pictures = first.x.chunks_exact(36);
        let distinct: HashSet<Vec<u32>> = pictures.map(|x| x.iter().map(|x| x.to_bits()).collect()).collect();
        assert_eq!(distinct.len(), 100, "ten pictures five times each, each time another distortion");
        assert_eq!(all(&mut new(), 1), second, "whatever went before");
    }

    #[test]
    fn negatives_take_the_place_of_some_samples_under_any_class() {
        let (d, preprocessing) = (dataset(3000), Preprocessing::centred(6, 6));
        let white = Dataset::from_names(Size::new(6, 6, 1), vec![255; 36], &["sign"], vec![]).unwrap();
        let d = Dataset { pixels: vec![0; d.pixels().len()], ..d };
        let found = |epoch| {
            let mut batches = Batches::of(&d, &preprocessing).negatives(Some(&white));
            let all = all(&mut batches, epoch);
            let samples = all.iter().flat_map(|batch| batch.x.chunks_exact(36).zip(&batch.labels));
            samples.filter(|(x, _)| x[0] == 1.0).map(|(_, label)| *label).collect::<Vec<u32>>()
        };
        let first = found(0);
        assert!((130..230).contains(&first.len()), "about 6 %: {}", first.len());
        assert!((0..3).all(|class| first.iter().filter(|label| **label == class).count() > 30), "{first:?}");
        assert_ne!(first, found(1), "other places and classes in another epoch");
        let empty = white.limit(0);
        let with = all(&mut Batches::of(&d, &preprocessing).negatives(Some(&empty)), 0);
        assert_eq!(with, all(&mut Batches::of(&d, &preprocessing), 0));
    }

    #[test]
    fn a_step_that_breaks_ends_the_epoch() {
        let (d, preprocessing) = (dataset(20), Preprocessing::centred(6, 6));
        let mut batches = Batches::of(&d, &preprocessing).size(6);
        let mut seen = 0;
        let flow = batches.epoch(0, |batch| {
            seen += batch.len();
            if seen == 12 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) }
        });
        assert_eq!((flow, seen, batches.latest().len()), (ControlFlow::Break("enough"), 12, 6));
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
    fn shares_make_up_the_batch() {
        let (d, preprocessing) = (dataset(70), Preprocessing::centred(6, 6));
        let new = || Batches::of(&d, &preprocessing).augment(Augment::full()).size(40).seed(3);
        let whole = all(&mut new(), 1);
        let halves = [0, 1].map(|half| all(&mut new().share(move |n| half * n / 2..(half + 1) * n / 2), 1));
        for (n, batch) in whole.iter().enumerate() {
            let middle = batch.len() / 2;
            assert_eq!(halves[0][n].x[..middle * 36], batch.x[..middle * 36]);
            assert_eq!(halves[1][n].x[middle * 36..], batch.x[middle * 36..]);
            assert_eq!([&halves[0][n].labels[..middle], &halves[1][n].labels[middle..]].concat(), batch.labels);
        }
    }

    #[test]
    fn a_batch_may_be_larger_than_the_dataset_which_may_be_empty() {
        assert_eq!(epoch(&dataset(5), Augment::light(), usize::MAX, 0, 0)[0].len(), 5);
        assert!(epoch(&dataset(5).limit(0), Augment::none(), 8, 0, 0).is_empty());
    }
}
