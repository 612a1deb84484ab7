//! Which node takes the place of which, as the animators here agreed, until it is met at its own address.

use crate::schema::replacements;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = replacements)]
pub struct Replacement {
    /// The node-id that is pinned.
    pub old: String,
    /// The one that takes its place.
    pub new: String,
    /// When it was agreed, in seconds since 1970.
    pub agreed: i64,
}

/// Keeps an agreement, in the place of the one before.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, one: &Replacement) -> Result<(), StoreError> {
    if diesel::update(replacements::table.find(&one.old)).set(one).execute(link)? == 0 {
        diesel::insert_into(replacements::table).values(one).execute(link)?;
    }
    Ok(())
}

/// All agreements that are not carried out yet.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Replacement>, StoreError> {
    Ok(replacements::table.order(replacements::old).load(link)?)
}

/// The agreement is carried out.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, old: &str) -> Result<(), StoreError> {
    diesel::delete(replacements::table.find(old)).execute(link)?;
    Ok(())
}
