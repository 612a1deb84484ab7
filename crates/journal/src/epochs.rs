//! Which epoch of a channel counts.
//!
//! A node that opens a new epoch issues all its live records again, in a new tree. Until the last of them is in, the epoch before
//! counts, and what comes of the new one is kept and not applied; from then on what stood before counts for nothing.

use crate::enter::{self, Given, World};
use crate::{JournalError, Refusal};
use pes_changeset::{ChangeSet, Channel, KeyHistory, LogId};
use pes_store::entries::Entry;
use pes_store::logs::Log;
use pes_store::nodes::Node;
use pes_store::{Link, entries, logs, nodes, payloads, records, snapshots, states};

/// How many change-sets are looked at at once.
const PORTION: u64 = 1_000;

/// How a log stands among the epochs of its channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its state is the channel's.
    Current,
    /// It will be, as soon as so many change-sets of it are held.
    Coming {
        /// That number.
        complete_from: u64,
    },
    /// A later epoch has taken its place.
    Past,
}

/// The keys of a node, by its key events that are held here; where none is, by the keys that were pinned.
pub(crate) fn history(link: &mut Link, node: &Node) -> Result<KeyHistory, JournalError> {
    Ok(counted_history(link, node)?.0)
}

/// The same, and how many key events are held.
pub(crate) fn counted_history(link: &mut Link, node: &Node) -> Result<(KeyHistory, u64), JournalError> {
    let events = key_events(link, &node.id)?;
    let history = if events.is_empty() { KeyHistory::of(node.keys()) } else { KeyHistory::read(&events)? };
    Ok((history, events.len() as u64))
}

/// The key events of a node that are held here, from the first on: those of its log, and those that it was pinned with and that the log has not
/// come to yet.
pub(crate) fn key_events(link: &mut Link, node: &str) -> Result<Vec<ChangeSet>, JournalError> {
    let Some(log) = logs::find(link, node, Channel::Keys, 1)? else { return Ok(Vec::new()) };
    let mut events = entries::of_log(link, log.id, 0, log.size())?;
    // What came by the urgent lane is no key event that anybody asked for.
    let pinned = |event: &Entry| event.urgent.is_none();
    while let Some(next) = entries::find_early(link, log.id, events.len() as u64)?.filter(pinned) {
        events.push(next);
    }
    Ok(events.iter().map(|event| ChangeSet::read(&event.text)).collect::<Result<_, _>>()?)
}

/// How a log stands, by the key events and change-sets that are held.
///
/// # Errors
/// [`Refusal::UnknownEpoch`] for one that no key event opens.
pub(crate) fn standing(
    link: &mut Link,
    (node, history): (&str, &KeyHistory),
    log: &LogId,
) -> Result<Standing, JournalError> {
    let current = current(link, (node, history), log.channel)?;
    let opening = history.openings(log.channel).filter(|opening| opening.log().epoch == log.epoch).last();
    match opening.map(|opening| opening.seq()) {
        _ if log.epoch == current => Ok(Standing::Current),
        _ if log.epoch < current => Ok(Standing::Past),
        Some(complete_from) => Ok(Standing::Coming { complete_from }),
        None => Err(Refusal::UnknownEpoch(log.name()).into()),
    }
}

/// The epoch of a channel that counts: the last of those that are complete here.
pub(crate) fn current(
    link: &mut Link,
    (node, history): (&str, &KeyHistory),
    channel: Channel,
) -> Result<u64, JournalError> {
    let mut current = 1;
    for opening in history.openings(channel) {
        let epoch = opening.log().epoch;
        if logs::find(link, node, channel, epoch)?.map_or(0, |log| log.size()) >= opening.seq() {
            current = epoch;
        }
    }
    Ok(current)
}

/// Whether a later epoch has taken the place of a log: nobody is sent it any more.
pub(crate) fn is_past(link: &mut Link, log: &Log) -> Result<bool, JournalError> {
    let newest = logs::newest(link, &log.node, log.channel)?;
    if newest.is_none_or(|newest| newest.epoch == log.epoch) {
        return Ok(false);
    }
    let Some(node) = nodes::find(link, &log.node)? else { return Ok(false) };
    let (id, keys) = (LogId::new(node.origin.clone(), log.channel, log.epoch), history(link, &node)?);
    Ok(standing(link, (&node.id, &keys), &id)? == Standing::Past)
}

/// Makes an epoch the one that counts: what stood before is forgotten, and the new log is applied from its beginning. It tells
/// nobody: what was issued again is no news.
pub(crate) fn begin(link: &mut Link, log: &Log, world: World<'_>) -> Result<(), JournalError> {
    let before = logs::of_node(link, &log.node)?.into_iter().filter(|old| old.channel == log.channel);
    for old in before.filter(|old| old.epoch < log.epoch) {
        states::remove_of_log(link, old.id)?;
        payloads::erase_log(link, old.id)?;
        entries::drop_early_of(link, old.id)?;
        snapshots::forget(link, old.id)?;
    }
    records::remove_of_node(link, &log.node, log.channel)?;
    let world = World { tells_at: None, ..world };
    let mut next = 0;
    loop {
        let portion = entries::of_log(link, log.id, next, PORTION)?;
        let Some(last) = portion.last() else { return Ok(()) };
        next = last.seq + 1;
        for entry in &portion {
            let payload = payloads::find(link, log.id, entry.seq)?;
            enter::apply(link, log, &ChangeSet::read(&entry.text)?, payload.as_deref().map(Given::from), world)?;
        }
    }
}
