//! What people may do for a structure of this node.

use crate::schema::rights;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// What one person may do for one structure.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = rights)]
pub struct Right {
    /// The person.
    pub account: String,
    /// The structure's record.
    pub structure: String,
    /// Whether both sides confirmed that they have a role there. This makes them a member of the network.
    pub is_confirmed: bool,
    /// Whether they may edit its sheet. Given by itself, never with the role.
    pub may_edit: bool,
    /// Whether they asked to be told of what concerns it.
    pub wants_notices: bool,
}

/// Gives a right, in the place of the one before.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, right: &Right) -> Result<(), StoreError> {
    let place = rights::table.find((&right.account, &right.structure));
    if diesel::update(place).set(right).execute(link)? == 0 {
        diesel::insert_into(rights::table).values(right).execute(link)?;
    }
    Ok(())
}

/// What a person may do for a structure.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, account: &str, structure: &str) -> Result<Option<Right>, StoreError> {
    Ok(rights::table.find((account, structure)).first(link).optional()?)
}

/// All a person may do.
///
/// # Errors
/// [`StoreError`].
pub fn of_account(link: &mut Link, account: &str) -> Result<Vec<Right>, StoreError> {
    Ok(rights::table.filter(rights::account.eq(account)).order(rights::structure).load(link)?)
}

/// All who may do something for a structure.
///
/// # Errors
/// [`StoreError`].
pub fn of_structure(link: &mut Link, structure: &str) -> Result<Vec<Right>, StoreError> {
    Ok(rights::table.filter(rights::structure.eq(structure)).order(rights::account).load(link)?)
}

/// All rights.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Right>, StoreError> {
    Ok(rights::table.order((rights::structure, rights::account)).load(link)?)
}

/// Takes a right away.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, account: &str, structure: &str) -> Result<(), StoreError> {
    diesel::delete(rights::table.find((account, structure))).execute(link)?;
    Ok(())
}
