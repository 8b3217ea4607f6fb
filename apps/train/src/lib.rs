//! The `train` program: from datasets to a model file, with progress, metrics and a report on the way.

pub mod args;
mod command;
mod compare;
mod cost;
mod datasets;
mod finish;
mod interrupt;
mod machines;
mod metrics;
mod progress;
mod run;
mod session;
mod trial;
#[cfg(feature = "watch")]
mod watch;

pub use run::run;
