//! The roll: who is a member, as the hubs this node follows publish it, and this node itself if it is a hub.
//!
//! Nobody believes the roll for itself. It says whom to ask; a node is pinned only when its own address names the same
//! node-id ([`Journal::pin`]).

use crate::group::Group;
use crate::peers::{Node, Peer, PeerRole};
use crate::pinning::{pin, replace};
use crate::{Identity, Journal, JournalError, Refusal, circle};
use pes_changeset::{ChangeSet, Channel, Origin};
use pes_domain::affiliation::Affiliation;
use pes_domain::{Audience, Body, Code, Kind, List, Record, RecordIri};
use pes_store::invitations::{self, Invitation};
use pes_store::own_records::Moderation;
use pes_store::records::Sheet;
use pes_store::{Bell, Link, nodes, own_records, peers, records, replacements, tokens};
use std::collections::BTreeMap;
use time::UtcDateTime;

/// A member, as a hub's roll names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its origin.
    pub origin: Origin,
    /// Its node-id.
    pub node_id: String,
    /// The network's name.
    pub network: String,
    /// The node-id it had before it lost its keys and joined anew.
    pub replaces: Option<String>,
}

/// A node that asks to join, after it was heard from its own address.
#[derive(Debug, Clone, Copy)]
pub struct Applicant<'a> {
    /// Its origin.
    pub origin: &'a Origin,
    /// Its node-id.
    pub node_id: &'a str,
    /// The network's name.
    pub name: &'a str,
}

/// Where a network stands in a hub's roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It takes part.
    Active,
    /// The hub carries nothing to it or from it for now.
    Suspended,
    /// It has left.
    Left,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Left];

    /// Its notation in the code list `affiliation-state`.
    pub fn notation(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Left => "left",
        }
    }

    /// Undoes [`Standing::notation`].
    pub fn named(notation: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.notation() == notation)
    }
}

