//! The report of a training: one HTML page that needs nothing else, with its plots; for the program `train` and for the page of a browser.

mod measured;
mod page;
pub mod plot;

pub use measured::{Measured, MeasuredOn};
pub use page::Report;
