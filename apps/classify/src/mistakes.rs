//! The mistakes in a dataset: which classes are taken for which, as lines and as a picture.

use anyhow::Result;
use cli::say::cell;
use nn_core::metrics::{Confusion, argmax};
use nn_data::{Dataset, disk, sheet};
use nn_io::Evaluation;
use std::collections::BTreeMap;
use std::path::Path;

/// Confusions that are listed and drawn, and pictures of each.
const MOST: usize = 20;

/// The most frequent confusions, a line each.
pub fn list(confusion: &Confusion, classes: &[String]) -> String {
    let mistakes = confusion.mistakes();
    let line = |&(truth, taken, count): &(usize, usize, usize)| confused(classes, truth, taken, count);
    let lines: String = mistakes.iter().take(MOST).map(line).collect();
    if lines.is_empty() { lines } else { format!("worst confusions:\n{lines}") }
}

/// Draws the mistakes into a PNG file, one confusion per row, the most frequent first. Each row shows the pictures with
/// the highest probabilities. Returns a line of text for each row.
pub fn draw(data: &Dataset, evaluation: &Evaluation, path: &Path) -> Result<String> {
    let mut mistakes: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for i in 0..data.len() {
        let (truth, taken) = (data.label(i) as usize, argmax(evaluation.sample(i)));
        if truth != taken {
            mistakes.entry((truth, taken)).or_default().push(i);
        }
    }
    let mut rows: Vec<_> = mistakes.into_iter().collect();
    rows.sort_by_key(|(_, samples)| std::cmp::Reverse(samples.len())); // stable: equal ones in the order of classes
    rows.truncate(MOST);
    let mut text = format!("{} shows, from the top:\n", path.display());
    for ((truth, taken), samples) in &mut rows {
        samples.sort_by(|&a, &b| evaluation.sample(b)[*taken].total_cmp(&evaluation.sample(a)[*taken]));
        let (classes, count) = (data.classes(), samples.len());
        text += &confused(classes, *truth, *taken, count);
        samples.truncate(MOST);
    }
    if rows.is_empty() {
        text = format!("{} shows nothing: there are no mistakes\n", path.display());
    }
    let rows: Vec<Vec<usize>> = rows.into_iter().map(|(_, samples)| samples).collect();
    disk::write(path, &sheet(data, &rows, MOST)?)?;
    Ok(text)
}

fn confused(classes: &[String], truth: usize, taken: usize, count: usize) -> String {
    format!("{} taken for {}: {}\n", cell(&classes[truth]), cell(&classes[taken]), times(count))
}

fn times(count: usize) -> String {
    if count == 1 { "once".into() } else { format!("{count} times") }
}
