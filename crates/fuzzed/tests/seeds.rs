//! Every input that the fuzzers started from or failed on is read without a panic.
#![allow(clippy::unwrap_used)]

use fuzzed::TARGETS;
use std::path::Path;

#[test]
fn no_seed_makes_its_target_panic() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    for (name, read) in TARGETS {
        let mut files: Vec<_> = std::fs::read_dir(seeds.join(name)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has no seeds");
        for file in files {
            eprintln!("{}", file.display());
            read(&std::fs::read(&file).unwrap());
        }
    }
}
