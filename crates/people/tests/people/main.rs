//! Accounts, letters, conversations and claims.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod accounts;
mod bed;
mod claims;
mod conversations;
mod letters;
mod roster;
