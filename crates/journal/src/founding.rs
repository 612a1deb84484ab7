//! Makes a node: signs its first key event with the root key, and keeps it as entry 0 of its `keys` log.

use crate::identity::{Identity, NewKeys};
use crate::{JournalError, enter};
use pes_changeset::header::PROTOCOL;
use pes_changeset::{Act, ChangeSet, Channel, Header, KeySet, LogId, Origin};
use pes_store::entries::Urgency;
use pes_store::nodes::Node;
use pes_store::{Store, logs, nodes};
use time::UtcDateTime;

/// Makes the node of a network in an empty database.
///
/// # Errors
/// [`JournalError::Founding`] when the database already holds a node.
pub fn found(
    store: &Store,
    (origin, name): (&Origin, &str),
    keys: &NewKeys,
    now: UtcDateTime,
) -> Result<Identity, JournalError> {
    let declared = declared(origin, keys);
    let genesis = sign(origin, &declared, keys, now)?;
    let identity = Identity {
        node_id: genesis.digest_hex(),
        origin: origin.clone(),
        name: name.to_owned(),
        log_key: keys.log.clone(),
        transport_key: keys.transport.clone(),
    };
    store.write(|link| {
        if let Some(other) = nodes::all(link)?.into_iter().find(|node| node.is_own) {
            return Err(JournalError::Founding(format!("this database already is that of {}", other.origin)));
        }
        let pinned_at = now.unix_timestamp();
        let own = Node::new(identity.node_id.clone(), origin.clone(), name.to_owned(), &declared, true, pinned_at);
        nodes::insert(link, &own)?;
        let mut log = logs::find_or_insert(link, &identity.node_id, Channel::Keys, 1)?;
        enter::append(link, &mut log, &genesis, Urgency::None)?;
        enter::close(link, &mut log, &identity)
    })?;
    Ok(identity)
}

/// What the first key event declares.
pub(crate) fn declared(origin: &Origin, keys: &NewKeys) -> KeySet {
    KeySet {
        root: keys.root.public(),
        log: keys.log.public(),
        transport: keys.transport.public(),
        prefixes: vec![format!("{origin}/id/")],
        next_root: None,
    }
}

/// The first key event.
pub(crate) fn sign(
    origin: &Origin,
    declared: &KeySet,
    keys: &NewKeys,
    now: UtcDateTime,
) -> Result<ChangeSet, JournalError> {
    let header = Header {
        protocol: PROTOCOL,
        log: LogId::new(origin.clone(), Channel::Keys, 1),
        seq: 0,
        created: whole_seconds(now),
        save: None,
        act: Act::Genesis(Box::new(declared.clone())),
    };
    ChangeSet::sign(&header, &keys.root).map_err(JournalError::Sign)
}

/// The protocol knows no parts of a second.
pub(crate) fn whole_seconds(at: UtcDateTime) -> UtcDateTime {
    at.replace_nanosecond(0).unwrap_or(at)
}
