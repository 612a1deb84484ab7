//! Why the door stays shut: refusals of what others sent, and failures of our own.

use pes_changeset::{Channel, Fault};
use pes_store::StoreError;
use thiserror::Error;

/// Why change-sets from afar are not taken. Nothing has changed when one of these is returned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The bytes do not hold to the protocol.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The node is not pinned here.
    #[error(
        "the node {0} is not known here; it has to be in the roll, and its own address has to name the same node-id"
    )]
    UnknownNode(String),
    /// The change-set belongs into another log than the one it was sent for.
    #[error("the change-set {found} does not belong into the log {expected}")]
    WrongLog {
        /// The change-set.
        found: String,
        /// The log it was sent for.
        expected: String,
    },
    /// The batch does not follow what is held: send from there.
    #[error("{size} change-sets of this log are held here; send from there")]
    Gap {
        /// How many are held.
        size: u64,
    },
    /// A node writes another's record, or one that lies outside its prefixes.
    #[error("{record} is not a record of this node")]
    NotTheirs {
        /// The record.
        record: String,
    },
    /// The payload breaks a rule of the protocol.
    #[error("the payload of {change_set} is refused: {why}")]
    BadPayload {
        /// The change-set.
        change_set: String,
        /// The rule.
        why: String,
    },
    /// The log's epoch was not opened by any key event that is held here: it may come.
    #[error("no key event that is held here opens the log {0}; send the channel keys first")]
    UnknownEpoch(String),
    /// Too many change-sets of the log are kept ahead of their turn; what it lacks comes first.
    #[error("too many change-sets of {0} came ahead of their turn; send the log in its order")]
    TooEarly(String),
    /// A later epoch has taken the log's place.
    #[error("the log {0} counts for nothing any more: its author began it again in a new epoch")]
    PastEpoch(String),
    /// The log is for the members of another hub, and this node is a hub.
    #[error("{0} is for the circle of another hub; only what is public crosses from one hub to another")]
    OtherCircle(String),
    /// Change-sets of ours that were not signed here.
    #[error(
        "somebody else signs with the log key of this node: {log} is longer elsewhere than here. If no other machine runs \
         this node, the key was stolen: run `pes keys new-epoch`"
    )]
    SignedElsewhere {
        /// The log.
        log: String,
    },
    /// A hub that this node follows, or is leaving, would be replaced by another node-id.
    #[error(
        "this node follows the hub at {0}, whose place another node-id would take; leave the hub first, and join it anew with \
         an invitation of its own"
    )]
    Followed(String),
    /// The node signed two histories before; nothing more of it is taken.
    #[error("{0} signed two histories, and nothing more of it is taken here until that is explained")]
    Quarantined(String),
    /// Two change-sets, or two roots, stand in one place of one log: its author signed two histories.
    #[error("the log {log} was signed with two histories: at {seq} another change-set is held than was sent")]
    Fork {
        /// The log.
        log: String,
        /// Where they part, or the size at which the roots differ.
        seq: u64,
    },
}

/// What can go wrong at the door.
#[derive(Debug, Error)]
pub enum JournalError {
    /// What others sent is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed; the transaction is undone.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record of ours could not be made a change-set.
    #[error("cannot sign: {0}")]
    Sign(#[source] Fault),
    /// The database may know less than was signed: those who hold our logs are asked first.
    #[error(
        "nothing is signed until it is known what was signed before; those who hold it are asked while `pes serve` runs, and its log says what \
         comes of it. Where the database is known to be current, and only the key folder was lost, an empty file keys/heads says so"
    )]
    Uncertain,
    /// The file of the heads that were signed cannot be used.
    #[error("{file}: {why}")]
    SignedHeads {
        /// The file.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// A record of ours would be shown by nobody: the typed reader, which all nodes share, refuses it.
    #[error("{record} is not published, since no node would show it: {why}; correct the record and save it again")]
    NotShown {
        /// The record.
        record: String,
        /// What the reader says.
        why: String,
    },
    /// The node was never made, or already was.
    #[error("{0}")]
    Founding(String),
    /// A record that is not ours cannot be changed here.
    #[error("{0} is not a record of this node")]
    NotOurs(String),
    /// What is held does not verify.
    #[error("what is held of {channel} of {node} does not verify at {seq}: {why}")]
    Damaged {
        /// The node whose log it is.
        node: String,
        /// The channel.
        channel: Channel,
        /// The place in the log.
        seq: u64,
        /// What is wrong.
        why: String,
    },
}

impl JournalError {
    /// Whether there was no room, or no leave, to write anything.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Store(StoreError::Full(_)))
    }
}

impl From<Fault> for JournalError {
    fn from(fault: Fault) -> Self {
        Self::Refused(Refusal::Fault(fault))
    }
}
