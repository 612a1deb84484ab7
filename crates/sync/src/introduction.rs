//! Makes the acquaintance of a node at its own address: what it says of itself, and its key events.

use crate::{Answer, Ask, Outcome, json};
use pes_changeset::{ChangeSet, KeyHistory, Origin};
use serde::{Deserialize, Serialize};

/// More key events than any node has.
const MOST_EVENTS: usize = 1_000;

/// The most characters of a network's name.
const LONGEST_NAME: usize = 100;

/// What `/.well-known/pes` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WellKnown {
    /// The network's name.
    pub name: String,
    /// The origin.
    pub origin: String,
    /// The node-id.
    pub node_id: String,
    /// The program and its version.
    pub software: String,
    /// The protocol's number.
    pub protocol: u64,
    /// The channels it writes.
    pub channels: Vec<String>,
    /// The origins of the hubs it follows.
    pub hubs: Vec<String>,
    /// Below what its records lie.
    pub prefixes: Vec<String>,
}

/// A node that was heard from its own address: its key events prove themselves, and the first bears the node-id.
#[derive(Debug, Clone)]
pub struct Introduced {
    /// What it says of itself.
    pub well_known: WellKnown,
    /// Its key events, from the first on.
    pub events: Vec<ChangeSet>,
    /// The keys that they declare.
    pub keys: KeyHistory,
}

/// A walk to a node's own address.
#[derive(Debug)]
pub struct Introduction {
    origin: Origin,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    WellKnown,
    KeyEvents(WellKnown, Vec<ChangeSet>),
    Done(Result<Box<Introduced>, String>),
}

impl Introduction {
    /// A walk to this origin.
    pub fn to(origin: Origin) -> Self {
        Self { origin, stage: Stage::WellKnown }
    }

    /// What to ask next, or what came of it.
    ///
    /// # Errors
    /// In words, why the node was not heard, or does not prove itself.
    pub fn step(self) -> Result<(Self, Ask), Result<Box<Introduced>, String>> {
        let path = match self.stage {
            Stage::Done(result) => return Err(result),
            Stage::WellKnown => "/.well-known/pes".to_owned(),
            Stage::KeyEvents(_, ref known) => format!("/log/keys/1/{}", known.len()),
        };
        let ask = Ask::get(&self.origin, path, 64 * 1024);
        Ok((self, ask))
    }

    /// Takes what came of the last ask.
    #[must_use]
    pub fn take(self, outcome: Outcome) -> Self {
        let origin = self.origin;
        let stage = match (self.stage, outcome) {
            (_, Err(why)) => Stage::Done(Err(why)),
            // Nothing follows the last one.
            (Stage::KeyEvents(well_known, events), Ok(answer)) if answer.status == 404 && !events.is_empty() => {
                Stage::Done(read_keys(&origin, well_known, events))
            }
            (_, Ok(answer)) if answer.status != 200 => {
                Stage::Done(Err(format!("status {}: {}", answer.status, answer.detail())))
            }
            (Stage::WellKnown, Ok(answer)) => {
                let next = |well_known| Stage::KeyEvents(well_known, Vec::new());
                read_well_known(&origin, &answer).map_or_else(|why| Stage::Done(Err(why)), next)
            }
            (Stage::KeyEvents(well_known, events), Ok(answer)) => next_event(&origin, well_known, events, &answer),
            (Stage::Done(result), Ok(_)) => Stage::Done(result),
        };
        Self { origin, stage }
    }
}

fn read_well_known(origin: &Origin, answer: &Answer) -> Result<WellKnown, String> {
    let read: WellKnown =
        json::read(&answer.body).map_err(|e| format!("{origin}/.well-known/pes is not of the form: {e}"))?;
    if read.origin != origin.as_str() {
        return Err(format!("{origin} says that its origin is {}; ask there", read.origin));
    }
    if read.name.chars().count() > LONGEST_NAME {
        return Err(format!("{origin} gives its network a name of more than {LONGEST_NAME} characters"));
    }
    match read.protocol {
        1 => Ok(read),
        other => Err(format!("{origin} speaks protocol {other}, which this program does not know")),
    }
}

fn next_event(origin: &Origin, well_known: WellKnown, mut events: Vec<ChangeSet>, answer: &Answer) -> Stage {
    let number = events.len() + 1;
    if number > MOST_EVENTS {
        return Stage::Done(Err(format!("{origin} has more than {MOST_EVENTS} key events")));
    }
    match ChangeSet::read(&answer.text()) {
        Ok(event) => events.push(event),
        Err(why) => return Stage::Done(Err(format!("key event {number} of {origin}: {why}"))),
    }
    Stage::KeyEvents(well_known, events)
}

fn read_keys(origin: &Origin, well_known: WellKnown, events: Vec<ChangeSet>) -> Result<Box<Introduced>, String> {
    let keys = KeyHistory::read(&events).map_err(|e| format!("the key events of {origin}: {e}"))?;
    let first = &events[0];
    if first.digest_hex() != well_known.node_id || first.header().log.origin != *origin {
        return Err(format!("{origin} names another node-id than that of its first key event"));
    }
    Ok(Box::new(Introduced { well_known, events, keys }))
}
