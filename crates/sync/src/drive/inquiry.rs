//! Who was asked what this node signed, while that is in doubt.
//!
//! Whoever brings something of ours, or shows that there is more, begins it anew: those who were asked before may have more to say to that.

use crate::pull::Report;
use pes_changeset::Origin;
use pes_journal::doubt::Asked;
use pes_journal::peers::{Peer, PeerRole};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// How many rounds follow each other soon.
const OFTEN: u32 = 24;
/// How long one waits for the next of those, and for the next after them.
const SOON: Duration = Duration::from_secs(5);
const SELDOM: Duration = Duration::from_secs(30);

/// The inquiry of a start.
#[derive(Debug, Default)]
pub(super) struct Inquiry {
    /// How often something of ours has come.
    turn: u64,
    /// From whom a walk has ended, and from whom it took all, in this turn.
    asked: HashSet<Origin>,
    level: HashSet<Origin>,
    rounds: u32,
    /// How often others were found to have been shown more than was known.
    shown: u64,
}

impl Inquiry {
    /// A walk that begins now is of this turn.
    pub(super) fn turn(&self) -> u64 {
        self.turn
    }

    pub(super) fn has_asked(&self, node: &Origin) -> bool {
        self.asked.contains(node)
    }

    /// A round begins; those who have not answered for long are named.
    pub(super) fn goes_on(&mut self, peers: &HashMap<Origin, Peer>) {
        self.rounds += 1;
        if self.rounds == OFTEN {
            let awaited: Vec<&str> =
                peers.keys().filter(|peer| !self.level.contains(*peer)).map(Origin::as_str).collect();
            tracing::warn!(?awaited, "it is still in doubt what this node signed; these have not answered");
        }
    }

    /// How long to wait for the next round.
    pub(super) fn pause(&self) -> Duration {
        if self.rounds > OFTEN { SELDOM } else { SOON }
    }

    /// It is known how often others were found to have been shown more: those who were asked for less are asked again.
    pub(super) fn heard(&mut self, shown: u64) {
        if shown != std::mem::replace(&mut self.shown, shown) {
            self.begin_anew();
        }
    }

    fn begin_anew(&mut self) {
        (self.turn, self.asked, self.level) = (self.turn + 1, HashSet::new(), HashSet::new());
    }

    /// A walk of a turn has ended.
    pub(super) fn ended(&mut self, from: &Origin, (turn, is_peer): (u64, bool), report: &Report) {
        if report.ours > 0 {
            self.begin_anew();
        }
        // Who is no peer and takes for ever keeps nobody.
        if turn != self.turn || (report.is_cut_short && is_peer) {
            return;
        }
        self.asked.insert(from.clone());
        match report.is_level {
            true => self.level.insert(from.clone()),
            false => self.level.remove(from),
        };
    }

