//! What a record may say, whom a demand concerns, and which two sheets may be one structure.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod called_off;
mod drafts;
mod duplicates;
mod judged;
mod kinds;
mod limits;
mod newer_kinds;
mod separated;
mod twins;
