//! Every decoder of this crate that reads a stranger's bytes takes anything without a panic, and draws what it took within its bounds.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod reading;
#[path = "../../../../tests/decoders/replay.rs"]
mod replay;

#[test]
fn what_is_taken_is_drawn_within_bounds() {
    for (name, decoder) in reading::ALL {
        replay::replay(name, decoder);
    }
}
