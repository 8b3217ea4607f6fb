//! Rows whose right path is known, and a network that learns from them.

use crate::pictured::{Pictured, agreement};
use nn_core::rng::Rng;
use nn_core::{Adam, Architecture, Error, Loss, Network, Schedule, Shape, Trainer};
use nn_data::stroke_file::texts::WrittenText;
use nn_lines::{FEATURES, InkPage, Lattice, LineReader};

/// Rows that are learnt from together.
const BATCH: usize = 32;
/// A candidate of the right path agrees with a character at least so much.
const AGREES: f32 = 0.7;
/// The learning rate at its highest.
const RATE: f32 = 0.004;

/// A row, or a stretch of one, whose right path is known.
pub struct KnownRow {
    /// The features of its candidates, one after the other.
    features: Vec<f32>,
    /// For each candidate, the nodes where it begins and ends.
    spans: Vec<(usize, usize)>,
    /// For each candidate, 1 if the right path takes it, else 0.
    right: Vec<f32>,
    /// The node at its end.
    length: usize,
}

/// The sets of strokes that are the characters of a text.
pub fn characters(text: &WrittenText) -> Vec<Vec<usize>> {
    text.cuts.iter().map(|[first, end]| (*first..*end).collect()).collect()
}

/// The rows of a text, as strokes.
pub fn of_strokes(reader: &LineReader, text: &WrittenText) -> Vec<KnownRow> {
    let true_parts = characters(text);
    let lattices = reader.lattices(&InkPage::of_ink(&text.strokes));
    let agrees = |parts: &Vec<usize>| f32::from(u8::from(true_parts.contains(parts)));
    lattices.iter().flat_map(|lattice| KnownRow::of(reader, lattice, agrees)).collect()
}

/// The rows of a text, as a picture that the seed chooses.
pub fn of_picture(reader: &LineReader, text: &WrittenText, seed: u64) -> Vec<KnownRow> {
    let Some(pictured) = Pictured::new(text, seed) else { return vec![] };
    let page = InkPage::of_picture(&pictured.picture);
    let shares = pictured.shares(&page);
    let agrees = |parts: &Vec<usize>| agreement(parts, &shares);
    reader.lattices(&page).iter().flat_map(|lattice| KnownRow::of(reader, lattice, agrees)).collect()
}

impl KnownRow {
    /// The stretches of a row in which the right candidates stand side by side, given how well parts agree with a character.
    fn of(reader: &LineReader, lattice: &Lattice, agrees: impl Fn(&Vec<usize>) -> f32) -> Vec<Self> {
        let candidates = lattice.candidates();
        let right =
            right_path(lattice, &candidates.iter().map(|candidate| agrees(&candidate.parts)).collect::<Vec<_>>());
        let features = reader.features(lattice);
        let joins = |a: &usize, b: &usize| candidates[*a].end == candidates[*b].first;
        let stretch = |path: &[usize]| {
            let (from, to) = (candidates[path[0]].first, candidates[path[path.len() - 1]].end);
            let within: Vec<usize> =
                (0..candidates.len()).filter(|at| candidates[*at].first >= from && candidates[*at].end <= to).collect();
            Self {
                features: within.iter().flat_map(|at| &features[at * FEATURES..][..FEATURES]).copied().collect(),
                spans: within.iter().map(|at| (candidates[*at].first - from, candidates[*at].end - from)).collect(),
                right: within.iter().map(|at| f32::from(u8::from(path.contains(at)))).collect(),
                length: to - from,
            }
        };
        right.chunk_by(joins).map(stretch).collect()
    }

    /// For each node, the logarithm of the sum over the paths that lead there, given the scores.
    fn sums(&self, scores: &[f32]) -> Vec<f32> {
        let mut sums = vec![f32::NEG_INFINITY; self.length + 1];
        sums[0] = 0.0;
        for ((first, end), score) in self.spans.iter().zip(scores) {
            sums[*end] = log_sum(sums[*end], sums[*first] + score); // candidates stand by their first node
        }
        sums
    }

