//! A hub and three networks in one process: the network between them, the clocks and the dice are in the test's hand, and every
//! seed replays. `PES_SEEDS=1000` rolls that many seeds; `PES_SEED=117 PES_STEPS=4` replays one, as a failure says.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../sync/bed/mod.rs"]
mod bed;

mod dice;
mod hand;
mod invariants;
mod network;
mod village;

mod clocks;
mod delivery;
mod forgers;
mod forks;
mod hubs;
mod lists;
mod losses;
mod patience;
mod receipts;
mod restores;
mod storm;
mod versions;
