//! The quality of predictions: accuracy, top-k, the confusion matrix, precision and recall.

/// Loss and number of right answers, added up over batches.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Sum of the loss over all samples.
    pub loss_sum: f64,
    /// Samples whose largest output is their class.
    pub correct: usize,
    /// Samples counted.
    pub samples: usize,
}

impl Score {
    /// Mean loss per sample.
    pub fn loss(&self) -> f64 {
        self.loss_sum / self.samples as f64
    }

    /// Share of samples whose largest output is their class, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.samples as f64
    }
}

impl std::ops::AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.loss_sum += other.loss_sum;
        self.correct += other.correct;
        self.samples += other.samples;
    }
}

/// Returns the index of the largest value, of equal ones the first; 0 for an empty slice.
pub fn argmax(values: &[f32]) -> usize {
    values.iter().enumerate().fold(0, |best, (i, v)| if *v > values[best] { i } else { best })
}

/// Returns the share of samples whose label is among the `k` largest of their outputs (outputs x samples).
pub fn top_k(outputs: &[f32], labels: &[u32], k: usize) -> f64 {
    let classes = outputs.len() / labels.len().max(1);
    let hit = |(p, &label): (&[f32], &u32)| p.iter().filter(|v| **v > p[label as usize]).count() < k;
    outputs.chunks_exact(classes.max(1)).zip(labels).filter(|s| hit(*s)).count() as f64 / labels.len() as f64
}

/// The confusion matrix: how often samples of each class (rows) were taken for each class (columns).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    counts: Vec<usize>,
}

/// Precision, recall and F1 of one class. A quotient whose divisor is 0 counts as 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassScore {
    /// Share of the samples taken for this class that belong to it.
    pub precision: f64,
    /// Share of the samples of this class that were taken for it.
    pub recall: f64,
    /// Harmonic mean of precision and recall.
    pub f1: f64,
    /// Samples of this class.
    pub samples: usize,
}

impl Confusion {
    /// An empty matrix for a number of classes.
    pub fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0; classes * classes] }
    }

    /// Counts one sample.
    pub fn add(&mut self, truth: usize, predicted: usize) {
        self.counts[truth * self.classes + predicted] += 1;
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Returns how often `truth` was taken for `predicted`.
    pub fn count(&self, truth: usize, predicted: usize) -> usize {
        self.counts[truth * self.classes + predicted]
    }

    /// Precision, recall and F1 of a class.
    pub fn class(&self, class: usize) -> ClassScore {
        let hits = self.count(class, class);
        let samples: usize = (0..self.classes).map(|p| self.count(class, p)).sum();
        let predicted: usize = (0..self.classes).map(|t| self.count(t, class)).sum();
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        ClassScore {
            precision: share(hits, predicted),
            recall: share(hits, samples),
            f1: share(2 * hits, predicted + samples),
            samples,
        }
    }

    /// The mistakes as (truth, predicted, count), most frequent first.
    pub fn mistakes(&self) -> Vec<(usize, usize, usize)> {
        let n = self.classes;
        let pairs = (0..n * n).filter(|i| i / n != i % n && self.counts[*i] > 0);
        let mut list: Vec<_> = pairs.map(|i| (i / n, i % n, self.counts[i])).collect();
        list.sort_by_key(|m| std::cmp::Reverse(m.2));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn argmax_and_top_k() {
        assert_eq!(argmax(&[0.1, 0.7, 0.7]), 1);
        let outputs = [0.5, 0.3, 0.2, 0.1, 0.2, 0.7];
        assert_eq!(top_k(&outputs, &[1, 2], 1), 0.5);
        assert_eq!(top_k(&outputs, &[1, 2], 2), 1.0);
    }

    #[test]
    fn confusion_by_hand() {
        let mut c = Confusion::new(3);
        for (truth, predicted) in [(0, 0), (0, 0), (0, 1), (1, 1), (2, 1), (2, 1)] {
            c.add(truth, predicted);
        }
        let one = c.class(1);
        assert_eq!((one.precision, one.recall, one.f1, one.samples), (0.25, 1.0, 0.4, 1));
        assert_eq!(c.class(2).f1, 0.0);
        assert_eq!(c.mistakes(), [(2, 1, 2), (0, 1, 1)]);
    }
}
