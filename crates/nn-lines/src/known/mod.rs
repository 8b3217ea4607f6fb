//! Knowledge of texts: the kinds of characters that follow each other, and what a person says beforehand.

pub mod grouping;
pub mod help;
pub mod kinds;
