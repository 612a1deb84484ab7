//! Rounds of pulling: from each node one walk at a time, beside those from all others, so that a slow one keeps only its own waiting.
//!
//! Peers are pulled from at start, when asked to, and at each poll; but for a mere poll, all other members too, each at its own address:
//! what a hub holds back shows against the author. So they are asked when the peers have told what they hold.

use super::inquiry::Inquiry;
use super::{Drive, RECOVER, now, off_thread, recover};
use crate::SyncError;
use crate::pull::{Pull, Report};
use pes_changeset::Origin;
use pes_journal::doubt::Asked;
use pes_journal::peers::Peer;
use pes_journal::{Journal, JournalError, Refusal};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::{Id, JoinSet};

/// From how many peers, and from how many other nodes, is pulled at once: each answer may be of sixteen megabytes.
const AT_ONCE: usize = 32;

/// How often peers are asked again for payloads of ours that are missing after a doubt: they have them when they hold our log in its turn.
const AGAIN: u32 = 24;

/// The walks from other nodes, and what is known of the round.
pub(super) struct Rounds {
    drive: Drive,
    walks: JoinSet<Report>,
    /// Whose walk each is, and of which turn of the inquiry.
    walkers: HashMap<Id, (Origin, u64)>,
    turns: Arc<Semaphore>,
    peer_turns: Arc<Semaphore>,
    /// From whom a walk is under way, and whether one more begins when it is over.
    under_way: HashMap<Origin, bool>,
    peers: HashMap<Origin, Peer>,
    /// The peers for whom the other members still wait in this round.
    awaited: Option<HashSet<Origin>>,
    /// Who was asked while it is in doubt what was signed.
    inquiry: Inquiry,
    /// How many rounds are still to come soon, for what was taken back without its payload.
    again: u32,
}

