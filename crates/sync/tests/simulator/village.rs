//! The village: the hub *paca* and three networks that follow it, each with a database of its own.

use crate::bed::{self, node};
use crate::invariants::Witness;
use crate::network::{Fate, Flight, Network};
use pes_domain::{Audience, Kind, Record, RecordIri};
use pes_store::Bell;
use pes_store::own_records::Moderation;
use pes_sync::pull::Pull;
use pes_sync::push::{Lane, Push, Step};
use pes_sync::{Answer, Ask};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use time::{Duration, UtcDateTime};
use tokio::sync::watch::Receiver;

pub type Name = &'static str;

pub const NAMES: [Name; 4] = ["paca", "apeas", "alliance", "mesclun"];
const LANES: [Lane; 2] = [Lane::Urgent, Lane::InTurn];

/// A walk to one peer; of each of its lanes, what is on its way, and until when there is nothing to do unless a bell rings.
pub struct Walk {
    pub push: Push,
    flights: [Option<Flight>; 2],
    asleep: [Option<Sleep>; 2],
}

/// Until a moment, or until something new comes.
#[derive(Clone, Copy)]
enum Sleep {
    Until(UtcDateTime),
    Resting,
}

pub struct Node {
    pub node: bed::Node,
    /// Rings when there is something new to carry.
    bell: Receiver<u64>,
    pub walks: BTreeMap<String, Walk>,
    /// What it published and has not deleted.
    pub records: Vec<Record>,
}

impl Deref for Node {
    type Target = bed::Node;

    fn deref(&self) -> &bed::Node {
        &self.node
    }
}

pub struct Village {
    pub nodes: BTreeMap<Name, Node>,
    pub network: Network,
    pub witness: Witness,
}

impl Deref for Village {
    type Target = Network;

    fn deref(&self) -> &Network {
        &self.network
    }
}

impl DerefMut for Village {
    fn deref_mut(&mut self) -> &mut Network {
        &mut self.network
    }
}

impl From<bed::Node> for Node {
    fn from(node: bed::Node) -> Self {
        let bell = node.journal.store().bell(Bell::Entries);
        Self { node, bell, walks: BTreeMap::new(), records: Vec::new() }
    }
}

impl From<Push> for Walk {
    fn from(push: Push) -> Self {
        Self { push, flights: [None, None], asleep: [None, None] }
    }
}

impl Village {
    /// The hub *paca* and three networks; all know each other, each network follows the hub.
    pub fn new(seed: u64) -> Self {
        let nodes: BTreeMap<_, _> = NAMES.into_iter().map(|name| (name, Node::from(node(name)))).collect();
        for (name, one) in &nodes {
            nodes.iter().filter(|(other, _)| *other != name).for_each(|(_, other)| one.pins(other));
        }
        let mut village = Self { nodes, network: Network::new(seed), witness: Witness::default() };
        for name in &NAMES[1..] {
            village.nodes[name].follows(&village.nodes["paca"]);
        }
        NAMES.into_iter().for_each(|name| village.restart(name));
        village
    }

    /// What a walk remembers and what is on its way is gone, as when a process is started anew; no peer is waited for any more.
    pub fn restart(&mut self, name: Name) {
        let node = self.nodes.get_mut(name).unwrap();
        let peers = node.journal.peers().unwrap();
        for peer in &peers {
            node.journal.change_peer(&peer.node, |peer| peer.next_try = 0).unwrap();
        }
        node.walks = peers.into_iter().map(|peer| (peer.node.clone(), Push::to(peer.node).into())).collect();
    }

    pub fn publish(&mut self, name: Name, fields: &[(&str, &str)]) -> RecordIri {
        let now = self.clock(name);
        let node = self.nodes.get_mut(name).unwrap();
        let record = node.record(Kind::Exchange, fields, now);
        node.journal.save(record.clone(), Moderation::Published, None, now).unwrap();
        node.records.push(record.clone());
        record.iri
    }

    pub fn demand(&mut self, name: Name, title: &str) -> RecordIri {
        self.publish(name, &[("direction", "demand"), ("type", "service"), ("title", title), ("author", "Marie")])
    }

    pub fn offer(&mut self, name: Name, title: &str) -> RecordIri {
        self.publish(name, &[("direction", "offer"), ("type", "service"), ("title", title), ("author", "Ali")])
    }

    pub fn delete(&mut self, name: Name, iri: &RecordIri) {
        let now = self.clock(name);
        let node = self.nodes.get_mut(name).unwrap();
        node.journal.delete(iri, None, now).unwrap();
        node.records.retain(|record| record.iri != *iri);
    }

    /// The walk to a peer, taken out of the village's hands.
    pub fn take_walk(&mut self, name: Name, peer: &str) -> Push {
        self.nodes.get_mut(name).unwrap().walks.remove(peer).unwrap().push
    }

    /// Sends a request through the network; the answer, or why there is none, and when that is known.
    fn send(&mut self, asker: Name, ask: &Ask) -> Flight {
        let asked = NAMES.into_iter().find(|name| ask.origin.host() == format!("{name}.test")).unwrap();
        let ask = self.network.spoilt(asker, ask.clone());
        let fate = self.network.fate(asker, asked);
        let request = self.network.request((asker, &self.nodes[asker]), (asked, &ask));
        let outcome = match fate {
            Fate::Lost(why) => Err(why.to_owned()),
            Fate::Late => {
                let latest = self.latest;
                let wait = 30 + self.dice.below(latest);
                self.network.arrives_later(asked, request, wait);
                Err("timed out".to_owned())
            }
            Fate::Arrives { is_heard } => {
                let reply = self.nodes[asked].replies(&request, self.clock(asked));
                let answer = Answer { status: reply.status, body: reply.body };
                let answer = self.network.told((asker, asked), &ask, answer);
                if is_heard { Ok(answer) } else { Err("timed out".to_owned()) }
            }
        };
        self.network.flight(asked, outcome)
    }

