//! A change-set as bytes: numbered, committed to, signed, kept in a log tree.
//!
//! This crate is what has to be trusted for anything a network says to be believed elsewhere, so it
//! stands alone: it opens no file and no socket, reads no clock, and knows nothing of structures or
//! demands. A payload is bytes to it; of RDF it knows the closed grammar of a header and no more.
//! `docs/PROTOCOL.md` is its specification, `docs/vectors/` holds golden bytes that a test regenerates.
//!
//! | room | what it holds |
//! |---|---|
//! | [`log_id`] | who writes and where: origin, channel, epoch |
//! | [`key`] | Ed25519 keys as Multikey, strict verification |
//! | [`header`] | the dozen lines that say what a change-set does |
//! | [`key_event`], [`key_history`] | the keys a node declares, and which of them signs what |
//! | [`change_set`] | header and proof: sign, read, verify |
//! | [`commitment`] | the salted digest that stands for an erasable payload |
//! | [`tree`], [`tree_proof`] | RFC 6962 hashing, inclusion and consistency |
//! | [`note`], [`checkpoint`], [`receipt`] | C2SP signed notes: heads of logs and what others say of them |
//! | [`bundle`], [`batch`] | how many change-sets lie in one file, and in one request |
//! | [`request`] | the one RFC 9421 profile between nodes |
//! | [`evidence`] | what proves that a node signed two histories |
//! | [`state_digest`], [`snapshot`] | what two nodes compare, and what an author committed to |
//! | [`json_ld`] | a change-set as any W3C verifier reads it |
//! | [`yardstick`] | what the packages cost by themselves |

pub mod batch;
pub mod bundle;
pub mod change_set;
pub mod checkpoint;
pub mod commitment;
pub mod evidence;
mod fault;
mod fields;
pub mod header;
pub mod json_ld;
pub mod key;
pub mod key_event;
pub mod key_history;
pub mod limits;
pub mod line;
pub mod log_id;
pub mod note;
pub mod receipt;
pub mod request;
pub mod snapshot;
pub mod state_digest;
pub mod terms;
pub mod timestamp;
pub mod tree;
pub mod tree_proof;
pub mod yardstick;

pub use change_set::ChangeSet;
pub use checkpoint::Checkpoint;
pub use commitment::Commitment;
pub use evidence::Evidence;
pub use fault::Fault;
pub use header::{Act, Header, Target};
pub use key::{PublicKey, SecretKey};
pub use key_event::{KeyChange, KeySet};
pub use key_history::KeyHistory;
pub use log_id::{Channel, LogId, Origin};
pub use snapshot::Snapshot;
