//! What goes next to a peer, and what became of it. The queue is the log: a peer costs one row.

use crate::supply::Named;
use crate::{Identity, Journal, JournalError, Refusal, circle, epochs};
use pes_changeset::batch::Batch;
use pes_changeset::note::{Note, NoteSignature};
use pes_changeset::receipt::verify_cosignature;
use pes_changeset::{Channel, Origin, limits};
use pes_store::entries::Entry;
use pes_store::logs::Log;
pub use pes_store::nodes::Node;
use pes_store::peers;
pub use pes_store::peers::{Peer, PeerRole, Receipt, RefusalCount};
use pes_store::{Bell, Link, entries, logs, nodes};
use std::collections::HashMap;
use std::collections::hash_map::Entry::Vacant;
use time::UtcDateTime;

/// More change-sets than this ahead of an urgent one make a backlog: it then goes by the urgent lane.
const BACKLOG: u64 = limits::BATCH_CHANGE_SETS as u64;

/// How many change-sets of each log, by the log's number, a peer is known to hold.
pub type HeldByPeer = HashMap<i64, u64>;

/// What goes next to a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing; the peer has everything up to this arrival.
    Nothing {
        /// Where its cursor may stand.
        cursor: u64,
    },
    /// This.
    Send(Parcel),
}

/// A batch with its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The number of its log here.
    pub log: i64,
    /// The node whose log it is.
    pub node: String,
    /// Its channel.
    pub channel: Channel,
    /// The batch.
    pub batch: Batch,
    /// Where the peer's cursor may stand before it, or, for an urgent one, its urgent cursor after it.
    pub cursor: u64,
}

impl Parcel {
    /// Whether it goes by the urgent lane.
    pub fn is_urgent(&self) -> bool {
        self.batch.checkpoint.is_none()
    }

    fn brings(&self, entry: &Entry) -> bool {
        self.log == entry.log && self.batch.items.iter().any(|(item, _)| item.header().seq == entry.seq)
    }
}

