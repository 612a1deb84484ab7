//! Reads anything as `message`.
#![no_main]

#[path = "../../crates/sync/tests/decoders/reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reading::named("message")(bytes);
});
