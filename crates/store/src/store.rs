//! Opens the database and hands out connections: many readers, one writer.

use crate::StoreError;
use crate::bell::{Bell, Bells};
use crate::database::{Database, Link};
use diesel::r2d2::Pool;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// A database. Cloning it is shallow.
///
/// There is one writing connection behind a mutex, since one transaction writes at a time: waiting here is
/// fair and bounded, waiting in the database is neither. It is a `std` mutex: no async operation is made while it is held.
#[derive(Clone)]
pub struct Store {
    database: Database,
    readers: Pool<Database>,
    writer: Arc<Mutex<Writer>>,
    bells: Arc<Bells>,
}

/// The writing connection.
struct Writer {
    link: Link,
    /// Whether its transactions are known to be durable when they end. A connection that was just made makes them so.
    is_durable: bool,
}

impl Writer {
    fn new(link: Link) -> Self {
        Self { link, is_durable: true }
    }

    /// Makes transactions durable, or not. Whatever fails on the way, it is never thought that they are while they are not.
    fn set_durable(&mut self, is_durable: bool) -> Result<(), StoreError> {
        if self.is_durable != is_durable {
            self.is_durable = false;
            self.link.set_durable(is_durable)?;
            self.is_durable = is_durable;
        }
        Ok(())
    }
}

impl Store {
    /// Opens a database, makes it if it is not there, and brings it to this program's version.
    ///
    /// # Errors
    /// [`StoreError::Open`], [`StoreError::Migrate`].
    pub fn open(database: impl Into<Database>) -> Result<Self, StoreError> {
        let database = database.into();
        let mut writer = database.connect_to_write()?;
        writer.migrate()?;
        let readers = Pool::builder()
            .max_size(8)
            .min_idle(Some(1))
            .build(database.clone())
            .map_err(|e| StoreError::Open { url: database.to_string(), why: e.to_string() })?;
        Ok(Self { database, readers, writer: Arc::new(Mutex::new(Writer::new(writer))), bells: Arc::default() })
    }

    /// Where it lies.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Reads, in one consistent view.
    ///
    /// # Errors
    /// What `work` returns, and [`StoreError::Busy`].
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Link) -> Result<T, E>) -> Result<T, E> {
        let mut link = self.readers.get().map_err(StoreError::from)?;
        link.begin_reading().map_err(StoreError::from)?;
        finish(&mut link, work)
    }

    /// Writes, in one transaction: all of it or nothing, durable on return.
    ///
    /// # Errors
    /// What `work` returns; then nothing was written.
    pub fn write<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Link) -> Result<T, E>) -> Result<T, E> {
        self.write_so(true, work)
    }

    /// Writes, in one transaction: all of it or nothing, and durable soon, at the latest with the next [`Store::write`]. For what is found out
    /// again where a power cut takes it back: how far a peer is. Such rows come by the hundred, and a disk makes only so many durable in a
    /// second.
    ///
    /// # Errors
    /// What `work` returns; then nothing was written.
    pub fn write_soon<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Link) -> Result<T, E>) -> Result<T, E> {
        self.write_so(false, work)
    }

    fn write_so<T, E: From<StoreError>>(
        &self,
        is_durable: bool,
        work: impl FnOnce(&mut Link) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = self.writer()?;
        writer.set_durable(is_durable)?;
        writer.link.begin_writing().map_err(StoreError::from)?;
        finish(&mut writer.link, work)
    }

    /// Clears away what was erased, so that it is neither in SQLite's database file nor in its write-ahead log, nor in
    /// PostgreSQL's tables; its write-ahead log and archives are its operator's.
    ///
    /// # Errors
    /// [`StoreError::Query`]; also when somebody still reads from the log after ten seconds, for whom it has to stay.
    pub fn settle(&self) -> Result<(), StoreError> {
        Ok(self.writer()?.link.settle()?)
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
    fn writer(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.link.is_broken() {
            *writer = Writer::new(self.database.connect_to_write()?);
        }
        Ok(writer)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// Does the work of a transaction that was begun, and ends it. A panic of `work` leaves it open: then the connection counts as
/// broken and is made anew.
fn finish<T, E: From<StoreError>>(link: &mut Link, work: impl FnOnce(&mut Link) -> Result<T, E>) -> Result<T, E> {
    match work(link) {
        Ok(done) => match link.commit() {
            Ok(()) => Ok(done),
            Err(fault) => {
                link.undo();
                Err(StoreError::from(fault).into())
            }
        },
        // Why the work failed is told, whatever is said while it is undone.
        Err(why) => {
            link.undo();
            Err(why)
        }
    }
}
