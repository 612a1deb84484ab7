//! Rounds of pulling: from each node one walk at a time, beside those from all others, so that a slow one keeps only its own waiting.
//!
//! Peers are pulled from at start, when asked to, and at each poll; but for a mere poll, all other members too, each at its own address:
//! what a hub holds back shows against the author. So they are asked when the peers have told what they hold.

use super::{Drive, RECOVER, now, off_thread, recover};
use crate::SyncError;
use crate::pull::{Pull, Report};
use pes_changeset::Origin;
use pes_journal::peers::{Peer, PeerRole};
use pes_journal::{Journal, JournalError};
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

/// How many rounds follow each other soon while it is in doubt what was signed; and how long one waits for the next after those.
const OFTEN: u32 = 24;
const SELDOM: Duration = Duration::from_secs(30);

/// The walks from other nodes, and what is known of the round.
pub(super) struct Rounds {
    drive: Drive,
    walks: JoinSet<Report>,
    /// Whose walk each is.
    walkers: HashMap<Id, Origin>,
    turns: Arc<Semaphore>,
    peer_turns: Arc<Semaphore>,
    /// From whom a walk is under way, and whether one more begins when it is over.
    under_way: HashMap<Origin, bool>,
    peers: HashMap<Origin, Peer>,
    /// Whether the newest walk from a peer took all that it has more of.
    heard: HashMap<Origin, bool>,
    /// The peers for whom the other members still wait in this round.
    awaited: Option<HashSet<Origin>>,
    /// The other members, and from whom a walk has ended since one brought something of ours.
    others: HashSet<Origin>,
    asked: HashSet<Origin>,
    /// How many rounds are still to come soon, for what was taken back without its payload.
    again: u32,
    /// How many rounds it has been in doubt what was signed.
    rounds_in_doubt: u32,
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
            heard: HashMap::new(),
            awaited: None,
            others: HashSet::new(),
            asked: HashSet::new(),
            again: 0,
            rounds_in_doubt: 0,
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

    /// Where it is known how much was signed, whoever gave it back, it is that. Where it is not, all hubs have to have answered, and each other node
    /// to have been asked, since something of ours came last.
    async fn reassure(&self) {
        let journal = self.drive.journal.clone();
        if journal.doubt().is_some() {
            let were_all_asked = is_answered(&self.peers, &self.heard) && self.others.is_subset(&self.asked);
            let done = off_thread(move || journal.reassure(were_all_asked).map(drop)).await;
            recover(done.map_err(SyncError::from)).await;
        }
    }

