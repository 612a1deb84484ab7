//! The suites of others, and the bytes that do not change.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod suites;
mod vectors;
