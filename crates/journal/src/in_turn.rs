//! Enters what came in its turn: in one transaction, or in as many as it takes to let those write in between who wait.

use crate::enter::World;
use crate::epochs::{self, Standing};
use crate::mending::{mend, mend_all, shown_of_ours};
use crate::receive::{Verified, counting, given, leaf_held, tells_at};
use crate::supply::Named;
use crate::{Journal, JournalError, Refusal, choices, enter, evidence, snapshots};
use pes_changeset::note::Note;
use pes_changeset::{Act, Channel, Checkpoint, KeyHistory, LogId};
use pes_store::entries::Early;
use pes_store::logs::Log;
use pes_store::nodes::Node;
use pes_store::{Link, Waiting, entries, logs, nodes, payloads, unindexed};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::ControlFlow;
use time::UtcDateTime;

/// What change-sets came with that follow each other.
pub(crate) struct InTurn<'a> {
    /// Whose they are, and the keys that they were verified with.
    pub(crate) author: (&'a Node, &'a KeyHistory),
    /// How many key events of that node were held then.
    pub(crate) known: u64,
    pub(crate) log: &'a LogId,
    /// The head that they come under, as it was signed and as it was read.
    pub(crate) note: &'a Note,
    pub(crate) checkpoint: &'a Checkpoint,
    /// Who brought them, if they are not to be brought back.
    pub(crate) bearer: Option<&'a str>,
    pub(crate) now: UtcDateTime,
}

