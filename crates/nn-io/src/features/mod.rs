//! Features: the values of the network's last hidden layer, by which pictures are alike or not.

pub mod examples;
pub mod neighbours;
