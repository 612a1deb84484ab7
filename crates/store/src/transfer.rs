//! Takes all rows of a file over into an empty PostgreSQL.
//!
//! Rows go as JSON, a portion at a time, and each database turns its own columns into it and out of it: so no table has to be
//! named column by column, and none can be forgotten ([`TABLES`] is held against the schema by a test).

use crate::{Database, Link, Store, StoreError, settings};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

/// All tables, those first that others refer to.
pub const TABLES: [&str; 43] = [
    "settings",
    "nodes",
    "logs",
    "entries",
    "early",
    "snapshots",
    "snapshot_pages",
    "payloads",
    "states",
    "records",
    "facets",
    "unreadable",
    "own_records",
    "own_changes",
    "accounts",
    "sessions",
    "rights",
    "notices",
    "unclaimed",
    "conversations",
    "messages",
    "hidden",
    "peers",
    "receipts",
    "erasures",
    "outbox",
    "invitations",
    "refusals",
    "evidence",
    "leavings",
    "replacements",
    "import_runs",
    "import_rows",
    "unindexed",
    "remarks",
    "stood",
    "reports",
    "claim_letters",
    "claim_refusals",
    "told_apart",
    "refused_moves",
    "aligned_tags",
    "files",
];

/// The setting that tells where a file's rows went. A node whose rows are elsewhere must not sign anything here.
pub const MOVED: &str = "moved";

/// How many rows are in the hand at once.
const PORTION: i64 = 1_000;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Portion {
    #[diesel(sql_type = Nullable<BigInt>)]
    last: Option<i64>,
    #[diesel(sql_type = Text)]
    rows: String,
}

/// Copies every row, in one transaction; after a failure the target is as empty as before. Then the source says that it was [`MOVED`]. `told` hears each table's name and how many
/// rows of it have arrived so far.
///
/// # Errors
/// [`StoreError::Transfer`] when the source is no file, or the target is none but a PostgreSQL, or holds a node already.
pub fn transfer(from: &Store, to: &Store, mut told: impl FnMut(&str, u64)) -> Result<(), StoreError> {
    let (Database::File(_), Database::Postgresql { .. }) = (from.database(), to.database()) else {
        return Err(StoreError::Transfer("rows are taken from a SQLite file to a PostgreSQL".into()));
    };
    from.write(|source| {
        to.write(|target| {
            if !crate::nodes::all(target)?.is_empty() {
                return Err(StoreError::Transfer("the target holds a node already; nothing was changed".into()));
            }
            TABLES.iter().try_for_each(|table| copy(source, target, table, &mut told))
        })?;
        settings::put(source, MOVED, &to.database().to_string())
    })
}

fn copy(source: &mut Link, target: &mut Link, table: &str, told: &mut impl FnMut(&str, u64)) -> Result<(), StoreError> {
    let (Link::Sqlite(source), Link::Postgresql(target)) = (source, target) else { return Ok(()) };
    let columns: Vec<Column> =
        diesel::sql_query(format!("SELECT name FROM pragma_table_info('{table}')")).load(source)?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let pairs: Vec<String> = names.iter().map(|name| format!("'{name}', {name}")).collect();
    let (names, pairs) = (names.join(", "), pairs.join(", "));
    let (mut after, mut count) = (0, 0);
    loop {
        let select = format!(
            "SELECT max(place) AS last, json_group_array(json(row)) AS rows FROM (SELECT rowid AS place, \
             json_object({pairs}) AS row FROM {table} WHERE rowid > {after} ORDER BY rowid LIMIT {PORTION})"
        );
        let portion: Portion = diesel::sql_query(select).get_result(source)?;
        let Some(last) = portion.last else { return Ok(()) };
        let insert = format!(
            "INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, $1::json)"
        );
        count += diesel::sql_query(insert).bind::<Text, _>(portion.rows).execute(target)? as u64;
        told(table, count);
        after = last;
    }
}