impl InTurn<'_> {
    /// Takes those that are not held yet; tells how many of the log are held then.
    ///
    /// # Errors
    /// [`JournalError::Refused`], [`JournalError::Store`]; then nothing has changed, but for what was entered before somebody else brought the same log or new keys, or
    /// the disk failed: that is handed on.
    pub(crate) fn hold(&self, journal: &Journal, items: &[Verified<'_>]) -> Result<u64, JournalError> {
        let mut rest = items;
        let held = journal.store.write_by_turns(|link, waiting| {
            let (size, done) = self.part(journal, link, rest, waiting)?;
            if let (Some(bearer), Some((last, _))) = (self.bearer, rest[..done].last()) {
                self.note_bearer(journal, bearer, last.header().seq);
            }
            rest = &rest[done..];
            Ok(if rest.is_empty() { ControlFlow::Break(size) } else { ControlFlow::Continue(()) })
        });
        let entered = &items[..items.len() - rest.len()];
        if held.is_ok() || !entered.is_empty() {
            journal.hand_on(entered)?;
        }
        held
    }

    /// Before anybody sees it who carries it on. An author is never brought its own log.
    fn note_bearer(&self, journal: &Journal, bearer: &str, last: u64) {
        let (node, _) = self.author;
        if bearer != node.id {
            let named = Named { node: &node.id, channel: self.log.channel, epoch: self.log.epoch };
            journal.note_bearer(bearer, named, last + 1);
        }
    }

    /// One transaction: all, or as many as are entered before somebody waits. Tells how many of the log are held then, and how many of these were looked at.
    fn part(
        &self,
        journal: &Journal,
        link: &mut Link,
        items: &[Verified<'_>],
        waiting: &Waiting<'_>,
    ) -> Result<(u64, usize), JournalError> {
        let ((node, keys), log) = (self.author, self.log);
        let takes = choices::takes(link)?;
        let world = journal.world(&takes, tells_at(node, self.now));
        let mut standing = counting(link, (node, keys), log)?;
        let mut held = logs::find_or_insert(link, &node.id, log.channel, log.epoch)?;
        // New keys may say otherwise of what old ones verified: what is sent again is verified anew. Key events are held against each other.
        if log.channel != Channel::Keys && journal.keys_within(link, node)?.1 != self.known {
            return Err(Refusal::Gap { size: held.size() }.into());
        }
        let (new, early) = following(link, &held, log, items)?;
        let known = items.len() - new.len();
        if standing == Standing::Current {
            fill(link, (&held, node.is_own), &items[..known], world)?;
        }
        if node.is_own && !new.is_empty() && journal.doubt().is_none() {
            return Err(Refusal::SignedElsewhere { log: log.name() }.into());
        }
        let shown = match standing {
            Standing::Current => None,
            _ => shown_of_ours(link, node, log.channel)?,
        };
        let entered = self.enter(link, (&mut held, &mut standing), (new, &early), world, waiting)?;
        if let Some(shown) = shown.filter(|_| standing == Standing::Current) {
            mend_all(link, &held, shown)?;
        }
        if log.channel == Channel::Keys && !new.is_empty() {
            change_keys(link, (node, keys), new, (world, self.now))?;
        }
        keep_head(&mut held, log, self.checkpoint, self.note)?;
        logs::update(link, &held)?;
        Ok((held.size(), known + entered))
    }

    /// Enters those that follow, until somebody waits; tells how many.
    fn enter(
        &self,
        link: &mut Link,
        (held, standing): (&mut Log, &mut Standing),
        (new, early): (&[Verified<'_>], &HashMap<u64, Early>),
        world: World<'_>,
        waiting: &Waiting<'_>,
    ) -> Result<usize, JournalError> {
        let (node, _) = self.author;
        let mut makes_way = None;
        let declared = new.iter().rposition(|(one, _)| matches!(one.header().act, Act::Snapshot(_)));
        for (at, (change_set, payload)) in new.iter().enumerate() {
            if at > 0 && waiting.is_anybody() && *makes_way.get_or_insert_with(|| self.makes_way(held, &new[at..])) {
                return Ok(at);
            }
            // To look at what one says means to look at all that stands in the log: of many, the last is the one to give.
            if declared == Some(at) && *standing == Standing::Current {
                snapshots::keep(link, held, change_set)?;
            }
            let early = early.get(&change_set.header().seq).copied();
            enter::enter(link, (held, standing, early), change_set, given(payload), world)?;
            if let Some(target) = change_set.header().act.target().filter(|_| node.is_own) {
                mend(link, &target.record)?;
            }
        }
        Ok(new.len())
    }

    /// Whether the rest may be entered later. What is refused is refused whole, so it has to be known that it leads to the head. Keys change
    /// at once, and what is fetched back of our own is mended at once.
    fn makes_way(&self, held: &Log, rest: &[Verified<'_>]) -> bool {
        if self.author.0.is_own || self.log.channel == Channel::Keys {
            return false;
        }
        let mut frontier = held.frontier.clone();
        rest.iter().for_each(|(change_set, _)| frontier.append(change_set.leaf_hash()));
        match frontier.size().cmp(&self.checkpoint.size) {
            Ordering::Less => true,
            Ordering::Equal => frontier.root() == self.checkpoint.root,
            Ordering::Greater => false,
        }
    }
}

/// Follows a node's new keys. An epoch that they open with nothing to issue again counts from now on.
fn change_keys(
    link: &mut Link,
    (node, keys): (&Node, &KeyHistory),
    events: &[Verified<'_>],
    (world, now): (World<'_>, UtcDateTime),
) -> Result<(), JournalError> {
    nodes::change_keys(link, &node.id, keys.current())?;
    for (event, _) in events {
        let Act::NewEpoch(change) = &event.header().act else { continue };
        evidence::outgrow(link, &node.id, change, now.unix_timestamp())?;
        for opening in change.complete_from.iter().filter(|opening| opening.seq() == 0) {
            let log = logs::find_or_insert(link, &node.id, opening.log().channel, opening.log().epoch)?;
            let shown = shown_of_ours(link, node, log.channel)?;
            epochs::begin(link, &log, world)?;
            if let Some(shown) = shown {
                mend_all(link, &log, shown)?;
            }
        }
    }
    Ok(())
}

/// Takes payloads of change-sets that are held without them: whoever brought those first may have kept the payloads back.
fn fill(
    link: &mut Link,
    (held, is_own): (&Log, bool),
    items: &[Verified<'_>],
    world: World<'_>,
) -> Result<(), JournalError> {
    for (change_set, payload) in items.iter().filter(|(_, payload)| payload.is_some()) {
        let header = change_set.header();
        let Some(target) = header.act.target() else { continue };
        if payloads::find(link, held.id, header.seq)?.is_none() {
            enter::apply(link, held, change_set, given(payload), world)?;
            if is_own {
                mend(link, &target.record)?;
            }
            // Its change-set arrived long ago.
            unindexed::note(link, &target.record)?;
        }
    }
    Ok(())
}

/// The change-sets of a batch that follow what is held, with what came ahead of them; those before it have to be the same as what is held.
fn following<'a, 'b>(
    link: &mut Link,
    held: &Log,
    log: &LogId,
    items: &'b [Verified<'a>],
) -> Result<(&'b [Verified<'a>], HashMap<u64, Early>), JournalError> {
    let Some((first, _)) = items.first() else { return Ok((items, HashMap::new())) };
    let (first, size) = (first.header().seq, held.size());
    if first > size {
        return Err(Refusal::Gap { size }.into());
    }
    let known = usize::try_from(size - first).unwrap_or(usize::MAX).min(items.len());
    for (change_set, _) in &items[..known] {
        let seq = change_set.header().seq;
        if leaf_held(link, held, seq)? != Some(change_set.leaf_hash()) {
            return Err(Refusal::Fork { log: log.name(), seq }.into());
        }
    }
    let new = &items[known..];
    let places: Vec<u64> = new.iter().map(|(change_set, _)| change_set.header().seq).collect();
    let early = entries::early_at(link, held.id, &places)?;
    let other =
        new.iter().find(|(one, _)| early.get(&one.header().seq).is_some_and(|known| known.leaf != one.leaf_hash()));
    match other {
        Some((change_set, _)) => Err(Refusal::Fork { log: log.name(), seq: change_set.header().seq }.into()),
        None => Ok((new, early)),
    }
}

/// Keeps a head whose leaves are all held. A head of fewer leaves than are held is old: send from the size held.
fn keep_head(held: &mut Log, log: &LogId, checkpoint: &Checkpoint, note: &Note) -> Result<(), Refusal> {
    match checkpoint.size.cmp(&held.size()) {
        Ordering::Greater => {
            held.pending = Some(note.clone());
            Ok(())
        }
        Ordering::Less => Err(Refusal::Gap { size: held.size() }),
        Ordering::Equal if checkpoint.root != held.frontier.root() => {
            Err(Refusal::Fork { log: log.name(), seq: checkpoint.size })
        }
        Ordering::Equal => {
            (held.checkpoint, held.pending) = (Some(note.clone()), None);
            Ok(())
        }
    }
}
