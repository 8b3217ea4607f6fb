//! The programs as a user runs them, on small datasets in folders of their own.
#![allow(clippy::unwrap_used)]

mod bad_model;
mod data;
mod faults;
mod few_drawings;
mod outside;
mod place;
mod program;
mod resume;
mod settings;
mod sources;
mod strokes;
mod whole_way;