    /// How much this says: all hubs have to have answered and, of the nodes that follow this one, whoever could be reached; each other node has to have
    /// been asked.
    pub(super) fn asked(&self, peers: &HashMap<Origin, Peer>, others: &[Origin]) -> Asked {
        let of_role = |role| peers.iter().filter(move |(_, peer)| peer.role == role).map(|(peer, _)| peer);
        let hubs = of_role(PeerRole::Hub).all(|hub| self.level.contains(hub));
        let mut affiliates = of_role(PeerRole::Affiliate).peekable();
        let affiliates = affiliates.peek().is_none() || affiliates.any(|peer| self.level.contains(peer));
        let all = peers.keys().chain(others).all(|one| self.asked.contains(one));
        match hubs && affiliates && all {
            false => Asked::Some,
            true if self.rounds > OFTEN => Asked::Patiently,
            true => Asked::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(name: &str) -> Origin {
        format!("https://{name}.test").parse().unwrap()
    }

    fn report(is_level: bool) -> Report {
        Report { is_level, ..Report::default() }
    }

    /// Whether all were asked, with these peers and others, and what came of the walks.
    fn is_over(peers: &[(&str, PeerRole)], others: &[&str], heard: &[(&str, bool)]) -> bool {
        let mut inquiry = Inquiry::default();
        for (name, is_level) in heard {
            inquiry.ended(&origin(name), (0, true), &report(*is_level));
        }
        let others: Vec<Origin> = others.iter().map(|name| origin(name)).collect();
        inquiry.asked(&map(peers), &others) == Asked::All
    }

    fn map(peers: &[(&str, PeerRole)]) -> HashMap<Origin, Peer> {
        peers.iter().map(|(name, role)| (origin(name), Peer::new(*name, *role))).collect()
    }

    const HUBS: &[(&str, PeerRole)] = &[("paca", PeerRole::Hub), ("france", PeerRole::Hub)];

    #[test]
    fn all_hubs_have_to_have_answered_and_all_others_to_have_been_asked() {
        assert!(is_over(HUBS, &["apeas"], &[("paca", true), ("france", true), ("apeas", false)]));
        assert!(!is_over(HUBS, &["apeas"], &[("paca", true), ("apeas", true)]), "one was not asked yet");
        assert!(!is_over(HUBS, &["apeas"], &[("paca", true), ("france", false), ("apeas", true)]));
        assert!(!is_over(HUBS, &["apeas"], &[("paca", true), ("france", true)]));
        assert!(!is_over(HUBS, &[], &[("paca", true), ("france", true), ("france", false)]), "the newest walk counts");
    }

    #[test]
    fn at_a_hub_whoever_can_be_reached_decides_when_all_were_asked() {
        let peers = [("apeas", PeerRole::Affiliate), ("mesclun", PeerRole::Affiliate)];
        assert!(is_over(&peers, &[], &[("apeas", true), ("mesclun", false)]));
        assert!(!is_over(&peers, &[], &[("apeas", true)]), "the other may know more");
        assert!(!is_over(&peers, &[], &[("apeas", false), ("mesclun", false)]));
    }

    /// What a hub says to its members goes to no other hub.
    #[test]
    fn a_hub_that_follows_another_hears_its_members_too() {
        let peers = [("france", PeerRole::Hub), ("apeas", PeerRole::Affiliate)];
        assert!(!is_over(&peers, &[], &[("france", true)]));
        assert!(!is_over(&peers, &[], &[("france", true), ("apeas", false)]));
        assert!(is_over(&peers, &[], &[("france", true), ("apeas", true)]));
    }

    #[test]
    fn a_node_without_peers_waits_for_nobody_but_those_it_knows() {
        assert!(is_over(&[], &[], &[]));
        assert!(!is_over(&[], &["apeas"], &[]));
    }

    #[test]
    fn what_came_of_ours_begins_it_anew() {
        let (mut inquiry, peers) = (Inquiry::default(), map(HUBS));
        inquiry.ended(&origin("paca"), (0, true), &report(true));
        inquiry.ended(&origin("france"), (0, true), &Report { ours: 1, ..report(true) });
        assert_eq!((inquiry.turn(), inquiry.asked(&peers, &[])), (1, Asked::Some));
        inquiry.ended(&origin("paca"), (0, true), &report(true));
        inquiry.ended(&origin("france"), (1, true), &report(true));
        assert_eq!(inquiry.asked(&peers, &[]), Asked::Some, "one began before");
        inquiry.ended(&origin("paca"), (1, true), &report(true));
        assert_eq!(inquiry.asked(&peers, &[]), Asked::All);
        inquiry.heard(0);
        assert_eq!(inquiry.asked(&peers, &[]), Asked::All, "nothing was shown");
        inquiry.heard(1);
        assert_eq!(inquiry.asked(&peers, &[]), Asked::Some);
    }

    #[test]
    fn who_takes_for_ever_keeps_us_only_if_we_follow_it() {
        let long = Report { is_cut_short: true, ..Report::default() };
        let mut inquiry = Inquiry::default();
        inquiry.ended(&origin("apeas"), (0, false), &long);
        inquiry.ended(&origin("paca"), (0, true), &long);
        assert!(inquiry.has_asked(&origin("apeas")) && !inquiry.has_asked(&origin("paca")));
    }

    #[test]
    fn patience_comes_with_the_rounds() {
        let mut inquiry = Inquiry::default();
        (0..=OFTEN).for_each(|_| inquiry.goes_on(&HashMap::new()));
        assert_eq!((inquiry.asked(&HashMap::new(), &[]), inquiry.pause()), (Asked::Patiently, SELDOM));
    }
}
