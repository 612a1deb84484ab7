//! Files that were imported, and which row of them is which record: so that a second run changes nothing, and a run can be undone.

use crate::logs::signed;
use crate::records::{from_json, to_json};
use crate::schema::{import_rows, import_runs};
use crate::{Link, StoreError};
use diesel::prelude::*;
use pes_domain::{Kind, Record};

/// One import of one file.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = import_runs, treat_none_as_default_value = false)]
pub struct Run {
    /// Its number.
    pub id: i64,
    /// The file's name.
    pub file: String,
    /// The digest of the file.
    pub sha256: String,
    /// How its columns are laid out.
    pub layout: String,
    /// The digest of this node's own records before it.
    pub digest: String,
    /// When it began, in seconds since 1970.
    pub started: i64,
    /// When all its rows were in.
    pub finished: Option<i64>,
    /// When it was undone.
    pub undone: Option<i64>,
}

/// What one row of a file became.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The run's number.
    pub run: i64,
    /// The line of the file on which the row begins.
    pub line: u64,
    /// Its number in its source: `bdis-2012:1147`, or a digest of what it says where it has none.
    pub source: String,
    /// A digest of the name it has there.
    pub called: String,
    /// The record.
    pub record: String,
    /// Whether the row made it.
    pub is_new: bool,
    /// The record as it was, where the row changed one that stood.
    pub before: Option<Record>,
    /// The digest of the record as the row left it.
    pub after: String,
    /// The fields that had something then.
    pub filled: Vec<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = import_rows, treat_none_as_default_value = false)]
struct Kept {
    run: i64,
    line: i64,
    source: String,
    called: String,
    record: String,
    is_new: bool,
    before: Option<String>,
    after: String,
    filled: String,
}

/// Begins a run. Its number is given here.
///
/// # Errors
/// [`StoreError`].
pub fn begin(link: &mut Link, run: Run) -> Result<Run, StoreError> {
    let last: Option<i64> = import_runs::table.select(diesel::dsl::max(import_runs::id)).first(link)?;
    let run = Run { id: last.unwrap_or_default() + 1, ..run };
    diesel::insert_into(import_runs::table).values(run.clone()).execute(link)?;
    Ok(run)
}

/// All runs, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn runs(link: &mut Link) -> Result<Vec<Run>, StoreError> {
    Ok(import_runs::table.order(import_runs::id.desc()).load(link)?)
}

/// Notes that all rows of a run are in.
///
/// # Errors
/// [`StoreError`].
pub fn finish(link: &mut Link, run: i64, now: i64) -> Result<(), StoreError> {
    diesel::update(import_runs::table.find(run)).set(import_runs::finished.eq(now)).execute(link)?;
    Ok(())
}

/// Notes that a run was undone.
///
/// # Errors
/// [`StoreError`].
pub fn undo(link: &mut Link, run: i64, now: i64) -> Result<(), StoreError> {
    diesel::update(import_runs::table.find(run)).set(import_runs::undone.eq(now)).execute(link)?;
    Ok(())
}

/// Notes what a row became. Where this run noted it before, it was interrupted: what stood before the run stays as it was noted then.
///
/// # Errors
/// [`StoreError`].
pub fn note(link: &mut Link, row: &Row) -> Result<(), StoreError> {
    let row = Kept::try_from(row)?;
    let now = (import_rows::after.eq(&row.after), import_rows::filled.eq(&row.filled));
    if diesel::update(import_rows::table.find((row.run, row.line))).set(now).execute(link)? == 0 {
        diesel::insert_into(import_rows::table).values(row).execute(link)?;
    }
    Ok(())
}

/// All rows, in the order in which they came.
///
/// # Errors
/// [`StoreError`].
pub fn rows(link: &mut Link) -> Result<Vec<Row>, StoreError> {
    let rows = import_rows::table.order((import_rows::run, import_rows::line)).load::<Kept>(link)?;
    rows.into_iter().map(Row::try_from).collect()
}

/// The rows of a run, in the order in which they stand in the file.
///
/// # Errors
/// [`StoreError`].
pub fn of_run(link: &mut Link, run: i64) -> Result<Vec<Row>, StoreError> {
    let rows = import_rows::table.filter(import_rows::run.eq(run)).order(import_rows::line).load::<Kept>(link)?;
    rows.into_iter().map(Row::try_from).collect()
}

/// How many rows of a run are records of a kind.
///
/// # Errors
/// [`StoreError`].
pub fn count(link: &mut Link, run: i64, kind: Kind) -> Result<u64, StoreError> {
    let of_kind = import_rows::record.like(format!("%/id/{}/%", kind.notation()));
    let rows = import_rows::table.filter(import_rows::run.eq(run).and(of_kind));
    Ok(rows.count().get_result::<i64>(link)?.unsigned_abs())
}

/// Forgets that rows of a run became a record: it is as it was before them.
///
/// # Errors
/// [`StoreError`].
pub fn forget_in_run(link: &mut Link, run: i64, record: &str) -> Result<(), StoreError> {
    let rows = import_rows::table.filter(import_rows::run.eq(run).and(import_rows::record.eq(record)));
    diesel::delete(rows).execute(link)?;
    Ok(())
}

/// Forgets that any row became a record: it is as if it had never been, and may be made again.
///
/// # Errors
/// [`StoreError`].
pub fn forget(link: &mut Link, record: &str) -> Result<(), StoreError> {
    diesel::delete(import_rows::table.filter(import_rows::record.eq(record))).execute(link)?;
    Ok(())
}

/// Erases what is remembered of the content of a record that is erased. That a row had become it is still known: the row does not make it again.
///
/// # Errors
/// [`StoreError`].
pub fn erase(link: &mut Link, record: &str) -> Result<(), StoreError> {
    let nothing = (import_rows::before.eq(None::<String>), import_rows::after.eq(""), import_rows::filled.eq(""));
    diesel::update(import_rows::table.filter(import_rows::record.eq(record))).set(nothing).execute(link)?;
    Ok(())
}

impl TryFrom<&Row> for Kept {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            run: row.run,
            line: signed(row.line)?,
            source: row.source.clone(),
            called: row.called.clone(),
            record: row.record.clone(),
            is_new: row.is_new,
            before: row.before.as_ref().map(|record| to_json("import_rows", record)).transpose()?,
            after: row.after.clone(),
            filled: row.filled.join(" "),
        })
    }
}

impl TryFrom<Kept> for Row {
    type Error = StoreError;

    fn try_from(row: Kept) -> Result<Self, StoreError> {
        Ok(Self {
            run: row.run,
            line: row.line.unsigned_abs(),
            source: row.source,
            called: row.called,
            record: row.record,
            is_new: row.is_new,
            before: row.before.map(|json| from_json("import_rows", &json)).transpose()?,
            after: row.after,
            filled: row.filled.split_whitespace().map(str::to_owned).collect(),
        })
    }
}
