//! Everything that the windows share: the look, the drawing pad, the answer, the notice line, workers beside the window, the file dialog,
//! and the system's window around it all.
//!
//! The drawing pad turns pointer, touch and pen into [`nn_data::Ink`] and shows exactly what
//! [`Ink::rasterise`](nn_data::Ink::rasterise) makes of the strokes. The left button draws, the right one erases, Ctrl+Z
//! and Ctrl+Shift+Z go back and forth.
//!
//! ```
//! use ui::pad::DrawPad;
//!
//! let mut pad = DrawPad::default();
//! egui::__run_test_ui(|ui| {
//!     pad.begin_frame(ui);
//!     while let Some(press) = pad.next_press(ui) {
//!         println!("{press:?}"); // a key, after the strokes before it
//!     }
//!     let response = pad.ui(ui, 400.0);
//!     if response.changed() {
//!         println!("{} strokes", pad.ink().strokes.len());
//!     }
//! });
//! ```

pub mod answer;
#[cfg_attr(target_arch = "wasm32", path = "dialog/in_browser.rs")]
pub mod dialog;
pub mod image;
pub mod in_order;
pub mod keys;
pub mod look;
pub mod notice;
pub mod pad;
pub mod palette;
pub mod path;
pub mod settings;
#[cfg(not(target_arch = "wasm32"))]
pub mod shell;
pub mod worker;
