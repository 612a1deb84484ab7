//! Old databases are taken over: the real files, invented ones, and rubbish.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bed;
mod held;
mod invented;
mod members;
mod real;
mod rubbish;
mod workshop;
