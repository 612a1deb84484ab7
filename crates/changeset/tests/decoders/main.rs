//! Every decoder that reads a stranger's bytes takes anything without a panic, and writes back what it took.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod reading;
#[path = "../../../../tests/decoders/replay.rs"]
mod replay;

#[test]
fn what_is_taken_is_written_back() {
    for (name, decoder) in reading::ALL {
        replay::replay(name, decoder);
    }
}
