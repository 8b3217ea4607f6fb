//! For tests only: all that reads what strangers made, each as a function of bytes.
//!
//! No bytes may make such a function panic, hang, or take memory for what they merely claim. The fuzzers in `fuzz/` look for
//! some that do: `cargo xtask fuzz`. What they found lies in `fuzz/seeds`, and a test of this crate reads all of that.

mod files;
mod folders;
mod models;
mod text;

/// A name, and what reads bytes under it.
pub type Named = (&'static str, fn(&[u8]));

/// All that is fuzzed, by the names of the folders in `fuzz/seeds`.
pub const TARGETS: [Named; 14] = [
    ("model", models::model),
    ("checkpoint", models::checkpoint),
    ("safetensors", models::safetensors),
    ("idx", files::idx),
    ("csv", files::csv),
    ("strokes", files::strokes),
    ("data", files::data),
    ("npz", files::npz),
    ("zip", files::zip),
    ("folder", folders::folder),
    ("drawings", folders::drawings),
    ("picture", files::picture),
    ("layers", text::layers),
    ("only", text::only),
];

/// Gives bytes to the target of a name.
///
/// # Panics
/// When no target has the name, or when it panics.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|(target, _)| *target == name);
    let (_, read) = target.unwrap_or_else(|| panic!("no target is called {name}"));
    read(bytes);
}

/// The Rust code in README.md compiles; it stands here, since this crate knows all others and is published nowhere.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
