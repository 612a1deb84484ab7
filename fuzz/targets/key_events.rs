//! Reads anything as `key_events`.
#![no_main]

#[path = "../../crates/changeset/tests/decoders/reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reading::named("key_events")(bytes);
});
