//! The only SQL of the house: schema, migrations, and one file for each table.
//!
//! What is shared ([`nodes`], [`logs`], [`entries`], [`payloads`], and what is made of them: [`states`],
//! [`records`]) and what is ours alone ([`own_records`], [`accounts`], [`notices`] …) lie in separate tables. Functions take a
//! [`Link`] inside a transaction of [`Store::write`] or a read of [`Store::read`]; none opens one itself, so that the
//! caller decides what belongs together.

pub mod accounts;
pub mod aligned_tags;
pub mod bell;
pub mod claims;
pub mod conversations;
mod database;
pub mod entries;
pub mod evidence;
mod fault;
pub mod files;
pub mod hidden;
pub mod imports;
mod insertion;
pub mod invitations;
pub mod leavings;
pub mod lists;
pub mod logs;
pub mod nodes;
pub mod notices;
pub mod outbox;
pub mod own_changes;
pub mod own_records;
pub mod payloads;
pub mod peers;
pub mod records;
pub mod refused_moves;
pub mod remarks;
pub mod replacements;
pub mod reports;
pub mod rights;
mod schema;
pub mod sessions;
pub mod settings;
pub mod snapshots;
pub mod states;
pub mod stood;
mod store;
pub mod tokens;
pub mod told_apart;
pub mod transfer;
pub mod unindexed;
mod write_ahead;
pub mod yardstick;

pub use bell::Bell;
pub(crate) use database::Backend;
pub use database::{Database, Link};
pub use fault::StoreError;
pub use store::{Store, Waiting};
