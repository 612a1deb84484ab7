//! Where the rows lie: one file, or a schema of a PostgreSQL. Everything that differs between the two is in this file, but for the file of SQLite's
//! [write-ahead log](crate::write_ahead).
//!
//! Both are compiled into every program and the address decides: SQLite for a network, PostgreSQL for a hub that has
//! outgrown one machine. libpq is built from source without TLS, so that neither it nor OpenSSL has to be installed: PostgreSQL is
//! reached over a local socket, a private network or a tunnel.

use crate::StoreError;
use crate::write_ahead::{self, WriteAheadLog};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::result::DatabaseErrorKind;
use diesel::sql_types::{Integer, Text};
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Said to each connection to a file. FULL makes an acknowledged commit survive a power cut; `secure_delete` overwrites what is
/// deleted, so that an erased payload is not left in the file. Waiting comes first: another program may be opening it too.
const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                       PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;";

/// Said to the connection that writes. A batch of change-sets changes about 4 MiB of pages: with the usual 2 MiB they are written and read back
/// before it ends, and with a checkpoint each 4 MiB every batch waits for one. What was erased is cleared out of the log each minute all the same.
/// What a statement of several rows would undo is remembered in memory, and not written into a file beside.
fn writer_pragmas() -> String {
    let frames = write_ahead::MOST;
    format!("PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = {frames}; PRAGMA temp_store = MEMORY;")
}

/// Texts are compared by their bytes, as SQLite does: digests are made of sorted rows.
const BYTE_ORDER: &str = "DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
    LOOP EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE text COLLATE \"C\"', c.table_name, c.column_name); END LOOP;
END $$";

/// The tables of a PostgreSQL's schema, as they are written in a statement.
const ALL_TABLES: &str = "SELECT quote_ident(table_name) AS name FROM information_schema.tables \
                          WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'";

/// One writer at a time in a schema, whatever program it is in: what SQLite does for a file.
const ONE_WRITER: &str = "SELECT pg_advisory_xact_lock(hashtext('pes writes into ' || current_schema()))";

/// Where a node's rows lie.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file.
    File(PathBuf),
    /// A schema of a PostgreSQL, made where it is not there.
    Postgresql {
        /// The address, as libpq takes it.
        url: String,
        /// The schema: small letters, digits, underscores.
        schema: String,
    },
}

/// What the end of a transaction waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    /// Until a power cut does not take it back.
    Durable,
    /// Until others see it, as soon as they may.
    Seen,
    /// Until it is written at all.
    Written,
}

/// A connection to either. All functions of this crate take one.
#[derive(diesel::MultiConnection)]
pub enum Link {
    /// To a file.
    Sqlite(SqliteConnection),
    /// To a PostgreSQL.
    Postgresql(PgConnection),
}

/// What a connection speaks.
pub(crate) type Backend = MultiBackend;
type Transactions = <Link as Connection>::TransactionManager;

impl Database {
    /// A database of its own for one test, in a folder that goes with it; a schema of `PES_TEST_DATABASE_URL` where that is
    /// set, so that the same tests run on both.
    pub fn of_test(folder: &Path) -> Self {
        match std::env::var("PES_TEST_DATABASE_URL") {
            Ok(url) => Self::Postgresql { url, schema: format!("test_{}", uuid::Uuid::new_v4().simple()) },
            Err(_) => Self::File(folder.join("pes.sqlite")),
        }
    }

    /// Whether there is a database already: a file, or a table of ours in the schema.
    ///
    /// # Errors
    /// [`StoreError::Open`] when a PostgreSQL is not reached.
    pub fn exists(&self) -> Result<bool, StoreError> {
        match self {
            Self::File(path) => Ok(path.exists()),
            Self::Postgresql { schema, .. } => {
                let sql = format!(
                    "SELECT CAST(count(*) AS integer) AS number FROM information_schema.tables \
                     WHERE table_schema = '{schema}' AND table_name = 'nodes'"
                );
                let found: Number = diesel::sql_query(sql).get_result(&mut self.connect()?)?;
                Ok(found.number > 0)
            }
        }
    }

    /// A database beside this one, for a node of this name in one process with others: a schema of its own. A file has none
    /// beside it; there the node's folder decides.
    pub fn beside(&self, name: &str) -> Self {
        match self {
            Self::File(path) => Self::File(path.clone()),
            Self::Postgresql { url, schema } => {
                Self::Postgresql { url: url.clone(), schema: format!("{schema}_{name}") }
            }
        }
    }

