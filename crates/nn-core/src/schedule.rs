//! The learning rate as a function of the step.

use std::f64::consts::PI;

/// The course of the learning rate from the first step to the last, relative to its peak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Schedule {
    /// The same throughout.
    #[default]
    Constant,
    /// Falls to zero along half a cosine (Loshchilov and Hutter 2017).
    Cosine,
    /// Rises from 1/25 to the peak over the first 30 % of the steps, then falls to nearly zero, both along a cosine
    /// (Smith and Topin 2018). The warm-up lets it take a higher peak than the others.
    OneCycle,
}

impl Schedule {
    /// The learning rate of `step` (from 0) out of `steps`, with a linear warm-up over the first `warmup` steps.
    ///
    /// ```
    /// use nn_core::Schedule;
    /// assert_eq!(Schedule::Constant.rate(0.1, 50, 100, 0), 0.1);
    /// assert_eq!(Schedule::Cosine.rate(0.1, 50, 100, 0), 0.05);
    /// assert_eq!(Schedule::Constant.rate(0.1, 4, 100, 10), 0.05); // the fifth of ten steps of warm-up
    /// assert_eq!(Schedule::OneCycle.rate(0.1, 30, 100, 0), 0.1); // the peak
    /// ```
    pub fn rate(self, peak: f32, step: u64, steps: u64, warmup: u64) -> f32 {
        let done = step as f64 / steps.max(1) as f64;
        // from a to b along half a cosine, t in 0..1
        let cosine = |a: f64, b: f64, t: f64| b + (a - b) * (1.0 + (PI * t.min(1.0)).cos()) / 2.0;
        let share = match self {
            Self::Constant => 1.0,
            Self::Cosine => cosine(1.0, 0.0, done),
            Self::OneCycle if done < 0.3 => cosine(0.04, 1.0, done / 0.3),
            Self::OneCycle => cosine(1.0, 4e-6, (done - 0.3) / 0.7),
        };
        let warm = if step < warmup { (step + 1) as f64 / warmup as f64 } else { 1.0 };
        (peak as f64 * share * warm) as f32
    }
}
