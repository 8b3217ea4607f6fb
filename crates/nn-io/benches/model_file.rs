//! Loading and saving the models that ship, checksum and all. Times are the best of many runs.
//!
//! `cargo bench -p nn-io --bench model_file`

use nn_io::{Model, Reader};
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

const RUNS: usize = 50;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let folder = tempfile::tempdir()?;
    println!("{:<16} {:>7} {:>9} {:>22} {:>9}", "model", "KiB", "load ms", "ready to read, ms", "save ms");
    for name in ["digits.mpk", "characters.mpk"] {
        let (from, to) = (models.join(name), folder.path().join(name));
        let model = Model::load(&from)?;
        let size = std::fs::metadata(&from)?.len() / 1024;
        let load = best(|| Model::load(&from).is_ok())?;
        let ready = best(|| Model::load(&from).map(Reader::new).is_ok())?;
        let save = best(|| model.save(&to).is_ok())?;
        println!("{name:<16} {size:>7} {load:>9.2} {ready:>22.2} {save:>9.2}");
    }
    Ok(())
}

/// The shortest time of some work in milliseconds; an error where it fails.
fn best(work: impl Fn() -> bool) -> Result<f64, &'static str> {
    let mut best = f64::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        if !black_box(work()) {
            return Err("a model could not be read or written");
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(best)
}
