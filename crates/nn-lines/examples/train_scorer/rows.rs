//! Rows whose right path is known, and a network that learns from them.

use crate::pictured::Pictured;
use nn_core::rng::Rng;
use nn_core::{Adam, Architecture, Error, Loss, Network, Schedule, Shape, Trainer};
use nn_data::stroke_file::texts::WrittenText;
use nn_lines::{FEATURES, InkPage, Lattice, LineReader};
use std::collections::HashSet;

/// Rows that are learnt from together.
const BATCH: usize = 32;
/// The learning rate at its highest.
const RATE: f32 = 0.004;

/// A row whose right path is known.
pub struct KnownRow {
    /// The features of its candidates, one after the other.
    features: Vec<f32>,
    /// For each candidate, its first piece and the piece after its last.
    spans: Vec<(usize, usize)>,
    /// For each candidate, 1 if the right path takes it, else 0.
    right: Vec<f32>,
    /// The pieces of the row.
    length: usize,
}

/// The sets of strokes that are the characters of a text.
pub fn characters(text: &WrittenText) -> HashSet<Vec<usize>> {
    text.cuts.iter().map(|[first, end]| (*first..*end).collect()).collect()
}

/// The rows of a text, as strokes.
pub fn of_strokes(reader: &LineReader, text: &WrittenText) -> Vec<KnownRow> {
    let true_parts = characters(text);
    let lattices = reader.lattices(&InkPage::of_ink(&text.strokes));
    lattices.iter().filter_map(|lattice| KnownRow::new(reader, lattice, |parts| true_parts.contains(parts))).collect()
}

/// The rows of a text, as a picture.
pub fn of_picture(reader: &LineReader, text: &WrittenText) -> Vec<KnownRow> {
    let Some(pictured) = Pictured::new(text) else { return vec![] };
    let page = InkPage::of_picture(&pictured.picture);
    let shares = pictured.shares(&page);
    let is_right = |parts: &Vec<usize>| pictured.is_character(parts, &shares);
    reader.lattices(&page).iter().filter_map(|lattice| KnownRow::new(reader, lattice, is_right)).collect()
}

impl KnownRow {
    /// A row; `None` if the right candidates do not stand side by side from the first piece to the last.
    fn new(reader: &LineReader, lattice: &Lattice, is_right: impl Fn(&Vec<usize>) -> bool) -> Option<Self> {
        let candidates = lattice.candidates();
        let mut at = 0;
        let mut right = vec![0.0; candidates.len()];
        for (candidate, right) in candidates.iter().zip(&mut right) {
            if candidate.first == at && is_right(&candidate.parts) {
                (at, *right) = (candidate.end, 1.0);
            }
        }
        (at == lattice.length()).then(|| Self {
            features: reader.features(lattice),
            spans: candidates.iter().map(|candidate| (candidate.first, candidate.end)).collect(),
            right,
            length: lattice.length(),
        })
    }

    /// For each place, the logarithm of the sum over the paths that lead there, given the scores.
    fn sums(&self, scores: &[f32]) -> Vec<f32> {
        let mut sums = vec![f32::NEG_INFINITY; self.length + 1];
        sums[0] = 0.0;
        for ((first, end), score) in self.spans.iter().zip(scores) {
            sums[*end] = log_sum(sums[*end], sums[*first] + score); // candidates stand by their first piece
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
