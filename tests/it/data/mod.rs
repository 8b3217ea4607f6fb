//! Data: what is refused, and what every program reads alike.

mod bad;
mod pictures;
mod tables;
