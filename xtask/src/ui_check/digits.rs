//! Digits that people drew with a pen, from a stroke file.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::Command;

/// A digit as somebody drew it.
pub struct Digit {
    /// Its label.
    pub label: String,
    /// Its number among those of its label, from 0.
    pub number: usize,
    /// Its strokes, in coordinates of 0..1.
    pub strokes: Vec<Vec<[f64; 2]>>,
}

/// The first `each` of every digit, by different writers.
pub fn read(path: &Path, each: usize) -> Result<Vec<Digit>> {
    let output = Command::new("gzip").arg("-dc").arg(path).output().context("cannot start gzip")?;
    ensure!(output.status.success(), "cannot read {}", path.display());
    let text = String::from_utf8_lossy(&output.stdout);
    let (mut counts, mut seen, mut digits) = (HashMap::<String, usize>::new(), HashSet::new(), vec![]);
    for line in text.lines() {
        let sample: Value =
            serde_json::from_str(line).with_context(|| format!("{} holds no strokes", path.display()))?;
        let label = sample["label"].as_str().unwrap_or_default().to_string();
        let count = counts.entry(label.clone()).or_default();
        if *count == each || !seen.insert((label.clone(), sample["writer"].to_string())) {
            continue;
        }
        let points = |stroke: &Value| serde_json::from_value::<Vec<[f64; 2]>>(stroke.clone());
        let strokes: Result<Vec<_>, _> = sample["strokes"].as_array().into_iter().flatten().map(points).collect();
        digits.push(Digit { label, number: *count, strokes: fitted(strokes?) });
        *count += 1;
    }
    ensure!(!digits.is_empty(), "{} holds no digits", path.display());
    digits.sort_by_key(|digit| digit.number); // all digits in turn
    Ok(digits)
}

/// Fits strokes of any scale into the middle of 0..1.
fn fitted(mut strokes: Vec<Vec<[f64; 2]>>) -> Vec<Vec<[f64; 2]>> {
    let range = |i: usize| {
        let values = strokes.iter().flatten().map(|p| p[i]);
        (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max))
    };
    let ((left, right), (top, bottom)) = (range(0), range(1));
    let side = (right - left).max(bottom - top).max(1e-9);
    for p in strokes.iter_mut().flatten() {
        *p = [0.5 + (p[0] - (left + right) / 2.0) / side, 0.5 + (p[1] - (top + bottom) / 2.0) / side];
    }
    strokes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_of_any_scale_fill_the_longer_side() {
        let strokes = fitted(vec![vec![[100.0, 300.0], [300.0, 700.0]], vec![[200.0, 500.0]]]);
        assert_eq!(strokes, [vec![[0.25, 0.0], [0.75, 1.0]], vec![[0.5, 0.5]]]);
    }
}
