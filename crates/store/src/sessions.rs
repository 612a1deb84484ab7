//! Who is signed in. A session is found by the digest of its token, so that a copied database lets nobody in.

use crate::schema::sessions;
use crate::tokens::digest;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// A person who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// SHA-256 of the token in the person's cookie, in hexadecimal.
    pub token_digest: String,
    /// Whose it is.
    pub account: String,
    /// What each of their forms has to bring back.
    pub csrf: String,
    /// Since when, in seconds since 1970.
    pub created: i64,
    /// Until when.
    pub expires: i64,
}

/// Begins a session.
///
/// # Errors
/// [`StoreError`].
pub fn insert(link: &mut Link, session: &Session) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table).values(session).execute(link)?;
    Ok(())
}

/// The session of this token, unless it is over.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, token: &str, now: i64) -> Result<Option<Session>, StoreError> {
    Ok(sessions::table.find(digest(token)).filter(sessions::expires.gt(now)).first(link).optional()?)
}

/// Ends the session of this token.
///
/// # Errors
/// [`StoreError`].
pub fn end(link: &mut Link, token: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.find(digest(token))).execute(link)?;
    Ok(())
}

/// Ends all sessions of an account, as when its password changes.
///
/// # Errors
/// [`StoreError`].
pub fn end_all(link: &mut Link, account: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::account.eq(account))).execute(link)?;
    Ok(())
}

/// Clears away the sessions that are over.
///
/// # Errors
/// [`StoreError`].
pub fn clear(link: &mut Link, now: i64) -> Result<usize, StoreError> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires.le(now))).execute(link)?)
}
