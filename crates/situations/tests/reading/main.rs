//! Pictures as people have them: the models that ship read characters in every situation as they read them plainly drawn.
#![allow(clippy::unwrap_used)]

mod reading;
