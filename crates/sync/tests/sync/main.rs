//! The client and the desk of the federation, and who knocks at its door without manners.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bed;
mod client;
mod desk;
mod drive;
mod farewell;
mod files;
mod hostile;
mod introduction;
mod snapshots;
mod two_hubs;
