//! Barnacle as a page of a browser: draws, trains and reads, without a server and without a network once it is loaded.
//!
//! The [`Page`](page::Page) is what is seen. It runs no network: a [`Worker`](worker::Worker) does, in a WebAssembly instance
//! of its own, and both send each other [messages](message). What only a browser can do, the page asks for by an
//! [`Errand`](errand::Errand). So all of it but `browser.rs` runs, and is tested, without a browser too.

pub mod collection;
pub mod errand;
pub mod kind;
pub mod message;
pub mod page;
pub mod project;
#[cfg(not(target_arch = "wasm32"))]
pub mod serve;
mod teller;
pub mod training;
pub mod worker;
