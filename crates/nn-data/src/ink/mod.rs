//! Ink: the strokes of a drawing, and the picture that a pen makes of them.

use image::{GrayImage, Luma};
use serde::{Deserialize, Serialize};

/// The strokes of a drawing, each a line through points `[x, y]`. The paper is the square from 0 to 1, x goes right and
/// y down. A stroke of one point is a dot. As JSON, `[[[x, y], …], …]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ink {
    /// The strokes in the order in which they were drawn.
    pub strokes: Vec<Vec<[f32; 2]>>,
}

/// A drawing with its label, as a line of a stroke file or the file beside a picture of the collector holds it:
/// `{"label": "a", "writer": "ada", "strokes": [[[0.1, 0.5], …], …]}`. Other fields are passed over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StrokeSample {
    /// What was drawn.
    pub label: String,
    /// Who drew it; empty where nobody said.
    #[serde(default)]
    pub writer: String,
    /// The strokes; in stroke files of any scale, see [`Ink::fitted`].
    pub strokes: Ink,
}

/// Part of a picture, in pixels: from `x, y` on, `width` x `height`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// The first column.
    pub x: u32,
    /// The first row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Area {
    /// The smallest area that holds both.
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.width).max(other.x + other.width);
        let bottom = (self.y + self.height).max(other.y + other.height);
        Self { x, y, width: right - x, height: bottom - y }
    }
}

impl Ink {
    /// Whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.strokes.iter().all(Vec::is_empty)
    }

    /// The corners `[left, top]` and `[right, bottom]` of the box around all points.
    pub fn bounds(&self) -> Option<[[f32; 2]; 2]> {
        let mut points = self.strokes.iter().flatten();
        let first = *points.next()?;
        Some(points.fold([first, first], |[low, high], p| {
            [[low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])]]
        }))
    }

    /// The same drawing of any scale, moved and scaled so that the longer side of its box fills `share` of the paper,
    /// in the middle of it.
    pub fn fitted(&self, share: f32) -> Self {
        let Some([low, high]) = self.bounds() else { return self.clone() };
        let side = (high[0] - low[0]).max(high[1] - low[1]);
        let scale = if side > 0.0 { share / side } else { 0.0 };
        let place = |p: &[f32; 2]| [0, 1].map(|i| 0.5 + (p[i] - (low[i] + high[i]) / 2.0) * scale);
        Self { strokes: self.strokes.iter().map(|stroke| stroke.iter().map(place).collect()).collect() }
    }

    /// The drawing as bright ink (255) on black (0), `side` x `side` pixels, by a round pen whose diameter is the part
    /// `pen` of the side. Edges are smooth: a pixel's brightness falls with its distance from the line.
    pub fn rasterise(&self, side: u32, pen: f32) -> GrayImage {
        let mut picture = GrayImage::new(side, side);
        for stroke in &self.strokes {
            match stroke[..] {
                [point] => draw_line(&mut picture, point, point, pen),
                _ => stroke.array_windows().fold(None, |_, &[from, to]| draw_line(&mut picture, from, to, pen)),
            };
        }
        picture
    }
}

