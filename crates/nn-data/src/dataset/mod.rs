//! A dataset: pictures of one size, their labels and the names of the classes.

pub mod classes;
pub mod contact_sheet;
pub mod fingerprint;
pub mod join;
pub mod look;
pub(crate) mod split;
mod transpose;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::dataset::classes::class_order;
use crate::error::Error;
use crate::ink::StrokeSample;
use crate::size::Size;

/// The most classes that a dataset may have.
pub const MOST_CLASSES: usize = 10_000;

/// Pictures of one size as bytes, each with a class.
///
/// Classes that a reader of this crate finds stand in the order of [`class_order`], so digits are 0 to 9.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    pub(crate) size: Size,
    pub(crate) pixels: Vec<u8>,
    pub(crate) labels: Vec<u32>,
    pub(crate) classes: Vec<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) drawings: Vec<Option<Arc<StrokeSample>>>,
}

impl Dataset {
    /// A dataset of `labels.len()` pictures; `pixels` holds them one after the other, each row by row and channels
    /// last. `labels` index `classes`. `sources` are the files that the pictures come from, or empty.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a size is zero, a length does not fit, a label has no class, a class
    /// stands twice or there are over 10,000.
    pub fn new(
        size: Size,
        pixels: Vec<u8>,
        labels: Vec<u32>,
        classes: Vec<String>,
        sources: Vec<String>,
    ) -> Result<Self, Error> {
        let n = labels.len();
        let invalid = |problem: String| Err(Error::Invalid(problem));
        if size.features() == 0 || !matches!(size.channels, 1 | 3) {
            return invalid(format!("pictures of {size} are no use: at least one pixel, and 1 or 3 channels"));
        }
        if pixels.len() != n * size.features() {
            return invalid(format!("{n} pictures of {size} are not {} values", pixels.len()));
        }
        if !sources.is_empty() && sources.len() != n {
            return invalid(format!("{n} pictures, but {} sources", sources.len()));
        }
        if let Some(label) = labels.iter().find(|&&label| label as usize >= classes.len()) {
            return invalid(format!("label {label}, but only {} classes", classes.len()));
        }
        if classes.len() > MOST_CLASSES {
            let problem = "the table of confusions, a row and a column for each, would fill the memory; are the labels in another column?";
            return invalid(format!("{} classes are more than {MOST_CLASSES}: {problem}", classes.len()));
        }
        let mut names = HashSet::new();
        if let Some((i, name)) = classes.iter().enumerate().find(|(_, name)| !names.insert(name.as_str())) {
            return invalid(format!("class {i} has the name {name} of an earlier one"));
        }
        Ok(Self { size, pixels, labels, classes, sources, drawings: vec![] })
    }

    /// A dataset from the label of each picture as text; the classes are those that occur, in [`class_order`].
    ///
    /// # Errors
    /// As [`Dataset::new`].
    pub fn from_names(
        size: Size,
        pixels: Vec<u8>,
        names: &[impl AsRef<str>],
        sources: Vec<String>,
    ) -> Result<Self, Error> {
        let classes = sorted_classes(names.iter().map(AsRef::as_ref));
        let indices = class_indices(&classes);
        let labels = names.iter().map(|name| indices[name.as_ref()]).collect();
        Self::new(size, pixels, labels, classes, sources)
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// True without pictures.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The size of each picture.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Values in a picture: height x width x channels.
    pub fn features(&self) -> usize {
        self.size.features()
    }

    /// Picture `i`: rows from the top, channels last, values 0 to 255.
    pub fn image(&self, i: usize) -> &[u8] {
        &self.pixels[i * self.features()..][..self.features()]
    }

    /// The class of picture `i`, an index of [`Dataset::classes`].
    pub fn label(&self, i: usize) -> u32 {
        self.labels[i]
    }

    /// The name of the class of picture `i`.
    pub fn class_of(&self, i: usize) -> &str {
        &self.classes[self.labels[i] as usize]
    }

    /// All pictures, one after the other.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The class of each picture.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// False where no labels were known: then all pictures are of one class with an empty name.
    pub fn is_labelled(&self) -> bool {
        self.classes != [""]
    }

    /// The names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The file of each picture, relative to the dataset, or nothing where pictures have no files.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// The strokes that picture `i` was made of, where they are known: each epoch can draw them anew.
    pub fn drawing(&self, i: usize) -> Option<&StrokeSample> {
        self.drawings.get(i)?.as_deref()
    }

    /// The same pictures with the strokes that they were made of.
    pub(crate) fn with_drawings(mut self, drawings: Vec<Option<Arc<StrokeSample>>>) -> Self {
        debug_assert_eq!(drawings.len(), self.len());
        self.drawings = if drawings.iter().all(Option::is_none) { vec![] } else { drawings };
        self
    }

    /// Number of pictures of each class.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes.len()];
        self.labels.iter().for_each(|&label| counts[label as usize] += 1);
        counts
    }

    /// The pictures of the given indices, in that order; the classes stay.
    pub fn select(&self, indices: &[usize]) -> Self {
        let mut pixels = Vec::with_capacity(indices.len() * self.features());
        indices.iter().for_each(|&i| pixels.extend_from_slice(self.image(i)));
        let labels = indices.iter().map(|&i| self.labels[i]).collect();
        let sources = indices.iter().filter_map(|&i| self.sources.get(i).cloned()).collect();
        let drawings = indices.iter().filter_map(|&i| self.drawings.get(i).cloned()).collect();
        Self { size: self.size, pixels, labels, classes: self.classes.clone(), sources, drawings }
    }

