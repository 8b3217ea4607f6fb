//! Rows whose right path is known, and a network that learns from them.

use crate::pictured::{Pictured, agreement};
use nn_core::rng::Rng;
use nn_core::{Adam, Architecture, Error, Loss, Network, Schedule, Shape, Trainer};
use nn_data::stroke_file::texts::WrittenText;
use nn_lines::{CLASSES, FEATURES, InkPage, Lattice, LineReader, SCORES, losses};

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
    /// For each candidate, the place of its class in [`CLASSES`], where it is a character of a known class.
    classes: Vec<Option<usize>>,
    /// The node at its end.
    length: usize,
}

/// The sets of strokes that are the characters of a text.
pub fn characters(text: &WrittenText) -> Vec<Vec<usize>> {
    text.cuts.iter().map(|[first, end]| (*first..*end).collect()).collect()
}

/// The place in [`CLASSES`] of each character of a text.
fn classes(text: &WrittenText) -> Vec<Option<usize>> {
    text.text.chars().filter(|c| !c.is_whitespace()).map(|c| CLASSES.find(c)).collect()
}

/// The rows of a text, as strokes.
pub fn of_strokes(reader: &LineReader, text: &WrittenText) -> Vec<KnownRow> {
    let (true_parts, classes) = (characters(text), classes(text));
    let lattices = reader.lattices(&InkPage::of_ink(&text.strokes));
    let agrees = |parts: &Vec<usize>| match true_parts.iter().position(|own| own == parts) {
        Some(at) => (1.0, classes[at]),
        None => (0.0, None),
    };
    lattices.iter().flat_map(|lattice| KnownRow::of(reader, lattice, agrees)).collect()
}

/// The rows of a text, as a picture that the seed chooses.
pub fn of_picture(reader: &LineReader, text: &WrittenText, seed: u64) -> Vec<KnownRow> {
    let Some(pictured) = Pictured::new(text, seed) else { return vec![] };
    let page = pictured.page();
    let (shares, classes) = (pictured.shares(&page), classes(text));
    let agrees = |parts: &Vec<usize>| {
        let (share, at) = agreement(parts, &shares);
        (share, classes[at])
    };
    reader.lattices(&page).iter().flat_map(|lattice| KnownRow::of(reader, lattice, agrees)).collect()
}

impl KnownRow {
    /// The stretches of a row in which the right candidates stand side by side, given how well parts agree with a character,
    /// and its class.
    fn of(reader: &LineReader, lattice: &Lattice, agrees: impl Fn(&Vec<usize>) -> (f32, Option<usize>)) -> Vec<Self> {
        let candidates = lattice.candidates();
        let (agreement, classes): (Vec<f32>, Vec<Option<usize>>) =
            candidates.iter().map(|candidate| agrees(&candidate.parts)).unzip();
        let right = right_path(lattice, &agreement);
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
                classes: within.iter().map(|at| classes[*at]).collect(),
                length: to - from,
            }
        };
        right.chunk_by(joins).map(stretch).collect()
    }

    /// The outputs that the network is to have, such that the squared error's derivative is that of the right path's share,
    /// and the logarithm of this share, given its outputs.
    fn targets(&self, given: &[f32]) -> (Vec<f32>, f32) {
        let each = || given.chunks_exact(SCORES).zip(self.features.chunks_exact(FEATURES));
        // For each candidate the gains by its classes, and the logarithm of the sum over them.
        let gains: Vec<Vec<f32>> = each()
            .map(|(given, features)| losses(features).zip(&given[1..]).map(|(loss, gain)| loss + gain).collect())
            .collect();
        let sums: Vec<f32> = gains.iter().map(|gains| gains.iter().copied().fold(f32::NEG_INFINITY, log_sum)).collect();
        let scores: Vec<f32> = each().zip(&sums).map(|((given, _), sum)| given[0] + sum).collect();
        let (shares, mut right_share) = self.shares(&scores);
        let mut targets = given.to_vec();
        for (at, targets) in targets.chunks_exact_mut(SCORES).enumerate() {
            let (share, right, class) = (shares[at], self.right[at], self.classes[at]);
            targets[0] += right - share;
            for (place, target) in targets[1..].iter_mut().enumerate() {
                let part = (gains[at][place] - sums[at]).exp();
                let wanted = class.map_or(part, |class| f32::from(u8::from(class == place)));
                *target += right * wanted - share * part;
            }
            right_share += right * class.map_or(0.0, |class| gains[at][class] - sums[at]);
        }
        (targets, right_share)
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

/// The number of characters for which there are right candidates side by side, given the parts of rows and how well they agree
/// with a character; 0 where something stands between them that is in none.
pub fn found(lattices: &[Lattice], agreement: impl Fn(&[usize]) -> f32) -> usize {
    let found = |lattice: &Lattice| {
        let candidates = lattice.candidates();
        let agreement: Vec<f32> = candidates.iter().map(|candidate| agreement(&candidate.parts)).collect();
        let path = right_path(lattice, &agreement);
        let nodes = [0].into_iter().chain(path.iter().map(|at| candidates[*at].end));
        let begins = path.iter().map(|at| candidates[*at].first).chain([lattice.length()]);
        if nodes.eq(begins) { path.len() } else { 0 }
    };
    lattices.iter().map(found).sum()
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
    Network::new(Architecture::new(Shape::new(1, FEATURES, 1)).dense(units).tanh().dense(SCORES), 1)
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
            let given = trainer.network().predict(&x);
            let mut targets = Vec::with_capacity(given.len());
            for row in rows {
                let (own, share) = row.targets(&given[targets.len()..][..row.spans.len() * SCORES]);
                sum += share;
                targets.extend(own);
            }
            trainer.step(&x, &targets, Schedule::OneCycle.rate(RATE, epoch * batches + number, epochs * batches, 0));
        }
        println!("epoch {}: the right path's share is exp({:.4})", epoch + 1, sum / rows.len() as f32);
    }
    Ok(trainer.into_network())
}
