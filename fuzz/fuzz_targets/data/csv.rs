//! Fuzzes the target `csv` of the crate `fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::run("csv", bytes));
