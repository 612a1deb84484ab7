//! What the packages of this crate cost by themselves, and how many statements a piece of work makes. `pes bench federation`
//! holds our own work against it, so no measured call runs any code of ours.

use crate::{Database, StoreError};
use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection, set_default_instrumentation};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use schema::bare;
use std::sync::atomic::{AtomicU64, Ordering};

mod schema {
    diesel::table! {
        bare (id) {
            id -> BigInt,
            text -> Text,
        }
    }
}

/// As durable as [`crate::Store`] is, and nothing more.
const DURABLE: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
const TABLE: &str = "CREATE TABLE bare (id BIGINT NOT NULL PRIMARY KEY, text TEXT NOT NULL)";

/// A connection of diesel, with one table of two columns.
#[expect(missing_debug_implementations, reason = "connections have none")]
pub struct Bare {
    link: BareLink,
    next: i64,
}

enum BareLink {
    Sqlite(SqliteConnection),
    Postgresql(PgConnection),
}

impl Bare {
    /// Opens it, and makes the table.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(database: &Database) -> Result<Self, StoreError> {
        let fault = |why: ConnectionError| StoreError::Open { url: database.to_string(), why: why.to_string() };
        let link = match database {
            Database::File(path) => {
                let mut link = SqliteConnection::establish(&path.display().to_string()).map_err(fault)?;
                link.batch_execute(DURABLE)?;
                link.batch_execute(TABLE)?;
                BareLink::Sqlite(link)
            }
            Database::Postgresql { url, schema } => {
                let mut link = PgConnection::establish(url).map_err(fault)?;
                link.batch_execute(&format!("CREATE SCHEMA {schema}; SET search_path TO {schema}; {TABLE}"))?;
                BareLink::Postgresql(link)
            }
        };
        Ok(Self { link, next: 0 })
    }

    /// Inserts each of these texts by a statement of its own, in one transaction: one group, one commit.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> Result<(), StoreError> {
        let next = &mut self.next;
        let mut row = |text: &'a str| {
            *next += 1;
            (bare::id.eq(*next), bare::text.eq(text))
        };
        match &mut self.link {
            BareLink::Sqlite(link) => link.transaction(|link| {
                for text in texts {
                    diesel::insert_into(bare::table).values(row(text)).execute(link)?;
                }
                Ok::<_, diesel::result::Error>(())
            })?,
            BareLink::Postgresql(link) => link.transaction(|link| {
                for text in texts {
                    diesel::insert_into(bare::table).values(row(text)).execute(link)?;
                }
                Ok::<_, diesel::result::Error>(())
            })?,
        }
        Ok(())
    }
}

/// Statements so far, by what they do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statements {
    /// Rows read.
    pub selects: u64,
    /// Statements that insert.
    pub inserts: u64,
    /// Statements that change or delete.
    pub changes: u64,
}

static SELECTS: AtomicU64 = AtomicU64::new(0);
static INSERTS: AtomicU64 = AtomicU64::new(0);
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// From now on (or no longer) the statements of each connection that is opened are counted. Counting costs time: what is counted is
/// not measured.
///
/// # Errors
/// [`StoreError`].
pub fn count_statements(is_on: bool) -> Result<(), StoreError> {
    fn counter() -> Option<Box<dyn Instrumentation>> {
        Some(Box::new(count as fn(InstrumentationEvent<'_>)))
    }
    let fault = |why: diesel::result::Error| StoreError::from(why);
    if is_on { set_default_instrumentation(counter) } else { set_default_instrumentation(|| None) }.map_err(fault)
}

fn count(event: InstrumentationEvent<'_>) {
    let InstrumentationEvent::StartQuery { query, .. } = event else { return };
    let text = query.to_string();
    let counter = match text.split_whitespace().next() {
        Some("SELECT") => &SELECTS,
        Some("INSERT") => &INSERTS,
        Some("UPDATE" | "DELETE") => &CHANGES,
        _ => return,
    };
    counter.fetch_add(1, Ordering::Relaxed);
}

/// What was counted so far.
pub fn counted() -> Statements {
    let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    Statements { selects: of(&SELECTS), inserts: of(&INSERTS), changes: of(&CHANGES) }
}
