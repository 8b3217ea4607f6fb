//! Digits drawn by rule, each a little otherwise, for a session that needs no files.

use super::digits::Digit;

/// The labels of the digits that are drawn by rule.
pub const LABELS: [&str; 3] = ["0", "1", "7"];

/// A digit that is drawn by rule; another number gives another size, slant and place.
pub fn drawn(label: &str, number: usize) -> Digit {
    let line = match label {
        "0" => (0..=24)
            .map(|i| f64::from(i) * std::f64::consts::TAU / 24.0)
            .map(|a| [0.32 * a.sin(), -0.45 * a.cos()])
            .collect(),
        "1" => dense(&[[0.0, -0.45], [0.0, 0.45]]),
        _ => dense(&[[-0.3, -0.4], [0.3, -0.4], [-0.05, 0.45]]),
    };
    let turn = |factor: usize, of: usize| (number * factor % of) as f64 / of as f64 - 0.5; // -0.5 to 0.5, in no order
    let (wide, high, slant) = (0.85 + 0.3 * turn(7, 20), 0.85 + 0.3 * turn(11, 20), 0.3 * turn(13, 20));
    let [right, down] = [0.5 + 0.1 * turn(17, 20), 0.5 + 0.1 * turn(3, 20)];
    let moved = |[x, y]: [f64; 2]| [right + wide * (x - slant * y), down + high * y];
    Digit { label: label.into(), number, strokes: vec![line.into_iter().map(moved).collect::<Vec<_>>()] }
}

/// A line through corners, with points between them as a pointer makes them.
fn dense(corners: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let between = |two: &[[f64; 2]]| {
        let (from, to) = (two[0], two[1]);
        (0..=8).map(move |i| f64::from(i) / 8.0).map(move |t| [0, 1].map(|k| from[k] + t * (to[k] - from[k])))
    };
    corners.windows(2).flat_map(between).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_another_and_lies_on_the_paper() {
        for label in LABELS {
            let all: Vec<_> = (0..20).map(|number| drawn(label, number).strokes).collect();
            assert!((0..20).all(|i| all[..i].iter().all(|earlier| *earlier != all[i])), "{label}");
            assert!(all.iter().flatten().flatten().flatten().all(|at| (0.0..=1.0).contains(at)), "{label}");
        }
    }
}
