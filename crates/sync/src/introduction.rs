//! Makes the acquaintance of a node at its own address: what it says of itself, and its first key event.

use crate::{Answer, Ask, Outcome};
use pes_changeset::{ChangeSet, Origin};
use serde::{Deserialize, Serialize};

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

/// A node that was heard from its own address: its key event proves itself and bears the node-id.
#[derive(Debug, Clone)]
pub struct Introduced {
    /// What it says of itself.
    pub well_known: WellKnown,
    /// Its first key event.
    pub genesis: ChangeSet,
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
    Genesis(WellKnown),
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
            Stage::WellKnown => "/.well-known/pes",
            Stage::Genesis(_) => "/log/keys/1/0",
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
            (_, Ok(answer)) if answer.status != 200 => {
                Stage::Done(Err(format!("status {}: {}", answer.status, answer.detail())))
            }
            (Stage::WellKnown, Ok(answer)) => {
                read_well_known(&origin, &answer).map_or_else(|why| Stage::Done(Err(why)), Stage::Genesis)
            }
            (Stage::Genesis(well_known), Ok(answer)) => Stage::Done(read_genesis(&origin, well_known, &answer)),
            (Stage::Done(result), Ok(_)) => Stage::Done(result),
        };
        Self { origin, stage }
    }
}

fn read_well_known(origin: &Origin, answer: &Answer) -> Result<WellKnown, String> {
    let read: WellKnown = serde_json::from_slice(&answer.body)
        .map_err(|e| format!("{origin}/.well-known/pes is not of the form: {e}"))?;
    if read.origin != origin.as_str() {
        return Err(format!("{origin} says that its origin is {}; ask there", read.origin));
    }
    match read.protocol {
        1 => Ok(read),
        other => Err(format!("{origin} speaks protocol {other}, which this program does not know")),
    }
}

fn read_genesis(origin: &Origin, well_known: WellKnown, answer: &Answer) -> Result<Box<Introduced>, String> {
    let genesis = ChangeSet::read(&answer.text()).map_err(|e| format!("the first key event of {origin}: {e}"))?;
    genesis.verify_genesis().map_err(|e| format!("the first key event of {origin}: {e}"))?;
    if genesis.digest_hex() != well_known.node_id || genesis.header().log.origin != *origin {
        return Err(format!("{origin} names another node-id than that of its first key event"));
    }
    Ok(Box::new(Introduced { well_known, genesis }))
}
