//! What goes next to a peer. The queue is the log: nothing is ever put into one, nothing is ever dropped out of one.

use crate::peers::Peer;
use crate::supply::Named;
use crate::{Identity, Journal, JournalError, Refusal, circle, epochs, roll, supply};
use pes_changeset::batch::Batch;
use pes_changeset::{Channel, Origin};
use pes_store::entries::Entry;
use pes_store::{Link, entries, logs, nodes, peers};
use std::collections::HashMap;
use std::collections::hash_map::Entry::Vacant;

/// More change-sets than this ahead of an urgent one make a backlog: it then goes by the urgent lane.
const BACKLOG: u64 = supply::PORTION;

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
    /// Where the peer's cursor may stand once all of it is held, where nothing else waits for the peer.
    pub last: Option<u64>,
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

/// What the log of a waiting change-set has for a peer.
enum Due {
    /// This.
    Now(Box<Parcel>),
    /// Nothing: the peer has so many change-sets of it, or all it may have.
    Held(u64),
}

impl Journal {
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
                let is_held =
                    |held: &HeldByPeer, entry: &Entry| held.get(&entry.log).is_some_and(|size| entry.seq < *size);
                for entry in &waiting {
                    if is_held(&held, entry) {
                        continue;
                    }
                    match self.due(link, peer, entry, &held)? {
                        Due::Now(parcel) => {
                            let is_all = waiting.len() < BACKLOG as usize
                                && waiting.iter().all(|entry| parcel.brings(entry) || is_held(&held, entry));
                            return Ok(Next::Send(Parcel { last: is_all.then_some(last.arrival), ..*parcel }));
                        }
                        Due::Held(size) => drop(held.insert(entry.log, size)),
                    }
                }
                cursor = last.arrival;
            }
        })
    }

    /// What the log of a waiting change-set has for a peer.
    fn due(&self, link: &mut Link, peer: &Peer, entry: &Entry, held: &HeldByPeer) -> Result<Due, JournalError> {
        let log = logs::get(link, entry.log)?;
        let named = Named { node: &log.node, channel: log.channel, epoch: log.epoch };
        let brought = self.brought_by(&peer.node, named);
        if brought > entry.seq {
            return Ok(Due::Held(brought));
        }
        if epochs::is_past(link, &log)? || !circle::is_brought(link, &self.identity, (&log.node, log.channel), peer)? {
            return Ok(Due::Held(u64::MAX));
        }
        let size = held.get(&entry.log).copied().unwrap_or(entry.seq).min(entry.seq);
        // A log that cannot be passed on holds no other up.
        let batch = supply::batch(link, &log, size)?;
        Ok(batch.map_or(Due::Held(u64::MAX), |batch| {
            let (node, cursor) = (log.node.clone(), entry.arrival - 1);
            Due::Now(Box::new(Parcel { log: log.id, node, channel: log.channel, batch, cursor, last: None }))
        }))
    }

    /// Where a peer is reached, and what has to go before everything else: the key events of this node, where it has exchanged keys and the
    /// peer has not acknowledged that yet: until it knows the new keys it believes nothing else. `None` where nothing is
    /// [carried](Journal::is_carried) to it.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn way_to(&self, peer: &Peer) -> Result<Option<(Origin, Option<Parcel>)>, JournalError> {
        self.store.read(|link| {
            if !roll::is_carried(link, peer)? {
                return Ok(None);
            }
            let node = nodes::find(link, &peer.node)?.ok_or_else(|| Refusal::UnknownNode(peer.node.clone()))?;
            Ok(Some((node.origin, self.keys_for(link, peer)?)))
        })
    }

    fn keys_for(&self, link: &mut Link, peer: &Peer) -> Result<Option<Parcel>, JournalError> {
        let node = &self.identity.node_id;
        let Some(log) = logs::find(link, node, Channel::Keys, 1)?.filter(|log| log.size() > 1) else {
            return Ok(None);
        };
        if peers::acknowledged(link, &peer.node, log.id)? >= log.size() {
            return Ok(None);
        }
        let batch = supply::batch(link, &log, 0)?;
        let (node, cursor) = (node.clone(), peer.cursor);
        Ok(batch.map(|batch| Parcel { log: log.id, node, channel: Channel::Keys, batch, cursor, last: None }))
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
    let Some(batch) = supply::urgent_batch(link, &log, &seqs)? else {
        return Ok(Next::Nothing { cursor: since(first) });
    };
    // Those for which there was no room are not passed over.
    let cursor = together.get(batch.items.len() - 1).map_or(since(first), |last| since(last));
    Ok(Next::Send(Parcel { log: log.id, node: log.node.clone(), channel: log.channel, batch, cursor, last: None }))
}
