//! Joining: the records of a hub taken by their snapshot, verified, applied and durable, beside the [parts](super::parts) that this cannot
//! do without. What the hub does to answer is not counted: it is another machine.

use super::author::Author;
use super::figure::Figures;
use super::ground::Ground;
use super::parts::{GROUP, TURNS, Took, Turns, statements};
use super::process::Stopwatch;
use crate::{House, NodeError};
use pes_changeset::batch::Batch;
use pes_changeset::bundle::{read_entries, read_payloads};
use pes_changeset::{ChangeSet, Channel, Origin};
use pes_journal::Journal;
use pes_sync::desk::{Caller, Request};
use pes_sync::pull::Pull;
use pes_sync::{Answer, Ask, Desk};
use time::UtcDateTime;

/// Measures with a hub of so many records.
pub(super) fn measure(ground: &Ground, count: u64) -> Result<Figures, NodeError> {
    let groups = count.div_ceil(GROUP * TURNS as u64) * TURNS as u64;
    let mut author = Author::at("auteur.example", UtcDateTime::now())?;
    let hub = ground.node("hub")?;
    fill(&hub.journal, &mut author, groups)?;
    let made = statements(
        ground,
        |node| Joining::of(node, &hub, &author),
        |node, mut one| one.turn(&node.journal, 1).map(drop),
    )?;
    let node = ground.node("joining")?;
    let mut joining = Joining::of(&node, &hub, &author)?;
    let mut turns = Turns::new(ground, made);
    let pages = groups / TURNS as u64;
    for _ in 0..TURNS {
        let (batches, took) = joining.turn(&node.journal, pages)?;
        turns.take(&batches, took)?;
    }
    let mut figures = Figures::of("joining");
    figures.tell("records at the hub", (groups * GROUP) as f64, "");
    turns.told(&mut figures);
    Ok(figures)
}

/// The hub takes so many groups of records, and the snapshot that their author writes of them.
fn fill(hub: &Journal, author: &mut Author, groups: u64) -> Result<(), NodeError> {
    author.meet(hub)?;
    let mut members = Vec::new();
    for _ in 0..groups {
        let batch = author.batch(GROUP)?;
        members.extend(batch.items.iter().map(|(change_set, _)| change_set.header().clone()));
        hub.receive(&author.id(), Channel::Public, &batch, UtcDateTime::now())?;
    }
    hub.receive(&author.id(), Channel::Public, &author.snapshot(members)?, UtcDateTime::now())?;
    Ok(())
}

/// A node that takes the hub's snapshot, page after page.
#[derive(Debug)]
struct Joining {
    desk: Desk,
    walk: Pull,
}

impl Joining {
    fn of(node: &House, hub: &House, author: &Author) -> Result<Self, NodeError> {
        author.meet(&node.journal)?;
        let origin: Origin = hub.journal.identity().origin.clone();
        let desk = Desk::new(hub.journal.clone(), hub.people.clone());
        Ok(Self { desk, walk: Pull::from(origin).sparing(0) })
    }

    /// Takes at most so many pages; tells what was in them, and how long this node worked.
    fn turn(&mut self, journal: &Journal, pages: u64) -> Result<(Vec<Batch>, Took), NodeError> {
        let (mut batches, mut entries, mut took) = (Vec::new(), Vec::new(), (0.0, 0.0));
        while (batches.len() as u64) < pages {
            let Some(ask) = self.walk.step(journal)?.filter(|_| self.walk.report.ahead == 0) else { break };
            let answer = self.answer(&ask)?;
            match ask.path.contains("/payloads/") {
                true => batches.push(page(std::mem::take(&mut entries), &answer.body)?),
                false if ask.path.contains("/entries/") => entries.clone_from(&answer.body),
                false => {}
            }
            let begun = Stopwatch::begin();
            self.walk.take(journal, Ok(answer), UtcDateTime::now())?;
            let (passed, computed) = begun.stop();
            took = (took.0 + passed, took.1 + computed);
        }
        match self.walk.report.refused.first() {
            Some((log, why)) => Err(NodeError::Said(format!("the snapshot of {log} is refused: {why}"))),
            None => Ok((batches, took)),
        }
    }

    fn answer(&self, ask: &Ask) -> Result<Answer, NodeError> {
        let request = Request {
            method: ask.method().into(),
            path: ask.path.clone(),
            accept: String::new(),
            signature: None,
            body: Vec::new(),
        };
        let reply = self.desk.answer(&Caller::Anyone, &request, UtcDateTime::now());
        match reply.status {
            200 => Ok(Answer { status: 200, body: reply.body }),
            status => Err(NodeError::Said(format!("{} answered {status}", ask.path))),
        }
    }
}

fn page(entries: Vec<u8>, payloads: &[u8]) -> Result<Batch, NodeError> {
    let said = |why: pes_changeset::Fault| NodeError::Said(why.to_string());
    let entries = read_entries(&entries).map_err(said)?.into_iter().map(ChangeSet::read);
    let payloads = read_payloads(payloads).map_err(said)?.into_iter().map(|payload| payload.map(<[u8]>::to_vec));
    let items = entries.zip(payloads).map(|(entry, payload)| Ok((entry.map_err(said)?, payload)));
    Ok(Batch { checkpoint: None, items: items.collect::<Result<_, NodeError>>()? })
}
