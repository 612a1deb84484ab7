//! Opens the database and hands out connections: many readers, one writer.

use crate::StoreError;
use crate::bell::{Bell, Bells};
use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::result::DatabaseErrorKind;
use diesel::sql_types::Integer;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Said to each connection. FULL makes an acknowledged commit survive a power cut; `secure_delete` overwrites what is
/// deleted, so that an erased payload is not left in the file. Waiting comes first: another program may be opening it too.
const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                       PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;";

/// A connection. All functions of this crate take one.
pub type Link = SqliteConnection;
/// What it speaks.
pub(crate) type Backend = <Link as Connection>::Backend;
type Transactions = <Link as Connection>::TransactionManager;

/// A database. Cloning it is shallow.
///
/// There is one writing connection behind a mutex, since SQLite lets one transaction write at a time: waiting here is
/// fair and bounded, waiting in SQLite is neither. It is a `std` mutex: no async operation is made while it is held.
#[derive(Clone)]
pub struct Store {
    url: String,
    readers: Pool<ConnectionManager<Link>>,
    writer: Arc<Mutex<Link>>,
    bells: Arc<Bells>,
}

impl Store {
    /// Opens a database file, makes it if it is not there, and brings it to this program's version.
    ///
    /// # Errors
    /// [`StoreError::Open`], [`StoreError::Migrate`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let url = path.display().to_string();
        let mut writer = connect(&url)?;
        // In one transaction: who opens the file at the same time waits, and finds it done.
        writer.immediate_transaction(|link| match link.run_pending_migrations(MIGRATIONS) {
            Ok(_) => Ok(()),
            Err(e) => Err(StoreError::Migrate(e.to_string())),
        })?;
        let readers = Pool::builder()
            .max_size(8)
            .min_idle(Some(1))
            .connection_customizer(Box::new(Customs))
            .build(ConnectionManager::new(&url))
            .map_err(|e| StoreError::Open { url: url.clone(), why: e.to_string() })?;
        Ok(Self { url, readers, writer: Arc::new(Mutex::new(writer)), bells: Arc::default() })
    }

    /// Reads, in one consistent view.
    ///
    /// # Errors
    /// What `work` returns, and [`StoreError::Busy`].
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Link) -> Result<T, E>) -> Result<T, E> {
        let mut link = self.readers.get().map_err(StoreError::from)?;
        let mut why = None;
        Link::transaction(&mut link, |link| work(link).map_err(|e| undo(&mut why, e))).map_err(|e| reason(why, e))
    }

    /// Writes, in one transaction: all of it or nothing, durable on return.
    ///
    /// # Errors
    /// What `work` returns; then nothing was written.
    pub fn write<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Link) -> Result<T, E>) -> Result<T, E> {
        let (mut link, mut why) = (self.writer()?, None);
        link.immediate_transaction(|link| work(link).map_err(|e| undo(&mut why, e))).map_err(|e| reason(why, e))
    }

    /// Moves what was written into the database file and empties the write-ahead log, so that what was erased is in neither.
    ///
    /// # Errors
    /// [`StoreError::Query`]; also when somebody still reads from the log after ten seconds, for whom it has to stay.
    pub fn settle(&self) -> Result<(), StoreError> {
        let done: Checkpoint = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(&mut *self.writer()?)?;
        if done.busy == 0 { Ok(()) } else { Err(StoreError::Query(busy())) }
    }

    /// Wakes those who wait for rows of this sort. To be called after the transaction that wrote them.
    pub fn ring(&self, bell: Bell) {
        self.bells.get(bell).send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    /// A bell to wait at.
    pub fn bell(&self, bell: Bell) -> watch::Receiver<u64> {
        self.bells.get(bell).subscribe()
    }

    /// The writing connection, made anew where the last write left it in a transaction that cannot be ended: by a panic, or by
    /// a full disk, upon which SQLite undoes the transaction by itself.
    fn writer(&self) -> Result<MutexGuard<'_, Link>, StoreError> {
        let mut link = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if Transactions::is_broken_transaction_manager(&mut *link) {
            *link = connect(&self.url)?;
        }
        Ok(link)
    }
}

/// What SQLite answers to a checkpoint: whether somebody kept it from doing all.
#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

fn busy() -> diesel::result::Error {
    let why = "the write-ahead log is still being read".to_owned();
    diesel::result::Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(why))
}

fn connect(url: &str) -> Result<Link, StoreError> {
    let fault = |why: String| StoreError::Open { url: url.to_owned(), why };
    let mut link = Link::establish(url).map_err(|e| fault(e.to_string()))?;
    link.batch_execute(PRAGMAS).map_err(|e| fault(e.to_string()))?;
    Ok(link)
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// Has a transaction undone, and keeps why: an error while undoing does not stand in its place.
fn undo<E>(why: &mut Option<E>, error: E) -> diesel::result::Error {
    *why = Some(error);
    diesel::result::Error::RollbackTransaction
}

/// Why a transaction was undone: what the work said, else what the database said.
fn reason<E: From<StoreError>>(why: Option<E>, fault: diesel::result::Error) -> E {
    why.unwrap_or_else(|| StoreError::from(fault).into())
}

#[derive(Debug)]
struct Customs;

impl CustomizeConnection<Link, diesel::r2d2::Error> for Customs {
    fn on_acquire(&self, link: &mut Link) -> Result<(), diesel::r2d2::Error> {
        link.batch_execute(PRAGMAS).map_err(diesel::r2d2::Error::QueryError)
    }
}
