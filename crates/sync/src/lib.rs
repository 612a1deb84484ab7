//! Carries bytes to and from other nodes: push, pull, messages, patience.
//!
//! Each walk is a state machine without a socket and without a clock: it says what to ask ([`ask`]), and is told what came
//! of it. One file, [`drive`], walks it with tokio and reqwest; a simulator can walk it by hand.
//!
//! | room | what it walks |
//! |---|---|
//! | [`push`] | to one peer, with what it does not have yet |
//! | [`pull`] | from one peer, what we do not have yet |
//! | [`patience`] | how long to wait after a failure |

pub mod ask;
mod fault;
pub mod patience;
pub mod pull;
pub mod push;

pub use ask::{Answer, Ask, Outcome};
pub use fault::SyncError;
