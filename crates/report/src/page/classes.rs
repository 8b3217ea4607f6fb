//! The confusion matrix for the page: its shaded cells, the scores of each class, and the most frequent mistakes.

use crate::plot::words::{grouped, percent};
use minijinja::{Value, context};
use nn_core::metrics::Confusion;

/// Most classes for which a matrix is still worth looking at.
pub(super) const MOST_IN_MATRIX: usize = 120;

/// Every class, in the order of the matrix: its row there (empty where classes are too many), and its scores.
pub(super) fn table(confusion: &Confusion, classes: &[String]) -> Vec<Value> {
    let scores: Vec<_> = (0..classes.len()).map(|class| confusion.class(class)).collect();
    let share =
        |truth: usize, predicted| confusion.count(truth, predicted) as f64 / scores[truth].samples.max(1) as f64;
    let worst = confusion.mistakes().iter().map(|m| share(m.0, m.1)).fold(0.0, f64::max);
    let cell = |truth, predicted| {
        let part = share(truth, predicted);
        let shade = if truth == predicted { 0.5 * part } else { 0.15 + 0.6 * part / worst };
        context! { count => confusion.count(truth, predicted), shade => format!("{shade:.2}") }
    };
    let columns = if classes.len() <= MOST_IN_MATRIX { classes.len() } else { 0 };
    let class = |(i, name): (usize, &String)| {
        let score = scores[i];
        let of_samples = |share| if score.samples == 0 { "–".to_string() } else { percent(share) };
        context! {
            name,
            cells => (0..columns).map(|predicted| cell(i, predicted)).collect::<Vec<_>>(),
            samples => grouped(score.samples),
            precision => of_samples(score.precision),
            recall => of_samples(score.recall),
            f1 => of_samples(score.f1),
        }
    };
    classes.iter().enumerate().map(class).collect()
}

/// The `most` frequent mistakes.
pub(super) fn mixes(confusion: &Confusion, classes: &[String], most: usize) -> Vec<Value> {
    let mix = |(truth, predicted, count): (usize, usize, usize)| {
        context! { truth => &classes[truth], predicted => &classes[predicted], count }
    };
    confusion.mistakes().into_iter().take(most).map(mix).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn shades_and_scores_follow_the_shares() {
        let mut confusion = Confusion::new(3);
        for (truth, predicted) in [(0, 0), (0, 0), (0, 0), (0, 1), (1, 1), (1, 0)] {
            confusion.add(truth, predicted);
        }
        let classes = ["a", "b", "c"].map(String::from);
        let table = table(&confusion, &classes);
        let text = |class: usize, name: &str| table[class].get_attr(name).unwrap().to_string();
        let shade = |class: usize, i| table[class].get_attr("cells").unwrap().get_item_by_index(i).unwrap();
        assert_eq!(shade(0, 0).get_attr("shade").unwrap().to_string(), "0.38"); // 0.5 * 3/4, rounded
        assert_eq!(shade(1, 0).get_attr("shade").unwrap().to_string(), "0.75"); // the greatest share of mistakes
        assert_eq!(shade(0, 1).get_attr("shade").unwrap().to_string(), "0.45"); // half of it
        assert_eq!([text(0, "recall"), text(1, "precision"), text(2, "recall")], ["75.00 %", "50.00 %", "–"]);
        let mixes = mixes(&confusion, &classes, 1);
        assert_eq!((mixes.len(), mixes[0].get_attr("truth").unwrap().to_string()), (1, "a".into()));
    }
}
