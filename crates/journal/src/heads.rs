//! Heads: what is held of each log, and whether what others were shown agrees with it.
//!
//! An author signs one root for a size. So two who hold different roots for one size hold the proof that it signed two
//! histories; and whoever is shown less than the author tells knows who holds something back.

use crate::epochs::{self, Standing};
use crate::supply::Named;
use crate::{Journal, JournalError, Refusal};
use pes_changeset::note::Note;
use pes_changeset::tree::{Frontier, Hash};
use pes_changeset::{Channel, Checkpoint, KeyHistory, LogId};
use pes_store::logs::Log;
use pes_store::nodes::Node;
use pes_store::{Link, entries, logs, nodes};
use time::UtcDateTime;

/// The newest head that is held of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The node that writes it.
    pub node: Node,
    /// Its channel.
    pub channel: Channel,
    /// Its epoch.
    pub epoch: u64,
    /// How many change-sets of it are held.
    pub size: u64,
    /// The newest head all of whose leaves are held, as its author signed it.
    pub checkpoint: Option<String>,
    /// The newest head of more than is held, as long as there is one.
    pub pending: Option<String>,
}

/// How a head from elsewhere stands to what is held here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// It is of as many change-sets, and the same.
    Same,
    /// It is of fewer, and they are the same: so many are missing there.
    Behind(u64),
    /// It is of more: so many are missing here. Whether they are the same shows when they are held.
    Ahead(u64),
}

/// How many leaves are looked at at once.
const PORTION: u64 = 1_000;

impl Journal {
    /// The newest head of each log that is held.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn heads(&self) -> Result<Vec<Head>, JournalError> {
        self.store.read(|link| {
            let nodes = nodes::all(link)?;
            let logs = logs::all(link)?;
            let head = |log: &Log| {
                Some(Head {
                    node: nodes.iter().find(|node| node.id == log.node)?.clone(),
                    channel: log.channel,
                    epoch: log.epoch,
                    size: log.size(),
                    checkpoint: log.checkpoint.as_ref().map(|note| note.write()),
                    pending: log.pending.as_ref().map(|note| note.write()),
                })
            };
            Ok(logs.iter().filter_map(head).collect())
        })
    }

    /// Compares a head that somebody was shown with what is held here.
    ///
    /// # Errors
    /// [`Refusal::Fork`] where its author signed another history: the proof is kept. [`Refusal::Fault`] where it is not the author's.
    pub fn compare(&self, log: Named<'_>, note: &Note, now: UtcDateTime) -> Result<Compared, JournalError> {
        let node = self.pinned(log.node)?;
        let id = LogId::new(node.origin.clone(), log.channel, log.epoch);
        let (keys, _) = self.keys_of(&node)?;
        match self.store.read(|link| compare(link, (&node, &keys), &id, note))? {
            Some(Compared::Ahead(missing)) if node.is_own && id.channel != Channel::Keys => {
                self.was_shown(&id, Checkpoint::read(&note.text)?.size)?;
                Ok(Compared::Ahead(missing))
            }
            Some(compared) => Ok(compared),
            None => {
                self.accuse(&node, &id, (&[], Some(note)), now)?;
                Err(Refusal::Fork { log: id.name(), seq: Checkpoint::read(&note.text)?.size }.into())
            }
        }
    }
}

/// `None` where the author signed another history.
fn compare(
    link: &mut Link,
    (node, keys): (&Node, &KeyHistory),
    id: &LogId,
    note: &Note,
) -> Result<Option<Compared>, JournalError> {
    if epochs::standing(link, (&node.id, keys), id)? == Standing::Past {
        return Ok(Some(Compared::Same));
    }
    let held = logs::find(link, &node.id, id.channel, id.epoch)?;
    let size = held.as_ref().map_or(0, Log::size);
    let theirs = Checkpoint::read(&note.text)?;
    // Who signed the head of later key events, those events say.
    if id.channel == Channel::Keys && theirs.size > size {
        return Ok(Some(Compared::Ahead(theirs.size - size)));
    }
    let theirs = keys.verify_head(note, id)?;
    let root = held.map(|held| root_at(link, &held, theirs.size)).transpose()?.flatten();
    Ok(match root {
        Some(root) if root == theirs.root && theirs.size == size => Some(Compared::Same),
        Some(root) if root == theirs.root => Some(Compared::Behind(size - theirs.size)),
        Some(_) => None,
        None => Some(Compared::Ahead(theirs.size - size)),
    })
}

/// The root over the first change-sets of a log; `None` where fewer are held.
pub(crate) fn root_at(link: &mut Link, log: &Log, size: u64) -> Result<Option<Hash>, JournalError> {
    if size >= log.size() {
        return Ok((size == log.size()).then(|| log.frontier.root()));
    }
    let mut frontier = Frontier::default();
    while frontier.size() < size {
        let width = PORTION.min(size - frontier.size());
        let leaves = entries::leaves(link, log.id, frontier.size(), width)?;
        if leaves.is_empty() {
            return Ok(None);
        }
        leaves.into_iter().for_each(|leaf| frontier.append(leaf));
    }
    Ok(Some(frontier.root()))
}
