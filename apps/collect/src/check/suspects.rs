//! Samples that are read as another class than their label says, the most doubtful label first.

use nn_core::metrics::argmax;
use nn_data::Dataset;

/// A sample whose label may be wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    /// Its number in the dataset.
    pub index: usize,
    /// The class that it is read as.
    pub read_as: String,
    /// The probability of that class.
    pub probability: f32,
    /// The probability of the class that the label names.
    pub of_label: f32,
}

/// Finds them by the probabilities of all samples (classes x samples): those with the least probable labels come first,
/// and among such labels that the network thinks impossible, those that it reads with most certainty.
pub fn find(data: &Dataset, probabilities: &[f32]) -> Vec<Suspect> {
    let answers = probabilities.chunks_exact(data.classes().len()).enumerate();
    let suspect = |(index, answer): (usize, &[f32])| {
        let (taken, label) = (argmax(answer), data.label(index) as usize);
        let read_as = data.classes()[taken].clone();
        (taken != label).then(|| Suspect { index, read_as, probability: answer[taken], of_label: answer[label] })
    };
    let mut suspects: Vec<Suspect> = answers.filter_map(suspect).collect();
    let doubt = |suspect: &Suspect| (suspect.probability.max(1e-9) / suspect.of_label.max(1e-9)).ln();
    suspects.sort_by(|a, b| doubt(b).total_cmp(&doubt(a)));
    suspects
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use nn_data::Size;

    #[test]
    fn the_least_probable_labels_come_first() {
        let data = Dataset::from_names(Size::new(1, 1, 1), vec![0; 4], &["a", "a", "b", "b"], vec![]).unwrap();
        let found = find(&data, &[0.4, 0.6, 0.01, 0.99, 0.2, 0.8, 0.9, 0.1]);
        assert_eq!(found.iter().map(|suspect| suspect.index).collect::<Vec<_>>(), [1, 3, 0]);
        assert_eq!(found[1], Suspect { index: 3, read_as: "a".into(), probability: 0.9, of_label: 0.1 });
    }
}
