//! What was decided of records of ours, and the sentences that go with it: for who wrote them. It never travels.

use crate::logs::signed;
use crate::notices::Mail;
use crate::schema::remarks;
use crate::{Link, StoreError};
use diesel::dsl::max;
use diesel::prelude::*;
use pes_domain::Decision;

/// A decision about a record of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The record.
    pub record: String,
    /// Which of its decisions it is, from 1.
    pub number: i64,
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
    record: String,
    number: i64,
    account: Option<String>,
    reader: Option<String>,
    decision: String,
    sentence: Option<String>,
    at: i64,
    mail: String,
}

/// Notes a decision. Its number is given here.
///
/// # Errors
/// [`StoreError::Query`], also where an account is named that is none.
pub fn insert(link: &mut Link, remark: &Remark) -> Result<(), StoreError> {
    let before = remarks::table.filter(remarks::record.eq(&remark.record)).select(max(remarks::number));
    let number = before.first::<Option<i64>>(link)?.unwrap_or_default() + 1;
    diesel::insert_into(remarks::table).values(Row { number, ..Row::from(remark) }).execute(link)?;
    Ok(())
}

/// All that was decided of a record, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn of_record(link: &mut Link, record: &str) -> Result<Vec<Remark>, StoreError> {
    let rows = remarks::table.filter(remarks::record.eq(record)).order(remarks::number.desc());
    rows.load::<Row>(link)?.into_iter().map(Remark::try_from).collect()
}

/// At most `limit` remarks whose mail is due, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn due(link: &mut Link, limit: u64) -> Result<Vec<Remark>, StoreError> {
    let rows = remarks::table.filter(remarks::mail.eq(Mail::Due.as_str())).order((
        remarks::at,
        remarks::record,
        remarks::number,
    ));
    rows.limit(signed(limit)?).load::<Row>(link)?.into_iter().map(Remark::try_from).collect()
}

/// Notes what became of a remark's mail.
///
/// # Errors
/// [`StoreError`].
pub fn mark_mail(link: &mut Link, remark: &Remark, mail: Mail) -> Result<(), StoreError> {
    diesel::update(remarks::table.find((&remark.record, remark.number)))
        .set(remarks::mail.eq(mail.as_str()))
        .execute(link)?;
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
            record: remark.record.clone(),
            number: remark.number,
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
            record: row.record,
            number: row.number,
            account: row.account,
            reader: row.reader,
            sentence: row.sentence,
            at: row.at,
        })
    }
}
