//! Invitations a hub has made. Only the digest of a code is kept.

use crate::schema::invitations;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    /// SHA-256 of the code, in hexadecimal.
    pub code_digest: String,
    /// The network it is for.
    pub name: String,
    /// Since when, in seconds since 1970.
    pub created: i64,
    /// The node-id that has taken it up.
    pub used_by: Option<String>,
    /// The node-id whose place that node takes: a network that lost its keys and joins anew.
    pub replaces: Option<String>,
}

/// Keeps an invitation.
///
/// # Errors
/// [`StoreError`].
pub fn insert(link: &mut Link, invitation: &Invitation) -> Result<(), StoreError> {
    diesel::insert_into(invitations::table).values(invitation).execute(link)?;
    Ok(())
}

/// The invitation of this code.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, code_digest: &str) -> Result<Option<Invitation>, StoreError> {
    Ok(invitations::table.find(code_digest).first(link).optional()?)
}

/// All invitations, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Invitation>, StoreError> {
    Ok(invitations::table.order((invitations::created.desc(), invitations::code_digest)).load(link)?)
}

/// A node takes an invitation up.
///
/// # Errors
/// [`StoreError`].
pub fn take_up(link: &mut Link, code_digest: &str, node: &str) -> Result<(), StoreError> {
    diesel::update(invitations::table.find(code_digest)).set(invitations::used_by.eq(node)).execute(link)?;
    Ok(())
}
