//! Fuzzes the target `data` of the crate `fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::run("data", bytes));
