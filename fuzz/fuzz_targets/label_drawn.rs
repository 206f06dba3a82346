#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tapegun::fuzzing::run("label_drawn", bytes));