impl Rounds {
    pub(super) fn of(drive: Drive) -> Self {
        Self {
            drive,
            walks: JoinSet::new(),
            walkers: HashMap::new(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            peer_turns: Arc::new(Semaphore::new(AT_ONCE)),
            under_way: HashMap::new(),
            peers: HashMap::new(),
            awaited: None,
            inquiry: Inquiry::default(),
            again: 0,
        }
    }

    /// Pulls for ever. Where `poll` is given, peers are asked that often.
    pub(super) async fn keep(mut self, poll: Option<Duration>) {
        let mut is_whole = true;
        loop {
            self.begin(is_whole).await;
            is_whole = self.until_next(poll).await;
        }
    }

    /// Where it is known how much was signed, whoever gave it back, it is that. Where it is not, all have to have been asked.
    async fn reassure(&self) {
        let journal = self.drive.journal.clone();
        if journal.doubt().is_none() {
            return;
        }
        // By what is known of them now.
        let knowing = self.drive.journal.clone();
        let asked = match off_thread(move || knowing.other_origins()).await {
            Ok(others) => self.inquiry.asked(&self.peers, &others),
            Err(_) => Asked::Some,
        };
        let done = off_thread(move || journal.reassure(asked).map(drop)).await;
        recover(done.map_err(SyncError::from)).await;
    }

    async fn begin(&mut self, is_whole: bool) {
        self.peers = self.peers_now().await;
        let peers: Vec<Origin> = self.peers.keys().cloned().collect();
        // While in doubt nobody is waited for: whoever holds what was signed will do, and there is a next round soon.
        let is_in_doubt = self.drive.journal.doubt().is_some();
        self.again = if is_in_doubt { AGAIN } else { self.rounds_left().await };
        if is_in_doubt {
            self.inquiry.goes_on(&self.peers);
        }
        if is_whole {
            self.awaited = Some(if is_in_doubt { HashSet::new() } else { peers.iter().cloned().collect() });
        }
        peers.into_iter().for_each(|peer| self.walk(Pull::from(peer), is_whole && !is_in_doubt));
        self.ask_others().await;
        if self.under_way.is_empty() {
            // There is nobody whose walk will end.
            self.reassure().await;
        }
    }

    /// Nobody whom the database cannot name now counts as nobody.
    async fn peers_now(&self) -> HashMap<Origin, Peer> {
        loop {
            let journal = self.drive.journal.clone();
            match off_thread(move || peers(&journal)).await {
                Ok(peers) => return peers,
                Err(error) => recover(Err(error.into())).await,
            }
        }
    }

    /// How many rounds are still to come soon.
    async fn rounds_left(&self) -> u32 {
        let journal = self.drive.journal.clone();
        let misses = || off_thread(move || journal.misses_its_own());
        if self.again > 0 && misses().await.unwrap_or_default() { self.again - 1 } else { 0 }
    }

    /// Pulls from a node; where that is under way already, and its list of heads may be an old one, once more after it if so wanted.
    fn walk(&mut self, pull: Pull, once_more: bool) {
        match self.under_way.entry(pull.origin().clone()) {
            Entry::Occupied(mut walk) => *walk.get_mut() |= once_more,
            Entry::Vacant(place) => {
                let (drive, from) = (self.drive.clone(), place.key().clone());
                // A peer waits for no other node than peers.
                let turns = if self.peers.contains_key(&from) { &self.peer_turns } else { &self.turns };
                let turns = Arc::clone(turns);
                place.insert(false);
                let pull = if self.inquiry.has_asked(&from) { pull.briefly() } else { pull };
                let walk = self.walks.spawn(async move {
                    let _turn = turns.acquire().await;
                    drive.carry_on(pull).await
                });
                self.walkers.insert(walk.id(), (from, self.inquiry.turn()));
            }
        }
    }

    /// Asks all other members, once no peer is awaited any more.
    async fn ask_others(&mut self) {
        if self.awaited.take_if(|awaited| awaited.is_empty()).is_some() {
            let journal = self.drive.journal.clone();
            let others = off_thread(move || journal.other_origins()).await.unwrap_or_default();
            let once_more = self.drive.journal.doubt().is_none();
            others.into_iter().for_each(|other| self.walk(Pull::from(other), once_more));
        }
    }

    /// Takes what comes of walks, until the next round is due. Tells whether that is one of all members.
    async fn until_next(&mut self, poll: Option<Duration>) -> bool {
        let is_in_doubt = self.drive.journal.doubt().is_some();
        let pause = match is_in_doubt {
            true => Some(self.inquiry.pause()),
            false if self.again > 0 => Some(RECOVER),
            false => poll,
        };
        let reconcile = Arc::clone(&self.drive.reconcile);
        let due = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(due);
        loop {
            tokio::select! {
                Some(walked) = self.walks.join_next_with_id() => {
                    let (id, report) = walked.unwrap_or_else(|error| (error.id(), interrupted()));
                    if let Some((from, turn)) = self.walkers.remove(&id) {
                        self.inquiry.ended(&from, (turn, self.peers.contains_key(&from)), &report);
                        self.inquiry.heard(self.drive.journal.times_shown());
                        self.ended(from, &report).await;
                    }
                }
                () = reconcile.notified() => return true,
                () = &mut due => return is_in_doubt,
            }
        }
    }

    async fn ended(&mut self, from: Origin, report: &Report) {
        match self.peers.get(&from).cloned() {
            Some(peer) => self.peer_told(peer, report).await,
            None => self.author_told(from.clone(), report.taken).await,
        }
        self.reassure().await;
        let once_more = self.under_way.remove(&from).unwrap_or_default();
        if report.is_cut_short {
            // It would begin the same snapshot again.
            self.walk(Pull::from(from.clone()).sparing(u64::MAX), false);
        } else if once_more {
            self.walk(Pull::from(from.clone()), false);
        }
        if !once_more {
            if let Some(awaited) = &mut self.awaited {
                awaited.remove(&from);
            }
            self.ask_others().await;
        }
    }

    async fn peer_told(&self, peer: Peer, report: &Report) {
        if report.broken.is_none() || report.is_cut_short {
            let journal = self.drive.journal.clone();
            let noted = off_thread(move || journal.heard_of(&peer, now().unix_timestamp())).await;
            recover(noted.map_err(SyncError::from)).await;
        }
    }

    async fn author_told(&self, author: Origin, taken: u64) {
        // Who is in doubt asks all at once: then it says nothing against the hubs.
        if taken > 0 && self.drive.journal.doubt().is_none() {
            tracing::warn!(from = %author, taken, "came from its author and not through a hub");
            let journal = self.drive.journal.clone();
            let noted = off_thread(move || journal.count_held_back(&author, taken, now())).await;
            recover(noted.map_err(SyncError::from)).await;
        }
    }
}

/// What comes of a walk in which something went wrong inside.
fn interrupted() -> Report {
    tracing::error!("a walk was interrupted; it is begun again in the next round");
    Report { broken: Some("it was interrupted".into()), ..Report::default() }
}

/// The peers with whom something is exchanged, by their origins.
fn peers(journal: &Journal) -> Result<HashMap<Origin, Peer>, JournalError> {
    // What was signed is asked also of those with whom the exchange rests.
    let peers = if journal.doubt().is_some() { journal.peers()? } else { journal.carried_peers()? };
    let named = peers.into_iter().map(|peer| match journal.pinned(&peer.node) {
        Ok(node) => Ok(Some((node.origin, peer))),
        Err(JournalError::Refused(Refusal::UnknownNode(_))) => Ok(None),
        Err(error) => Err(error),
    });
    named.filter_map(Result::transpose).collect()
}
