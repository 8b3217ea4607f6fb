//! Fuzzes the target `checkpoint` of the crate `fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::run("checkpoint", bytes));
