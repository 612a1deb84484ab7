//! Begins anew under the same origin, where root and log key are lost: other keys, another node-id, the same records.
//!
//! Nobody can tell from the bytes whether the network itself does so or whoever got hold of its domain. So people say: the hub's, by an
//! invitation that names the node-id that is replaced; and the animators of each other network, by a button, before their node takes
//! anything of the new one. Until then the old one stands as it was.

use crate::enter;
use crate::epochs::Standing;
use crate::forgetting::unpin;
use crate::identity::NewKeys;
use crate::pinning::{is_followed, pin, replace};
use crate::publish::CHANNELS;
use crate::roll::Member;
use crate::signed_heads::SignedHeads;
use crate::{Identity, Journal, JournalError, Refusal, circle, founding, leaving, rotation};
use pes_changeset::{ChangeSet, Channel, Origin};
use pes_domain::Rules;
use pes_store::entries::Urgency;
use pes_store::nodes::Node;
use pes_store::replacements::{self, Replacement};
use pes_store::{Link, Store, logs, nodes, own_records, peers};
use std::sync::Arc;
use time::UtcDateTime;

/// What became of a node that began anew.
#[derive(Debug, Clone)]
pub struct Renewed {
    /// The node, with its new keys and its new node-id.
    pub identity: Identity,
    /// The node-id it had.
    pub replaces: String,
    /// How many change-sets were issued again.
    pub issued: u64,
}

/// A network whose place in a roll another node-id has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returning {
    /// The node that is pinned here.
    pub old: Node,
    /// The one that the roll names now.
    pub new: Member,
    /// Whether the animators here have agreed; it is about to be met.
    pub is_agreed: bool,
    /// Whether the old one is a hub that this node follows or is leaving: then nobody takes its place before it is left.
    pub is_followed: bool,
}

/// Gives a node new keys and with them a new node-id, and issues all that it has published under them. What is ours alone stays: records
/// whole, people, conversations. Nothing is lost but the old logs. What the old keys signed need not be known any more: `signed` is a file
/// that is not there yet.
///
/// # Errors
/// [`JournalError::Founding`] where the database holds no node; nothing changes on any error.
pub fn renew(
    store: Store,
    rules: Arc<Rules>,
    (keys, signed): (&NewKeys, Option<SignedHeads>),
    now: UtcDateTime,
) -> Result<Renewed, JournalError> {
    let own = store.read(nodes::all)?.into_iter().find(|node| node.is_own);
    let own = own.ok_or_else(|| JournalError::Founding("this database holds no node".into()))?;
    let declared = founding::declared(&own.origin, keys);
    let genesis = founding::sign(&own.origin, &declared, keys, now)?;
    let identity = Identity {
        node_id: genesis.digest_hex(),
        origin: own.origin.clone(),
        name: own.name.clone(),
        log_key: keys.log.clone(),
        transport_key: keys.transport.clone(),
    };
    let journal = Journal { signed: signed.map(Arc::new), ..Journal::closed(store, rules, identity.clone()) };
    let renew = |link: &mut Link| {
        circle::settle(link, &Identity { node_id: own.id.clone(), ..identity.clone() })?;
        if circle::own_circle(link, &identity)? == own.id {
            circle::choose(link, &identity.node_id)?;
        }
        unpin(link, &own.id)?;
        peers::begin_anew(link)?;
        let (id, name, at) = (identity.node_id.clone(), own.name.clone(), now.unix_timestamp());
        nodes::insert(link, &Node::new(id, own.origin.clone(), name, &declared, true, at))?;
        let mut log = logs::find_or_insert(link, &identity.node_id, Channel::Keys, 1)?;
        enter::append(link, &mut log, &genesis, Urgency::None)?;
        enter::close(link, &mut log, &identity)?;
        journal.issue_anew(link, now)
    };
    let issued = journal.write_signed(renew, || ())?;
    Ok(Renewed { identity, replaces: own.id, issued })
}

impl Journal {
    fn issue_anew(&self, link: &mut Link, now: UtcDateTime) -> Result<u64, JournalError> {
        let (published, closed) = (own_records::published(link)?, leaving::closed(link, &self.identity)?);
        let mut count = 0;
        for channel in CHANNELS {
            let records = self.shown(rotation::projections(&published, channel, &closed), channel)?;
            if records.is_empty() {
                continue;
            }
            count += records.len() as u64;
            let log = logs::find_or_insert(link, &self.identity.node_id, channel, 1)?;
            self.issue_into(link, (log, Standing::Current), records, now)?;
        }
        Ok(count)
    }

    /// Networks that the roll names under another node-id than the one that is pinned here, and says which it replaces.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn returning(&self) -> Result<Vec<Returning>, JournalError> {
        let members = self.members()?;
        self.store.read(|link| {
            let agreed = replacements::all(link)?;
            let mut returning = Vec::new();
            for new in members {
                let Some(old) = nodes::at(link, &new.origin)?.filter(|old| old.id != new.node_id) else { continue };
                if new.replaces.as_ref() == Some(&old.id) {
                    let is_agreed = agreed.iter().any(|one| one.old == old.id && one.new == new.node_id);
                    let is_followed = is_followed(link, &old)?;
                    returning.push(Returning { old, new, is_agreed, is_followed });
                }
            }
            Ok(returning)
        })
    }

    /// The animators here agree that a node takes another's place. It is met at its own address before anything changes.
    ///
    /// # Errors
    /// [`Refusal::UnknownNode`] where no roll that counts says so, [`Refusal::Followed`] where the old one is this node's hub.
    pub fn agree(&self, old: &str, new: &str, now: UtcDateTime) -> Result<(), JournalError> {
        let found = self.returning()?.into_iter().find(|one| one.old.id == old && one.new.node_id == new);
        let found = found.ok_or_else(|| Refusal::UnknownNode(new.to_owned()))?;
        if found.is_followed {
            return Err(Refusal::Followed(found.old.origin.to_string()).into());
        }
        let agreed = Replacement { old: found.old.id, new: found.new.node_id, agreed: now.unix_timestamp() };
        self.store.write(|link| replacements::put(link, &agreed))?;
        self.ring_all();
        Ok(())
    }

    /// Pins a node that was heard from its own address; in the place of the one that is pinned at its origin, where the animators here
    /// agreed to that.
    ///
    /// # Errors
    /// As [`Journal::pin`]; [`Refusal::Followed`].
    pub fn meet(
        &self,
        (node_id, origin): (&str, &Origin),
        name: &str,
        events: &[ChangeSet],
        now: UtcDateTime,
    ) -> Result<Node, JournalError> {
        let node = Self::introduced((node_id, origin), name, events, now)?;
        self.store.write(|link| {
            let agreed = replacements::all(link)?.into_iter().find(|one| one.new == node_id);
            match agreed {
                Some(agreed) => replace(link, &agreed.old, node, events),
                None => pin(link, node, events),
            }
        })
    }
}
