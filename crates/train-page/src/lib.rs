//! A page of a window on which a network is trained and watched while it learns: choices, curves, weights, mistakes, and the
//! answer to the drawing on the pad at every moment.
//!
//! The training runs on threads of its own. [`Live`](live::Live) is what both sides hold: the page gives orders by it and
//! shows what a [`Watcher`](watcher::Watcher) tells, who listens to the training.

pub mod activations;
mod keeper;
pub mod live;
pub mod page;
pub mod plan;
pub mod prepared;
mod reading;
pub mod shelf;
pub mod snapshot;
pub mod timeline;
pub mod training;
pub mod view;
pub mod watcher;
