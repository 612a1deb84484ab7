//! The walk to one peer, with what it does not have yet. It has two lanes, with one batch in flight on each: in turn, and
//! ahead of it what is urgent. What fails waits, and nothing is ever dropped, since the queue is the log.

use crate::ask::CHANGE_SETS;
use crate::{Answer, Ask, Outcome, SyncError, patience};
use pes_changeset::Channel;
use pes_changeset::note::NoteSignature;
use pes_journal::outgoing::{HeldByPeer, Next, Parcel};
use pes_journal::peers::{Peer, Receipt};
use pes_journal::{Journal, JournalError};
use std::collections::HashMap;

/// How long a log that a peer refuses is left alone at first, in seconds: twice as long each time, up to [`patience::LONGEST`]. The others go on
/// meanwhile.
const SULK: i64 = 10 * 60;
/// The same where the peer does not know us or its author yet: it is about to. When it does, it pulls by itself.
const SULK_OF_STRANGERS: i64 = 1;
/// So often it is left alone no longer than that: they are meeting just now, and what is urgent in that log waits as long.
const AT_FIRST: u32 = 3;

/// How many seconds pass at least between two times that it is written down how far a peer is to whom nothing had to be brought.
const SELDOM: i64 = 5;

/// Which way something goes to a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// In turn: everything, log by log.
    InTurn,
    /// What is urgent and would have to wait for its turn.
    Urgent,
}

/// A walk to one peer. What it remembers is a help, not a record: begun anew, it finds out again.
#[derive(Debug)]
pub struct Push {
    peer: String,
    held: HeldByPeer,
    /// Logs the peer refuses.
    refused: HashMap<i64, Refused>,
    /// Nodes of which it refuses the channel `keys`, and until when: it could not check what their other logs say.
    silent: HashMap<String, i64>,
    in_turn: Option<Parcel>,
    urgent: Option<Parcel>,
    looked: Looked,
    /// The log and size of which the peer last said "send from there", so that twice the same is a failure.
    corrected: Option<(i64, u64)>,
}

/// A log that the peer refuses. What is behind it in the queue goes on, and is not looked through again and again on its account; but the cursor that
/// is written down stays before it, so that a restart forgets nothing.
#[derive(Debug, Clone, Copy)]
struct Refused {
    /// Until when it is left alone; `None` while it is tried again.
    until: Option<i64>,
    /// How often in a row it was refused.
    times: u32,
    /// Where the peer's cursor may stand before it.
    cursor: u64,
}

/// How far the lanes have been looked through and nothing was left to bring. It is known here and written down now and then: each look takes as
/// long as what is new, and what brings nothing writes nothing.
#[derive(Debug, Default, Clone, Copy)]
struct Looked {
    cursor: u64,
    urgent: u64,
    /// The peer's two cursors as they were written at that time. Where one is set back, all is looked through again.
    written: (u64, u64),
    /// When they were written last, in seconds since 1970.
    at: i64,
}

impl Looked {
    /// The peer, as far as it is.
    fn further(&mut self, peer: &Peer) -> Peer {
        if peer.cursor < self.written.0 || peer.urgent < self.written.1 {
            (self.cursor, self.urgent) = (0, 0);
        }
        self.written = (peer.cursor, peer.urgent);
        Peer { cursor: peer.cursor.max(self.cursor), urgent: peer.urgent.max(self.urgent), ..peer.clone() }
    }
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Ask this, and tell what came of it.
    Ask(Box<Ask>),
    /// Nothing before this time, in seconds since 1970, unless something new comes or the peer is heard of.
    Wait(i64),
    /// Nothing until something new comes.
    Rest,
}

impl Push {
    /// A walk to the peer of this node-id.
    pub fn to(peer: impl Into<String>) -> Self {
        Self {
            peer: peer.into(),
            held: HashMap::new(),
            refused: HashMap::new(),
            silent: HashMap::new(),
            in_turn: None,
            urgent: None,
            looked: Looked::default(),
            corrected: None,
        }
    }