    /// The address of a PostgreSQL as the settings write it, its password included; `None` for a file.
    pub fn address(&self) -> Option<String> {
        match self {
            Self::File(_) => None,
            Self::Postgresql { url, schema } => {
                Some(format!("{url}{}schema={schema}", if url.contains('?') { '&' } else { '?' }))
            }
        }
    }

    pub(crate) fn connect(&self) -> Result<Link, StoreError> {
        let fault = |why: String| StoreError::Open { url: self.to_string(), why };
        match self {
            Self::File(path) => {
                make_private(path).map_err(|e| fault(e.to_string()))?;
                let mut link =
                    SqliteConnection::establish(&path.display().to_string()).map_err(|e| fault(e.to_string()))?;
                link.batch_execute(PRAGMAS).map_err(|e| fault(e.to_string()))?;
                Ok(Link::Sqlite(link))
            }
            Self::Postgresql { url, schema } => {
                let mut link = PgConnection::establish(url).map_err(|e| fault(e.to_string()))?;
                // Warnings of a schema that is there already are for nobody.
                let settings = format!(
                    "SET client_min_messages = error; CREATE SCHEMA IF NOT EXISTS {schema}; SET search_path TO {schema}; \
                     SET idle_in_transaction_session_timeout = '10min'"
                );
                link.batch_execute(&settings).map_err(|e| fault(e.to_string()))?;
                Ok(Link::Postgresql(link))
            }
        }
    }
}

impl Database {
    /// A connection to write by.
    pub(crate) fn connect_to_write(&self) -> Result<Link, StoreError> {
        let mut link = self.connect()?;
        if let Link::Sqlite(link) = &mut link {
            link.batch_execute(&writer_pragmas())?;
        }
        Ok(link)
    }
}

impl Database {
    /// The write-ahead log of a file that is open: it stays the same as long as a connection to it is. PostgreSQL keeps its own.
    pub(crate) fn write_ahead_log(&self) -> Result<Option<WriteAheadLog>, StoreError> {
        match self {
            Self::File(path) => {
                let log = WriteAheadLog::of(path);
                log.map(Some).map_err(|e| StoreError::Open { url: self.to_string(), why: e.to_string() })
            }
            Self::Postgresql { .. } => Ok(None),
        }
    }
}

/// Makes the file where there is none, so that its owner alone reads it: password hashes lie in it. SQLite gives what it writes beside
/// the file the same permissions. One that is there is not touched: whoever closes a file lets go of all locks that the program has on it (POSIX), SQLite's
/// too, and another program of this node would think itself alone and take the write-ahead log away.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

impl Link {
    /// Brings the tables to this program's version, in one transaction: who opens them at the same time waits, and finds it done.
    pub(crate) fn migrate(&mut self) -> Result<(), StoreError> {
        self.begin_writing()?;
        let migrated = match self {
            Self::Sqlite(link) => link.run_pending_migrations(MIGRATIONS).map(drop).map_err(|e| e.to_string()),
            Self::Postgresql(link) => match link.run_pending_migrations(MIGRATIONS).map(drop) {
                Ok(()) => link.batch_execute(BYTE_ORDER).map_err(|e| e.to_string()),
                Err(why) => Err(why.to_string()),
            },
        };
        match migrated {
            Ok(()) => Ok(self.commit()?),
            Err(why) => {
                self.undo();
                Err(StoreError::Migrate(why))
            }
        }
    }

    /// Begins a transaction that sees one state from its beginning to its end, and writes nothing.
    pub(crate) fn begin_reading(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(link) => AnsiTransactionManager::begin_transaction(link),
            Self::Postgresql(link) => {
                AnsiTransactionManager::begin_transaction_sql(link, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
        }
    }

    /// Begins the one transaction that may write now; waits for the one before.
    pub(crate) fn begin_writing(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(link) => AnsiTransactionManager::begin_transaction_sql(link, "BEGIN IMMEDIATE"),
            Self::Postgresql(link) => {
                AnsiTransactionManager::begin_transaction(link)?;
                link.batch_execute(ONE_WRITER)
            }
        }
    }

