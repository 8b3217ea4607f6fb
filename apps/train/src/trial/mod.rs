//! Trials before a training: which learning rate suits it, and whether the network can learn anything at all.

pub mod find_lr;
pub mod overfit;
