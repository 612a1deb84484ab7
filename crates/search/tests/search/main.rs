//! The index follows the journal, and finds who may be two.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod following;
mod twins;