/// Draws one line with round ends into a square picture, as [`Ink::rasterise`] does, and returns the pixels that it may
/// have changed; none where it lies outside.
pub fn draw_line(picture: &mut GrayImage, from: [f32; 2], to: [f32; 2], pen: f32) -> Option<Area> {
    let side = picture.width() as f32;
    let ([ax, ay], [bx, by]) = (from.map(|v| v * side), to.map(|v| v * side));
    let reach = pen * side / 2.0 + 0.5; // half a pixel of smooth edge
    let span = |a: f32, b: f32, length: u32| {
        let first = (a.min(b) - reach).floor().clamp(0.0, length as f32) as u32;
        let last = (a.max(b) + reach).ceil().clamp(0.0, length as f32) as u32;
        (first, last.saturating_sub(first))
    };
    let (x, width) = span(ax, bx, picture.width());
    let (y, height) = span(ay, by, picture.height());
    if width == 0 || height == 0 || !(ax + ay + bx + by + reach).is_finite() {
        return None;
    }
    let (dx, dy) = (bx - ax, by - ay);
    let squared = dx * dx + dy * dy;
    for row in y..y + height {
        let py = row as f32 + 0.5 - ay;
        for column in x..x + width {
            let px = column as f32 + 0.5 - ax;
            let along = if squared > 0.0 { ((px * dx + py * dy) / squared).clamp(0.0, 1.0) } else { 0.0 };
            let distance = (px - along * dx).hypot(py - along * dy);
            let Luma([ink]) = picture.get_pixel_mut(column, row);
            *ink = (*ink).max(((reach - distance).clamp(0.0, 1.0) * 255.0).round() as u8);
        }
    }
    Some(Area { x, y, width, height })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn ink(strokes: &[&[[f32; 2]]]) -> Ink {
        Ink { strokes: strokes.iter().map(|stroke| stroke.to_vec()).collect() }
    }

    fn mass(picture: &GrayImage) -> f32 {
        picture.iter().map(|&p| f32::from(p) / 255.0).sum()
    }

    #[test]
    fn a_dot_is_a_disc_and_a_line_is_as_wide_as_the_pen() {
        let dot = ink(&[&[[0.5, 0.5]]]).rasterise(100, 0.2);
        assert!((mass(&dot) - std::f32::consts::PI * 100.0).abs() < 3.0, "{}", mass(&dot));
        assert_eq!((dot.get_pixel(50, 50)[0], dot.get_pixel(50, 61)[0]), (255, 0));
        let line = ink(&[&[[0.2, 0.5], [0.8, 0.5]]]).rasterise(100, 0.1);
        let column: f32 = (0..100).map(|y| f32::from(line.get_pixel(50, y)[0]) / 255.0).sum();
        assert!((column - 10.0).abs() < 0.01, "{column}");
        let caps = mass(&line) - 60.0 * 10.0;
        assert!((caps - std::f32::consts::PI * 25.0).abs() < 2.0, "{caps}");
    }

    #[test]
    fn points_on_a_line_and_joins_change_nothing() {
        let line = ink(&[&[[0.1, 0.2], [0.9, 0.7]]]);
        let many =
            ink(&[&(0..=64).map(|i| i as f32 / 64.0).map(|t| [0.1 + 0.8 * t, 0.2 + 0.5 * t]).collect::<Vec<_>>()]);
        let (one, many) = (line.rasterise(64, 0.08), many.rasterise(64, 0.08));
        assert!(one.iter().zip(many.iter()).all(|(a, b)| a.abs_diff(*b) <= 1));
    }

    #[test]
    fn what_lies_outside_is_cut_and_nothing_is_blank() {
        assert_eq!(mass(&Ink::default().rasterise(10, 0.1)), 0.0);
        assert!(Ink::default().is_empty() && ink(&[&[]]).is_empty() && !ink(&[&[[0.0, 0.0]]]).is_empty());
        let mut picture = GrayImage::new(20, 20);
        assert_eq!(draw_line(&mut picture, [2.0, 2.0], [3.0, 2.0], 0.1), None);
        assert_eq!(draw_line(&mut picture, [f32::NAN, 0.5], [0.5, 0.5], 0.1), None);
        let area = draw_line(&mut picture, [0.5, -1.0], [0.5, 2.0], 0.1).unwrap();
        assert_eq!((area.y, area.height), (0, 20));
        assert!((0..20).all(|y| picture.get_pixel(10, y)[0] == 255 && picture.get_pixel(0, y)[0] == 0));
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

    proptest! {
        /// Drawing within the changed area only is the same as looking at every pixel.
        #[test]
        fn only_the_area_changes(a in [-0.2f32..1.2, -0.2f32..1.2], b in [-0.2f32..1.2, -0.2f32..1.2], pen in 0.01f32..0.3) {
            let mut picture = GrayImage::new(40, 40);
            let area = draw_line(&mut picture, a, b, pen);
            for (x, y, pixel) in picture.enumerate_pixels() {
                let (p, d) = ([(x as f32 + 0.5) / 40.0 - a[0], (y as f32 + 0.5) / 40.0 - a[1]], [b[0] - a[0], b[1] - a[1]]);
                let along = ((p[0] * d[0] + p[1] * d[1]) / (d[0] * d[0] + d[1] * d[1]).max(1e-12)).clamp(0.0, 1.0);
                let far = (p[0] - along * d[0]).hypot(p[1] - along * d[1]) - pen / 2.0;
                let expected = ((0.5 - far * 40.0).clamp(0.0, 1.0) * 255.0).round();
                prop_assert!((f32::from(pixel[0]) - expected).abs() <= 1.0, "{x} {y}: {} {expected}", pixel[0]);
                let inside = area.is_some_and(|r| (r.x..r.x + r.width).contains(&x) && (r.y..r.y + r.height).contains(&y));
                prop_assert!(inside || pixel[0] == 0);
            }
        }
    }
}