    /// What the end of each transaction waits for, from the next one on. Whole each is in any case, and none lasts without those before it.
    pub(crate) fn wait(&mut self, until: Until) -> QueryResult<()> {
        match (self, until) {
            (Self::Sqlite(link), Until::Durable) => link.batch_execute("PRAGMA synchronous = FULL"),
            (Self::Sqlite(link), Until::Seen | Until::Written) => link.batch_execute("PRAGMA synchronous = NORMAL"),
            (Self::Postgresql(link), Until::Durable | Until::Seen) => link.batch_execute("SET synchronous_commit = on"),
            (Self::Postgresql(link), Until::Written) => link.batch_execute("SET synchronous_commit = off"),
        }
    }

    pub(crate) fn commit(&mut self) -> QueryResult<()> {
        Transactions::commit_transaction(self)
    }

    /// Undoes the transaction. What keeps it from being undone breaks the connection, which is then made anew.
    pub(crate) fn undo(&mut self) {
        if let Err(error) = Transactions::rollback_transaction(self) {
            tracing::debug!(%error, "a transaction could not be undone; its connection is given up");
        }
    }

    pub(crate) fn is_broken(&mut self) -> bool {
        Transactions::is_broken_transaction_manager(self)
    }

    /// Takes over what SQLite's write-ahead log holds as far as nobody reads it there, and keeps nobody from writing meanwhile. Gives the frames that were
    /// written into the log since it was begun; `None` where there is none.
    pub(crate) fn take_over(&mut self) -> QueryResult<Option<u64>> {
        match self {
            Self::Sqlite(link) => {
                let done: Checkpoint = diesel::sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result(link)?;
                Ok(Some(u64::from(done.log.unsigned_abs())))
            }
            Self::Postgresql(_) => Ok(None),
        }
    }

    /// Clears away what was erased: out of SQLite's write-ahead log, out of PostgreSQL's tables.
    pub(crate) fn settle(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(link) => {
                let done: Checkpoint = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(link)?;
                if done.busy == 0 { Ok(()) } else { Err(still_read()) }
            }
            // All of them: a list of those that hold what may be erased would be wrong with the next migration. One in which nothing was
            // erased costs a look at its visibility map.
            Self::Postgresql(link) => {
                let all: Vec<Table> = diesel::sql_query(ALL_TABLES).load(link)?;
                let all: Vec<String> = all.into_iter().map(|table| table.name).collect();
                link.batch_execute(&format!("VACUUM {}", all.join(", ")))
            }
        }
    }
}

impl ManageConnection for Database {
    type Connection = Link;
    type Error = StoreError;

    fn connect(&self) -> Result<Link, StoreError> {
        Self::connect(self)
    }

    /// A server may have gone since; a file is where it was.
    fn is_valid(&self, link: &mut Link) -> Result<(), StoreError> {
        match link {
            Link::Sqlite(_) => Ok(()),
            Link::Postgresql(link) => Ok(link.ping()?),
        }
    }

    fn has_broken(&self, link: &mut Link) -> bool {
        std::thread::panicking() || link.is_broken()
    }
}

/// A file's path, or `postgres://…`, with `schema=…` among its parameters; without it the schema is `pes`.
impl FromStr for Database {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Ok(Self::File(text.into()));
        }
        let (address, parameters) = text.split_once('?').unwrap_or((text, ""));
        let (ours, theirs): (Vec<&str>, Vec<&str>) =
            parameters.split('&').filter(|one| !one.is_empty()).partition(|one| one.starts_with("schema="));
        let schema = ours.first().map_or("pes", |one| &one["schema=".len()..]).to_owned();
        let url = if theirs.is_empty() { address.to_owned() } else { format!("{address}?{}", theirs.join("&")) };
        let database = Self::Postgresql { url, schema: schema.clone() };
        let is_plain = schema.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        match is_plain && (1..=60).contains(&schema.len()) && !schema.as_bytes()[0].is_ascii_digit() {
            true => Ok(database),
            false => Err(StoreError::Open {
                url: database.to_string(),
                why: "the schema has to be a word of small letters, digits and underscores".into(),
            }),
        }
    }
}

impl From<&Path> for Database {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

/// Without the password: this goes into messages and logs.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Postgresql { url, schema } => {
                let address = url.split('?').next().unwrap_or_default();
                let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
                let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
                write!(f, "{scheme}://{host} (schema {schema})")
            }
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What SQLite answers to a checkpoint: whether somebody kept it from doing all, and how many frames are in the log.
#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = Integer)]
    busy: i32,
    #[diesel(sql_type = Integer)]
    log: i32,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Integer)]
    number: i32,
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

fn still_read() -> diesel::result::Error {
    let why = "the write-ahead log is still being read".to_owned();
    diesel::result::Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(why))
}
