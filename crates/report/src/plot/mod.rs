//! Plots: curves between two axes, drawn as SVG or as lines of text.

pub mod axis;
pub mod svg;
pub mod terminal;
pub mod words;

use crate::plot::axis::Axis;
use nn_core::metrics::Score;
use nn_train::EpochReport;

/// Curves between two axes.
pub struct Plot {
    /// The axis from left to right.
    pub x: Axis,
    /// The axis from the bottom to the top.
    pub y: Axis,
    /// The curves; later ones lie above earlier ones.
    pub curves: Vec<Curve>,
}

/// A curve: points in the order of x, joined by straight lines.
pub struct Curve {
    /// Its name in a legend.
    pub name: String,
    /// Its look.
    pub look: CurveLook,
    /// The points, in the units of the axes.
    pub points: Vec<(f64, f64)>,
}

/// The look of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurveLook {
    /// Red, green and blue, in SVG.
    pub colour: [u8; 3],
    /// The character that it is made of, in text.
    pub sign: char,
    /// Whether its points are marked, where they are few.
    pub has_dots: bool,
}

/// Scores on the training samples in passing.
pub const TRAINING: CurveLook = CurveLook { colour: [0xc0, 0x6a, 0x1b], sign: '.', has_dots: true };
/// Scores on the validation samples.
pub const VALIDATION: CurveLook = CurveLook { colour: [0x1f, 0x62, 0xb5], sign: '*', has_dots: true };
/// A line to compare others with.
pub const IDEAL: CurveLook = CurveLook { colour: [0x9a, 0xa4, 0xae], sign: '-', has_dots: false };

/// Colours of the curves; where there are more, they come again, and letters tell the curves apart.
pub const COLOURS: [[u8; 3]; 6] = [
    [0x1f, 0x62, 0xb5],
    [0xc0, 0x6a, 0x1b],
    [0x2e, 0x7d, 0x4f],
    [0x8a, 0x3f, 0xa0],
    [0xb5, 0x2a, 0x3a],
    [0x00, 0x7a, 0x87],
];

/// Mean loss over the epochs.
pub fn loss(history: &[EpochReport]) -> Plot {
    over_epochs(history, |score| score.loss(), Axis::losses)
}

/// Accuracy over the epochs.
pub fn accuracy(history: &[EpochReport]) -> Plot {
    over_epochs(history, |score| 1.0 - score.accuracy(), Axis::errors)
}

/// A value of the scores over the epochs, for training and, where there is any, validation.
fn over_epochs(history: &[EpochReport], value: fn(Score) -> f64, axis: fn(std::vec::IntoIter<f64>) -> Axis) -> Plot {
    let curve = |name: &str, look, score: fn(&EpochReport) -> Option<Score>| {
        let point = |report: &EpochReport| Some((f64::from(report.epoch), value(score(report)?)));
        let points = history.iter().filter_map(point).filter(|(_, value)| value.is_finite()).collect();
        Curve { name: name.into(), look, points }
    };
    let mut curves = vec![
        curve("training", TRAINING, |report| Some(report.train)),
        curve("validation", VALIDATION, |report| report.validation),
    ];
    curves.retain(|curve| !curve.points.is_empty());
    let values: Vec<f64> = curves.iter().flat_map(|curve| &curve.points).map(|point| point.1).collect();
    let (first, last) = (history.first().map_or(1, |r| r.epoch), history.last().map_or(1, |r| r.epoch));
    Plot { x: Axis::epochs(first, last), y: axis(values.into_iter()), curves }
}
