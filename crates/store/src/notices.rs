//! Whom a record concerns, and why: written in the transaction that made the record known, once for each person.

use crate::logs::signed;
use crate::schema::{notices, unclaimed};
use crate::{Link, StoreError};
use diesel::prelude::*;

/// What is still to be done about a notice's mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mail {
    /// Nothing: the person wants none.
    None,
    /// It is to be sent.
    Due,
    /// It is to go out in one mail with others, when it is time for that.
    Kept,
    /// It went out by itself.
    Sent,
    /// It went out in one mail with others, for want of room that day.
    Folded,
}

/// That a record concerns a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// A UUID.
    pub id: String,
    /// The person.
    pub account: String,
    /// The record.
    pub record: String,
    /// The structure through which it concerns them; none where it is their own declaration.
    pub structure: Option<String>,
    /// Why, as `pes_domain::concern::Reason` in JSON.
    pub reason: String,
    /// Since when, in seconds since 1970.
    pub created: i64,
    /// Whether they have seen it.
    pub is_read: bool,
    /// Its mail.
    pub mail: Mail,
    /// When its mail went out.
    pub mailed: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = notices)]
struct Row {
    id: String,
    account: String,
    record: String,
    structure: Option<String>,
    reason: String,
    created: i64,
    is_read: bool,
    mail: String,
    mailed: Option<i64>,
}

impl Mail {
    const ALL: [Self; 5] = [Self::None, Self::Due, Self::Kept, Self::Sent, Self::Folded];

    /// The word for it in rows.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Due => "due",
            Self::Kept => "kept",
            Self::Sent => "sent",
            Self::Folded => "folded",
        }
    }

    /// Undoes [`Mail::as_str`].
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// Writes a notice, unless the person was told of this record before. Tells whether it was written.
///
/// # Errors
/// [`StoreError`].
pub fn insert_once(link: &mut Link, notice: &Notice) -> Result<bool, StoreError> {
    if has(link, &notice.account, &notice.record)? {
        return Ok(false);
    }
    diesel::insert_into(notices::table).values(Row::from(notice)).execute(link)?;
    Ok(true)
}

/// Whether a person was told of a record.
///
/// # Errors
/// [`StoreError`].
pub fn has(link: &mut Link, account: &str, record: &str) -> Result<bool, StoreError> {
    let known = notices::table.filter(notices::account.eq(account).and(notices::record.eq(record)));
    Ok(known.select(notices::id).first::<String>(link).optional()?.is_some())
}

/// A person's notices, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn of_account(link: &mut Link, account: &str, limit: u64) -> Result<Vec<Notice>, StoreError> {
    let rows = notices::table
        .filter(notices::account.eq(account))
        .order((notices::created.desc(), notices::id))
        .limit(signed(limit)?)
        .load::<Row>(link)?;
    rows.into_iter().map(Notice::try_from).collect()
}

/// How many of a person's notices they have not seen.
///
/// # Errors
/// [`StoreError`].
pub fn unread(link: &mut Link, account: &str) -> Result<u64, StoreError> {
    let own = notices::table.filter(notices::account.eq(account).and(notices::is_read.eq(false)));
    Ok(own.count().get_result::<i64>(link)?.unsigned_abs())
}

/// Marks all of a person's notices as seen.
///
/// # Errors
/// [`StoreError`].
pub fn mark_read(link: &mut Link, account: &str) -> Result<(), StoreError> {
    diesel::update(notices::table.filter(notices::account.eq(account))).set(notices::is_read.eq(true)).execute(link)?;
    Ok(())
}

/// The notices whose mail is due, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn due(link: &mut Link, limit: u64) -> Result<Vec<Notice>, StoreError> {
    let rows = notices::table
        .filter(notices::mail.eq(Mail::Due.as_str()))
        .order((notices::created, notices::id))
        .limit(signed(limit)?)
        .load::<Row>(link)?;
    rows.into_iter().map(Notice::try_from).collect()
}

/// The people for whom notices are kept that shall go out in one mail.
///
/// # Errors
/// [`StoreError`].
pub fn kept_for(link: &mut Link) -> Result<Vec<String>, StoreError> {
    let kept = notices::table.filter(notices::mail.eq(Mail::Kept.as_str()));
    Ok(kept.select(notices::account).distinct().order(notices::account).load(link)?)
}

/// What is kept for a person, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn kept(link: &mut Link, account: &str) -> Result<Vec<Notice>, StoreError> {
    let kept = notices::account.eq(account).and(notices::mail.eq(Mail::Kept.as_str()));
    let rows = notices::table.filter(kept).order((notices::created, notices::id)).load::<Row>(link)?;
    rows.into_iter().map(Notice::try_from).collect()
}

