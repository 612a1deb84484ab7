//! Why bytes from elsewhere are refused, in words an operator can act on.

use thiserror::Error;

/// A reason to refuse bytes. It names the part at fault and never quotes a payload.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// The bytes do not have the shape the protocol gives them.
    #[error("malformed {what}: {why}")]
    Malformed {
        /// The part that could not be read.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A limit of the protocol is passed.
    #[error("{what} has {size} bytes, the limit is {limit}")]
    TooLarge {
        /// The part that is too large.
        what: &'static str,
        /// Its size, in bytes.
        size: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The signature is not one by the key that is named.
    #[error("the signature on {what} does not verify under the key {key}")]
    WrongSignature {
        /// What was signed.
        what: &'static str,
        /// The key that was tried, as Multikey.
        key: String,
    },
    /// A well-formed thing is signed by another key than the one that may.
    #[error("{what} is signed by {found}, not by {expected}")]
    WrongKey {
        /// What was signed.
        what: &'static str,
        /// The key that is named, as Multikey.
        found: String,
        /// The key that was expected, as Multikey.
        expected: String,
    },
    /// The payload is not the one that the header commits to.
    #[error("the payload does not match its commitment: {why}")]
    WrongPayload {
        /// Whether length or digest differ.
        why: &'static str,
    },
    /// A proof, or the leaves themselves, lead to another root than the one that was signed.
    #[error("the tree does not lead to the signed root: {why}")]
    WrongRoot {
        /// Where the computation went astray.
        why: String,
    },
    /// A request was signed too long ago, or too far ahead, by its sender's clock.
    #[error(
        "the request says {created} s since 1970, here it is {now} s: more than {limit} s apart; check both clocks"
    )]
    ClockSkew {
        /// The sender's time, seconds since 1970.
        created: i64,
        /// The receiver's time, seconds since 1970.
        now: i64,
        /// The widest difference allowed, in seconds.
        limit: i64,
    },
}

impl Fault {
    /// A [`Fault::Malformed`] in few words.
    pub(crate) fn malformed(what: &'static str, why: impl Into<String>) -> Self {
        Self::Malformed { what, why: why.into() }
    }
}

/// Refuses `size` bytes of `what` when they pass `limit`.
pub(crate) fn within(what: &'static str, size: usize, limit: usize) -> Result<(), Fault> {
    if size > limit {
        return Err(Fault::TooLarge { what, size, limit });
    }
    Ok(())
}
