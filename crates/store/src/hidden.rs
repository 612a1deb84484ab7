//! Records from elsewhere that an animator hides here. Nothing changes at their home, and digests are unaffected.

use crate::schema::hidden;
use crate::{Link, StoreError, unindexed};
use diesel::prelude::*;

/// A record that is hidden here.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = hidden)]
pub struct Hidden {
    /// The record.
    pub record: String,
    /// Why.
    pub reason: String,
    /// The animator who hid it.
    pub account: String,
    /// Since when, in seconds since 1970.
    pub since: i64,
}

/// Hides a record here, or changes the reason.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, one: &Hidden) -> Result<(), StoreError> {
    if diesel::update(hidden::table.find(&one.record)).set(one).execute(link)? == 0 {
        diesel::insert_into(hidden::table).values(one).execute(link)?;
    }
    unindexed::note(link, &one.record)
}

/// Whether, since when and why a record is hidden here.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, record: &str) -> Result<Option<Hidden>, StoreError> {
    Ok(hidden::table.find(record).first(link).optional()?)
}

/// All that is hidden here, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Hidden>, StoreError> {
    Ok(hidden::table.order((hidden::since.desc(), hidden::record)).load(link)?)
}

/// Shows a record again.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, record: &str) -> Result<(), StoreError> {
    diesel::delete(hidden::table.find(record)).execute(link)?;
    unindexed::note(link, record)
}

/// Forgets that a record was hidden, which is no more.
///
/// # Errors
/// [`StoreError`].
pub fn forget(link: &mut Link, record: &str) -> Result<(), StoreError> {
    diesel::delete(hidden::table.find(record)).execute(link)?;
    Ok(())
}
