//! Messages on their way to another node: each a row until that node has taken it.

use crate::schema::outbox;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// The longest wait for the next try of anything, in seconds: a later time came out of a clock that was ahead and has been set right.
pub const LONGEST_WAIT: i64 = 6 * 60 * 60;

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

/// The messages whose time has come: of each node the oldest, since one at a time goes to each.
///
/// # Errors
/// [`StoreError`].
pub fn due(link: &mut Link, now: i64) -> Result<Vec<Letter>, StoreError> {
    let is_due = outbox::next_try.le(now).or(outbox::next_try.gt(now.saturating_add(LONGEST_WAIT)));
    let origins: Vec<String> =
        outbox::table.filter(is_due).select(outbox::origin).distinct().order(outbox::origin).load(link)?;
    let mut due = Vec::new();
    for origin in origins {
        let oldest = outbox::table.filter(is_due.and(outbox::origin.eq(origin)));
        due.extend(oldest.order((outbox::created, outbox::id)).first(link).optional()?);
    }
    Ok(due)
}

/// All messages on their way, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Letter>, StoreError> {
    Ok(outbox::table.order((outbox::created, outbox::id)).load(link)?)
}

/// How many messages are on their way.
///
/// # Errors
/// [`StoreError`].
pub fn count(link: &mut Link) -> Result<i64, StoreError> {
    Ok(outbox::table.count().get_result(link)?)
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
