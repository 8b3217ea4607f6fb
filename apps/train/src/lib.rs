//! The `train` program: from datasets to a model file, with progress, metrics and a report on the way.

pub mod args;
mod datasets;
mod interrupt;
mod metrics;
mod note;
mod progress;
pub mod report;
mod session;
mod summary;

pub use session::run;
