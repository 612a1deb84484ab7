//! Hubs that this node is leaving, until everybody has acknowledged it or its animators wait no longer.

use crate::schema::leavings;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// A departure.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = leavings, treat_none_as_null = true)]
pub struct Leaving {
    /// The hub.
    pub hub: String,
    /// Since when, in seconds since 1970.
    pub since: i64,
    /// Whether what is public is taken back too.
    pub withdraws_public: bool,
    /// The message by which the hub is told, once it is written.
    pub letter: Option<String>,
}

/// Keeps a departure, in the place of what was known of it.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, leaving: &Leaving) -> Result<(), StoreError> {
    if diesel::update(leavings::table.find(&leaving.hub)).set(leaving).execute(link)? == 0 {
        diesel::insert_into(leavings::table).values(leaving).execute(link)?;
    }
    Ok(())
}

/// The departure from a hub.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, hub: &str) -> Result<Option<Leaving>, StoreError> {
    Ok(leavings::table.find(hub).first(link).optional()?)
}

/// All departures, by hub.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Leaving>, StoreError> {
    Ok(leavings::table.order(leavings::hub).load(link)?)
}

/// The departure is over, or was thought better of.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, hub: &str) -> Result<(), StoreError> {
    diesel::delete(leavings::table.find(hub)).execute(link)?;
    Ok(())
}