impl Journal {
    /// All peers.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn peers(&self) -> Result<Vec<Peer>, JournalError> {
        Ok(self.store.read(peers::all)?)
    }

    /// A peer.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn peer(&self, node: &str) -> Result<Option<Peer>, JournalError> {
        Ok(self.store.read(|link| peers::find(link, node))?)
    }

    /// Makes a pinned node a peer, or changes what it is to us. A new one has taken nothing yet.
    ///
    /// # Errors
    /// [`JournalError::Store`], also for a node that is not pinned.
    pub fn add_peer(&self, node: &str, role: PeerRole) -> Result<Peer, JournalError> {
        let peer = self.store.write(|link| {
            let fresh = Peer {
                node: node.to_owned(),
                role,
                cursor: 0,
                urgent: entries::last_arrival(link)?,
                failures: 0,
                next_try: 0,
                last_success: None,
                last_failure: None,
                reason: None,
                is_paused: false,
            };
            if role == PeerRole::Hub {
                circle::come_into(link, &self.identity, node)?;
            }
            let peer = peers::find(link, node)?.map_or(fresh, |known| Peer { role, ..known });
            peers::put(link, &peer)?;
            Ok::<_, JournalError>(peer)
        })?;
        self.store.ring(Bell::Entries);
        Ok(peer)
    }

    /// Changes a peer's row in one transaction.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn change_peer(&self, node: &str, change: impl FnOnce(&mut Peer)) -> Result<(), JournalError> {
        self.store.write(|link| changed(link, node, change))
    }

    /// Notes how far a peer is, with the receipt it gave. Where a power cut takes that back, the peer is asked again, and gives it again:
    /// nothing waits for the disk.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn note_progress(
        &self,
        node: &str,
        receipt: Option<&Receipt>,
        change: impl FnOnce(&mut Peer),
    ) -> Result<(), JournalError> {
        self.store.write_soon(|link| {
            receipt.map_or(Ok(()), |receipt| peers::put_receipt(link, receipt))?;
            changed(link, node, change)
        })
    }

    /// What goes next to a peer in turn: the next batch of the log whose change-set has waited longest. Logs of which it is
    /// known to hold enough are passed over.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn next_for(&self, peer: &Peer, held: &HeldByPeer) -> Result<Next, JournalError> {
        self.store.read(|link| {
            let (mut cursor, mut held) = (peer.cursor, held.clone());
            loop {
                let waiting = entries::arrived_after(link, cursor, &peer.node, BACKLOG)?;
                let Some(last) = waiting.last() else {
                    return Ok(Next::Nothing { cursor: entries::last_arrival(link)?.max(cursor) });
                };
                let next = waiting.iter().find(|entry| entry.seq >= held.get(&entry.log).copied().unwrap_or_default());
                let Some(entry) = next else {
                    cursor = last.arrival;
                    continue;
                };
                let log = logs::get(link, entry.log)?;
                let author = (log.node.as_str(), log.channel);
                if epochs::is_past(link, &log)? || !circle::is_brought(link, &self.identity, author, peer)? {
                    held.insert(entry.log, u64::MAX);
                    continue;
                }
                let size = held.get(&entry.log).copied().unwrap_or(entry.seq).min(entry.seq);
                match self.parcel(link, entry, size)? {
                    Some(parcel) => return Ok(Next::Send(Parcel { cursor: entry.arrival - 1, ..parcel })),
                    // A log that cannot be passed on holds no other up.
                    None => drop(held.insert(entry.log, u64::MAX)),
                }
            }
        })
    }

    /// The key events of this node, where it has exchanged keys and the peer has not acknowledged that yet: until it knows the new
    /// keys it believes nothing else.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn keys_for(&self, peer: &Peer) -> Result<Option<Parcel>, JournalError> {
        let node = &self.identity.node_id;
        self.store.read(|link| {
            let Some(log) = logs::find(link, node, Channel::Keys, 1)?.filter(|log| log.size() > 1) else {
                return Ok(None);
            };
            if peers::acknowledged(link, &peer.node, log.id)? >= log.size() {
                return Ok(None);
            }
            let named = Named { node, channel: Channel::Keys, epoch: 1 };
            let batch = crate::supply::batch(link, named, 0)?;
            let (node, cursor) = (node.clone(), peer.cursor);
            Ok(batch.map(|batch| Parcel { log: log.id, node, channel: Channel::Keys, batch, cursor }))
        })
    }

    /// What goes to a peer ahead of its turn: what is urgent, where a backlog lies before it or where `in_flight`, the
    /// batch that is on its way in turn, does not bring it.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn urgent_for(&self, peer: &Peer, in_flight: Option<&Parcel>) -> Result<Next, JournalError> {
        self.store.read(|link| {
            let mut cursor = peer.urgent;
            loop {
                let urgent = entries::urgent_after(link, cursor, &peer.node, BACKLOG)?;
                let Some(last) = urgent.last().map(since) else { return Ok(Next::Nothing { cursor }) };
                let waiting = not_brought(link, (&self.identity, peer), in_flight, urgent)?;
                match waiting.first() {
                    None => cursor = last,
                    Some(first) if in_flight.is_none() && is_soon(link, peer, first)? => {
                        return Ok(Next::Nothing { cursor: since(first) - 1 });
                    }
                    Some(first) => return urgent_parcel(link, first, &waiting),
                }
            }
        })
    }

    fn parcel(&self, link: &mut Link, entry: &Entry, size: u64) -> Result<Option<Parcel>, JournalError> {
        let log = logs::get(link, entry.log)?;
        let named = Named { node: &log.node, channel: log.channel, epoch: log.epoch };
        let batch = crate::supply::batch(link, named, size)?;
        Ok(batch.map(|batch| Parcel { log: log.id, node: log.node.clone(), channel: log.channel, batch, cursor: 0 }))
    }

    /// A peer's receipt for the head it was sent, if it is one.
    ///
    /// # Errors
    /// [`JournalError::Refused`] when it does not verify.
    pub fn check_receipt(
        &self,
        peer: &str,
        log: i64,
        head: &Note,
        signature: &NoteSignature,
    ) -> Result<Receipt, JournalError> {
        let node = self.pinned(peer)?;
        let given = verify_cosignature(head, signature, &node.origin.note_name(), &node.log_key)?;
        let size = pes_changeset::Checkpoint::read(&head.text)?.size;
        Ok(Receipt {
            node: peer.to_owned(),
            log,
            size: i64::try_from(size).unwrap_or(i64::MAX),
            signature: signature.write(),
            given: given.unix_timestamp(),
        })
    }

    /// Keeps a node's receipt for the head it was sent, durably: on it depends whether a network has left.
    ///
    /// # Errors
    /// [`JournalError::Refused`] when it does not verify.
    pub fn keep_receipt(
        &self,
        node: &str,
        log: i64,
        head: &Note,
        signature: &NoteSignature,
    ) -> Result<(), JournalError> {
        let receipt = self.check_receipt(node, log, head, signature)?;
        Ok(self.store.write(|link| peers::put_receipt(link, &receipt))?)
    }

    /// How many change-sets of this node a peer has not acknowledged.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn unacknowledged(&self, peer: &Peer) -> Result<u64, JournalError> {
        self.store.read(|link| {
            let mut missing = 0;
            for log in logs::all(link)?.into_iter().filter(|log| log.node == self.identity.node_id) {
                if circle::is_for(link, &self.identity, (&log.node, log.channel), &peer.node)? {
                    missing += log.size().saturating_sub(peers::acknowledged(link, &peer.node, log.id)?);
                }
            }
            Ok(missing)
        })
    }

    /// Counts what was refused of a node, so that operators see it. Nothing waits for the disk: bad bytes must not cost those who send them
    /// less than those who refuse them.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn count_refusal(&self, node: &str, cause: &str, detail: &str, now: i64) -> Result<(), JournalError> {
        Ok(self.store.write_soon(|link| peers::count_refusal(link, node, cause, detail, now))?)
    }

    /// What was refused, the newest first.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn refusals(&self) -> Result<Vec<RefusalCount>, JournalError> {
        Ok(self.store.read(peers::all_refusals)?)
    }

    /// A pinned node by its id.
    ///
    /// # Errors
    /// [`Refusal::UnknownNode`].
    pub fn pinned(&self, node: &str) -> Result<Node, JournalError> {
        let found = self.store.read(|link| nodes::find(link, node))?;
        found.ok_or_else(|| Refusal::UnknownNode(node.to_owned()).into())
    }

    /// The pinned node at an origin.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn pinned_at(&self, origin: &Origin) -> Result<Option<Node>, JournalError> {
        Ok(self.store.read(|link| nodes::at(link, origin))?)
    }

    /// The origins of all peers.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn peer_origins(&self) -> Result<Vec<Origin>, JournalError> {
        self.peers()?.iter().map(|peer| Ok(self.pinned(&peer.node)?.origin)).collect()
    }

    /// The origins of all members that are not peers: those of the same hub.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn other_origins(&self) -> Result<Vec<Origin>, JournalError> {
        let peers = self.peers()?;
        let members = self.members()?;
        let others = members.into_iter().filter(|member| peers.iter().all(|peer| peer.node != member.node_id));
        Ok(others.map(|member| member.origin).collect())
    }

    /// Notes for the operator that change-sets came from their author and not through the hubs, which should have brought them.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn count_held_back(&self, author: &Origin, count: u64, now: UtcDateTime) -> Result<(), JournalError> {
        for hub in self.peers()?.iter().filter(|peer| peer.role == PeerRole::Hub) {
            let what = format!("{count} change-sets of {author}");
            self.count_refusal(&hub.node, "held-back", &what, now.unix_timestamp())?;
        }
        Ok(())
    }

    /// A peer was heard of, so it is there: the next try to reach it is due now.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn heard_of(&self, node: &str, now: i64) -> Result<(), JournalError> {
        if self.peer(node)?.is_some_and(|peer| peer.next_try > now) {
            self.change_peer(node, |peer| peer.next_try = 0)?;
            self.store.ring(Bell::Entries);
        }
        Ok(())
    }

    /// The number here of a log, and how much of it is held.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn held(&self, named: Named<'_>) -> Result<Option<(i64, u64)>, JournalError> {
        let log: Option<Log> = self.store.read(|link| logs::find(link, named.node, named.channel, named.epoch))?;
        Ok(log.map(|log| (log.id, log.size())))
    }
}

