//! What was decided of records of ours, and the sentences that go with it: for who wrote them. It never travels.

use crate::logs::signed;
use crate::notices::Mail;
use crate::schema::remarks;
use crate::{Link, StoreError};
use diesel::prelude::*;
use pes_domain::Decision;

/// A decision about a record of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// A UUID.
    pub id: String,
    /// The record.
    pub record: String,
    /// The account that decided: none where time did, or where it is no more.
    pub account: Option<String>,
    /// The account that wrote the record, and is told. With it the remark goes.
    pub reader: Option<String>,
    /// What was decided.
    pub decision: Decision,
    /// The sentence that goes with it.
    pub sentence: Option<String>,
    /// When, in seconds since 1970.
    pub at: i64,
    /// Its mail.
    pub mail: Mail,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = remarks, treat_none_as_default_value = false)]
struct Row {
    id: String,
    record: String,
    account: Option<String>,
    reader: Option<String>,
    decision: String,
    sentence: Option<String>,
    at: i64,
    mail: String,
}

/// Notes a decision.
///
/// # Errors
/// [`StoreError::Query`], also where an account is named that is none.
pub fn insert(link: &mut Link, remark: &Remark) -> Result<(), StoreError> {
    diesel::insert_into(remarks::table).values(Row::from(remark)).execute(link)?;
    Ok(())
}

/// All that was decided of a record, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn of_record(link: &mut Link, record: &str) -> Result<Vec<Remark>, StoreError> {
    let rows = remarks::table.filter(remarks::record.eq(record)).order((remarks::at.desc(), remarks::id));
    rows.load::<Row>(link)?.into_iter().map(Remark::try_from).collect()
}

/// At most `limit` remarks whose mail is due, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn due(link: &mut Link, limit: u64) -> Result<Vec<Remark>, StoreError> {
    let rows = remarks::table.filter(remarks::mail.eq(Mail::Due.as_str())).order((remarks::at, remarks::id));
    rows.limit(signed(limit)?).load::<Row>(link)?.into_iter().map(Remark::try_from).collect()
}

/// Notes what became of a remark's mail.
///
/// # Errors
/// [`StoreError`].
pub fn mark_mail(link: &mut Link, id: &str, mail: Mail) -> Result<(), StoreError> {
    diesel::update(remarks::table.find(id)).set(remarks::mail.eq(mail.as_str())).execute(link)?;
    Ok(())
}

/// Erases what was decided of a record that is erased.
///
/// # Errors
/// [`StoreError`].
pub fn erase(link: &mut Link, record: &str) -> Result<(), StoreError> {
    diesel::delete(remarks::table.filter(remarks::record.eq(record))).execute(link)?;
    Ok(())
}

impl From<&Remark> for Row {
    fn from(remark: &Remark) -> Self {
        Self {
            id: remark.id.clone(),
            record: remark.record.clone(),
            account: remark.account.clone(),
            reader: remark.reader.clone(),
            decision: remark.decision.as_str().to_owned(),
            sentence: remark.sentence.clone(),
            at: remark.at,
            mail: remark.mail.as_str().to_owned(),
        }
    }
}

impl TryFrom<Row> for Remark {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let damaged = |why| StoreError::damaged("remarks", why);
        Ok(Self {
            decision: Decision::named(&row.decision).ok_or_else(|| damaged("no such decision"))?,
            mail: Mail::named(&row.mail).ok_or_else(|| damaged("no such state of a mail"))?,
            id: row.id,
            record: row.record,
            account: row.account,
            reader: row.reader,
            sentence: row.sentence,
            at: row.at,
        })
    }
}
