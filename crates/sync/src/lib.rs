//! Carries bytes to and from other nodes: push, pull, messages, patience.
//!
//! Each walk is a state machine without a socket and without a clock: it says what to ask ([`ask`]), and is told what came
//! of it. One file, [`drive`], walks it with tokio and reqwest; a simulator can walk it by hand.
//!
//! | room | what it walks |
//! |---|---|
//! | [`push`] | to one peer, with what it does not have yet |
//! | [`pull`] | from one peer, what we do not have yet |
//! | [`snapshot`] | from one peer, what stands in a log of which it has much more than we |
//! | `recollection` | from one peer, what it holds of our own logs while it is in doubt what we signed |
//! | [`letters`] | messages, to the nodes they are for |
//! | [`files`] | to a record's home, for its picture or file |
//! | [`introduction`] | to a node's own address, to hear who it is |
//! | [`join`] | to a hub, with its invitation |
//! | [`farewell`] | to whoever holds what a departing network takes back |
//! | [`desk`] | no walk: it answers what others ask |
//! | [`client`] | the guarded way out |
//! | [`drive`] | all walks, with tokio and reqwest |
//! | [`patience`] | how long to wait after a failure |
//! | [`yardstick`] | what the package costs by itself |

pub mod ask;
pub mod client;
pub mod desk;
pub mod drive;
pub mod farewell;
mod fault;
pub mod files;
pub mod introduction;
pub mod join;
mod json;
pub mod letters;
pub mod patience;
pub mod pull;
pub mod push;
mod recollection;
pub mod snapshot;
pub mod yardstick;

pub use ask::{Answer, Ask, Outcome};
pub use client::Client;
pub use desk::Desk;
pub use drive::{Drive, Driving};
pub use fault::SyncError;
