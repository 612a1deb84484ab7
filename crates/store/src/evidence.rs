//! Nodes that signed two histories, with the proof: while a row is here, nothing more of that node is taken.

use crate::schema::evidence;
use crate::{Link, StoreError};
use diesel::prelude::*;

/// What was found of one node. The first that was found is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = evidence)]
pub struct Found {
    /// The node.
    pub node: String,
    /// The proof, as `pes_changeset::evidence` writes it.
    pub text: String,
    /// When it was found, in seconds since 1970.
    pub found: i64,
}

/// Keeps what was found, unless something was before. Tells whether it is the first.
///
/// # Errors
/// [`StoreError`].
pub fn insert(link: &mut Link, found: &Found) -> Result<bool, StoreError> {
    if find(link, &found.node)?.is_some() {
        return Ok(false);
    }
    diesel::insert_into(evidence::table).values(found).execute(link)?;
    Ok(true)
}

/// What was found of a node.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, node: &str) -> Result<Option<Found>, StoreError> {
    Ok(evidence::table.find(node).first(link).optional()?)
}

/// All that was found, by node.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Found>, StoreError> {
    Ok(evidence::table.order(evidence::node).load(link)?)
}

/// Takes a node out of quarantine. Tells whether it was in.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, node: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(evidence::table.find(node)).execute(link)? > 0)
}