    /// Brings a request to its node and the answer back at once, if the network lets both through.
    pub fn carry(&mut self, asker: Name, ask: &Ask) -> pes_sync::Outcome {
        self.send(asker, ask).outcome
    }

    /// Walks every walk of a node one step. Tells whether there was something to do, and when there will be.
    pub fn push(&mut self, name: Name) -> (bool, Option<UtcDateTime>) {
        let node = self.nodes.get_mut(name).unwrap();
        let peers: Vec<String> = node.walks.keys().cloned().collect();
        let rings = node.bell.has_changed().unwrap();
        node.bell.mark_unchanged();
        let (mut moved, mut next) = (false, None);
        for peer in peers {
            let mut walk = self.nodes.get_mut(name).unwrap().walks.remove(&peer).unwrap();
            if rings {
                walk.asleep = [None, None];
            }
            for lane in LANES {
                let (has_moved, due) = self.walk(name, &mut walk, lane);
                moved |= has_moved;
                next = next.into_iter().chain(due).min();
            }
            self.nodes.get_mut(name).unwrap().walks.insert(peer, walk);
        }
        (moved, next)
    }

    /// As the workers of a process do: who has nothing to do sleeps until its time has come, a bell rings, or something has left on
    /// the other lane.
    fn walk(&mut self, name: Name, walk: &mut Walk, lane: Lane) -> (bool, Option<UtcDateTime>) {
        match walk.asleep[lane as usize] {
            Some(Sleep::Until(due)) if due > self.now => return (false, Some(due)),
            Some(Sleep::Resting) => return (false, None),
            _ => walk.asleep[lane as usize] = None,
        }
        let seconds = self.clock(name).unix_timestamp();
        let journal = self.nodes[name].journal.clone();
        let flight = match walk.flights[lane as usize].take() {
            Some(flight) => flight,
            None => match walk.push.step(lane, &journal, seconds).unwrap() {
                Step::Ask(ask) => {
                    walk.asleep = [None, None];
                    self.send(name, &ask)
                }
                Step::Wait(until) => {
                    let due = self.now + Duration::seconds(until - seconds);
                    walk.asleep[lane as usize] = Some(Sleep::Until(due));
                    return (false, Some(due));
                }
                Step::Rest => {
                    walk.asleep[lane as usize] = Some(Sleep::Resting);
                    return (false, None);
                }
            },
        };
        if flight.due > self.now {
            let due = flight.due;
            walk.flights[lane as usize] = Some(flight);
            return (false, Some(due));
        }
        let share = self.dice.share();
        walk.push.take(lane, &journal, flight.outcome, seconds, share).unwrap();
        (true, None)
    }

    /// One node takes from another whatever that one has more of.
    pub fn pull(&mut self, name: Name, from: Name) -> Pull {
        let mut walk = Pull::from(self.nodes[from].origin().clone());
        while let Some(ask) = walk.step(&self.nodes[name].journal).unwrap() {
            let outcome = self.carry(name, &ask);
            walk.take(&self.nodes[name].journal, outcome, self.clock(name)).unwrap();
        }
        walk
    }

    /// A daily round: from the peers, then from every other node at its own address.
    pub fn reconcile(&mut self, name: Name) -> Vec<Pull> {
        let others = NAMES.into_iter().filter(|other| *other != name).collect::<Vec<_>>();
        others.into_iter().map(|other| self.pull(name, other)).collect()
    }

    /// Lets the clock run for so many seconds, and everybody push whenever there is something to do. The clock jumps over the time
    /// in which nobody has, so that a quiet month costs as little as a quiet minute.
    pub fn settle(&mut self, seconds: i64) {
        let end = self.now + Duration::seconds(seconds);
        loop {
            let next = self.rest();
            if self.now >= end {
                return;
            }
            let next = next.map_or(end, |next| next.max(self.now + Duration::SECOND));
            self.network.now = next.min(end);
        }
    }

    /// Everybody does what there is to do now. Tells when there will be more.
    fn rest(&mut self) -> Option<UtcDateTime> {
        for _ in 0..10_000 {
            self.deliver_late();
            let (mut moved, mut next) = (false, self.late.iter().map(|(due, ..)| *due).min());
            for name in NAMES {
                let (has_moved, due) = self.push(name);
                moved |= has_moved;
                next = next.into_iter().chain(due).min();
            }
            if !moved {
                return next;
            }
        }
        panic!("the walks do not come to rest");
    }

    /// What was delayed or doubled arrives; nobody waits for the answers.
    fn deliver_late(&mut self) {
        let now = self.now;
        let (due, late) = std::mem::take(&mut self.late).into_iter().partition(|(due, ..)| *due <= now);
        self.late = late;
        for (_, asked, request) in due {
            if !self.down.contains(asked) {
                self.nodes[asked].replies(&request, self.clock(asked));
            }
        }
    }

    pub fn has(&self, name: Name, iri: &RecordIri) -> bool {
        let seen = |link: &mut _| pes_store::records::seen(link, &iri.to_string(), Audience::Affiliates);
        self.nodes[name].journal.store().read(seen).unwrap().is_some()
    }
}

pub fn answer(status: u16, body: &str) -> Answer {
    Answer { status, body: body.as_bytes().to_vec() }
}