impl Journal {
    /// The active members of all rolls that count here, this node left out: those of the hubs it follows, its own if it is one, and
    /// those of members that are hubs themselves. Of the last only what is public is heard, and their members' members not at all.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn members(&self) -> Result<Vec<Member>, JournalError> {
        self.store.read(|link| {
            let own = &self.identity;
            let mut members = BTreeMap::new();
            for author in voices(link, own)? {
                add_roll(link, &author, usize::MAX, &mut members)?;
            }
            let mut hubs = records::authors(link, Channel::Public, Kind::Affiliation)?;
            hubs.retain(|hub| members.contains_key(hub));
            for hub in hubs {
                add_roll(link, &hub, MEMBERS, &mut members)?;
            }
            Ok(members.into_values().filter(|one| one.node_id != own.node_id && one.origin != own.origin).collect())
        })
    }

    /// The members of the rolls that are not pinned here yet. One at whose origin another node is pinned is met only where the animators
    /// here agreed that it [takes its place](crate::renewal).
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn unmet_members(&self) -> Result<Vec<Member>, JournalError> {
        let members = self.members()?;
        let (pinned, agreed) =
            self.store.read(|link| Ok::<_, JournalError>((nodes::all(link)?, replacements::all(link)?)))?;
        let may_be_met = |member: &Member| match pinned.iter().find(|node| node.origin == member.origin) {
            Some(old) => agreed.iter().any(|one| one.old == old.id && one.new == member.node_id),
            None => true,
        };
        let unmet = members.into_iter().filter(|member| pinned.iter().all(|node| node.id != member.node_id));
        Ok(unmet.filter(may_be_met).collect())
    }

    /// Whether a node may bring something and ask for what is for members: a peer, or a member of a roll that counts; but none that
    /// this hub suspended, or that left. What it may read depends on the [circle](crate::circle).
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn is_member(&self, node_id: &str) -> Result<bool, JournalError> {
        self.store.read(|link| is_member(link, &self.identity, node_id))
    }

    /// The pinned node at an origin, and whether it is a [member](Journal::is_member).
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn neighbour_at(&self, origin: &Origin) -> Result<Option<(Node, bool)>, JournalError> {
        self.store.read(|link| {
            let Some(node) = nodes::at(link, origin)? else { return Ok(None) };
            let is_member = is_member(link, &self.identity, &node.id)?;
            Ok(Some((node, is_member)))
        })
    }

    /// Whether anything is carried to a peer: not while exchanges are paused, nor to one that was put out.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn is_carried(&self, peer: &Peer) -> Result<bool, JournalError> {
        self.store.read(|link| is_carried(link, peer))
    }

    /// The peers to which and from which something is carried.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn carried_peers(&self) -> Result<Vec<Peer>, JournalError> {
        let mut carried = Vec::new();
        for peer in self.peers()? {
            if self.is_carried(&peer)? {
                carried.push(peer);
            }
        }
        Ok(carried)
    }

    /// This hub's own roll: all that ever were members, and where they stand.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn roll(&self) -> Result<Vec<(Affiliation, Standing)>, JournalError> {
        let all = self.store.read(|link| own_records::of_kind(link, Kind::Affiliation, Moderation::Published))?;
        let entry = |own: own_records::OwnRecord| match own.record.body {
            Body::Affiliation(one) => Some((one.clone(), Standing::named(one.state.notation())?)),
            _ => None,
        };
        let mut roll: Vec<_> = all.into_iter().filter_map(entry).collect();
        roll.sort_by(|(a, _), (b, _)| a.network.cmp(&b.network));
        Ok(roll)
    }

    /// Suspends a member of this hub, takes it back, or notes that it has left. The roll says so to everybody.
    ///
    /// # Errors
    /// [`Refusal::UnknownNode`] where the roll does not know it.
    pub fn set_standing(&self, node_id: &str, standing: Standing, now: UtcDateTime) -> Result<(), JournalError> {
        self.gather(now, |group| {
            let record = affiliation_of(group.link(), node_id)?;
            let record = record.ok_or_else(|| Refusal::UnknownNode(node_id.to_owned()))?;
            stand(group, record, standing, now)
        })?;
        self.store.ring(Bell::Members);
        Ok(())
    }

    /// Lets exchanges with a peer rest, or go on.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn pause(&self, node_id: &str, is_paused: bool) -> Result<(), JournalError> {
        self.change_peer(node_id, |peer| peer.is_paused = is_paused)?;
        self.ring_all();
        Ok(())
    }

    /// Makes an invitation to join this node as a hub. The code is shown once; the database keeps its digest.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn invite(&self, name: &str, now: UtcDateTime) -> Result<String, JournalError> {
        self.make_invitation(name, None, now)
    }

    /// Makes an invitation for a member that lost its keys and joins anew: whoever takes it up at that member's origin takes its place.
    ///
    /// # Errors
    /// [`Refusal::UnknownNode`] where the roll does not know the member.
    pub fn invite_anew(&self, node_id: &str, now: UtcDateTime) -> Result<String, JournalError> {
        let entry = self.store.read(|link| affiliation_of(link, node_id))?;
        let entry = entry.ok_or_else(|| Refusal::UnknownNode(node_id.to_owned()))?;
        self.make_invitation(&entry.title(), Some(node_id), now)
    }

    fn make_invitation(&self, name: &str, replaces: Option<&str>, now: UtcDateTime) -> Result<String, JournalError> {
        let code = tokens::new_token()[..32].to_owned();
        let invitation = Invitation {
            code_digest: tokens::digest(&code),
            name: name.to_owned(),
            created: now.unix_timestamp(),
            used_by: None,
            replaces: replaces.map(str::to_owned),
        };
        self.store.write(|link| invitations::insert(link, &invitation))?;
        Ok(code)
    }

    /// Whether the origin of whoever takes up an invitation is free for it: no other node is pinned there, or the one whose place it takes.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn has_room(&self, (node_id, origin): (&str, &Origin), code: &str) -> Result<bool, JournalError> {
        self.store.read(|link| {
            let Some(other) = nodes::at(link, origin)?.filter(|other| other.id != node_id) else { return Ok(true) };
            let invitation = invitations::find(link, &tokens::digest(code))?;
            Ok(!other.is_own && invitation.and_then(|one| one.replaces).is_some_and(|old| old == other.id))
        })
    }

    /// Whether a code may be taken up by this node: one nobody used, or the same node again.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn invites(&self, code: &str, node_id: &str) -> Result<bool, JournalError> {
        let invitation = self.store.read(|link| invitations::find(link, &tokens::digest(code)))?;
        Ok(invitation.is_some_and(|one| one.used_by.is_none_or(|user| user == node_id)))
    }

    /// Pins a node by what was heard at its own address, its name and key events; takes it into the roll and makes it a peer. Twice is
    /// once.
    ///
    /// # Errors
    /// [`Refusal::UnknownNode`] when the code was taken up by another meanwhile: then the node is not pinned; and what
    /// [`Journal::pin`] says.
    pub fn admit(
        &self,
        applicant: Applicant<'_>,
        (name, events): (&str, &[ChangeSet]),
        code: &str,
        now: UtcDateTime,
    ) -> Result<(), JournalError> {
        let node = Self::introduced((applicant.node_id, applicant.origin), name, events, now)?;
        self.gather(now, |group| {
            let replaces = take_up(group.link(), applicant, code)?;
            let at_origin = nodes::at(group.link(), applicant.origin)?.map(|node| node.id);
            match replaces.as_ref().filter(|old| at_origin.as_ref() == Some(*old)) {
                Some(old) => replace(group.link(), old, node, events)?,
                None => pin(group.link(), node, events)?,
            };
            let entry = self.affiliation(group.link(), applicant, replaces.as_deref(), now)?;
            // Whoever is invited again is a member again.
            stand(group, entry, Standing::Active, now)?;
            circle::come_into(group.link(), &self.identity, &self.identity.node_id)?;
            circle::part(group.link(), &self.identity)?;
            // Two hubs may follow each other: the one that this node follows stays its hub.
            let role = peers::find(group.link(), applicant.node_id)?.map_or(PeerRole::Affiliate, |known| known.role);
            self.put_peer(group.link(), applicant.node_id, role)
        })?;
        self.store.ring(Bell::Members);
        Ok(())
    }

    /// The record of a member: the one there is, that of the node whose place it takes at its origin, or a new one.
    fn affiliation(
        &self,
        link: &mut Link,
        applicant: Applicant<'_>,
        replaces: Option<&str>,
        now: UtcDateTime,
    ) -> Result<Record, JournalError> {
        if let Some(known) = affiliation_of(link, applicant.node_id)? {
            return Ok(known);
        }
        let old = replaces.map(|old| affiliation_of(link, old)).transpose()?.flatten();
        if let (Some(mut record), Some(old)) = (old, replaces)
            && let Body::Affiliation(one) = &mut record.body
            && one.origin == applicant.origin.as_str()
        {
            (one.node_id, one.replaces) = (applicant.node_id.to_owned(), Some(old.to_owned()));
            return Ok(Record { modified: now, ..record });
        }
        Ok(Record {
            iri: RecordIri::mint(self.identity.origin.as_str(), Kind::Affiliation),
            created: now,
            published: None,
            modified: now,
            audience: Audience::Public,
            narrowed: BTreeMap::new(),
            expires: None,
            themes: Vec::new(),
            tags: Vec::new(),
            body: Body::Affiliation(Affiliation {
                network: applicant.name.to_owned(),
                origin: applicant.origin.to_string(),
                node_id: applicant.node_id.to_owned(),
                since: now.date(),
                state: Code::new(List::AffiliationState, Standing::Active.notation()),
                replaces: None,
            }),
        })
    }
}

