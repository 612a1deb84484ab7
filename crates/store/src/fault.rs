//! What can go wrong with a database, in words an operator can act on.

use thiserror::Error;

/// A failure of the database.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database could not be opened.
    #[error("cannot open the database {url}: {why}")]
    Open {
        /// Where it is.
        url: String,
        /// What the database said.
        why: String,
    },
    /// A migration failed; the database is as it was before.
    #[error("cannot bring the database to this program's version: {0}")]
    Migrate(String),
    /// A statement failed; its transaction is undone.
    #[error("the database refused: {0}")]
    Query(diesel::result::Error),
    /// Nothing can be written for want of room, or of leave; the transaction is undone.
    #[error(
        "the database cannot be written: {0}. Free some of its disk, or lift its write protection; reading goes on meanwhile, and \
         writing does as soon as it can"
    )]
    Full(String),
    /// The disk failed while it was to make durable what others had seen already.
    #[error(
        "the disk does not keep what is written: {0}. Nothing more is written; look after the disk, then start the program again"
    )]
    Lost(String),
    /// All connections are in use for too long.
    #[error("no connection to the database is free: {0}")]
    Busy(#[from] diesel::r2d2::PoolError),
    /// Rows could not be taken over into another database.
    #[error("the database was not moved: {0}")]
    Transfer(String),
    /// A row holds what this program would not have written.
    #[error("damaged row in {table}: {why}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

/// What SQLite and PostgreSQL say when there is no room, or no leave to write.
const FULL: [&str; 4] = [
    "database or disk is full",
    "attempt to write a readonly database",
    "No space left on device",
    "read-only transaction",
];

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        let said = error.to_string();
        if FULL.iter().any(|full| said.contains(full)) { Self::Full(said) } else { Self::Query(error) }
    }
}

impl StoreError {
    /// A row that this program would not have written.
    pub(crate) fn damaged(table: &'static str, why: impl ToString) -> Self {
        Self::Damaged { table, why: why.to_string() }
    }
}
