//! Fuzzes the target `idx` of the crate `fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::run("idx", bytes));