/// Takes an invitation up; tells whose place it gives.
fn take_up(link: &mut Link, applicant: Applicant<'_>, code: &str) -> Result<Option<String>, JournalError> {
    let unknown = || Refusal::UnknownNode(applicant.node_id.to_owned());
    let digest = tokens::digest(code);
    let invitation = invitations::find(link, &digest)?.ok_or_else(unknown)?;
    if invitation.used_by.is_some_and(|user| user != applicant.node_id) {
        return Err(unknown().into());
    }
    invitations::take_up(link, &digest, applicant.node_id)?;
    Ok(invitation.replaces)
}

/// Saves a roll's entry with a member's standing, where it says anything new.
fn stand(group: &mut Group<'_>, mut record: Record, standing: Standing, now: UtcDateTime) -> Result<(), JournalError> {
    let state = Code::new(List::AffiliationState, standing.notation());
    if let Body::Affiliation(one) = &mut record.body
        && one.state != state
    {
        (one.state, record.modified) = (state, now);
    }
    group.save(record, Moderation::Published, None).map(drop)
}

/// This hub's own record of a member. Found by the node-id, however many members there are: it is asked for whatever is sent.
fn is_member(link: &mut Link, own: &Identity, node_id: &str) -> Result<bool, JournalError> {
    Ok(!is_put_out(link, node_id)? && is_known(link, own, node_id)?)
}

