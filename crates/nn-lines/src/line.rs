//! A line that was read.

use crate::bounds::Bounds;

/// A line that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its text.
    pub text: String,
    /// The share of this text among all that were considered, 0 to 1.
    pub probability: f32,
    /// Its characters from left to right.
    pub characters: Vec<ReadCharacter>,
    /// Other texts that it may be, with their shares, the most probable first.
    pub others: Vec<(String, f32)>,
}

/// A character of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadCharacter {
    /// The character.
    pub text: String,
    /// True if a space stands before it.
    pub space: bool,
    /// Other characters that it may be, the most probable first.
    pub others: Vec<String>,
    /// The share of all readings that have this character here, 0 to 1.
    pub probability: f32,
    /// The box around it, in the units of the page.
    pub bounds: Bounds,
    /// The parts of the page that it consists of, in ascending order.
    pub parts: Vec<usize>,
}
