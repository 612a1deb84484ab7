//! What can go wrong on the terminal: a sentence, and what to do.

use pes_journal::JournalError;
use pes_notify::NotifyError;
use pes_people::PeopleError;
use pes_store::StoreError;
use pes_sync::client::ClientError;
use pes_sync::join::JoinError;
use pes_web::serving::ServingError;
use pes_words::WordsError;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A failure of the program.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each says what it wraps")]
pub enum NodeError {
    #[error("the configuration is not right: {0}")]
    Config(Box<figment::Error>),
    #[error("{}: {why}", .file.display())]
    File { file: PathBuf, why: String },
    #[error("there is no node in {}; make one with `pes init --origin https://… --name …`", .0)]
    NoNode(String),
    #[error("the key file {} is not right: {why}", .file.display())]
    Key { file: PathBuf, why: String },
    #[error("{what} cannot be used as an origin: {why}")]
    Origin { what: String, why: String },
    #[error("cannot listen at {address}: {why}; another program may be using it")]
    Listen { address: String, why: String },
    #[error("{0}")]
    Said(String),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    People(#[from] PeopleError),
    #[error(transparent)]
    Notify(#[from] NotifyError),
    #[error(transparent)]
    Words(#[from] WordsError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Join(#[from] JoinError),
    #[error(transparent)]
    Serving(#[from] ServingError),
    #[error("the schedule cannot be kept: {0}")]
    Schedule(String),
}

impl NodeError {
    /// A file that cannot be read or written.
    pub fn file(file: &Path, why: impl ToString) -> Self {
        Self::File { file: file.to_owned(), why: why.to_string() }
    }
}
