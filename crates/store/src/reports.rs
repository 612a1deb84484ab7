//! What visitors say against records, of ours or from elsewhere, and what animators noted about it. Nothing of who said it is kept.

use crate::logs::signed;
use crate::schema::reports;
use crate::{Link, StoreError};
use diesel::dsl::{count, min};
use diesel::prelude::*;
use pes_domain::report::{Cause, Report};

/// How many open reports of one record are kept: by then somebody has to look at it, and not to read more.
pub const KEPT: u64 = 20;

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// A UUID.
    pub id: String,
    /// The record it is about.
    pub record: String,
    /// What was said.
    pub report: Report,
    /// When, in seconds since 1970.
    pub at: i64,
    /// How it was closed; `None` while it waits.
    pub closing: Option<Closing>,
}

/// How a report was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// The animator; none once their account is no more.
    pub account: Option<String>,
    /// What they noted.
    pub answer: Option<String>,
    /// When, in seconds since 1970.
    pub at: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = reports, treat_none_as_default_value = false)]
struct Row {
    id: String,
    record: String,
    reason: String,
    sentence: String,
    at: i64,
    closed: Option<i64>,
    answer: Option<String>,
    account: Option<String>,
}

/// Keeps a report, unless [`KEPT`] of its record wait already, or one that says the same. Tells whether it was kept.
///
/// # Errors
/// [`StoreError`].
pub fn file(link: &mut Link, (record, report): (&str, &Report), at: i64) -> Result<bool, StoreError> {
    let waiting = of_record(link, record)?;
    if waiting.len() as u64 >= KEPT || waiting.iter().any(|filed| filed.report == *report) {
        return Ok(false);
    }
    let id = uuid::Uuid::new_v4().to_string();
    let filed = Filed { id, record: record.to_owned(), report: report.clone(), at, closing: None };
    diesel::insert_into(reports::table).values(Row::from(&filed)).execute(link)?;
    Ok(true)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_open<'a>(record: &'a str) -> _ {
    reports::record.eq(record).and(reports::closed.is_null())
}

/// How many records have reports that wait.
///
/// # Errors
/// [`StoreError`].
pub fn waiting(link: &mut Link) -> Result<u64, StoreError> {
    let open = reports::table.filter(reports::closed.is_null());
    Ok(open.select(count(reports::record).aggregate_distinct()).get_result::<i64>(link)?.unsigned_abs())
}

/// The records that have reports that wait, those first whose first report is the oldest: at most `limit` after `offset`.
///
/// # Errors
/// [`StoreError`].
pub fn records(link: &mut Link, (offset, limit): (u64, u64)) -> Result<Vec<String>, StoreError> {
    let open = reports::table.filter(reports::closed.is_null()).group_by(reports::record).select(reports::record);
    let oldest = open.order((min(reports::at), reports::record));
    Ok(oldest.offset(signed(offset)?).limit(signed(limit)?).load(link)?)
}

/// The reports of a record that wait, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn of_record(link: &mut Link, record: &str) -> Result<Vec<Filed>, StoreError> {
    let rows = reports::table.filter(is_open(record)).order((reports::at, reports::id)).load::<Row>(link)?;
    rows.into_iter().map(Filed::try_from).collect()
}

/// Those that were closed last, the newest first: at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub fn closed(link: &mut Link, limit: u64) -> Result<Vec<Filed>, StoreError> {
    let rows = reports::table.filter(reports::closed.is_not_null()).order((reports::closed.desc(), reports::id));
    rows.limit(signed(limit)?).load::<Row>(link)?.into_iter().map(Filed::try_from).collect()
}

/// Closes reports by their ids, but for those that are closed already. Tells how many it closed.
///
/// # Errors
/// [`StoreError::Query`], also where an account is named that is none.
pub fn close(link: &mut Link, ids: &[String], closing: &Closing) -> Result<usize, StoreError> {
    let open = reports::table.filter(reports::id.eq_any(ids).and(reports::closed.is_null()));
    let now = (
        reports::closed.eq(Some(closing.at)),
        reports::answer.eq(&closing.answer),
        reports::account.eq(&closing.account),
    );
    Ok(diesel::update(open).set(now).execute(link)?)
}

/// Erases the reports of a record that is no more.
///
/// # Errors
/// [`StoreError`].
pub fn erase(link: &mut Link, record: &str) -> Result<(), StoreError> {
    diesel::delete(reports::table.filter(reports::record.eq(record))).execute(link)?;
    Ok(())
}

/// Erases those that were closed before a time.
///
/// # Errors
/// [`StoreError`].
pub fn clear(link: &mut Link, before: i64) -> Result<usize, StoreError> {
    Ok(diesel::delete(reports::table.filter(reports::closed.lt(before))).execute(link)?)
}

impl From<&Filed> for Row {
    fn from(filed: &Filed) -> Self {
        Self {
            id: filed.id.clone(),
            record: filed.record.clone(),
            reason: filed.report.cause.as_str().to_owned(),
            sentence: filed.report.sentence.clone(),
            at: filed.at,
            closed: filed.closing.as_ref().map(|closing| closing.at),
            answer: filed.closing.as_ref().and_then(|closing| closing.answer.clone()),
            account: filed.closing.as_ref().and_then(|closing| closing.account.clone()),
        }
    }
}

impl TryFrom<Row> for Filed {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let cause = Cause::named(&row.reason).ok_or_else(|| StoreError::damaged("reports", "no such reason"))?;
        let (account, answer) = (row.account, row.answer);
        Ok(Self {
            id: row.id,
            record: row.record,
            report: Report { cause, sentence: row.sentence },
            at: row.at,
            closing: row.closed.map(|at| Closing { account, answer, at }),
        })
    }
}
