//! Leaves a hub with receipts: what was given to its circle is taken back, and everybody who held it says in writing that they have
//! taken that up; only then the hub is told.
//!
//! What is taken back is withdrawn, which erases it where it was held, and not deleted: the records go on at home. A withdraw needs no
//! receipt of its own: who cosigns the head of the log that ends with it holds it, and with it that nothing is shown any more. So
//! each holder is brought the end of the log by its author, and its cosignature is the receipt.

use crate::circle::{self, CLOSED};
use crate::forgetting::forget;
use crate::messages::{self, Message};
use crate::peers::{Node, PeerRole};
use crate::supply;
use crate::{Bell, Identity, Journal, JournalError, Refusal, roll};
use pes_changeset::Channel;
use pes_changeset::batch::Batch;
use pes_domain::Kind;
use pes_store::leavings::{self, Leaving};
use pes_store::logs::Log;
use pes_store::{Link, logs, nodes, outbox, peers};
use time::UtcDateTime;

/// A departure, as animators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// The hub.
    pub hub: Node,
    /// Since when, in seconds since 1970.
    pub since: i64,
    /// Whether what is public is taken back too.
    pub withdraws_public: bool,
    /// Whether the hub is being told, since everybody has acknowledged.
    pub is_told: bool,
    /// All who may hold what is taken back.
    pub holders: Vec<Holder>,
}

/// Somebody who may hold what is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The node.
    pub node: Node,
    /// When they said that they have taken up the last of it, by their clock.
    pub acknowledged: Option<i64>,
    /// The logs whose end they have not acknowledged, with how much of each there is.
    pub waits_for: Vec<(i64, u64)>,
}

impl Journal {
    /// Follows a hub that has admitted this node. Where this node had left its circle before, what is for affiliates is given again, in the
    /// transaction that comes into the circle: once it is chosen, nothing else would.
    ///
    /// # Errors
    /// As [`Journal::check_certain`]; then nothing has changed.
    pub fn follow(&self, hub: &str, now: UtcDateTime) -> Result<(), JournalError> {
        self.check_certain()?;
        let follow = |link: &mut Link| {
            self.put_peer(link, hub, PeerRole::Hub)?;
            leavings::remove(link, hub)?;
            self.issue_all(link, now)
        };
        self.write_signed(follow, || self.ring_all())
    }

    /// Begins to leave a hub: takes back at once what was given to its circle and, where it is wished, what is public.
    ///
    /// # Errors
    /// [`Refusal::UnknownNode`] where this node follows no such hub.
    pub fn leave(&self, hub: &str, withdraws_public: bool, now: UtcDateTime) -> Result<(), JournalError> {
        self.check_certain()?;
        let leave = |link: &mut Link| {
            let follows = peers::find(link, hub)?.is_some_and(|peer| peer.role == PeerRole::Hub);
            if !follows {
                return Err(Refusal::UnknownNode(hub.to_owned()).into());
            }
            circle::settle(link, &self.identity)?;
            let since = now.unix_timestamp();
            leavings::put(link, &Leaving { hub: hub.to_owned(), since, withdraws_public, letter: None })?;
            self.issue_all(link, now)
        };
        self.write_signed(leave, || self.ring_all())
    }

    /// Thinks better of leaving, as long as the hub was not told: what was taken back is given again.
    ///
    /// # Errors
    /// [`Refusal::UnknownNode`] where this node is not leaving that hub.
    pub fn stay(&self, hub: &str, now: UtcDateTime) -> Result<(), JournalError> {
        self.check_certain()?;
        let stay = |link: &mut Link| {
            let leaving = leavings::find(link, hub)?.filter(|leaving| leaving.letter.is_none());
            leaving.ok_or_else(|| Refusal::UnknownNode(hub.to_owned()))?;
            leavings::remove(link, hub)?;
            self.issue_all(link, now)
        };
        self.write_signed(stay, || self.ring_all())
    }