    /// What to do next on a lane, at this time in seconds since 1970.
    ///
    /// # Errors
    /// [`SyncError`] when the journal fails.
    pub fn step(&mut self, lane: Lane, journal: &Journal, now: i64) -> Result<Step, SyncError> {
        // What a peer takes could not be noted.
        journal.store().check_kept().map_err(JournalError::from)?;
        let Some(peer) = journal.peer(&self.peer)? else { return Ok(Step::Rest) };
        // Nobody waits longer than the longest wait: a later time came out of a clock that was ahead and has been set right.
        if (now + 1..=now + patience::LONGEST).contains(&peer.next_try) {
            return Ok(Step::Wait(peer.next_try));
        }
        match lane {
            Lane::InTurn => {
                self.wake(now);
                let peer = self.looked.further(&peer);
                self.step_in_turn(journal, &peer, now)
            }
            Lane::Urgent => {
                let peer = self.looked.further(&peer);
                // Of what is refused nothing was brought.
                let cursor = self.before_refused(peer.cursor);
                self.step_urgent(journal, &Peer { cursor, ..peer })
            }
        }
    }

    /// Logs that were left alone for long enough are tried again: it is looked through once more from where they wait.
    fn wake(&mut self, now: i64) {
        let is_ahead = |until: i64| (now + 1..=now + patience::LONGEST).contains(&until);
        self.silent.retain(|_, until| is_ahead(*until));
        for refused in self.refused.values_mut().filter(|refused| refused.until.is_some_and(|until| !is_ahead(until))) {
            refused.until = None;
            self.looked.cursor = self.looked.cursor.min(refused.cursor);
        }
    }

    /// This cursor, but none that is past a log that is refused.
    fn before_refused(&self, cursor: u64) -> u64 {
        self.refused.values().map(|refused| refused.cursor).fold(cursor, u64::min)
    }

    fn is_left_alone(&self, log: i64) -> bool {
        self.refused.get(&log).is_some_and(|refused| refused.until.is_some())
    }

    /// Whether more waits for the peer than what is on its way to it in turn.
    pub fn has_more(&self) -> bool {
        self.in_turn.as_ref().is_some_and(|parcel| parcel.last.is_none())
    }

    /// How far the queue has been looked through in turn, up to which arrival. The cursor that is written down may be behind it.
    pub fn looked_through(&self) -> u64 {
        self.looked.cursor
    }

    fn step_in_turn(&mut self, journal: &Journal, peer: &Peer, now: i64) -> Result<Step, SyncError> {
        match self.next_in_turn(journal, peer)? {
            Next::Send(parcel) => self.send(Lane::InTurn, (journal, peer), parcel),
            Next::Nothing { cursor } => {
                // What was tried again and is not among what waits is due no more.
                self.refused.retain(|_, refused| refused.until.is_some());
                self.looked.cursor = cursor;
                if self.refused.is_empty() && cursor > peer.cursor {
                    self.held.clear();
                }
                self.write_down(journal, now)?;
                let next = self.refused.values().filter_map(|refused| refused.until).min();
                Ok(next.map_or(Step::Rest, Step::Wait))
            }
        }
    }

    /// What comes next of the logs that are not left alone. All logs of a node wait for its channel `keys`.
    fn next_in_turn(&mut self, journal: &Journal, peer: &Peer) -> Result<Next, SyncError> {
        loop {
            let mut held = self.held.clone();
            let left_alone = self.refused.keys().copied().filter(|log| self.is_left_alone(*log));
            held.extend(left_alone.map(|log| (log, u64::MAX)));
            match journal.next_for(peer, &held)? {
                Next::Send(parcel) => match self.silent.get(&parcel.node) {
                    Some(until) => self.leave_alone(&parcel, *until),
                    None => return Ok(Next::Send(parcel)),
                },
                nothing @ Next::Nothing { .. } => return Ok(nothing),
            }
        }
    }

    fn leave_alone(&mut self, parcel: &Parcel, until: i64) {
        let fresh = Refused { until: None, times: 0, cursor: parcel.cursor };
        let refused = self.refused.entry(parcel.log).or_insert(fresh);
        (refused.until, refused.cursor) = (Some(until), refused.cursor.min(parcel.cursor));
    }

    fn step_urgent(&mut self, journal: &Journal, peer: &Peer) -> Result<Step, SyncError> {
        // A peer that was not reached is tried on one lane only.
        if peer.failures > 0 {
            return Ok(Step::Rest);
        }
        match journal.urgent_for(peer, self.in_turn.as_ref())? {
            Next::Send(parcel) => self.send(Lane::Urgent, (journal, peer), parcel),
            Next::Nothing { cursor } => {
                // What is on its way in turn may not arrive.
                if self.in_turn.is_none() {
                    self.looked.urgent = cursor;
                }
                Ok(Step::Rest)
            }
        }
    }

