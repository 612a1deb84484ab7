//! The roll: who is a member, as the hubs this node follows publish it, and this node itself if it is a hub.
//!
//! Nobody believes the roll for itself. It says whom to ask; a node is pinned only when its own address names the same
//! node-id ([`Journal::pin`]).

use crate::peers::{Peer, PeerRole};
use crate::{Journal, JournalError, Refusal};
use pes_changeset::{ChangeSet, Channel, Origin};
use pes_domain::affiliation::Affiliation;
use pes_domain::{Audience, Body, Code, Kind, List, Record, RecordIri};
use pes_store::invitations::{self, Invitation};
use pes_store::own_records::Moderation;
use pes_store::{Bell, Link, nodes, own_records, peers, records, tokens};
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
    /// The active members of all rolls that count here, this node left out.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn members(&self) -> Result<Vec<Member>, JournalError> {
        self.store.read(|link| {
            let hubs = peers::all(link)?.into_iter().filter(|peer| peer.role == PeerRole::Hub).map(|peer| peer.node);
            let mut members = BTreeMap::new();
            for author in hubs.chain([self.identity.node_id.clone()]) {
                for sheet in records::of_node(link, &author, Channel::Public, Kind::Affiliation)? {
                    let Body::Affiliation(one) = sheet.record.body else { continue };
                    if let Some(member) = member(one).filter(|member| member.node_id != self.identity.node_id) {
                        members.insert(member.node_id.clone(), member);
                    }
                }
            }
            Ok(members.into_values().collect())
        })
    }

    /// The members of the rolls that are not pinned here yet.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn unmet_members(&self) -> Result<Vec<Member>, JournalError> {
        let members = self.members()?;
        let pinned = self.store.read(nodes::all)?;
        Ok(members.into_iter().filter(|member| pinned.iter().all(|node| node.id != member.node_id)).collect())
    }

    /// Whether a node may read what is for members: a peer, or a member of the roll; but none that this hub suspended, or that left.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn is_member(&self, node_id: &str) -> Result<bool, JournalError> {
        if self.is_put_out(node_id)? {
            return Ok(false);
        }
        Ok(self.peer(node_id)?.is_some() || self.members()?.iter().any(|member| member.node_id == node_id))
    }

    /// Whether anything is carried to a peer: not while exchanges are paused, nor to one that was put out.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn is_carried(&self, peer: &Peer) -> Result<bool, JournalError> {
        Ok(!peer.is_paused && !self.is_put_out(&peer.node)?)
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

    fn is_put_out(&self, node_id: &str) -> Result<bool, JournalError> {
        let own = self.store.read(|link| affiliation_of(link, node_id))?;
        Ok(own.is_some_and(|record| matches!(&record.body, Body::Affiliation(one) if !one.is_active())))
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
        let record = self.store.read(|link| affiliation_of(link, node_id))?;
        let mut record = record.ok_or_else(|| Refusal::UnknownNode(node_id.to_owned()))?;
        if let Body::Affiliation(one) = &mut record.body {
            let state = Code::new(List::AffiliationState, standing.notation());
            if one.state == state {
                return Ok(());
            }
            one.state = state;
        }
        self.save(Record { modified: now, ..record }, Moderation::Published, None, now)?;
        self.store.ring(Bell::Entries);
        Ok(())
    }

    /// Lets exchanges with a peer rest, or go on.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn pause(&self, node_id: &str, is_paused: bool) -> Result<(), JournalError> {
        self.change_peer(node_id, |peer| peer.is_paused = is_paused)?;
        self.store.ring(Bell::Entries);
        Ok(())
    }

    /// Makes an invitation to join this node as a hub. The code is shown once; the database keeps its digest.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn invite(&self, name: &str, now: UtcDateTime) -> Result<String, JournalError> {
        let code = tokens::new_token()[..32].to_owned();
        let invitation = Invitation {
            code_digest: tokens::digest(&code),
            name: name.to_owned(),
            created: now.unix_timestamp(),
            used_by: None,
        };
        self.store.write(|link| invitations::insert(link, &invitation))?;
        Ok(code)
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
        let unknown = || Refusal::UnknownNode(applicant.node_id.to_owned());
        self.store.write(|link| {
            let digest = tokens::digest(code);
            let invitation = invitations::find(link, &digest)?.ok_or_else(unknown)?;
            if invitation.used_by.is_some_and(|user| user != applicant.node_id) {
                return Err(unknown().into());
            }
            Ok::<_, JournalError>(invitations::take_up(link, &digest, applicant.node_id)?)
        })?;
        self.pin((applicant.node_id, applicant.origin), name, events, now)?;
        self.save(self.affiliation(applicant, now)?, Moderation::Published, None, now)?;
        // Whoever is invited again is a member again.
        self.set_standing(applicant.node_id, Standing::Active, now)?;
        self.add_peer(applicant.node_id, PeerRole::Affiliate)?;
        self.store.ring(Bell::Entries);
        Ok(())
    }

    /// The record of a member: the one there is, or a new one.
    fn affiliation(&self, applicant: Applicant<'_>, now: UtcDateTime) -> Result<Record, JournalError> {
        let known = self.store.read(|link| affiliation_of(link, applicant.node_id))?;
        Ok(known.unwrap_or_else(|| Record {
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
                state: Code::new(List::AffiliationState, "active"),
                replaces: None,
            }),
        }))
    }
}

/// This hub's own record of a member. Found by the node-id, however many members there are: it is asked for whatever is sent.
fn affiliation_of(link: &mut Link, node_id: &str) -> Result<Option<Record>, JournalError> {
    for name in records::with_facet(link, "node", node_id)? {
        if let Some(own) = own_records::find(link, &name)? {
            return Ok(Some(own.record));
        }
    }
    Ok(None)
}

/// A roll's entry that counts: active, with an origin that is one.
fn member(one: Affiliation) -> Option<Member> {
    let is_active = one.is_active();
    let origin = one.origin.parse().ok().filter(|_| is_active)?;
    Some(Member { origin, node_id: one.node_id, network: one.network })
}