    /// The share of all paths that take each candidate, and the logarithm of the right path's share, given the scores.
    fn shares(&self, scores: &[f32]) -> (Vec<f32>, f32) {
        let before = self.sums(scores);
        let mut after = vec![f32::NEG_INFINITY; self.length + 1];
        after[self.length] = 0.0;
        for ((first, end), score) in self.spans.iter().zip(scores).rev() {
            after[*first] = log_sum(after[*first], after[*end] + score);
        }
        let all = before[self.length];
        let each = self.spans.iter().zip(scores);
        let shares = each.map(|((first, end), score)| (before[*first] + score + after[*end] - all).exp()).collect();
        let gained: f32 = scores.iter().zip(&self.right).map(|(score, right)| score * right).sum();
        (shares, gained - all)
    }
}

/// The candidates, from left to right, that agree most with the characters; those that agree too little are left out.
fn right_path(lattice: &Lattice, agreement: &[f32]) -> Vec<usize> {
    // For each node the best that leads there: what it gains, the node before, and the candidate that was taken.
    let mut best: Vec<(f32, usize, Option<usize>)> = vec![(0.0, 0, None)];
    for node in 1..=lattice.length() {
        let skipped = (best[node - 1].0, node - 1, None);
        let taken =
            lattice.candidates().iter().zip(agreement).enumerate().filter(|(_, (candidate, _))| candidate.end == node);
        let gains = taken.map(|(at, (candidate, agreement))| {
            let [from, to] = candidate.pieces;
            (best[candidate.first].0 + (agreement - AGREES) * (to - from) as f32, candidate.first, Some(at))
        });
        best.push(gains.fold(skipped, |a, b| if b.0 > a.0 { b } else { a }));
    }
    let mut node = lattice.length();
    let mut path = vec![];
    while node > 0 {
        path.extend(best[node].2);
        node = best[node].1;
    }
    path.reverse();
    path
}

/// The logarithm of the sum of two numbers, given by their logarithms.
fn log_sum(a: f32, b: f32) -> f32 {
    let most = a.max(b);
    if most == f32::NEG_INFINITY { most } else { most + ((a - most).exp() + (b - most).exp()).ln() }
}

/// A network before it learns.
pub fn untrained(units: usize) -> Result<Network, Error> {
    Network::new(Architecture::new(Shape::new(1, FEATURES, 1)).dense(units).tanh().dense(1), 1)
}

/// A network that learnt from rows, each `epochs` times.
pub fn trained(rows: &[KnownRow], units: usize, epochs: u64) -> Result<Network, Error> {
    let mut trainer = Trainer::new(untrained(units)?, Loss::MeanSquaredError, Adam::default(), 1)?;
    let batches = rows.len().div_ceil(BATCH) as u64;
    let mut rng = Rng::new(1);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    for epoch in 0..epochs {
        (1..order.len()).rev().for_each(|i| order.swap(i, (rng.uniform() * (i + 1) as f32) as usize));
        let mut sum = 0.0;
        for (number, batch) in (0..).zip(order.chunks(BATCH)) {
            let rows = batch.iter().map(|at| &rows[*at]);
            let x: Vec<f32> = rows.clone().flat_map(|row| row.features.iter().copied()).collect();
            let scores = trainer.network().predict(&x);
            let mut targets = Vec::with_capacity(scores.len());
            for row in rows {
                let own = &scores[targets.len()..][..row.spans.len()];
                let (shares, right) = row.shares(own);
                sum += right;
                // The squared error's derivative with respect to a score is then twice the share less 1 or 0.
                targets.extend(
                    own.iter().zip(shares).zip(&row.right).map(|((score, share), right)| score - share + right),
                );
            }
            trainer.step(&x, &targets, Schedule::OneCycle.rate(RATE, epoch * batches + number, epochs * batches, 0));
        }
        println!("epoch {}: the right path's share is exp({:.4})", epoch + 1, sum / rows.len() as f32);
    }
    Ok(trainer.into_network())
}
