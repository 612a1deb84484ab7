//! What can go wrong with accounts and sessions.

use pes_domain::Problems;
use pes_store::StoreError;
use thiserror::Error;

/// A failure around people.
#[derive(Debug, Error)]
pub enum PeopleError {
    /// What was typed is not right.
    #[error("{} problems in what was typed", .0.len())]
    Typed(Problems),
    /// The address is another account's.
    #[error("the address is taken")]
    Taken,
    /// Address and password are not those of an account. It is not said which of the two is wrong.
    #[error("no account has this address and password")]
    Unknown,
    /// More of it in a day than is allowed.
    #[error("too many of these in a day")]
    TooOften,
    /// It is not theirs to do.
    #[error("this is for somebody else to do")]
    Forbidden,
    /// Nobody would keep the node any more.
    #[error("this is the last administrator; make another first")]
    LastAdministrator,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system could not hash a password.
    #[error("cannot hash a password: {0}")]
    Hash(String),
}

impl From<Problems> for PeopleError {
    fn from(problems: Problems) -> Self {
        Self::Typed(problems)
    }
}
