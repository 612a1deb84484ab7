//! What can go wrong on the way to other nodes.

use pes_changeset::Fault;
use pes_files::CabinetError;
use pes_journal::JournalError;
use pes_people::PeopleError;
use thiserror::Error;

/// A failure of this side. What the other side answers is never one: it is an outcome.
#[derive(Debug, Error)]
pub enum SyncError {
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Messages could not be read or kept.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// A picture or file could not be kept.
    #[error(transparent)]
    Files(#[from] CabinetError),
    /// Something of ours could not be written down.
    #[error(transparent)]
    Fault(#[from] Fault),
}
