//! Colours.

/// Red, green and blue, 0 to 255.
pub type Colour = [f32; 3];

/// The mixture of two colours: `share` (0 to 1) of the second.
pub(crate) fn mix(a: Colour, b: Colour, share: f32) -> Colour {
    [0, 1, 2].map(|c| a[c] + (b[c] - a[c]) * share)
}
