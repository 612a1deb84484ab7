//! The program as an operator runs it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bench;
mod catcher;
mod choices;
mod commands;
mod desk;
mod import;
mod judge;
mod kill;
mod linked;
mod renewal;
