//! Reads anything as `picture`.
#![no_main]

#[path = "../../crates/files/tests/decoders/reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reading::named("picture")(bytes);
});
