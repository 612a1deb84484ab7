//! Reads anything as `note`.
#![no_main]

#[path = "../../crates/changeset/tests/decoders/reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reading::named("note")(bytes);
});
