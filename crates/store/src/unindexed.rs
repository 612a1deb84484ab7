//! Records whose place in the search index has to be looked at again, where no change-set says so: what never leaves the house, what is
//! hidden here, what is taken or not. What a change-set brought, the index finds by its arrival.

use crate::insertion::InPlace;
use crate::logs::signed;
use crate::schema::unindexed;
use crate::{Link, StoreError, settings};
use diesel::prelude::*;

/// The setting that keeps the last noting of any record.
const NOTED: &str = "noted";

/// A record, and its last noting.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = unindexed)]
pub struct Unindexed {
    /// The record's name.
    pub record: String,
    note: String,
}

/// Notes a record. Who is looking at it meanwhile has not seen what is noted now.
///
/// # Errors
/// [`StoreError`].
pub fn note(link: &mut Link, record: &str) -> Result<(), StoreError> {
    let one = Unindexed { record: record.to_owned(), note: uuid::Uuid::new_v4().simple().to_string() };
    settings::put(link, NOTED, &one.note)?;
    let insert = diesel::insert_into(unindexed::table).values(one);
    InPlace { insert, key: "record", columns: &["note"] }.execute(link)?;
    Ok(())
}

/// What changes with each noting: together with the last arrival ([`crate::entries::last_arrival`]) it tells whether anything that readers may
/// see has changed since.
///
/// # Errors
/// [`StoreError`].
pub fn last(link: &mut Link) -> Result<Option<String>, StoreError> {
    settings::get(link, NOTED)
}

/// At most `limit` of them, by name.
///
/// # Errors
/// [`StoreError`].
pub fn some(link: &mut Link, limit: u64) -> Result<Vec<Unindexed>, StoreError> {
    Ok(unindexed::table.order(unindexed::record).limit(signed(limit)?).load(link)?)
}

/// Forgets those that have been looked at, but for those that were noted again meanwhile.
///
/// # Errors
/// [`StoreError`].
pub fn done(link: &mut Link, looked_at: &[Unindexed]) -> Result<(), StoreError> {
    let notes: Vec<&str> = looked_at.iter().map(|one| one.note.as_str()).collect();
    diesel::delete(unindexed::table.filter(unindexed::note.eq_any(notes))).execute(link)?;
    Ok(())
}
