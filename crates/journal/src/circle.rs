//! The circle: among whom a channel `affiliates` goes. It is the circle of one hub; only `public` crosses from one hub to another.
//!
//! A node's own circle is the first it came into: that of the first hub it joined, or its own where it is a hub. To whom the
//! channel of another may be given is judged by the rolls that are known here, and where they leave a doubt it is not given: whoever
//! should have it gets it from its hub.

use crate::forgetting::forget;
use crate::peers::{Peer, PeerRole};
use crate::{Identity, Journal, JournalError, roll};
use pes_changeset::Channel;
use pes_domain::Kind;
use pes_store::nodes::Node;
use pes_store::{Link, nodes, peers, records, settings};

/// The setting that holds the node-id of the own circle's hub.
const CIRCLE: &str = "circle";

/// What the setting says of a network that has left its circle: until it joins again, what is for affiliates goes nowhere.
pub(crate) const CLOSED: &str = "closed";

impl Journal {
    /// The node-id of the hub in whose circle this node's own channel `affiliates` goes: its own where it follows none.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn circle(&self) -> Result<String, JournalError> {
        self.store.read(|link| own_circle(link, &self.identity))
    }

    /// Whether a node may be given what another wrote into a channel, which is for everybody or for a circle.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn is_for(&self, reader: &str, author: &str, channel: Channel) -> Result<bool, JournalError> {
        self.store.read(|link| is_for(link, &self.identity, (author, channel), reader))
    }

    /// Whether what a node wrote into a channel is not taken here: this node is a hub, and it is for the members of another.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn declines(&self, author: &str, channel: Channel) -> Result<bool, JournalError> {
        self.store.read(|link| declines(link, &self.identity, (author, channel)))
    }

    /// The hubs from whose circle this node parts as soon as a first network joins it: a hub is in no circle but its own. None where it is
    /// a hub already, or follows nobody.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn parts_from(&self) -> Result<Vec<Node>, JournalError> {
        self.store.read(|link| {
            if publishes_roll(link, &self.identity.node_id)? {
                return Ok(Vec::new());
            }
            let followed = hubs(link)?;
            Ok(nodes::all(link)?.into_iter().filter(|node| followed.contains(&node.id)).collect())
        })
    }
}

/// Erases what this hub holds of the circles of others, from the time when it was none: nobody would tell it when they change it or take
/// it back.
pub(crate) fn part(link: &mut Link, identity: &Identity) -> Result<(), JournalError> {
    for node in nodes::all(link)? {
        if declines(link, identity, (&node.id, Channel::Affiliates))? {
            forget(link, &node.id, &[Channel::Affiliates])?;
        }
    }
    Ok(())
}

/// Whether a log is none of a hub's business, whoever brings it: what another hub's members say among themselves. Those who bring it may
/// not know yet that this node is a hub; it knows.
pub(crate) fn declines(
    link: &mut Link,
    identity: &Identity,
    (author, channel): (&str, Channel),
) -> Result<bool, JournalError> {
    let own = &identity.node_id;
    Ok(channel.is_for_members() && author != own && publishes_roll(link, own)? && !is_of_ours(link, identity, author)?)
}

/// Whether a log is brought to a peer: it may be given to it, and the peer knows whom it is of. What the members of one hub say goes to
/// another hub by the hubs, never by a network that happens to follow both.
pub(crate) fn is_brought(
    link: &mut Link,
    identity: &Identity,
    (author, channel): (&str, Channel),
    peer: &Peer,
) -> Result<bool, JournalError> {
    if !is_for(link, identity, (author, channel), &peer.node)? {
        return Ok(false);
    }
    if peer.role == PeerRole::Affiliate || author == identity.node_id || author == peer.node {
        return Ok(true);
    }
    if roll::lists(link, &peer.node, author)?.is_some() || is_of_ours(link, identity, author)? {
        return Ok(true);
    }
    let others = hubs(link)?.into_iter().filter(|hub| *hub != peer.node);
    Ok(!any(others, |hub| Ok(hub == author || roll::lists(link, hub, author)?.is_some()))?)
}

/// As [`Journal::is_for`].
pub(crate) fn is_for(
    link: &mut Link,
    identity: &Identity,
    (author, channel): (&str, Channel),
    reader: &str,
) -> Result<bool, JournalError> {
    // An author gets its own back: that is how a restored backup is completed.
    if !channel.is_for_members() || reader == author {
        return Ok(true);
    }
    let circles = circles_of(link, identity, author)?;
    Ok(!circles.is_empty() && !any(circles, |hub| Ok(!holds(link, identity, hub, reader)?))?)
}

