//! What can go wrong with the index. None of it is lost work: an index is made again from what it was made of.

use std::path::PathBuf;
use thiserror::Error;

/// A failure of the index.
#[derive(Debug, Error)]
pub enum Fault {
    /// The folder holds something that is not an index. Nothing in it was touched.
    #[error("{} holds something that is not an index", .0.display())]
    NotOurs(PathBuf),
    /// Somebody writes to the index already.
    #[error("the index has a writer already")]
    Busy,
    /// The folder cannot be read or written.
    #[error("the index's folder: {0}")]
    Folder(#[from] std::io::Error),
    /// What it follows cannot be read.
    #[error(transparent)]
    Store(#[from] pes_store::StoreError),
    /// The index cannot be read or written. Opening it again mends it, or makes it anew.
    #[error("the index: {0}")]
    Index(tantivy::TantivyError),
}

impl From<tantivy::TantivyError> for Fault {
    fn from(error: tantivy::TantivyError) -> Self {
        match error {
            tantivy::TantivyError::LockFailure(..) => Self::Busy,
            other => Self::Index(other),
        }
    }
}
