//! The box around ink.

use nn_data::Ink;

/// The box around ink, in the units of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The upper left corner, `[x, y]`.
    pub low: [f32; 2],
    /// The lower right corner.
    pub high: [f32; 2],
}

impl Bounds {
    /// The box around strokes; `None` without points.
    pub fn of(ink: &Ink) -> Option<Self> {
        ink.bounds().map(|[low, high]| Self { low, high })
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let low = [0, 1].map(|i| self.low[i].min(other.low[i]));
        let high = [0, 1].map(|i| self.high[i].max(other.high[i]));
        Self { low, high }
    }

    /// Its width.
    pub fn width(&self) -> f32 {
        self.high[0] - self.low[0]
    }

    /// Its height.
    pub fn height(&self) -> f32 {
        self.high[1] - self.low[1]
    }

    /// Its longer side.
    pub fn longest(&self) -> f32 {
        self.width().max(self.height())
    }

    /// Its middle.
    pub fn centre(&self) -> [f32; 2] {
        [0, 1].map(|i| (self.low[i] + self.high[i]) / 2.0)
    }
}
