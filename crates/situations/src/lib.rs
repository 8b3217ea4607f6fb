//! For tests only: characters in the situations in which people photograph, scan and draw them. Everything is made from a
//! seed, the same on every machine.
//!
//! A [`Character`] is drawn on a [`Scene`]; [`SITUATIONS`] are functions that do so, each in its own way; [`measure`] has them
//! read.

mod character;
mod colour;
mod dice;
mod light;
pub mod measure;
mod paper;
mod scene;
mod screens;
mod situation;
mod surroundings;

pub use character::Character;
pub use colour::Colour;
pub use dice::Dice;
pub use scene::Scene;
pub use situation::{SITUATIONS, Situation};
