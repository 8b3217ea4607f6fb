//! The memory that reading with a model takes, held against what this machine has.

use anyhow::{Result, ensure};
use cli::memory;
use nn_data::Memory;
use nn_io::{Model, reading_need};

/// Settles that this machine can read with a model.
///
/// # Errors
/// Where that needs more than half of the memory.
pub fn check(model: &Model) -> Result<()> {
    let (need, limit) = (Memory { bytes: reading_need(&model.network) }, memory::limit(None));
    ensure!(need.bytes <= limit.bytes, "reading with this model needs {need} of memory, and {limit} may be taken");
    Ok(())
}

/// The same for a command, whose flags may set the limit.
///
/// # Errors
/// Where that needs more memory than may be taken.
pub fn check_within(model: &Model, flag: Option<Memory>) -> Result<()> {
    let need = reading_need(&model.network);
    memory::check(need, memory::limit(flag), "reading with this model", "fewer --threads need less")
}
