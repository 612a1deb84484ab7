//! Each table does what it promises, on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod aligned_tags;
mod bed;
mod claims;
mod conversations;
mod damage;
mod entries;
mod evidence;
mod facets;
mod files;
mod forgetting;
mod imports;
mod lists;
mod logs;
mod notices;
mod own_changes;
mod own_records;
mod payloads;
mod peers;
mod people;
mod records;
mod refused_moves;
mod remarks;
mod snapshots;
mod store;
mod told_apart;
mod transfer;
mod turns;
mod unindexed;
mod yardstick;
