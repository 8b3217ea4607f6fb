//! The drawing widget of both windows: pointer, touch and pen become [`nn_data::Ink`].
//!
//! What is seen is what [`Ink::rasterise`](nn_data::Ink::rasterise) makes of the strokes, pixel by pixel. The left
//! button draws, the right one erases, Ctrl+Z and Ctrl+Shift+Z go back and forth. [`look`] holds the colours and
//! sizes that the windows share.
//!
//! ```
//! use draw_pad::DrawPad;
//!
//! let mut pad = DrawPad::default();
//! egui::__run_test_ui(|ui| {
//!     let response = pad.ui(ui, 400.0);
//!     if response.changed() {
//!         println!("{} strokes", pad.ink().strokes.len());
//!     }
//! });
//! ```

mod canvas;
mod eraser;
mod gesture;
mod history;
pub mod look;
mod pad;
mod tools;

pub use pad::{DrawPad, NAME};
