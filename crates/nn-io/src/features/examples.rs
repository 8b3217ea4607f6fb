//! Examples: drawings whose classes are known. Answers lean towards the nearest of them at once, without training.
//!
//! The probability of a class is multiplied by `exp(ALPHA v)`, where `v` is the sum of `exp(-BETA (1 - cosine))` over the three
//! nearest examples of the class, and all are divided by their sum: the cache model of Tip-Adapter (Zhang et al. 2022).
//! Factors, unlike sums of probabilities and votes, leave answers as sure as they were where no example is near.

use crate::features::neighbours::normalise;

/// The weight of votes, and how fast they fall with the distance: chosen on the writers whom the training of `characters.mpk` held
/// back. Of about sixty settings the best dozen differ by less than half a point of errors; these are among them.
const ALPHA: f32 = 4.0;
const BETA: f32 = 5.0;
/// The examples of a class that vote: so a class with many is not preferred.
const NEAREST: usize = 3;
/// The probability of a class that only examples have, before votes. With 0.05, of UNIPEN's training writers (whom the model has
/// learnt), five drawings of a sign are enough for 8 of 10 others, and one of 160 characters is taken for the sign.
const NEW: f32 = 0.05;

/// The features that a network makes of drawings whose classes are known: the values of its last hidden layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examples {
    /// The model's classes, and after them those that only examples have.
    classes: Vec<String>,
    /// The number of the model's classes.
    known: usize,
    /// The class of each example, and its features, of length 1.
    each: Vec<(usize, Vec<f32>)>,
}

impl Examples {
    /// No examples yet, for a model with these classes.
    pub fn new(classes: &[String]) -> Self {
        Self { classes: classes.into(), known: classes.len(), each: vec![] }
    }

    /// Adds an example with its features, see [`Reader::features`](crate::Reader::features). A class that is new comes after
    /// all others.
    ///
    /// ```
    /// let classes = ["0", "1"].map(String::from);
    /// let mut examples = nn_io::Examples::new(&classes);
    /// examples.add(&[0.9, 0.1], "0");
    /// examples.add(&[0.0, 2.0], "heart");
    /// let mut probabilities = vec![0.3, 0.7];
    /// examples.join(&[1.0, 0.0], &mut probabilities);
    /// assert!(probabilities[0] > 0.9 && probabilities[2] < 0.01, "{probabilities:?}");
    /// let mut probabilities = vec![0.5, 0.5];
    /// examples.join(&[0.0, 1.0], &mut probabilities);
    /// assert!(probabilities[2] > 0.7, "{probabilities:?}");
    /// ```
    pub fn add(&mut self, features: &[f32], class: &str) {
        let label = self.classes.iter().position(|known| known == class).unwrap_or_else(|| {
            self.classes.push(class.into());
            self.classes.len() - 1
        });
        self.each.push((label, normalised(features)));
    }

    /// The model's classes, and after them those that only examples have.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The number of examples.
    pub fn len(&self) -> usize {
        self.each.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// Joins votes of the examples to the probabilities of the model's classes, which then are those of all classes.
    pub fn join(&self, features: &[f32], probabilities: &mut Vec<f32>) {
        if self.is_empty() {
            return;
        }
        probabilities.resize(self.known, 0.0);
        probabilities.resize(self.classes.len(), NEW);
        let votes = self.votes(&normalised(features));
        let most = votes.iter().copied().fold(0.0, f32::max);
        probabilities.iter_mut().zip(votes).for_each(|(p, vote)| *p *= (ALPHA * (vote - most)).exp());
        let sum: f32 = probabilities.iter().sum();
        probabilities.iter_mut().for_each(|p| *p /= sum);
    }

    /// The sum of the nearest examples' votes for each class.
    fn votes(&self, features: &[f32]) -> Vec<f32> {
        let mut nearest = vec![[0.0f32; NEAREST]; self.classes.len()];
        for (label, example) in &self.each {
            let cosine: f32 = example.iter().zip(features).map(|(a, b)| a * b).sum();
            let vote = (-BETA * (1.0 - cosine)).exp();
            let [.., least] = &mut nearest[*label];
            *least = least.max(vote);
            nearest[*label].sort_by(|a, b| b.total_cmp(a));
        }
        nearest.iter().map(|votes| votes.iter().sum()).collect()
    }
}

/// The same direction with length 1.
fn normalised(features: &[f32]) -> Vec<f32> {
    let mut features = features.to_vec();
    normalise(&mut features);
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(examples: &Examples, features: &[f32], probabilities: &[f32]) -> Vec<f32> {
        let mut probabilities = probabilities.to_vec();
        examples.join(features, &mut probabilities);
        assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{probabilities:?}");
        probabilities
    }

    #[test]
    fn without_examples_nothing_changes_and_far_ones_change_little() {
        let classes = ["a", "b"].map(String::from);
        let mut examples = Examples::new(&classes);
        assert_eq!(joined(&examples, &[1.0, 0.0], &[0.75, 0.25]), [0.75, 0.25]);
        (0..50).for_each(|_| examples.add(&[0.0, 3.0], "b"));
        let far = joined(&examples, &[1.0, 0.0], &[0.9, 0.1]);
        assert!((far[0] - 0.9).abs() < 0.02, "however many there are: {far:?}");
        let near = joined(&examples, &[0.1, 1.0], &[0.9, 0.1]);
        assert!(near[1] > 0.99, "{near:?}");
    }

    #[test]
    fn only_the_nearest_of_a_class_vote() {
        let classes = ["a", "b"].map(String::from);
        let mut examples = Examples::new(&classes);
        (0..NEAREST).for_each(|_| examples.add(&[1.0, 0.0], "a"));
        (0..40).for_each(|_| examples.add(&[1.0, 0.0], "b"));
        let both = joined(&examples, &[1.0, 0.0], &[0.5, 0.5]);
        assert!((both[0] - 0.5).abs() < 1e-6, "{both:?}");
    }

    #[test]
    fn a_network_without_any_activation_is_no_trouble() {
        let mut examples = Examples::new(&["a".into()]);
        examples.add(&[0.0, 0.0], "new");
        let p = joined(&examples, &[0.0, 0.0], &[1.0]);
        assert!(p.iter().all(|p| p.is_finite()) && p[0] > p[1], "{p:?}");
    }
}
