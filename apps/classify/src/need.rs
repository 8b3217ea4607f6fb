//! The memory that reading with a model takes, held against what this machine has.

use anyhow::Result;
use cli::memory;
use nn_data::Memory;
use nn_io::{Model, reading_need};

/// Settles that this machine can read with a model; `flag` is the limit that the command line gives.
///
/// # Errors
/// Where that needs more memory than may be taken.
pub fn check(model: &Model, flag: Option<Memory>) -> Result<()> {
    let need = reading_need(&model.network);
    memory::check(need, memory::limit(flag), "reading with this model", "fewer --threads need less")
}
