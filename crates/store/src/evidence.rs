//! Nodes that signed two histories, with the proof: until the row is lifted, nothing more of that node is taken.

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
    /// When the node was taken out of quarantine, if it was.
    pub lifted: Option<i64>,
}

/// Keeps what was found, unless the node is in quarantine already. Tells whether it was not.
///
/// # Errors
/// [`StoreError`].
pub fn insert(link: &mut Link, found: &Found) -> Result<bool, StoreError> {
    match find(link, &found.node)? {
        Some(known) if known.lifted.is_none() => return Ok(false),
        Some(_) => drop(diesel::delete(evidence::table.find(&found.node)).execute(link)?),
        None => {}
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

/// Forgets what was found of a node.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, node: &str) -> Result<(), StoreError> {
    diesel::delete(evidence::table.find(node)).execute(link)?;
    Ok(())
}

/// Takes a node out of quarantine; the proof is kept. Tells whether it was in.
///
/// # Errors
/// [`StoreError`].
pub fn lift(link: &mut Link, node: &str, now: i64) -> Result<bool, StoreError> {
    let in_quarantine = evidence::table.filter(evidence::node.eq(node).and(evidence::lifted.is_null()));
    Ok(diesel::update(in_quarantine).set(evidence::lifted.eq(now)).execute(link)? > 0)
}
