//! The checks that every layer goes through.

mod golden;
pub(crate) mod harness;