fn changed(link: &mut Link, node: &str, change: impl FnOnce(&mut Peer)) -> Result<(), JournalError> {
    if let Some(mut peer) = peers::find(link, node)? {
        change(&mut peer);
        peers::put(link, &peer)?;
    }
    Ok(())
}

/// Of these urgent change-sets, those that the peer has not been brought and that are not on their way.
fn not_brought(
    link: &mut Link,
    (identity, peer): (&Identity, &Peer),
    in_flight: Option<&Parcel>,
    urgent: Vec<Entry>,
) -> Result<Vec<Entry>, JournalError> {
    let mut waiting = Vec::new();
    let mut brought = HashMap::new();
    for entry in urgent {
        if let Vacant(place) = brought.entry(entry.log) {
            let log = logs::get(link, entry.log)?;
            place.insert(circle::is_brought(link, identity, (&log.node, log.channel), peer)?);
        }
        if !brought[&entry.log] {
            continue;
        }
        let is_coming = in_flight.is_some_and(|parcel| parcel.brings(&entry));
        // The cursor speaks of what came in its turn. What came early may lie before it and not have been sent.
        let was_brought = entry.arrival <= peer.cursor && is_in_turn(link, &entry)?;
        if !is_coming && !was_brought {
            waiting.push(entry);
        }
    }
    Ok(waiting)
}

