//! Ink: the strokes of a drawing.

pub mod render;

use serde::{Deserialize, Serialize};

/// The strokes of a drawing, each a line through points `[x, y]`. The page is the square from 0 to 1; x goes right and y
/// down. A stroke of one point is a dot. As JSON, `[[[x, y], …], …]`. [`Ink::rasterise`] makes a picture of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ink {
    /// The strokes in the order in which they were drawn.
    pub strokes: Vec<Vec<[f32; 2]>>,
}

/// A drawing with its label, as it stands in a line of a stroke file and in the file beside a drawing's picture:
/// `{"label": "a", "writer": "ada", "strokes": [[[0.1, 0.5], …], …]}`. Other fields are skipped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StrokeSample {
    /// The character or word that was drawn.
    pub label: String,
    /// The person who drew it; empty if unknown.
    #[serde(default)]
    pub writer: String,
    /// The strokes. In stroke files they have any scale, see [`Ink::fitted`].
    pub strokes: Ink,
}

impl Ink {
    /// True without points.
    pub fn is_empty(&self) -> bool {
        self.strokes.iter().all(Vec::is_empty)
    }

    /// The corners `[left, top]` and `[right, bottom]` of the box around all points; `None` without points.
    pub fn bounds(&self) -> Option<[[f32; 2]; 2]> {
        let mut points = self.strokes.iter().flatten();
        let first = *points.next()?;
        Some(points.fold([first, first], |[low, high], p| {
            [[low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])]]
        }))
    }

    /// Moves and scales a drawing of any scale so that the longer side of its box fills `share` (0 to 1) of the page, in
    /// the middle of it.
    pub fn fitted(&self, share: f32) -> Self {
        let Some([low, high]) = self.bounds() else { return self.clone() };
        let side = (high[0] - low[0]).max(high[1] - low[1]);
        let scale = if side > 0.0 { share / side } else { 0.0 };
        let place = |p: &[f32; 2]| [0, 1].map(|i| 0.5 + (p[i] - (low[i] + high[i]) / 2.0) * scale);
        Self { strokes: self.strokes.iter().map(|stroke| stroke.iter().map(place).collect()).collect() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ink(strokes: &[&[[f32; 2]]]) -> Ink {
        Ink { strokes: strokes.iter().map(|stroke| stroke.to_vec()).collect() }
    }

    #[test]
    fn any_scale_is_fitted_into_the_middle() {
        let fitted = ink(&[&[[100.0, 300.0], [300.0, 700.0]]]).fitted(0.8);
        let corners = fitted.bounds().unwrap().into_iter().flatten();
        assert!(corners.zip([0.3, 0.1, 0.7, 0.9]).all(|(a, b)| (a - b).abs() < 1e-6), "{fitted:?}");
        assert_eq!(ink(&[&[[7.0, 9.0]]]).fitted(0.8), ink(&[&[[0.5, 0.5]]]));
        assert_eq!(Ink::default().fitted(0.8), Ink::default());
    }

    #[test]
    fn a_sample_is_one_json_object() {
        let line = r#"{"label":"8","split":"train","writer":"w","strokes":[[[267,167.5],[1,2]],[[3,4]]]}"#;
        let sample: StrokeSample = serde_json::from_str(line).unwrap();
        let strokes = ink(&[&[[267.0, 167.5], [1.0, 2.0]], &[[3.0, 4.0]]]);
        assert_eq!(sample, StrokeSample { label: "8".into(), writer: "w".into(), strokes });
        let text = serde_json::to_string(&sample).unwrap();
        assert_eq!(text, r#"{"label":"8","writer":"w","strokes":[[[267.0,167.5],[1.0,2.0]],[[3.0,4.0]]]}"#);
    }
}