/// As [`Journal::is_carried`].
pub(crate) fn is_carried(link: &mut Link, peer: &Peer) -> Result<bool, JournalError> {
    Ok(!peer.is_paused && !is_put_out(link, &peer.node)?)
}

fn is_put_out(link: &mut Link, node_id: &str) -> Result<bool, JournalError> {
    let own = affiliation_of(link, node_id)?;
    Ok(own.is_some_and(|record| matches!(&record.body, Body::Affiliation(one) if !one.is_active())))
}

fn affiliation_of(link: &mut Link, node_id: &str) -> Result<Option<Record>, JournalError> {
    for name in records::with_facet(link, "node", node_id)? {
        if let Some(own) = own_records::find(link, &name)? {
            return Ok(Some(own.record));
        }
    }
    Ok(None)
}

/// More members of a roll that counts only because its author is a member are not heard: it could make everybody ask strangers without
/// end.
const MEMBERS: usize = 1_000;

/// Whose rolls count by themselves: those of the hubs that are followed, and one's own.
fn voices(link: &mut Link, own: &Identity) -> Result<Vec<String>, JournalError> {
    let hubs = peers::all(link)?.into_iter().filter(|peer| peer.role == PeerRole::Hub).map(|peer| peer.node);
    Ok(hubs.chain([own.node_id.clone()]).collect())
}

fn add_roll(
    link: &mut Link,
    author: &str,
    limit: usize,
    members: &mut BTreeMap<String, Member>,
) -> Result<(), JournalError> {
    for sheet in records::of_node(link, author, Channel::Public, Kind::Affiliation)?.into_iter().take(limit) {
        let Body::Affiliation(one) = sheet.record.body else { continue };
        if let Some(member) = member(one) {
            members.entry(member.node_id.clone()).or_insert(member);
        }
    }
    Ok(())
}

/// Whether a node is a peer, or named by a roll that counts.
pub(crate) fn is_known(link: &mut Link, own: &Identity, node_id: &str) -> Result<bool, JournalError> {
    if peers::find(link, node_id)?.is_some() {
        return Ok(true);
    }
    let voices = voices(link, own)?;
    for author in vouching(link, node_id)? {
        let is_direct = voices.contains(&author);
        if is_direct || vouching(link, &author)?.iter().any(|hub| voices.contains(hub)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The nodes whose rolls name a node as active.
fn vouching(link: &mut Link, node_id: &str) -> Result<Vec<String>, JournalError> {
    let mut authors = Vec::new();
    for sheet in naming(link, node_id)? {
        if matches!(&sheet.record.body, Body::Affiliation(one) if one.is_active()) {
            authors.push(sheet.node);
        }
    }
    Ok(authors)
}

/// Whether the roll of a hub names a node, and if so whether as active.
pub(crate) fn lists(link: &mut Link, hub: &str, node_id: &str) -> Result<Option<bool>, JournalError> {
    let entry = naming(link, node_id)?.into_iter().find(|sheet| sheet.node == hub);
    Ok(entry.map(|sheet| matches!(&sheet.record.body, Body::Affiliation(one) if one.is_active())))
}

/// The entry of a hub's roll about a node.
pub(crate) fn entry(link: &mut Link, hub: &str, node_id: &str) -> Result<Option<RecordIri>, JournalError> {
    Ok(naming(link, node_id)?.into_iter().find(|sheet| sheet.node == hub).map(|sheet| sheet.record.iri))
}

/// The entries of all rolls that name a node.
fn naming(link: &mut Link, node_id: &str) -> Result<Vec<Sheet>, JournalError> {
    let mut entries = Vec::new();
    for name in records::with_facet(link, "node", node_id)? {
        entries.extend(records::of_channel(link, &name, Channel::Public)?);
    }
    Ok(entries)
}

/// A roll's entry that counts: active, with an origin that is one.
fn member(one: Affiliation) -> Option<Member> {
    let is_active = one.is_active();
    let origin = one.origin.parse().ok().filter(|_| is_active)?;
    Some(Member { origin, node_id: one.node_id, network: one.network, replaces: one.replaces })
}
