//! Gives to others what is held, byte for byte as its author signed it: for a mirror, and for a push.

use crate::{Journal, JournalError, epochs};
use pes_changeset::batch::{Batch, Item};
use pes_changeset::bundle::{Place, write_entries, write_payloads};
use pes_changeset::{ChangeSet, Channel, limits};
use pes_store::entries::Entry;
use pes_store::logs::Log;
use pes_store::{Link, entries, logs, nodes, payloads};

/// A log of this node or of another, by node-id, channel and epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// The node that writes it.
    pub node: &'a str,
    /// Its channel.
    pub channel: Channel,
    /// Its epoch.
    pub epoch: u64,
}

impl Journal {
    /// The current epoch of a node's channel: one that is still coming in counts for nothing yet.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn epoch(&self, node: &str, channel: Channel) -> Result<Option<u64>, JournalError> {
        self.store.read(|link| {
            let (Some(_), Some(node)) = (logs::newest(link, node, channel)?, nodes::find(link, node)?) else {
                return Ok(None);
            };
            let (keys, _) = self.keys_within(link, &node)?;
            Ok(Some(epochs::current(link, (&node.id, &keys), channel)?))
        })
    }

    /// The newest head of a log, as its author signed it.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn checkpoint(&self, log: Named<'_>) -> Result<Option<String>, JournalError> {
        self.store.read(|link| Ok(find(link, log)?.and_then(|log| log.checkpoint).map(|note| note.write())))
    }

    /// One change-set of a log, in its turn or ahead of it.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn change_set(&self, log: Named<'_>, seq: u64) -> Result<Option<ChangeSet>, JournalError> {
        self.store.read(|link| {
            let Some(log) = find(link, log)? else { return Ok(None) };
            let entry = held(link, &log, seq)?;
            Ok(entry.map(|entry| ChangeSet::read(&entry.text)).transpose()?)
        })
    }

    /// An entry bundle; `None` where so many change-sets are not held.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn entry_bundle(&self, log: Named<'_>, place: Place) -> Result<Option<Vec<u8>>, JournalError> {
        self.store.read(|link| {
            let Some(held) = covering(link, log, place)? else { return Ok(None) };
            let held = entries::of_log(link, held.id, place.first(), place.width)?;
            Ok(Some(write_entries(held.iter().map(|entry| entry.text.as_str()))?))
        })
    }

    /// The live payloads of a bundle; `None` where so many change-sets are not held.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn payload_bundle(&self, log: Named<'_>, place: Place) -> Result<Option<Vec<u8>>, JournalError> {
        self.store.read(|link| {
            let Some(held) = covering(link, log, place)? else { return Ok(None) };
            let live = payloads::of_log(link, held.id, place.first(), place.width)?;
            let all = (place.first()..place.first() + place.width).map(|seq| live.get(&seq).map(String::as_bytes));
            Ok(Some(write_payloads(all)?))
        })
    }

    /// The next batch of a log for a peer that holds `size` change-sets of it; `None` where there is nothing more.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn batch(&self, log: Named<'_>, size: u64) -> Result<Option<Batch>, JournalError> {
        self.store.read(|link| find(link, log)?.map_or(Ok(None), |log| batch(link, &log, size)))
    }

    /// Change-sets of one log for the urgent lane.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn urgent_batch(&self, log: Named<'_>, seqs: &[u64]) -> Result<Option<Batch>, JournalError> {
        self.store.read(|link| find(link, log)?.map_or(Ok(None), |log| urgent_batch(link, &log, seqs)))
    }
}

/// How many change-sets are brought in one go, of the 256 that a batch may have: whoever takes them writes nothing else meanwhile, and what is urgent waits
/// there for as long.
pub(crate) const PORTION: u64 = 64;

pub(crate) fn batch(link: &mut Link, log: &Log, size: u64) -> Result<Option<Batch>, JournalError> {
    // A head of more than is held goes before one of less: the peer takes what there is, and waits for the rest as we do.
    let Some(checkpoint) = log.pending.clone().or(log.checkpoint.clone()) else { return Ok(None) };
    let held = entries::of_log(link, log.id, size, PORTION)?;
    if held.is_empty() {
        return Ok(None);
    }
    Ok(Some(Batch { checkpoint: Some(checkpoint), items: within_limit(link, &held)? }))
}

pub(crate) fn urgent_batch(link: &mut Link, log: &Log, seqs: &[u64]) -> Result<Option<Batch>, JournalError> {
    let mut all = Vec::new();
    for seq in seqs {
        all.extend(held(link, log, *seq)?);
    }
    let items = within_limit(link, &all)?;
    Ok((!items.is_empty()).then_some(Batch { checkpoint: None, items }))
}

pub(crate) fn find(link: &mut Link, log: Named<'_>) -> Result<Option<Log>, JournalError> {
    Ok(logs::find(link, log.node, log.channel, log.epoch)?)
}

/// What stands at a place of a log, in its turn or ahead of it.
pub(crate) fn held(link: &mut Link, log: &Log, seq: u64) -> Result<Option<Entry>, JournalError> {
    let in_turn = entries::of_log(link, log.id, seq, 1)?.into_iter().find(|entry| entry.seq == seq);
    Ok(match in_turn {
        Some(entry) => Some(entry),
        None => entries::find_early(link, log.id, seq)?,
    })
}

/// The log, if it holds all change-sets of the bundle.
fn covering(link: &mut Link, log: Named<'_>, place: Place) -> Result<Option<Log>, JournalError> {
    Ok(find(link, log)?.filter(|log| place.first() + place.width <= log.size()))
}

/// As many of these change-sets, with their live payloads, as one batch may hold; the first always.
fn within_limit(link: &mut Link, held: &[Entry]) -> Result<Vec<Item>, JournalError> {
    let mut room = limits::BATCH - limits::NOTE - 4;
    let mut items = Vec::new();
    for entry in held {
        let payload = payloads::find(link, entry.log, entry.seq)?.map(String::into_bytes);
        let size = entry.text.len() + payload.as_ref().map_or(0, Vec::len) + 8;
        if size > room {
            break;
        }
        room -= size;
        items.push((ChangeSet::read(&entry.text)?, payload));
    }
    Ok(items)
}
