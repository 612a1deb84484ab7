//! Opens the database and hands out connections: many readers, one writer.

use crate::StoreError;
use crate::bell::{Bell, Bells};
use diesel::connection::SimpleConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::{Connection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Said to each connection. FULL makes an acknowledged commit survive a power cut; `secure_delete` overwrites what is
/// deleted, so that an erased payload is not left in the file.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                       PRAGMA secure_delete = ON; PRAGMA busy_timeout = 10000;";

/// A connection. All functions of this crate take one.
pub type Link = SqliteConnection;
/// What it speaks.
pub(crate) type Backend = <Link as Connection>::Backend;

/// A database. Cloning it is shallow.
///
/// There is one writing connection behind a mutex, since SQLite lets one transaction write at a time: waiting here is
/// fair and bounded, waiting in SQLite is neither. It is a `std` mutex: no async operation is made while it is held.
#[derive(Clone)]
pub struct Store {
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
        let fault = |why: String| StoreError::Open { url: url.clone(), why };
        let mut writer = Link::establish(&url).map_err(|e| fault(e.to_string()))?;
        writer.batch_execute(PRAGMAS).map_err(|e| fault(e.to_string()))?;
        writer.run_pending_migrations(MIGRATIONS).map_err(|e| StoreError::Migrate(e.to_string()))?;
        let readers = Pool::builder()
            .max_size(8)
            .min_idle(Some(1))
            .connection_customizer(Box::new(Customs))
            .build(ConnectionManager::new(&url))
            .map_err(|e| fault(e.to_string()))?;
        Ok(Self { readers, writer: Arc::new(Mutex::new(writer)), bells: Arc::default() })
    }

    /// Reads, in one consistent view.
    ///
    /// # Errors
    /// What `work` returns, and [`StoreError::Busy`].
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Link) -> Result<T, E>) -> Result<T, E> {
        let mut link = self.readers.get().map_err(StoreError::from)?;
        Link::transaction(&mut link, |link| work(link).map_err(Undo::Work)).map_err(Undo::into_inner)
    }

    /// Writes, in one transaction: all of it or nothing, durable on return.
    ///
    /// # Errors
    /// What `work` returns; then nothing was written.
    pub fn write<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Link) -> Result<T, E>) -> Result<T, E> {
        self.writer().immediate_transaction(|link| work(link).map_err(Undo::Work)).map_err(Undo::into_inner)
    }

    /// Moves what was written into the database file and empties the write-ahead log, so that what was erased is in neither.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub fn settle(&self) -> Result<(), StoreError> {
        self.writer().batch_execute("PRAGMA wal_checkpoint(TRUNCATE);").map_err(StoreError::from)
    }

    /// Wakes those who wait for rows of this sort. To be called after the transaction that wrote them.
    pub fn ring(&self, bell: Bell) {
        self.bells.get(bell).send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    /// A bell to wait at.
    pub fn bell(&self, bell: Bell) -> watch::Receiver<u64> {
        self.bells.get(bell).subscribe()
    }

    /// A panic while the lock was held undid its transaction; the connection is as good as before.
    fn writer(&self) -> MutexGuard<'_, Link> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// Why a transaction is undone. It keeps diesel's error out of what callers have to name.
enum Undo<E> {
    Work(E),
    Database(diesel::result::Error),
}

impl<E: From<StoreError>> Undo<E> {
    fn into_inner(self) -> E {
        match self {
            Self::Work(error) => error,
            Self::Database(error) => StoreError::from(error).into(),
        }
    }
}

impl<E> From<diesel::result::Error> for Undo<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

#[derive(Debug)]
struct Customs;

impl CustomizeConnection<Link, diesel::r2d2::Error> for Customs {
    fn on_acquire(&self, link: &mut Link) -> Result<(), diesel::r2d2::Error> {
        link.batch_execute(PRAGMAS).map_err(diesel::r2d2::Error::QueryError)
    }
}
