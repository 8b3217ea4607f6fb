//! `bindgen WASM FOLDER`: puts a compiled module into a folder, with the JavaScript that calls it. A program of its own, so
//! that only `cargo xtask web` compiles the library that does it.

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (module, folder) = arguments.next().zip(arguments.next()).context("usage: bindgen WASM FOLDER")?;
    let mut bindgen = Bindgen::new();
    bindgen.web(true)?.typescript(false).remove_name_section(true).remove_producers_section(true);
    bindgen.input_path(&module).out_name("web").generate(&folder).with_context(|| module.clone())
}
