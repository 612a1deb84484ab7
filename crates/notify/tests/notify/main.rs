//! Whom a record concerns hears of it, as they chose, once.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bed;
mod crier;
mod decided;
mod digest;
mod takeover;
