//! Reads anything as `payload`.
#![no_main]

#[path = "../../crates/rdf/tests/decoders/reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reading::named("payload")(bytes);
});
