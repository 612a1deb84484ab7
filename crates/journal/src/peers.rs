//! The nodes that something is carried to and from, and how far each is: a peer costs one row. What goes next to one, [`outgoing`](crate::outgoing)
//! says.

use crate::supply::Named;
use crate::{Journal, JournalError, Refusal, circle};
use pes_changeset::Origin;
use pes_changeset::note::{Note, NoteSignature};
use pes_changeset::receipt::verify_cosignature;
use pes_store::logs::Log;
pub use pes_store::nodes::Node;
use pes_store::peers;
pub use pes_store::peers::{Peer, PeerRole, Receipt, RefusalCount};
use pes_store::{Bell, Link, entries, logs, nodes};
use time::UtcDateTime;

const MINUTE: i64 = 60;

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
        let peer = self.store.write(|link| self.put_peer(link, node, role))?;
        self.ring_all();
        Ok(peer)
    }

    /// The same, within a transaction.
    pub(crate) fn put_peer(&self, link: &mut Link, node: &str, role: PeerRole) -> Result<Peer, JournalError> {
        let fresh = Peer { urgent: entries::last_arrival(link)?, ..Peer::new(node, role) };
        if role == PeerRole::Hub {
            circle::come_into(link, &self.identity, node)?;
        }
        let peer = peers::find(link, node)?.map_or(fresh, |known| Peer { role, ..known });
        peers::put(link, &peer)?;
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
            for log in logs::of_node(link, &self.identity.node_id)? {
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

    /// A peer was heard of, so it is there: the next try to reach it is due now. It is written down once a minute.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn heard_of(&self, peer: &Peer, now: i64) -> Result<(), JournalError> {
        let is_due = peer.next_try > now;
        if is_due || peer.last_heard.is_none_or(|last| !(last..last + MINUTE).contains(&now)) {
            self.note_progress(&peer.node, None, |peer| {
                peer.last_heard = Some(now);
                peer.next_try = peer.next_try.min(now);
            })?;
        }
        if is_due {
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