    /// The first `n` pictures, or all where there are fewer; the classes stay.
    pub fn limit(mut self, n: usize) -> Self {
        self.pixels.truncate(n.saturating_mul(self.features()));
        self.labels.truncate(n);
        self.sources.truncate(n);
        self.drawings.truncate(n);
        self
    }

    /// One dataset after the other; classes of the same name become one.
    ///
    /// # Errors
    /// [`Error::Sizes`] when the sizes differ, [`Error::Invalid`] when the list is empty.
    pub fn concat(datasets: Vec<Self>) -> Result<Self, Error> {
        let classes = sorted_classes(datasets.iter().flat_map(|d| &d.classes).map(String::as_str));
        let with_sources = datasets.iter().any(|d| !d.sources.is_empty());
        let with_drawings = datasets.iter().any(|d| !d.drawings.is_empty());
        let mut datasets = datasets.into_iter();
        let first = datasets.next().ok_or_else(|| Error::Invalid("no dataset to join".into()))?;
        let mut all = first.with_classes(&classes)?;
        all.pixels.reserve_exact(datasets.as_slice().iter().map(|next| next.pixels.len()).sum()); // no more than it takes
        for next in datasets {
            if next.size != all.size {
                return Err(Error::Sizes { first: all.size, second: next.size });
            }
            let next = next.with_classes(&classes)?;
            let n = all.len();
            all.sources.resize(if with_sources { n } else { 0 }, String::new());
            all.drawings.resize(if with_drawings { n } else { 0 }, None);
            all.pixels.extend(next.pixels);
            all.labels.extend(next.labels);
            all.sources.extend(next.sources);
            all.drawings.extend(next.drawings);
        }
        let n = all.len();
        all.sources.resize(if with_sources { n } else { 0 }, String::new());
        all.drawings.resize(if with_drawings { n } else { 0 }, None);
        Ok(all)
    }

    /// The same pictures with the classes of a model, in the model's order; a class that has no picture may be absent.
    ///
    /// # Errors
    /// [`Error::UnknownClasses`] names the classes of this dataset that are not among `classes`.
    pub fn with_classes(mut self, classes: &[String]) -> Result<Self, Error> {
        let indices = class_indices(classes);
        let missing = |name: &String| !indices.contains_key(name.as_str());
        let used = self.classes.iter().zip(self.counts()).filter(|(_, count)| *count > 0).map(|(name, _)| name);
        let unknown: Vec<String> = used.filter(|name| missing(name)).cloned().collect();
        if !unknown.is_empty() {
            return Err(Error::UnknownClasses { unknown, known: classes.to_vec() });
        }
        let map: Vec<u32> = self.classes.iter().map(|name| *indices.get(name.as_str()).unwrap_or(&0)).collect();
        self.labels.iter_mut().for_each(|label| *label = map[*label as usize]);
        self.classes = classes.to_vec();
        Ok(self)
    }

    /// The same pictures with other names of the classes, one for each of [`Dataset::classes`]; two of the same name become
    /// one class.
    pub fn renamed(self, names: &[String]) -> Self {
        let classes = sorted_classes(names.iter().map(String::as_str));
        let indices = class_indices(&classes);
        let labels = self.labels.iter().map(|&label| indices[names[label as usize].as_str()]).collect();
        Self { labels, classes, ..self }
    }

    /// The pictures whose class is among `classes`, with those classes and in their order.
    pub fn only(&self, classes: &[String]) -> Self {
        let known: Vec<bool> = self.classes.iter().map(|name| classes.contains(name)).collect();
        let kept: Vec<usize> = (0..self.len()).filter(|&i| known[self.labels[i] as usize]).collect();
        let mut kept = self.select(&kept);
        let indices = class_indices(classes);
        let place = |label: u32| indices.get(self.classes[label as usize].as_str()).copied().unwrap_or(0);
        kept.labels.iter_mut().for_each(|label| *label = place(*label));
        kept.classes = classes.to_vec();
        kept
    }

    /// Mean and standard deviation of each channel, of values scaled to 0..1 (zeros without pictures).
    pub fn mean_std(&self) -> (Vec<f32>, Vec<f32>) {
        let channels = self.size.channels;
        let n = (self.pixels.len() / channels).max(1) as f64;
        let moments = |c| {
            let values = self.pixels.iter().skip(c).step_by(channels).map(|&p| u64::from(p));
            let (sum, squares) = values.fold((0, 0), |(sum, squares), p| (sum + p, squares + p * p));
            let mean = sum as f64 / n;
            ((mean / 255.0) as f32, ((squares as f64 / n - mean * mean).max(0.0).sqrt() / 255.0) as f32)
        };
        (0..channels).map(moments).unzip()
    }
}

/// The names without repetition, in the order of classes.
pub(crate) fn sorted_classes<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut distinct: Vec<&str> = names.collect::<HashSet<_>>().into_iter().collect();
    distinct.sort_unstable_by(|a, b| class_order(a, b));
    distinct.into_iter().map(String::from).collect()
}

fn class_indices(classes: &[String]) -> HashMap<&str, u32> {
    classes.iter().map(String::as_str).zip(0..).collect()
}

#[cfg(test)]
mod tests;
