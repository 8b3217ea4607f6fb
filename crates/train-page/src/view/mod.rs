//! The views of the page. A view shows what is there and returns what the user wants; it reads no file and trains nothing.

pub mod controls;
pub mod curves;
pub mod drawing;
pub mod form;
pub mod found;
pub mod layers;
pub mod moment;
pub mod pictures;
