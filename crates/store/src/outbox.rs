//! Messages on their way to another node: each a row until that node has taken it.

use crate::schema::outbox;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = outbox)]
pub struct Letter {
    /// A UUID; it makes twice once.
    pub id: String,
    /// The origin of the node it is for.
    pub origin: String,
    /// The message in JSON.
    pub body: String,
    /// Since when, in seconds since 1970.
    pub created: i64,
    /// How many tries have failed.
    pub failures: i64,
    /// When to try next.
    pub next_try: i64,
    /// Whether its sender was told that it has not arrived.
    pub was_told: bool,
}

/// Gives a message up for delivery.
///
/// # Errors
/// [`StoreError`].
pub fn insert(link: &mut Link, letter: &Letter) -> Result<(), StoreError> {
    diesel::insert_into(outbox::table).values(letter).execute(link)?;
    Ok(())
}

/// Keeps what became of a try.
///
/// # Errors
/// [`StoreError`].
pub fn update(link: &mut Link, letter: &Letter) -> Result<(), StoreError> {
    diesel::update(outbox::table.find(&letter.id)).set(letter).execute(link)?;
    Ok(())
}

/// The messages whose time has come, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn due(link: &mut Link, now: i64) -> Result<Vec<Letter>, StoreError> {
    Ok(outbox::table.filter(outbox::next_try.le(now)).order((outbox::created, outbox::id)).load(link)?)
}

/// All messages on their way, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Letter>, StoreError> {
    Ok(outbox::table.order((outbox::created, outbox::id)).load(link)?)
}

/// A message on its way.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, id: &str) -> Result<Option<Letter>, StoreError> {
    Ok(outbox::table.find(id).first(link).optional()?)
}

/// A message has arrived.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, id: &str) -> Result<(), StoreError> {
    diesel::delete(outbox::table.find(id)).execute(link)?;
    Ok(())
}
