//! The nodes whose logs are held here. A row is made when a node is pinned and its keys are known.

use crate::schema::nodes;
use crate::{Link, StoreError};
use diesel::prelude::*;
use pes_changeset::{KeySet, Origin, PublicKey};

/// A pinned node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The SHA-256 of its first key event, in hexadecimal.
    pub id: String,
    /// Its origin.
    pub origin: Origin,
    /// The network's name.
    pub name: String,
    /// Whether it is this very node.
    pub is_own: bool,
    /// What it signs key events with.
    pub root_key: PublicKey,
    /// What it signs change-sets and heads with.
    pub log_key: PublicKey,
    /// What it signs requests with.
    pub transport_key: PublicKey,
    /// Where its records lie.
    pub prefixes: Vec<String>,
    /// When it was pinned, in seconds since 1970.
    pub pinned_at: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = nodes)]
struct Row {
    id: String,
    origin: String,
    name: String,
    is_own: bool,
    root_key: String,
    log_key: String,
    transport_key: String,
    prefixes: String,
    pinned_at: i64,
}

impl Node {
    /// A node by the keys its first key event declares.
    pub fn new(id: String, origin: Origin, name: String, keys: &KeySet, is_own: bool, pinned_at: i64) -> Self {
        let prefixes = keys.prefixes.clone();
        Self {
            id,
            origin,
            name,
            is_own,
            root_key: keys.root,
            log_key: keys.log,
            transport_key: keys.transport,
            prefixes,
            pinned_at,
        }
    }

    /// The keys it declared last.
    pub fn keys(&self) -> KeySet {
        let prefixes = self.prefixes.clone();
        KeySet { root: self.root_key, log: self.log_key, transport: self.transport_key, prefixes, next_root: None }
    }
}

/// Pins a node.
///
/// # Errors
/// [`StoreError::Query`], also when its id or origin is taken.
pub fn insert(link: &mut Link, node: &Node) -> Result<(), StoreError> {
    let row = Row {
        id: node.id.clone(),
        origin: node.origin.to_string(),
        name: node.name.clone(),
        is_own: node.is_own,
        root_key: node.root_key.to_string(),
        log_key: node.log_key.to_string(),
        transport_key: node.transport_key.to_string(),
        prefixes: node.prefixes.join("\n"),
        pinned_at: node.pinned_at,
    };
    diesel::insert_into(nodes::table).values(row).execute(link)?;
    Ok(())
}

/// Keeps the keys that a node declared later.
///
/// # Errors
/// [`StoreError::Query`].
pub fn change_keys(link: &mut Link, id: &str, keys: &KeySet) -> Result<(), StoreError> {
    let change = (
        nodes::root_key.eq(keys.root.to_string()),
        nodes::log_key.eq(keys.log.to_string()),
        nodes::transport_key.eq(keys.transport.to_string()),
        nodes::prefixes.eq(keys.prefixes.join("\n")),
    );
    diesel::update(nodes::table.find(id)).set(change).execute(link)?;
    Ok(())
}

/// Forgets a node of which nothing is held any more.
///
/// # Errors
/// [`StoreError`], also where something still is.
pub fn remove(link: &mut Link, id: &str) -> Result<(), StoreError> {
    diesel::delete(nodes::table.find(id)).execute(link)?;
    Ok(())
}

/// The node of this id.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, id: &str) -> Result<Option<Node>, StoreError> {
    nodes::table.find(id).first::<Row>(link).optional()?.map(Node::try_from).transpose()
}

/// The node at this origin.
///
/// # Errors
/// [`StoreError`].
pub fn at(link: &mut Link, origin: &Origin) -> Result<Option<Node>, StoreError> {
    let row = nodes::table.filter(nodes::origin.eq(origin.as_str())).first::<Row>(link).optional()?;
    row.map(Node::try_from).transpose()
}

/// All pinned nodes, by origin.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Node>, StoreError> {
    nodes::table.order(nodes::origin).load::<Row>(link)?.into_iter().map(Node::try_from).collect()
}

impl TryFrom<Row> for Node {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let fault = |e| StoreError::damaged("nodes", e);
        Ok(Self {
            id: row.id,
            origin: row.origin.parse().map_err(fault)?,
            name: row.name,
            is_own: row.is_own,
            root_key: row.root_key.parse().map_err(fault)?,
            log_key: row.log_key.parse().map_err(fault)?,
            transport_key: row.transport_key.parse().map_err(fault)?,
            prefixes: row.prefixes.lines().map(str::to_owned).collect(),
            pinned_at: row.pinned_at,
        })
    }
}
