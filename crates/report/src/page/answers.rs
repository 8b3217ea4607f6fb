//! The answers that a page shows as pictures: for each cell of the confusion matrix those most worth a look.

use super::sheet::Sheet;
use crate::plot::words::percent;
use minijinja::{Value, context};
use nn_core::metrics::argmax;
use nn_data::Dataset;
use nn_io::{Calibration, Evaluation};
use std::collections::BTreeMap;

/// Most pictures of one cell.
const MOST_IN_CELL: usize = 60;
/// Most mistakes in the list of the worst.
pub(super) const MOST_WORST: usize = 60;
/// Pictures on a page, as bytes before they are compressed; of large pictures there are at least this number.
const BYTES: usize = 1_800_000;
const LEAST: usize = 120;
/// Most pictures on a page, however small they are.
const MOST: usize = 2500;

/// An answer of the network to a sample.
#[derive(Clone, Copy)]
struct Answer {
    sample: usize,
    truth: usize,
    taken: usize,
    /// The probability of the class that it was taken for.
    probability: f32,
    /// The probability of the class that it is of.
    of_truth: f32,
}

impl Answer {
    fn is_wrong(&self) -> bool {
        self.truth != self.taken
    }
}

/// An answer with its picture.
struct Shown {
    answer: Answer,
    /// Column and row in the sheet.
    at: [usize; 2],
    /// The file that the picture is from, where there was one.
    source: String,
}

impl Shown {
    fn to_value(&self) -> Value {
        let [probability, of_truth] =
            [self.answer.probability, self.answer.of_truth].map(|share| percent(share.into()));
        context! { at => self.at.to_vec(), probability, of_truth, source => &self.source }
    }
}

/// The pictures of each cell (class, answer): mistakes the surest first, right answers the least sure first.
pub(super) struct Answers(BTreeMap<(usize, usize), Vec<Shown>>);

impl Answers {
    /// Chooses pictures and adds them to the sheet.
    pub fn new(evaluation: &Evaluation, data: &Dataset, calibration: Option<Calibration>, sheet: &mut Sheet) -> Self {
        let mut cells: BTreeMap<(usize, usize), Vec<Shown>> = BTreeMap::new();
        let most = (BYTES / sheet.features()).clamp(LEAST, MOST);
        for answer in chosen(ranked(evaluation, data, calibration), most) {
            let at = sheet.add(data.image(answer.sample).to_vec());
            let source = data.sources().get(answer.sample).cloned().unwrap_or_default();
            cells.entry((answer.truth, answer.taken)).or_default().push(Shown { answer, at, source });
        }
        Self(cells)
    }

    /// The worst mistakes for the page, the surest first, each with the names of its class and of the answer.
    pub fn worst(&self, classes: &[String]) -> Vec<Value> {
        let mut wrong: Vec<&Shown> = self.0.values().flatten().filter(|shown| shown.answer.is_wrong()).collect();
        wrong.sort_by(|a, b| b.answer.probability.total_cmp(&a.answer.probability)); // stable: equals stay in their order
        let named = |shown: &Shown| {
            let [truth, taken] = [shown.answer.truth, shown.answer.taken].map(|class| &classes[class]);
            context! { truth, taken, ..shown.to_value() }
        };
        wrong.into_iter().take(MOST_WORST).map(named).collect()
    }

    /// The pictures of all cells for the script of the page.
    pub fn to_value(&self, classes: &[String]) -> Value {
        let pictures = |shown: &[Shown]| shown.iter().map(Shown::to_value).collect::<Vec<_>>();
        let cells = self.0.iter().map(|((truth, taken), shown)| (format!("{truth} {taken}"), pictures(shown)));
        context! { classes => classes.to_vec(), cells => Value::from_pairs(cells) }
    }
}

/// The answers of each cell, those most worth a look first: mistakes the surest first, right answers the least sure first.
/// Probabilities are those that the model tells, after correction.
fn ranked(evaluation: &Evaluation, data: &Dataset, calibration: Option<Calibration>) -> Vec<Vec<Answer>> {
    let mut cells: BTreeMap<(usize, usize), Vec<Answer>> = BTreeMap::new();
    for sample in 0..data.len() {
        let (mut probabilities, truth) = (evaluation.sample(sample).to_vec(), data.label(sample) as usize);
        if let Some(calibration) = calibration {
            calibration.apply(&mut probabilities, data.classes().len());
        }
        let taken = argmax(&probabilities);
        let (probability, of_truth) = (probabilities[taken], probabilities[truth]);
        let answer = Answer { sample, truth, taken, probability, of_truth };
        cells.entry((truth, taken)).or_default().push(answer);
    }
    let sorted = |mut answers: Vec<Answer>| {
        let key = |answer: &Answer| if answer.is_wrong() { -answer.probability } else { answer.probability };
        answers.sort_by(|a, b| key(a).total_cmp(&key(b))); // stable: equals stay in the order of the dataset
        answers
    };
    cells.into_values().map(sorted).collect()
}

/// The worst mistakes of all, then the first of each cell; then a cell with four times the answers gets twice the
/// pictures, until there are `most`.
fn chosen(cells: Vec<Vec<Answer>>, most: usize) -> Vec<Answer> {
    let mut wrong: Vec<f32> = cells.iter().flatten().filter(|a| a.is_wrong()).map(|a| a.probability).collect();
    wrong.sort_by(|a, b| b.total_cmp(a));
    let worst = wrong.get(MOST_WORST - 1).copied().unwrap_or(0.0);
    let turns = |answers: Vec<Answer>| {
        let step = (answers.len() as f32).sqrt().recip();
        let turn = move |(k, answer): (usize, Answer)| {
            let is_among_worst = answer.is_wrong() && answer.probability >= worst;
            (if is_among_worst { -1.0 } else { step * k as f32 }, answer)
        };
        answers.into_iter().take(MOST_IN_CELL).enumerate().map(turn)
    };
    let mut answers: Vec<(f32, Answer)> = cells.into_iter().flat_map(turns).collect();
    answers.sort_by(|a, b| a.0.total_cmp(&b.0)); // stable: within a turn in the order of cells
    answers.into_iter().take(most).map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells of the diagonal and beside it, each with this number of answers of falling interest.
    fn cells(sizes: &[usize]) -> Vec<Vec<Answer>> {
        let cell = |(c, &size): (usize, &usize)| {
            let answer = |i| {
                let probability = 0.9 - 0.001 * i as f32;
                Answer { sample: 1000 * c + i, truth: c / 2, taken: c % 2, probability, of_truth: 0.05 }
            };
            (0..size).map(answer).collect()
        };
        sizes.iter().enumerate().map(cell).collect()
    }

    #[test]
    fn the_worst_come_first_and_cells_take_turns() {
        let samples = |sizes, most| chosen(cells(sizes), most).iter().map(|a| a.sample).collect::<Vec<_>>();
        assert_eq!(samples(&[3, 2, 0, 1], 4), [1000, 1001, 0, 3000]);
        assert_eq!(samples(&[3, 2, 0, 1], 100), [1000, 1001, 0, 3000, 1, 2]);
        assert_eq!(samples(&[0, 200, 200, 0], 1000).len(), 2 * MOST_IN_CELL);
        let few = samples(&[50, 200, 200, 50], 100);
        let of = |cell: usize| few.iter().filter(|sample| *sample / 1000 == cell).count();
        assert_eq!([of(0), of(1), of(2), of(3)], [17, 33, 33, 17], "a quarter of the answers, and half the pictures");
    }
}