    async fn begin(&mut self, is_whole: bool) {
        let journal = self.drive.journal.clone();
        match off_thread(move || peers(&journal)).await {
            Ok(peers) => self.peers = peers,
            Err(error) => recover(Err(error.into())).await,
        }
        let peers: Vec<Origin> = self.peers.keys().cloned().collect();
        // While in doubt nobody is waited for: whoever holds what was signed will do, and there is a next round soon.
        let is_in_doubt = self.drive.journal.doubt().is_some();
        self.again = if is_in_doubt { AGAIN } else { self.rounds_left().await };
        if is_whole {
            self.awaited = Some(if is_in_doubt { HashSet::new() } else { peers.iter().cloned().collect() });
        }
        peers.into_iter().for_each(|peer| self.walk(Pull::from(peer), is_whole && !is_in_doubt));
        self.ask_others().await;
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
                let walk = self.walks.spawn(async move {
                    let _turn = turns.acquire().await;
                    drive.carry_on(pull).await
                });
                self.walkers.insert(walk.id(), from);
            }
        }
    }

    /// Asks all other members, once no peer is awaited any more.
    async fn ask_others(&mut self) {
        if self.awaited.take_if(|awaited| awaited.is_empty()).is_some() {
            let journal = self.drive.journal.clone();
            let others = off_thread(move || journal.other_origins()).await.unwrap_or_default();
            let once_more = self.drive.journal.doubt().is_none();
            self.others = others.iter().cloned().collect();
            others.into_iter().for_each(|other| self.walk(Pull::from(other), once_more));
        }
    }

    /// Takes what comes of walks, until the next round is due. Tells whether that is one of all members.
    async fn until_next(&mut self, poll: Option<Duration>) -> bool {
        let is_in_doubt = self.drive.journal.doubt().is_some();
        self.rounds_in_doubt = if is_in_doubt { self.rounds_in_doubt + 1 } else { 0 };
        let pause = match is_in_doubt || self.again > 0 {
            true if self.rounds_in_doubt > OFTEN => Some(SELDOM),
            true => Some(RECOVER),
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
                    if let Some(from) = self.walkers.remove(&id) {
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
            Some(peer) => self.peer_told(&from, peer, report).await,
            None => self.author_told(from.clone(), report.taken).await,
        }
        if report.ours > 0 {
            // Whoever was asked before may have had more to say to that.
            (self.asked, self.heard) = (HashSet::new(), HashMap::new());
        } else if !report.is_cut_short {
            self.asked.insert(from.clone());
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

    async fn peer_told(&mut self, from: &Origin, peer: Peer, report: &Report) {
        self.heard.insert(from.clone(), report.is_level);
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
    let carried = journal.carried_peers()?.into_iter();
    Ok(carried.filter_map(|peer| Some((journal.pinned(&peer.node).ok()?.origin, peer))).collect())
}

/// While it is in doubt what was signed here, the peers' answers decide: those of all hubs, or, at a hub, when all who follow it were asked,
/// of whoever could be reached.
fn is_answered(peers: &HashMap<Origin, Peer>, heard: &HashMap<Origin, bool>) -> bool {
    let hubs: Vec<&Origin> = peers.iter().filter(|(_, peer)| peer.role == PeerRole::Hub).map(|(hub, _)| hub).collect();
    match hubs.is_empty() {
        false => hubs.into_iter().all(|hub| heard.get(hub) == Some(&true)),
        true => {
            let told: Option<Vec<bool>> = peers.keys().map(|peer| heard.get(peer).copied()).collect();
            told.is_some_and(|told| told.contains(&true))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(name: &str) -> Origin {
        format!("https://{name}.test").parse().unwrap()
    }

    /// Whether the doubt is over, with these peers and what came of the walks from them.
    fn is_over(peers: &[(&str, PeerRole)], heard: &[(&str, bool)]) -> bool {
        let peers = peers.iter().map(|(name, role)| (origin(name), Peer::new(*name, *role))).collect();
        is_answered(&peers, &heard.iter().map(|(name, told)| (origin(name), *told)).collect())
    }

    #[test]
    fn all_hubs_decide_what_was_signed() {
        let peers = [("paca", PeerRole::Hub), ("france", PeerRole::Hub), ("apeas", PeerRole::Affiliate)];
        assert!(is_over(&peers, &[("paca", true), ("france", true)]), "whatever others say");
        assert!(is_over(&peers, &[("paca", true), ("france", true), ("apeas", false)]));
        assert!(!is_over(&peers, &[("paca", true), ("apeas", true)]), "one was not asked yet");
        assert!(!is_over(&peers, &[("paca", true), ("france", false), ("apeas", true)]));
    }

    #[test]
    fn at_a_hub_whoever_can_be_reached_decides_when_all_were_asked() {
        let peers = [("apeas", PeerRole::Affiliate), ("mesclun", PeerRole::Affiliate)];
        assert!(is_over(&peers, &[("apeas", true), ("mesclun", false)]));
        assert!(!is_over(&peers, &[("apeas", true)]), "the other may know more");
        assert!(!is_over(&peers, &[("apeas", false), ("mesclun", false)]));
        assert!(!is_over(&[], &[]), "nobody was asked");
    }
}