    /// Leaves without waiting for those who have not acknowledged. The hub is told all the same, as soon as it can be.
    ///
    /// # Errors
    /// [`Refusal::UnknownNode`] where this node is not leaving that hub.
    pub fn part(&self, hub: &str, now: UtcDateTime) -> Result<(), JournalError> {
        self.check_certain()?;
        let part = |link: &mut Link| {
            let leaving = leavings::find(link, hub)?.ok_or_else(|| Refusal::UnknownNode(hub.to_owned()))?;
            if leaving.letter.is_none() {
                self.tell_hub(link, hub, now)?;
            }
            self.finish(link, &leaving, now)
        };
        self.write_signed(part, || self.ring_all())
    }

    /// All departures that are not over.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn farewells(&self) -> Result<Vec<Farewell>, JournalError> {
        self.store.read(|link| {
            let all = leavings::all(link)?;
            all.iter().map(|leaving| self.farewell(link, leaving)).collect()
        })
    }

    fn farewell(&self, link: &mut Link, leaving: &Leaving) -> Result<Farewell, JournalError> {
        let hub = nodes::find(link, &leaving.hub)?.ok_or_else(|| Refusal::UnknownNode(leaving.hub.clone()))?;
        let closing = self.closing(link, leaving)?;
        let mut holders = Vec::new();
        for node in nodes::all(link)?.into_iter().filter(|node| !node.is_own) {
            let is_listed = roll::lists(link, &hub.id, &node.id)? == Some(true);
            if node.id != hub.id && !is_listed {
                continue;
            }
            if let Some(holder) = self.holder(link, node, &closing)? {
                holders.push(holder);
            }
        }
        let (since, withdraws_public) = (leaving.since, leaving.withdraws_public);
        Ok(Farewell { hub, since, withdraws_public, is_told: leaving.letter.is_some(), holders })
    }

    /// The logs of ours that end with what is taken back.
    fn closing(&self, link: &mut Link, leaving: &Leaving) -> Result<Vec<Log>, JournalError> {
        let is_circle = circle::own_circle(link, &self.identity)? == leaving.hub;
        let mut closing = Vec::new();
        for (channel, counts) in [(Channel::Affiliates, is_circle), (Channel::Public, leaving.withdraws_public)] {
            let log = logs::newest(link, &self.identity.node_id, channel)?.filter(|log| counts && log.size() > 0);
            closing.extend(log);
        }
        Ok(closing)
    }

    /// What a node still has to acknowledge; `None` where nothing of this was ever for it.
    fn holder(&self, link: &mut Link, node: Node, closing: &[Log]) -> Result<Option<Holder>, JournalError> {
        let (mut waits_for, mut given, mut is_holder) = (Vec::new(), None, false);
        for log in closing {
            if !circle::is_for(link, &self.identity, (&log.node, log.channel), &node.id)? {
                continue;
            }
            is_holder = true;
            match peers::receipt(link, &node.id, log.id)? {
                Some(receipt) if receipt.size.unsigned_abs() >= log.size() => given = given.max(Some(receipt.given)),
                _ => waits_for.push((log.id, log.size())),
            }
        }
        let acknowledged = given.filter(|_| waits_for.is_empty());
        Ok(is_holder.then_some(Holder { node, acknowledged, waits_for }))
    }

    /// The end of a log of ours, for somebody who holds `size` of it: at least its last change-set, so that there is something to
    /// answer to.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn end_of(&self, log: i64, size: u64) -> Result<Option<(Channel, Batch)>, JournalError> {
        self.store.read(|link| {
            let log = logs::get(link, log)?;
            let batch = supply::batch(link, &log, size.min(log.size().saturating_sub(1)))?;
            Ok(batch.map(|batch| (log.channel, batch)))
        })
    }

    /// Goes on with each departure: tells the hub when everybody has acknowledged, and ends it when the hub was told. Who may not sign waits.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn settle_leaving(&self, now: UtcDateTime) -> Result<(), JournalError> {
        let is_due = !self.store.read(|link| self.ready(link))?.is_empty();
        if !is_due || self.doubt().is_some() || self.is_quarantined(&self.identity.node_id)? {
            return Ok(());
        }
        let settle = |link: &mut Link| {
            for leaving in self.ready(link)? {
                let letter = match &leaving.letter {
                    Some(_) => None,
                    None => self.tell_hub(link, &leaving.hub, now)?,
                };
                match letter {
                    Some(_) => leavings::put(link, &Leaving { letter, ..leaving })?,
                    None => self.finish(link, &leaving, now)?,
                }
            }
            Ok(())
        };
        self.write_signed(settle, || self.ring_all())
    }

    /// The departures that go on: the hub has been told, or may be.
    fn ready(&self, link: &mut Link) -> Result<Vec<Leaving>, JournalError> {
        let mut due = Vec::new();
        for leaving in leavings::all(link)? {
            let is_due = match &leaving.letter {
                Some(letter) => outbox::find(link, letter)?.is_none(),
                None => self.farewell(link, &leaving)?.holders.iter().all(|holder| holder.waits_for.is_empty()),
            };
            if is_due {
                due.push(leaving);
            }
        }
        Ok(due)
    }

    /// Tells the hub by a message it knows: that its own entry about this node is hidden at this node. `None` where there is no entry.
    fn tell_hub(&self, link: &mut Link, hub: &str, now: UtcDateTime) -> Result<Option<String>, JournalError> {
        let Some(entry) = roll::entry(link, hub, &self.identity.node_id)? else { return Ok(None) };
        let hub = nodes::find(link, hub)?.ok_or_else(|| Refusal::UnknownNode(hub.to_owned()))?;
        let message = Message::flag(&entry.to_string(), "this network has left", now);
        Ok(Some(messages::post(link, hub.origin.as_str(), &message, now)?))
    }

    /// The last step: the hub is none of ours any more. What came from networks that nobody vouches for now is erased here too:
    /// nobody would tell us when they change it or take it back.
    fn finish(&self, link: &mut Link, leaving: &Leaving, now: UtcDateTime) -> Result<(), JournalError> {
        let hub = &leaving.hub;
        leavings::remove(link, hub)?;
        if circle::own_circle(link, &self.identity)? == *hub {
            circle::choose(link, CLOSED)?;
        }
        for node in nodes::all(link)?.into_iter().filter(|node| !node.is_own) {
            // What is for the circle is asked for again where another hub that is followed brings it.
            if node.id == *hub || roll::lists(link, hub, &node.id)?.is_some() {
                forget(link, &node.id, &[Channel::Affiliates])?;
            }
        }
        match roll::lists(link, &self.identity.node_id, hub)? {
            Some(_) => peers::change_role(link, hub, PeerRole::Affiliate)?,
            None => peers::remove(link, hub)?,
        }
        for node in nodes::all(link)?.into_iter().filter(|node| !node.is_own) {
            let is_ours = roll::lists(link, &self.identity.node_id, &node.id)?.is_some();
            if !is_ours && !roll::is_known(link, &self.identity, &node.id)? {
                forget(link, &node.id, &Channel::ALL)?;
            }
        }
        self.store.ring(Bell::Errands);
        self.issue_all(link, now)
    }
}

/// The channels into which nothing is written for now: that of a circle this node is leaving or has left, and what is public while it
/// is taken back.
pub(crate) fn closed(link: &mut Link, identity: &Identity) -> Result<Vec<Channel>, JournalError> {
    let circle = circle::own_circle(link, identity)?;
    let all = leavings::all(link)?;
    let mut closed = Vec::new();
    if circle == CLOSED || all.iter().any(|leaving| leaving.hub == circle) {
        closed.push(Channel::Affiliates);
    }
    if all.iter().any(|leaving| leaving.withdraws_public) {
        closed.push(Channel::Public);
    }
    Ok(closed)
}

/// Whether nothing of a kind is written into a channel for now. The roll of a hub goes on: its members have to know who is one.
pub(crate) fn is_closed(closed: &[Channel], channel: Channel, kind: Kind) -> bool {
    closed.contains(&channel) && kind != Kind::Affiliation
}
