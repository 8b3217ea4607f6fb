//! Fuzzes the target `zip` of the crate `fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::run("zip", bytes));