    /// Writes down how far a peer is to whom nothing had to be brought, so that after a restart not all is looked through again.
    fn write_down(&mut self, journal: &Journal, now: i64) -> Result<(), SyncError> {
        let (cursor, urgent) = (self.before_refused(self.looked.cursor), self.looked.urgent);
        let is_new = cursor > self.looked.written.0 || urgent > self.looked.written.1;
        if is_new && !(self.looked.at..self.looked.at + SELDOM).contains(&now) {
            self.looked.at = now;
            journal.note_progress(&self.peer, None, |peer| {
                (peer.cursor, peer.urgent) = (peer.cursor.max(cursor), peer.urgent.max(urgent));
            })?;
        }
        Ok(())
    }

    /// Sends what comes next, unless nothing is carried to this peer. New keys of this node go before everything they sign.
    fn send(&mut self, lane: Lane, (journal, peer): (&Journal, &Peer), parcel: Parcel) -> Result<Step, SyncError> {
        let Some((origin, keys)) = journal.way_to(peer)? else { return Ok(Step::Rest) };
        let parcel = match (keys.filter(|keys| !self.is_left_alone(keys.log)), lane) {
            (None, _) => parcel,
            (Some(keys), Lane::InTurn) => keys,
            (Some(_), Lane::Urgent) => return Ok(Step::Rest),
        };
        let path = format!("/in/{}/{}", parcel.node, parcel.channel);
        let ask = Ask::post(&origin, path, CHANGE_SETS, parcel.batch.write()?);
        // Of others' logs nothing is signed here.
        if parcel.node == journal.identity().node_id {
            journal.wait_for_heads()?;
        }
        *self.in_flight(lane) = Some(parcel);
        Ok(Step::Ask(Box::new(ask)))
    }

    fn in_flight(&mut self, lane: Lane) -> &mut Option<Parcel> {
        match lane {
            Lane::InTurn => &mut self.in_turn,
            Lane::Urgent => &mut self.urgent,
        }
    }

    /// Takes what came of the last ask on a lane. `dice` lies between 0 and 1.
    ///
    /// # Errors
    /// [`SyncError`] when the journal fails.
    pub fn take(
        &mut self,
        lane: Lane,
        journal: &Journal,
        outcome: Outcome,
        now: i64,
        dice: f64,
    ) -> Result<(), SyncError> {
        let Some(parcel) = self.in_flight(lane).take() else { return Ok(()) };
        match outcome {
            Err(why) => self.fail(journal, &why, now, dice),
            Ok(answer) => self.answered(journal, &parcel, &answer, now, dice),
        }
    }

    fn answered(
        &mut self,
        journal: &Journal,
        parcel: &Parcel,
        answer: &Answer,
        now: i64,
        dice: f64,
    ) -> Result<(), SyncError> {
        match answer.status {
            200 => self.acknowledged(journal, parcel, answer, now, dice),
            202 | 409 => match answer.text().trim().parse() {
                Ok(size) => self.holds(journal, parcel, (answer.status, size), now, dice),
                Err(_) => self.fail(journal, "the peer said how much it holds in no number", now, dice),
            },
            204 if parcel.is_urgent() => self.succeed(journal, (parcel, None), now),
            // It comes in its turn.
            429 if parcel.is_urgent() => self.succeed(journal, (parcel, None), now),
            400 | 403 | 404 | 413 | 422 => self.refused(journal, parcel, answer, now),
            status => {
                let why = format!("status {status}: {}", answer.detail());
                self.fail(journal, &why, now, dice)
            }
        }
    }

    /// The peer holds all up to the head it was sent, and signed that it does.
    fn acknowledged(
        &mut self,
        journal: &Journal,
        parcel: &Parcel,
        answer: &Answer,
        now: i64,
        dice: f64,
    ) -> Result<(), SyncError> {
        let Some(head) = &parcel.batch.checkpoint else { return self.succeed(journal, (parcel, None), now) };
        let text = answer.text();
        let signature = text.lines().next().map(NoteSignature::read);
        let receipt = match signature {
            Some(Ok(signature)) => {
                journal.check_receipt(&self.peer, parcel.log, head, &signature).map_err(|e| e.to_string())
            }
            _ => Err("the peer's receipt is no signature line".to_owned()),
        };
        let receipt = match receipt {
            Ok(receipt) => receipt,
            Err(why) => return self.fail(journal, &why, now, dice),
        };
        let size = pes_changeset::Checkpoint::read(&head.text)?.size;
        self.held.insert(parcel.log, size);
        self.refused.remove(&parcel.log);
        self.succeed(journal, (parcel, Some(&receipt)), now)
    }

