//! For tests only: characters in the situations in which people photograph, scan and draw them, and pictures that show no
//! character. Everything is made from a seed, the same on every machine.
//!
//! A [`Character`] is drawn on a [`Scene`]; [`SITUATIONS`] are functions that do so, each in its own way; [`OTHERS`] make
//! pictures of other things; [`measure`] has them read.

mod character;
mod colour;
mod dice;
mod light;
pub mod measure;
mod others;
mod paper;
mod scene;
mod screens;
mod situation;
mod surroundings;

pub use character::Character;
pub use colour::Colour;
pub use dice::Dice;
pub use others::{OTHERS, Other};
pub use scene::Scene;
pub use situation::{SITUATIONS, Situation};