/// Turns all of a person's notices whose mail stands thus to another way.
///
/// # Errors
/// [`StoreError`].
pub fn turn(link: &mut Link, account: &str, (from, to): (Mail, Mail)) -> Result<(), StoreError> {
    let standing = notices::account.eq(account).and(notices::mail.eq(from.as_str()));
    diesel::update(notices::table.filter(standing)).set(notices::mail.eq(to.as_str())).execute(link)?;
    Ok(())
}

/// How many mails went to a person since a time; those folded into one count as one each day they went.
///
/// # Errors
/// [`StoreError`].
pub fn sent_since(link: &mut Link, account: &str, since: i64) -> Result<u64, StoreError> {
    let sent = notices::table
        .filter(notices::account.eq(account).and(notices::mail.eq(Mail::Sent.as_str())).and(notices::mailed.ge(since)));
    Ok(sent.count().get_result::<i64>(link)?.unsigned_abs())
}

/// Notes what became of a notice's mail.
///
/// # Errors
/// [`StoreError`].
pub fn mark_mail(link: &mut Link, id: &str, mail: Mail, at: i64) -> Result<(), StoreError> {
    let changes = (notices::mail.eq(mail.as_str()), notices::mailed.eq(Some(at)));
    diesel::update(notices::table.find(id)).set(changes).execute(link)?;
    Ok(())
}

/// Takes away all notices of a record that is no more.
///
/// # Errors
/// [`StoreError`].
pub fn forget(link: &mut Link, record: &str) -> Result<(), StoreError> {
    diesel::delete(notices::table.filter(notices::record.eq(record))).execute(link)?;
    diesel::delete(unclaimed::table.filter(unclaimed::record.eq(record))).execute(link)?;
    Ok(())
}

/// Has nobody look for a record that nobody here may read any more. That people were told of it stays known: should it come again, they are not
/// told twice.
///
/// # Errors
/// [`StoreError`].
pub fn settle(link: &mut Link, record: &str) -> Result<(), StoreError> {
    let unread = notices::table.filter(notices::record.eq(record).and(notices::is_read.eq(false)));
    diesel::update(unread).set(notices::is_read.eq(true)).execute(link)?;
    diesel::delete(unclaimed::table.filter(unclaimed::record.eq(record))).execute(link)?;
    Ok(())
}

/// Notes that a record concerns a structure nobody has claimed.
///
/// # Errors
/// [`StoreError`].
pub fn note_unclaimed(
    link: &mut Link,
    (record, structure): (&str, &str),
    reason: &str,
    now: i64,
) -> Result<(), StoreError> {
    if unclaimed::table.find((record, structure)).select(unclaimed::record).first::<String>(link).optional()?.is_none()
    {
        let row = (
            unclaimed::record.eq(record),
            unclaimed::structure.eq(structure),
            unclaimed::reason.eq(reason),
            unclaimed::created.eq(now),
        );
        diesel::insert_into(unclaimed::table).values(row).execute(link)?;
    }
    Ok(())
}

/// The records that concern structures nobody has claimed, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn unclaimed_records(link: &mut Link, limit: i64) -> Result<Vec<String>, StoreError> {
    let newest = diesel::dsl::max(unclaimed::created);
    let records = unclaimed::table.group_by(unclaimed::record).select(unclaimed::record);
    Ok(records.order((newest.desc(), unclaimed::record)).limit(limit).load(link)?)
}

/// The structures nobody has claimed that a record concerns, with the reason of each.
///
/// # Errors
/// [`StoreError`].
pub fn unclaimed_of(link: &mut Link, record: &str) -> Result<Vec<(String, String)>, StoreError> {
    let rows = unclaimed::table.filter(unclaimed::record.eq(record)).order(unclaimed::structure);
    Ok(rows.select((unclaimed::structure, unclaimed::reason)).load(link)?)
}

impl From<&Notice> for Row {
    fn from(notice: &Notice) -> Self {
        Self {
            id: notice.id.clone(),
            account: notice.account.clone(),
            record: notice.record.clone(),
            structure: notice.structure.clone(),
            reason: notice.reason.clone(),
            created: notice.created,
            is_read: notice.is_read,
            mail: notice.mail.as_str().to_owned(),
            mailed: notice.mailed,
        }
    }
}

impl TryFrom<Row> for Notice {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            mail: Mail::named(&row.mail).ok_or_else(|| StoreError::damaged("notices", "no such state of a mail"))?,
            id: row.id,
            account: row.account,
            record: row.record,
            structure: row.structure,
            reason: row.reason,
            created: row.created,
            is_read: row.is_read,
            mailed: row.mailed,
        })
    }
}
