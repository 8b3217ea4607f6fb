//! Fuzzes the target `folder` of the crate `fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::run("folder", bytes));
