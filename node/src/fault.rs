//! What can go wrong on the terminal: a sentence, and what to do.

use pes_import::ImportError;
use pes_journal::JournalError;
use pes_notify::NotifyError;
use pes_people::PeopleError;
use pes_store::StoreError;
use pes_sync::SyncError;
use pes_sync::client::ClientError;
use pes_sync::join::JoinError;
use pes_web::serving::ServingError;
use pes_words::WordsError;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A failure of the program.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each says what it wraps")]
pub enum NodeError {
    #[error("the settings are not right: {0}")]
    Config(String),
    #[error("the setting `{key}` is {value}; it should be {expected}{why}")]
    Setting { key: &'static str, value: String, expected: &'static str, why: String },
    #[error("{}: {why}", .file.display())]
    File { file: PathBuf, why: String },
    #[error("there is no node in {}; is this the right folder? If it is, make one with `pes init --origin https://… --name …`", .0)]
    NoNode(String),
    #[error("the key file {} is not right: {why}", .file.display())]
    Key { file: PathBuf, why: String },
    #[error("{what} cannot be used as an origin: {why}")]
    Origin { what: String, why: String },
    #[error("cannot listen at {address}: {why}; choose another with {setting}")]
    Listen { address: String, why: String, setting: &'static str },
    #[error("{0}")]
    Said(String),
    #[error(transparent)]
    Import(#[from] ImportError),
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
    Sync(#[from] SyncError),
    #[error(transparent)]
    Index(#[from] pes_search::Fault),
    #[error(transparent)]
    Serving(#[from] ServingError),
    #[error("the schedule cannot be kept: {0}")]
    Schedule(String),
}

impl NodeError {
    /// A socket that cannot be opened, and what to change.
    pub fn listen(address: impl ToString, error: &std::io::Error, setting: &'static str) -> Self {
        let hint = match error.kind() {
            ErrorKind::AddrInUse => "; another program may be using it",
            ErrorKind::AddrNotAvailable => "; this machine has no such address (0.0.0.0 stands for all it has)",
            ErrorKind::PermissionDenied => "; ports below 1024 are for programs with a privilege",
            _ => "",
        };
        Self::Listen { address: address.to_string(), why: format!("{error}{hint}"), setting }
    }

    /// A file that cannot be read or written.
    pub fn file(file: &Path, why: impl ToString) -> Self {
        Self::File { file: file.to_owned(), why: why.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_cannot_be_opened_says_what_to_change() {
        let said = |kind: ErrorKind| NodeError::listen("192.0.2.1:80", &kind.into(), "`listen`").to_string();
        assert!(said(ErrorKind::AddrInUse).contains("another program"));
        let nowhere = said(ErrorKind::AddrNotAvailable);
        assert!(nowhere.contains("no such address") && !nowhere.contains("another program"), "{nowhere}");
        assert!(said(ErrorKind::PermissionDenied).contains("below 1024"));
        assert!(said(ErrorKind::Other).starts_with("cannot listen at 192.0.2.1:80: "));
        assert!(said(ErrorKind::Other).ends_with("; choose another with `listen`"));
    }
}
