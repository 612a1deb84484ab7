//! Opens the database and hands out connections: many readers, one writer.

use crate::StoreError;
use crate::bell::{Bell, Bells};
use crate::database::{Database, Link, Until};
use crate::write_ahead::WriteAheadLog;
use diesel::r2d2::Pool;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
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
    queue: Arc<Queue>,
    bells: Arc<Bells>,
    keeping: Arc<Keeping>,
}

/// Who waits to write.
#[derive(Default)]
struct Queue {
    /// Held by who writes next, while they wait: who ends a transaction and begins another at once comes behind them.
    next: Mutex<()>,
    /// Held by who [writes much](Store::write_by_turns): others who do wait until all of it is written, and make nobody hurry.
    patient: Mutex<()>,
}

/// Tells who writes much whether others wait to write.
#[derive(Debug)]
pub struct Waiting<'a>(&'a Mutex<()>);

impl Waiting<'_> {
    /// Whether somebody does, now.
    pub fn is_anybody(&self) -> bool {
        // Whoever has it waits for the connection that writes; else nobody has it for longer than a moment.
        matches!(self.0.try_lock(), Err(TryLockError::WouldBlock))
    }
}

/// How what is written is kept.
struct Keeping {
    /// SQLite's write-ahead log; `None` where PostgreSQL keeps all.
    log: Option<WriteAheadLog>,
    /// Whether this program serves, and no other of this node hands anything on.
    serves: AtomicBool,
    /// Whether the disk has failed to make durable what others have seen.
    is_lost: AtomicBool,
    /// Whether it is to fail, for a test.
    is_to_fail: AtomicBool,
}

/// The writing connection.
struct Writer {
    link: Link,
    /// What the end of its transactions is known to wait for. A connection that was just made waits for the disk.
    until: Option<Until>,
}

impl Writer {
    fn new(link: Link) -> Self {
        Self { link, until: Some(Until::Durable) }
    }

    /// What transactions wait for from now on. Whatever fails on the way, it is never thought that they are durable while they are not.
    fn wait(&mut self, until: Until) -> Result<(), StoreError> {
        if self.until.take() != Some(until) {
            self.link.wait(until)?;
        }
        self.until = Some(until);
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
        let log = database.write_ahead_log()?;
        let no = AtomicBool::default;
        let keeping = Arc::new(Keeping { log, serves: no(), is_lost: no(), is_to_fail: no() });
        let writer = Arc::new(Mutex::new(Writer::new(writer)));
        Ok(Self { database, readers, writer, queue: Arc::default(), bells: Arc::default(), keeping })
    }

    /// Where it lies.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Whether a clone of this store is held anywhere else: where there is none, dropping this one closes the database.
    pub fn is_shared(&self) -> bool {
        // It is the last that a clone lets go of, behind its connections.
        Arc::strong_count(&self.keeping) > 1
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
        self.write_until(Until::Durable, work)
    }