/// The hubs in whose circle an author's channel may be. Of several each has to agree.
fn circles_of(link: &mut Link, identity: &Identity, author: &str) -> Result<Vec<String>, JournalError> {
    let own = &identity.node_id;
    if author == own {
        return Ok(vec![own_circle(link, identity)?]);
    }
    if is_of_ours(link, identity, author)? {
        return Ok(vec![own.clone()]);
    }
    let hubs = hubs(link)?;
    if hubs.iter().any(|hub| hub == author) {
        return Ok(vec![author.to_owned()]);
    }
    let mut circles = Vec::new();
    for hub in &hubs {
        // Also one that has left: what it took back is for those who had it.
        if roll::lists(link, hub, author)?.is_some() {
            circles.push(hub.clone());
        }
    }
    Ok(if circles.is_empty() && hubs.len() == 1 { hubs } else { circles })
}

/// Whether the circle of a hub holds a node. Another hub is in none but its own.
fn holds(link: &mut Link, identity: &Identity, hub: &str, node: &str) -> Result<bool, JournalError> {
    if node == hub {
        return Ok(true);
    }
    // One that is followed is a hub also while its roll is still on its way.
    if hubs(link)?.iter().any(|known| known == node) || publishes_roll(link, node)? {
        return Ok(false);
    }
    match roll::lists(link, hub, node)? {
        Some(is_active) => Ok(is_active),
        None => Ok(hub == identity.node_id && is_affiliate(link, node)?),
    }
}

/// Whether a node follows this one, or did.
fn is_of_ours(link: &mut Link, identity: &Identity, node: &str) -> Result<bool, JournalError> {
    Ok(roll::lists(link, &identity.node_id, node)?.is_some() || is_affiliate(link, node)?)
}

fn is_affiliate(link: &mut Link, node: &str) -> Result<bool, JournalError> {
    Ok(peers::find(link, node)?.is_some_and(|peer| peer.role == PeerRole::Affiliate))
}

pub(crate) fn publishes_roll(link: &mut Link, node: &str) -> Result<bool, JournalError> {
    Ok(records::has_of_node(link, node, Channel::Public, Kind::Affiliation)?)
}

/// The hubs this node follows, those it met first before the others.
fn hubs(link: &mut Link) -> Result<Vec<String>, JournalError> {
    let mut hubs = Vec::new();
    for peer in peers::all(link)?.into_iter().filter(|peer| peer.role == PeerRole::Hub) {
        let met = nodes::find(link, &peer.node)?.map(|node| node.pinned_at);
        hubs.push((met, peer.node));
    }
    hubs.sort();
    Ok(hubs.into_iter().map(|(_, hub)| hub).collect())
}

pub(crate) fn own_circle(link: &mut Link, identity: &Identity) -> Result<String, JournalError> {
    if let Some(chosen) = settings::get(link, CIRCLE)? {
        return Ok(chosen);
    }
    if publishes_roll(link, &identity.node_id)? {
        return Ok(identity.node_id.clone());
    }
    Ok(hubs(link)?.into_iter().next().unwrap_or_else(|| identity.node_id.clone()))
}

/// Comes into a circle, unless this node is in one already.
pub(crate) fn come_into(link: &mut Link, identity: &Identity, hub: &str) -> Result<(), JournalError> {
    match settings::get(link, CIRCLE)? {
        Some(circle) if circle == CLOSED => return choose(link, hub),
        Some(_) => return Ok(()),
        None => {}
    }
    let is_free = hubs(link)?.is_empty() && !publishes_roll(link, &identity.node_id)?;
    let circle = if is_free { hub.to_owned() } else { own_circle(link, identity)? };
    choose(link, &circle)
}

/// Writes down the own circle where it only followed from what is known.
pub(crate) fn settle(link: &mut Link, identity: &Identity) -> Result<(), JournalError> {
    let circle = own_circle(link, identity)?;
    choose(link, &circle)
}

pub(crate) fn choose(link: &mut Link, circle: &str) -> Result<(), JournalError> {
    Ok(settings::put(link, CIRCLE, circle)?)
}

/// Whether something holds for any of these.
fn any<T: AsRef<str>>(
    all: impl IntoIterator<Item = T>,
    mut holds: impl FnMut(&str) -> Result<bool, JournalError>,
) -> Result<bool, JournalError> {
    for one in all {
        if holds(one.as_ref())? {
            return Ok(true);
        }
    }
    Ok(false)
}