    /// The peer says how much of the log it holds. To hear the same correction twice is a failure.
    fn holds(
        &mut self,
        journal: &Journal,
        parcel: &Parcel,
        (status, size): (u16, u64),
        now: i64,
        dice: f64,
    ) -> Result<(), SyncError> {
        let again = status == 409 && self.corrected.replace((parcel.log, size)) == Some((parcel.log, size));
        if again {
            return self.fail(journal, &format!("the peer holds {size} and takes nothing from there"), now, dice);
        }
        self.held.insert(parcel.log, size);
        self.succeed(journal, (parcel, None), now)
    }

    /// What the peer refuses is counted and left alone for a while; everything else goes on.
    fn refused(&mut self, journal: &Journal, parcel: &Parcel, answer: &Answer, now: i64) -> Result<(), SyncError> {
        tracing::warn!(
            peer = self.peer,
            log = parcel.log,
            status = answer.status,
            detail = answer.detail(),
            "a peer refuses a batch"
        );
        journal.count_refusal(&self.peer, &answer.cause(), &answer.detail(), now)?;
        if !parcel.is_urgent() {
            let times = self.refused.get(&parcel.log).map_or(0, |refused| refused.times);
            let (first, doubled) = match answer.cause().as_str() {
                "unknown-node" | "suspended" | "unknown-epoch" => (SULK_OF_STRANGERS, times.saturating_sub(AT_FIRST)),
                _ => (SULK, times),
            };
            let sulk = (first << doubled.min(20)).min(patience::LONGEST);
            self.leave_alone(parcel, now + sulk);
            self.refused.entry(parcel.log).and_modify(|refused| refused.times += 1);
            if parcel.channel == Channel::Keys {
                self.silent.insert(parcel.node.clone(), now + sulk);
            }
        }
        self.succeed(journal, (parcel, None), now)
    }

    fn succeed(
        &mut self,
        journal: &Journal,
        (parcel, receipt): (&Parcel, Option<&Receipt>),
        now: i64,
    ) -> Result<(), SyncError> {
        // Where all of it is held and nothing else waits, the peer is as far as one can be; but while a log is refused, it stays before that.
        let cursor = self.before_refused(receipt.and(parcel.last).unwrap_or(parcel.cursor));
        if !parcel.is_urgent() {
            self.looked.cursor = self.looked.cursor.max(parcel.cursor);
        }
        journal.note_progress(&self.peer, receipt, |peer| {
            (peer.failures, peer.next_try, peer.reason, peer.last_success) = (0, 0, None, Some(now));
            if parcel.is_urgent() {
                peer.urgent = peer.urgent.max(parcel.cursor);
            } else {
                peer.cursor = peer.cursor.max(cursor);
            }
        })?;
        Ok(())
    }

    fn fail(&mut self, journal: &Journal, why: &str, now: i64, dice: f64) -> Result<(), SyncError> {
        tracing::info!(peer = self.peer, why, "a peer was not reached");
        // What the peer held before may be another today.
        self.held.clear();
        self.corrected = None;
        self.looked = Looked::default();
        journal.forget_bearer(&self.peer);
        journal.note_progress(&self.peer, None, |peer| {
            peer.failures += 1;
            peer.next_try = patience::next_try(peer.failures, now, dice);
            (peer.reason, peer.last_failure) = (Some(why.chars().take(300).collect()), Some(now));
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pes_journal::peers::PeerRole;

    fn peer(cursor: u64, urgent: u64) -> Peer {
        Peer { cursor, urgent, ..Peer::new("n", PeerRole::Affiliate) }
    }

    #[test]
    fn what_was_looked_through_is_again_where_a_cursor_is_set_back() {
        let looked = Looked { cursor: 300, urgent: 290, written: (200, 100), at: 0 };
        let further = |peer: Peer| {
            let peer = looked.clone().further(&peer);
            (peer.cursor, peer.urgent)
        };
        assert_eq!(further(peer(200, 100)), (300, 290));
        assert_eq!(further(peer(350, 100)), (350, 290));
        assert_eq!(further(peer(200, 350)), (300, 350));
        assert_eq!(further(peer(0, 100)), (0, 100));
        assert_eq!(further(peer(200, 0)), (200, 0));
    }
}