    /// Writes, in one transaction: all of it or nothing, and durable soon, at the latest with the next [`Store::write`]. For what is found out
    /// again where a power cut takes it back: how far a peer is. Such rows come by the hundred, and a disk makes only so many durable in a
    /// second.
    ///
    /// # Errors
    /// What `work` returns; then nothing was written.
    pub fn write_soon<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Link) -> Result<T, E>) -> Result<T, E> {
        self.write_until(Until::Written, work)
    }

    /// Writes, in one transaction: all of it or nothing. Others see it on return, and it is durable after the next [`Store::flush`]: for what has
    /// to be handed on at once, which others may take up while the disk works. Whoever wrote it says to nobody that it is kept before that. PostgreSQL
    /// shows nobody what is not durable; there, and in a program that does not [serve](Store::prepare), it is on return: whoever serves beside it knows
    /// nothing of what this program has not flushed yet.
    ///
    /// # Errors
    /// What `work` returns; then nothing was written.
    pub fn write_ahead<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Link) -> Result<T, E>) -> Result<T, E> {
        self.write_until(if self.is_ahead() { Until::Seen } else { Until::Durable }, work)
    }

    /// Writes much, as [`Store::write_ahead`] does, in as many transactions as it takes to let those write in between who wait: with a batch of change-sets
    /// one would hold up what is urgent for as long as all of it takes. `work` does a part, is told whether somebody waits, and says [`ControlFlow::Continue`]
    /// where it has left something to do.
    ///
    /// # Errors
    /// What `work` returns; then nothing was written of the last part, and all of those before it was.
    pub fn write_by_turns<T, E: From<StoreError>>(
        &self,
        mut work: impl FnMut(&mut Link, &Waiting<'_>) -> Result<ControlFlow<T>, E>,
    ) -> Result<T, E> {
        let _patient = self.queue.patient.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let ControlFlow::Break(done) = self.write_ahead(|link| work(link, &Waiting(&self.queue.next)))? {
                return Ok(done);
            }
        }
    }

    /// Makes durable all that was written by [`Store::write_ahead`] until now.
    ///
    /// # Errors
    /// [`StoreError::Lost`] where the disk fails, now or before. Whether what others have seen is kept nobody knows then, nor does asking the disk
    /// again tell: nothing more is written until the program is started anew and reads what there is.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.check_kept()?;
        let Some(log) = self.keeping.log.as_ref().filter(|_| self.is_ahead()) else { return Ok(()) };
        self.keep(log.flush())
    }

    /// Whether others see what is written before it is durable.
    fn is_ahead(&self) -> bool {
        self.keeping.log.is_some() && self.keeping.serves.load(Ordering::SeqCst)
    }

    /// What the disk said to what it was to keep.
    fn keep(&self, said: std::io::Result<()>) -> Result<(), StoreError> {
        let said = match self.keeping.is_to_fail.load(Ordering::SeqCst) {
            true => Err(std::io::Error::other("for a test")),
            false => said,
        };
        said.map_err(|why| {
            self.keeping.is_lost.store(true, Ordering::SeqCst);
            StoreError::Lost(why.to_string())
        })
    }

    /// For tests: from now on the disk keeps nothing, which no test can bring a real one to.
    #[doc(hidden)]
    pub fn fail_to_keep(&self) {
        self.keeping.is_to_fail.store(true, Ordering::SeqCst);
    }

    /// Checks that the disk has never failed to make durable what others have seen.
    ///
    /// # Errors
    /// [`StoreError::Lost`].
    pub fn check_kept(&self) -> Result<(), StoreError> {
        match self.keeping.is_lost.load(Ordering::SeqCst) {
            false => Ok(()),
            true => Err(StoreError::Lost("it failed before".into())),
        }
    }

    fn write_until<T, E: From<StoreError>>(
        &self,
        until: Until,
        work: impl FnOnce(&mut Link) -> Result<T, E>,
    ) -> Result<T, E> {
        self.check_kept()?;
        let mut writer = self.writer()?;
        writer.wait(until)?;
        writer.link.begin_writing().map_err(StoreError::from)?;
        finish(&mut writer.link, work)
    }

    /// Takes over into a database file what SQLite's write-ahead log holds, as far as nobody reads it there, and keeps nobody from writing meanwhile. Where it
    /// is done now and then, nobody fills the log and has to wait for it.
    ///
    /// # Errors
    /// [`StoreError::Query`], [`StoreError::Busy`].
    pub fn take_over(&self) -> Result<(), StoreError> {
        self.readers.get()?.take_over()?;
        Ok(())
    }

    /// Clears away what was erased, so that it is neither in SQLite's database file nor in its write-ahead log, nor in
    /// PostgreSQL's tables; its write-ahead log and archives are its operator's.
    ///
    /// # Errors
    /// [`StoreError::Query`]; also when somebody still reads from the log after ten seconds, for whom it has to stay.
    pub fn settle(&self) -> Result<(), StoreError> {
        let used = self.readers.get()?.take_over()?;
        // It is as it was left. What began to write and gave up has left a header, and what was there before.
        if used == Some(0) && self.is_blank() {
            return Ok(());
        }
        self.writer()?.link.settle()?;
        if let Some(frames) = used {
            self.reserve(frames * 2);
        }
        Ok(())
    }

    /// To be called by who begins to serve, and is alone in it: from now on [`Store::write_ahead`] does what it says. Clears out what a stop has left in
    /// SQLite's write-ahead log, and gives it all the room that it ever has, since how much will be written is not known yet; [`Store::settle`] leaves it
    /// as much as it needs.
    ///
    /// # Errors
    /// As [`Store::settle`].
    pub fn prepare(&self) -> Result<(), StoreError> {
        self.keeping.serves.store(true, Ordering::SeqCst);
        if self.readers.get()?.take_over()?.is_some() {
            self.writer()?.link.settle()?;
            self.reserve(u64::MAX);
        }
        Ok(())
    }

    fn is_blank(&self) -> bool {
        self.keeping.log.as_ref().is_some_and(|log| log.is_blank().unwrap_or(false))
    }

    /// Room in the log is a help: without it the log grows as it is written.
    fn reserve(&self, frames: u64) {
        let Some(log) = &self.keeping.log else { return };
        if let Err(error) = log.reserve(frames) {
            tracing::warn!(%error, "the write-ahead log grows as it is written");
        }
        if let Err(error) = self.keep(log.flush()) {
            tracing::error!(%error, "the write-ahead log is not kept");
        }
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
        let next = self.queue.next.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        drop(next);
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