/// Its place on the urgent lane.
fn since(entry: &Entry) -> u64 {
    entry.urgent.unwrap_or(entry.arrival)
}

/// Whether a change-set goes with what is sent next in turn anyway.
fn is_soon(link: &mut Link, peer: &Peer, entry: &Entry) -> Result<bool, JournalError> {
    Ok(entry.arrival <= peer.cursor + BACKLOG && is_in_turn(link, entry)?)
}

fn is_in_turn(link: &mut Link, entry: &Entry) -> Result<bool, JournalError> {
    Ok(entries::find_early(link, entry.log, entry.seq)?.is_none())
}

/// The first of these change-sets, with those of the same log that follow it there: what came early may have come in any order, and a
/// batch is ascending.
fn urgent_parcel(link: &mut Link, first: &Entry, waiting: &[Entry]) -> Result<Next, JournalError> {
    let log = logs::get(link, first.log)?;
    let of_log = waiting.iter().take_while(|entry| entry.log == first.log);
    let mut together: Vec<&Entry> = Vec::new();
    for entry in of_log {
        if together.last().is_some_and(|last| last.seq >= entry.seq) {
            break;
        }
        together.push(entry);
    }
    let seqs: Vec<u64> = together.iter().map(|entry| entry.seq).collect();
    let named = Named { node: &log.node, channel: log.channel, epoch: log.epoch };
    let Some(batch) = crate::supply::urgent_batch(link, named, &seqs)? else {
        return Ok(Next::Nothing { cursor: since(first) });
    };
    // Those for which there was no room are not passed over.
    let cursor = together.get(batch.items.len() - 1).map_or(since(first), |last| since(last));
    Ok(Next::Send(Parcel { log: log.id, node: log.node.clone(), channel: log.channel, batch, cursor }))
}
