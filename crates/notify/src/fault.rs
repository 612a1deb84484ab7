//! What can go wrong when mails go out.

use pes_store::StoreError;
use pes_words::WordsError;
use thiserror::Error;

/// A failure of the crier. What was due stays due.
#[derive(Debug, Error)]
pub enum NotifyError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A template is broken.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// The mail server's address, or the sender's, is none.
    #[error("the mail settings are not right: {0}")]
    Settings(String),
    /// The mail server could not be reached, or not now.
    #[error("the mail server did not take the mail: {0}")]
    Later(String),
    /// The mail server refuses this mail.
    #[error("the mail server refuses the mail to {to}: {why}")]
    Refused {
        /// The domain it was for; addresses are not written into logs.
        to: String,
        /// Its reason.
        why: String,
    },
}
